"""Releases from a TUF repository (https://theupdateframework.io): signed, and never older than
the last ones seen.

The library is python-tuf, the reference implementation and a CNCF project. tufup, which is built
on it, isn't used: its last release pins a python-tuf of three major versions ago, and it adds
binary patches and installing, which this program doesn't need.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import msgspec

from seam_portal_desktop.adapters.daemon_thread import DaemonThread
from seam_portal_desktop.domain.endpoint import parse_endpoint
from seam_portal_desktop.domain.policy_values import UpdateChannel
from seam_portal_desktop.domain.release import InvalidReleaseError, Release, UpdateError
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from tuf.ngclient import TargetFile, Updater

    from seam_portal_desktop.adapters.updates.fetch import FetchLimits, HttpFetcher

T = TypeVar("T")

_CHANNEL_BYTES = 64 * 1024
_MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class UpdatePlace:
    """The repository's address, and the root of trust that is shipped with the program."""

    url: str
    root: bytes

    @classmethod
    def shipped(cls, folder: Path) -> UpdatePlace | None:
        """Reads `source.json` and `root.json` in the folder; None for a build without them.

        Blocking. Raises OSError and ValueError for files that can't be used.
        """
        try:
            source = msgspec.json.decode((folder / "source.json").read_bytes(), type=_Source)
            root = (folder / "root.json").read_bytes()
        except FileNotFoundError:
            return None
        return cls(parse_endpoint(source.url), root)


class _Source(msgspec.Struct):
    url: str


class _Channel(msgspec.Struct):
    """channels/NAME.json: the newest release of a channel."""

    version: str
    released_at: date
    notes: list[str]
    files: dict[str, str]


class TufUpdates:
    """UpdateSource (see the port) on a TUF repository.

    ``cache`` keeps the metadata that was seen last: without it an old state of the repository
    would be accepted as new. ``kind`` is the key of this installation's file in a release.
    """

    def __init__(
        self, place: UpdatePlace, cache: Path, kind: str, limits: FetchLimits | None = None
    ) -> None:
        self._place = place
        self._cache = cache
        self._kind = kind
        self._limits = limits
        self._thread = DaemonThread("updates")

    @property
    def host(self) -> str:
        return urlsplit(self._place.url).hostname or ""

    async def newest(self, channel: UpdateChannel) -> Release:
        return await self._run(lambda fetcher: self._newest(fetcher, channel))

    async def download(
        self, release: Release, folder: Path, on_progress: Callable[[int, int], None]
    ) -> Path:
        loop = asyncio.get_running_loop()

        def report(done: int, total: int) -> None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended
                loop.call_soon_threadsafe(on_progress, done, total)

        return await self._run(lambda fetcher: self._download(fetcher, release, folder, report))

    def close(self) -> None:
        self._thread.stop()

    async def _run(self, work: Callable[[HttpFetcher], T]) -> T:
        cancelled = threading.Event()

        def guarded() -> T:
            # Imported on first use, and not on the event loop's thread.
            from seam_portal_desktop.adapters.updates.errors import update_error
            from seam_portal_desktop.adapters.updates.fetch import FetchLimits, HttpFetcher

            try:
                limits = self._limits or FetchLimits()
                with HttpFetcher(limits, cancelled) as fetcher:
                    return work(fetcher)
            except Exception as error:  # noqa: BLE001 - the port's promise: UpdateError
                failure = update_error(error)
            raise failure

        return await self._thread.run(guarded, abandonable=True, interrupt=cancelled.set)

    def _newest(self, fetcher: HttpFetcher, channel: UpdateChannel) -> Release:
        updater = self._updater(fetcher)
        target = _find(updater, f"channels/{channel.value}.json")
        with _temporary(self._cache) as file:
            updater.download_target(target, str(file))
            content = file.read_bytes()[:_CHANNEL_BYTES]
        try:
            offered = msgspec.json.decode(content, type=_Channel)
            return Release(
                offered.version, offered.released_at, tuple(offered.notes), offered.files
            )
        except (msgspec.MsgspecError, InvalidReleaseError) as error:
            raise UpdateError(
                _("The newest release can’t be read"),
                _(
                    "It may need a newer version of this program. Get it from where you got this "
                    "one."
                ),
                technical=type(error).__name__,
            ) from None

    def _download(
        self,
        fetcher: HttpFetcher,
        release: Release,
        folder: Path,
        report: Callable[[int, int], None],
    ) -> Path:
        name = release.files.get(self._kind)
        if name is None:
            raise UpdateError(
                _("There is no download for this computer"),
                _("Version {version} was not published as {kind}.").format(
                    version=release.version, kind=self._kind
                ),
            )
        updater = self._updater(fetcher)
        target = _find(updater, name)
        done = 0

        def count(arrived: int) -> None:
            nonlocal done
            done += arrived
            report(min(done, target.length), target.length)

        fetcher.on_bytes = count
        folder.mkdir(parents=True, exist_ok=True)
        with _temporary(folder) as file:
            updater.download_target(target, str(file))
            return _move(file, folder / name)

    def _updater(self, fetcher: HttpFetcher) -> Updater:
        from tuf.ngclient import Updater

        self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        updater = Updater(
            metadata_dir=str(self._cache),
            metadata_base_url=f"{self._place.url}/metadata/",
            target_base_url=f"{self._place.url}/targets/",
            fetcher=fetcher,
            bootstrap=self._place.root,
        )
        updater.refresh()
        return updater


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    file = folder / f".{uuid.uuid4().hex}.part"
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def _find(updater: Updater, path: str) -> TargetFile:
    target = updater.get_targetinfo(path)
    if target is None:
        raise UpdateError(
            _("There are no releases there"),
            _("Nothing was published for this channel yet. Try again later."),
            can_retry=True,
        )
    return target


def _move(file: Path, wanted: Path) -> Path:
    """Rename `file` to `wanted`, or to the next free name if that exists."""
    stem, suffix = wanted.name, ""
    for known in (".tar.xz", ".AppImage", ".exe", ".dmg"):
        if wanted.name.endswith(known):
            stem, suffix = wanted.name.removesuffix(known), known
    for number in range(1, _MOST_NAMES):
        target = wanted if number == 1 else wanted.with_name(f"{stem} ({number}){suffix}")
        try:
            # Creating the file fails if the name exists; a rename alone would replace that file.
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        file.replace(target)
        return target
    raise FileExistsError(wanted)
