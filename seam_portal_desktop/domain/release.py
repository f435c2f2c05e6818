"""Releases of this program, and how this one was installed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _

_VERSION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6}){0,3})(?:(a|b|rc)([0-9]{1,6}))?")
_FINAL = "z"  # after every letter of a pre-release
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,199}")


class UpdateError(UserFacingError):
    """The check for an update failed, or its download did."""


class InvalidReleaseError(ValueError):
    """The published release can't be used. The text explains why."""


class Installation(StrEnum):
    """How this program was installed. The values are those of a frozen tree's marker file."""

    SOURCE = "source"
    PACKAGE = "package"
    """By the system's package manager, which alone may change it."""
    TARBALL = "tarball"
    APPIMAGE = "appimage"
    INSTALLER = "installer"
    DISK_IMAGE = "dmg"

    @property
    def takes_downloads(self) -> bool:
        return self not in (Installation.SOURCE, Installation.PACKAGE)


@dataclass(frozen=True, slots=True)
class Release:
    """The newest release of a channel.

    `files` are the names of installers by their `file_kind`. Each of `notes` is one line.
    """

    version: str
    released_at: date
    notes: tuple[str, ...]
    files: dict[str, str]

    def __post_init__(self) -> None:
        """Raises InvalidReleaseError for an unusable version or file name."""
        version_key(self.version)
        for name in self.files.values():
            if not _FILE_NAME.fullmatch(name):
                raise InvalidReleaseError(_("A file of the release has no usable name."))

    def is_newer_than(self, version: str) -> bool:
        return version_key(self.version) > version_key(version)


def version_key(version: str) -> tuple[tuple[int, ...], str, int]:
    """Sorts versions such as 1.2.0 and 1.3.0rc1. Raises InvalidReleaseError for anything else."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise InvalidReleaseError(_("The release has no usable version."))
    numbers = [int(part) for part in match[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), match[2] or _FINAL, int(match[3] or 0)


def file_kind(system: str, machine: str, installation: Installation) -> str:
    """The key of `Release.files`, such as linux-x86_64-tarball.

    `system` is linux, windows or macos; `machine` is as platform.machine() gives it.
    """
    names = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
    machine = machine.lower()
    return f"{system}-{names.get(machine, machine)}-{installation.value}"
