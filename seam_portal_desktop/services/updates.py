"""Checks for a newer version: on request, or once a day if the user switched it on."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.policy_values import UpdateChannel
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.release import Installation, Release, UpdateError
from seam_portal_desktop.texts import _

_OPTION = "updates"
_DAY = timedelta(days=1)
_MAX_PAUSE = timedelta(days=7)

OnProgress = Callable[[int, int], None]
"""Called with the loaded and the total number of bytes, on the event loop's thread."""

NO_SOURCE = _(
    "This build doesn’t know where its updates are. Get new versions from where you got this one."
)


class UpdateSource(Protocol):
    """A server with signed releases. Methods raise UpdateError and nothing else."""

    @property
    def host(self) -> str:
        """The server's host name, to be shown."""

    async def newest(self, channel: UpdateChannel) -> Release:
        """The channel's newest release, after its signatures were checked."""

    async def download(self, release: Release, folder: Path, on_progress: OnProgress) -> Path:
        """Download and check this installation's file of the release, under an unused name."""


@dataclass(frozen=True, slots=True)
class LastCheck:
    """`problem` is the title of the error, or empty."""

    at: datetime
    problem: str


class UpdateService:
    """Finds and downloads versions newer than `version`.

    The user's choice and the last check are in `data`'s options; `save_preferences` writes them.
    Without a `source` there are no updates.
    """

    def __init__(
        self,
        source: UpdateSource | None,
        installation: Installation,
        version: str,
        *,
        policy: Policy,
        data: PreferencesData,
        save_preferences: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._source = source
        self.installation = installation
        self.version = version
        self._policy = policy
        self._data = data
        self._save_preferences = save_preferences
        self._clock = clock

    @property
    def obstacle(self) -> str:
        """Why updates are off, in one or two sentences; empty if they are on."""
        return self._policy.updates_note or ("" if self._source is not None else NO_SOURCE)

    @property
    def host(self) -> str:
        """The update server's host name, to be shown; empty without a server."""
        return self._source.host if self._source is not None else ""

    @property
    def checks_daily(self) -> bool:
        fixed = self._policy.settings.get("daily_update_check")
        wanted = self._option("daily") is True if fixed is None else fixed
        return bool(wanted) and not self.obstacle

    @property
    def daily_note(self) -> str:
        """Why the user can't choose whether it checks daily; empty if they can."""
        return self.obstacle or self._policy.setting_note("daily_update_check")

    @property
    def channel(self) -> UpdateChannel:
        """The releases that are looked for."""
        return self._policy.update_channel or UpdateChannel.STABLE

    @property
    def last_check(self) -> LastCheck | None:
        try:
            at = datetime.fromisoformat(str(self._option("tried_at"))).astimezone(UTC)
        except ValueError:
            return None
        return LastCheck(at, str(self._option("problem") or ""))

    @property
    def is_due(self) -> bool:
        """Whether the automatic check is due: once a day, less often after failures."""
        if not self.checks_daily:
            return False
        last = self.last_check
        if last is None:
            return True
        since = self._clock() - last.at
        return since < timedelta() or since >= self._pause()

    async def set_checks_daily(self, enabled: bool) -> None:  # noqa: FBT001 - a setter
        """Raises UserFacingError if the preferences can't be written; it is set for this run."""
        await self._set_options(daily=enabled)

    async def check(self) -> Release | None:
        """The newest release if it is newer than this program. Raises UpdateError.

        If the preferences can't be written, the next check may come too early; that is no error.
        """
        source = self._allowed_source()
        try:
            release = await source.newest(self.channel)
        except UpdateError as error:
            await self._save_result(problem=error.title, failures=self._failures() + 1)
            raise
        await self._save_result(problem="", failures=0)
        return release if release.is_newer_than(self.version) else None

    async def download(self, release: Release, folder: Path, on_progress: OnProgress) -> Path:
        """Download a release of `check` and return its file. Raises UpdateError."""
        return await self._allowed_source().download(release, folder, on_progress)

    def _allowed_source(self) -> UpdateSource:
        if self._source is None or self.obstacle:
            raise UpdateError(_("Updates are off"), self.obstacle)
        return self._source

    def _pause(self) -> timedelta:
        doublings = min(self._failures(), 3)
        return min(_DAY * (1 << doublings), _MAX_PAUSE)

    def _failures(self) -> int:
        value = self._option("failures")
        return value if isinstance(value, int) and value > 0 else 0

    def _option(self, name: str) -> object:
        options = self._data.options.get(_OPTION)
        return options.get(name) if isinstance(options, Mapping) else None

    async def _save_result(self, **result: object) -> None:
        with contextlib.suppress(UserFacingError):
            await self._set_options(tried_at=self._clock().astimezone(UTC).isoformat(), **result)

    async def _set_options(self, **changed: object) -> None:
        options = self._data.options.get(_OPTION)
        before = dict(options) if isinstance(options, Mapping) else {}
        self._data.options[_OPTION] = before | changed
        await self._save_preferences()
