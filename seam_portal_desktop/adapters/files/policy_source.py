"""Reads the managed policy from a file (Linux, macOS) or the registry (Windows).

Standard library only: it is read before the list is painted. A missing source costs one failed
call. A policy that exists and can't be used is reported in `Policy.problems`.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seam_portal_desktop.domain.policy import (
    Policy,
    merge,
    parse_policy,
    unreadable_policy,
)
from seam_portal_desktop.domain.policy_values import InvalidPolicyError
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from types import ModuleType

LINUX_FILE = Path("/etc/seam-portal-desktop/policy.json")
REGISTRY_KEY = r"Software\Policies\Seam Portal Desktop"
MANAGED_PREFERENCES = Path("/Library/Managed Preferences")
BUNDLE_ID = "example.seam_portal_desktop.SeamPortalDesktop"
"""Used when the program doesn't run from an application bundle."""

_MOST_BYTES = 64 * 1024


def read_policy() -> Policy:
    """The policy for this user of this computer. Never raises."""
    if sys.platform == "win32":
        import winreg

        return policy_from_registry(winreg)
    if sys.platform == "darwin":
        return policy_from_preferences(MANAGED_PREFERENCES, _bundle_id(), _user())
    return policy_from_file(LINUX_FILE)


def policy_from_file(path: Path, *, owner: int = 0) -> Policy:
    """The policy in a JSON file. `owner` (root) must own it, and no other user may write to it.

    A file that another user could have written is an unreadable policy, not a missing one.
    """

    def read() -> Mapping[str, Any] | None:
        content = _read(path, owner)
        return None if content is None else _parse_json(content)

    return merge([_from(str(path), read)])


def policy_from_preferences(folder: Path, bundle_id: str, user: str, *, owner: int = 0) -> Policy:
    """macOS: what configuration profiles force on the computer, then on the user."""

    def reader(path: Path) -> Callable[[], Mapping[str, Any] | None]:
        def read() -> Mapping[str, Any] | None:
            content = _read(path, owner)
            return None if content is None else _parse_plist(content)

        return read

    paths = [folder / f"{bundle_id}.plist", folder / user / f"{bundle_id}.plist"]
    return merge([_from(str(path), reader(path)) for path in paths])


def policy_from_registry(winreg: ModuleType) -> Policy:
    """Windows: Group Policy for the computer, then for the user.

    Standard users can't write below either key. Text is REG_SZ, a list is REG_MULTI_SZ, true and
    false are REG_DWORD 1 and 0.
    """
    roots = {"HKEY_LOCAL_MACHINE": "HKLM", "HKEY_CURRENT_USER": "HKCU"}
    return merge(
        [
            _from(
                rf"{short}\{REGISTRY_KEY}",
                lambda root=root: _read_registry(winreg, getattr(winreg, root)),  # type: ignore[misc]
            )
            for root, short in roots.items()
        ]
    )


def _from(source: str, read: Callable[[], Mapping[str, Any] | None]) -> Policy:
    try:
        settings = read()
        return parse_policy(settings or {}, source)
    except InvalidPolicyError as error:
        return unreadable_policy(f"{source}: {error}")
    except OSError as error:
        return unreadable_policy(f"{source}: {error.strerror or type(error).__name__}.")


def _read(path: Path, owner: int) -> bytes | None:
    """The file's content, None when there is none. Raises OSError and InvalidPolicyError."""
    try:
        with path.open("rb") as file:
            for status in (os.fstat(file.fileno()), path.parent.stat()):
                others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
                if os.name == "posix" and (status.st_uid != owner or others_write):
                    raise InvalidPolicyError(
                        _(
                            "the file and its folder must belong to root, and only root may write "
                            "them."
                        )
                    )
            content = file.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(content) > _MOST_BYTES:
        raise InvalidPolicyError(_("the file is too large."))
    return content


def _parse_json(content: bytes) -> Mapping[str, Any]:
    try:
        root = json.loads(content, object_pairs_hook=_unique_keys)
    except (ValueError, RecursionError) as error:
        if isinstance(error, InvalidPolicyError):
            raise
        raise InvalidPolicyError(_("the file is not JSON.")) from None
    if not isinstance(root, dict):
        raise InvalidPolicyError(_("the file must hold one JSON object."))
    return root


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses a key that occurs twice. JSON allows it and doesn't define which one counts."""
    settings = dict(pairs)
    if len(settings) != len(pairs):
        raise InvalidPolicyError(_("a setting is there twice."))
    return settings


def _parse_plist(content: bytes) -> Mapping[str, Any]:
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        root = plistlib.loads(content)
    except (
        *(plistlib.InvalidFileException, ExpatError, ValueError, OverflowError),
        *(RecursionError, TypeError, LookupError, AttributeError),  # from a damaged binary one
    ):
        raise InvalidPolicyError(_("the file is no property list.")) from None
    if not isinstance(root, dict):
        raise InvalidPolicyError(_("the file must hold one dictionary."))
    # A configuration profile also describes itself (PayloadUUID and such).
    return {key: value for key, value in root.items() if not key.startswith("Payload")}


def _read_registry(winreg: ModuleType, root: int) -> Mapping[str, Any] | None:
    try:
        key = winreg.OpenKey(root, REGISTRY_KEY, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
    except FileNotFoundError:
        return None
    with key:
        return {
            name: _registry_value(winreg, value, kind)
            for name, value, kind in _registry_values(winreg, key)
            if name  # the key's own unnamed value
        }


def _registry_values(winreg: ModuleType, key: object) -> Iterator[tuple[str, object, int]]:
    for index in range(winreg.QueryInfoKey(key)[1]):
        yield winreg.EnumValue(key, index)


def _registry_value(winreg: ModuleType, value: object, kind: int) -> object:
    """The value with JSON's type; a value without one is returned as it is, and refused later."""
    if kind == winreg.REG_DWORD and value in (0, 1):
        return bool(value)
    return value


def _bundle_id() -> str:
    """The identifier in the running application's Info.plist; a fork has one of its own."""
    import plistlib

    try:
        with (Path(sys.executable).parents[1] / "Info.plist").open("rb") as file:
            return str(plistlib.load(file)["CFBundleIdentifier"])
    except (OSError, ValueError, KeyError, IndexError):
        return BUNDLE_ID


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
