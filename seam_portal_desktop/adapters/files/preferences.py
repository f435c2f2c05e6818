"""Preferences in one small JSON file. Standard library only: read before there is a window."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seam_portal_desktop.adapters.files.disk import (
    DiskFault,
    disk_fault,
    read_start,
    replace_file,
    technical_text,
)
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.endpoint import InvalidEndpointError, parse_endpoint
from seam_portal_desktop.domain.preferences import (
    LONGEST_TEXT,
    PreferencesData,
    check_options,
    is_text,
)
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from seam_portal_desktop.adapters.daemon_thread import DaemonThread
    from seam_portal_desktop.domain.errors import UserFacingError

_VERSION = 1
_MOST_BYTES = 1024 * 1024
_MOST_CONNECTIONS = 500
_DEEPEST = 6
"""Levels of lists and objects in the state of the window's parts. They have 3."""


class _UnreadableError(Exception):
    """The file's content isn't the JSON of preferences."""


class JsonPreferences:
    """Preferences (see the port) in the file `path`, which only its owner can read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._notice: str | None = None
        self._dropped: list[str] = []
        self._thread: DaemonThread | None = None

    @property
    def notice(self) -> str | None:
        return self._notice

    @property
    def dropped(self) -> Sequence[str]:
        return self._dropped

    def load(self) -> PreferencesData:
        self._notice = None
        self._dropped = []
        try:
            content = read_start(self._path, _MOST_BYTES + 1)
            data, lost, self._dropped = _parse(content)
        except FileNotFoundError:
            return PreferencesData()
        except (OSError, _UnreadableError):
            problem = _(
                "The preferences could not be read, so the program starts with its defaults."
            )
            self._set_aside(problem, self._path.replace)
            return PreferencesData()
        if lost:
            problem = _(
                "{lost} of the connected workspaces could not be read: connect again."
            ).format(lost=lost)
            self._set_aside(problem, lambda target: replace_file(target, content))
        return data

    async def save(self, data: PreferencesData) -> None:
        """See the port. Saves are done in the order of the calls, cancelled ones included."""
        content = _content(data)
        await self._run_in_thread(lambda: self._replace(content))

    def read_option(self, name: str) -> object:
        """One option of a file that belongs to another session; None if it can't be read."""
        try:
            return _parse(read_start(self._path, _MOST_BYTES + 1))[0].options.get(name)
        except (OSError, _UnreadableError):
            return None

    async def write_option(self, name: str, value: object) -> None:
        """Change one option of a file that belongs to another session.

        Raises UserFacingError. A file with something unreadable stays as it is for its own session.
        """
        await self._run_in_thread(lambda: self._replace_option(name, value))

    async def _run_in_thread(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            from seam_portal_desktop.adapters.daemon_thread import DaemonThread  # needs asyncio

            self._thread = DaemonThread("preferences")
        await self._thread.run(work)

    def _replace_option(self, name: str, value: object) -> None:
        try:
            data, lost, _unused = _parse(read_start(self._path, _MOST_BYTES + 1))
        except FileNotFoundError:
            data, lost = PreferencesData(), 0
        except (OSError, _UnreadableError):
            return
        if not lost:
            data.options[name] = value
            self._replace(_content(data))

    def _set_aside(self, problem: str, keep: Callable[[Path], object]) -> None:
        """Keep the file's content under another name, and set the notice."""
        from datetime import UTC, datetime

        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        target = self._path.with_name(f"{self._path.name}.broken-{stamp}")
        try:
            keep(target)
        except OSError:
            self._notice = problem
        else:
            self._notice = _("{problem} The old file is kept as {target}.").format(
                problem=problem, target=target.name
            )

    def _replace(self, content: bytes) -> None:
        failure: UserFacingError | None = None
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._path, content)
        except OSError as error:
            failure = _save_error(error)
        if failure is not None:
            raise failure


def _parse(content: bytes) -> tuple[PreferencesData, int, list[str]]:
    """The preferences, how many connections could not be read, and which settings were dropped."""
    if len(content) > _MOST_BYTES:
        raise _UnreadableError
    try:
        root = json.loads(content)
    except (ValueError, RecursionError):
        raise _UnreadableError from None
    if not isinstance(root, dict) or root.get("version") != _VERSION:
        raise _UnreadableError
    connections, lost = _parse_connections(root.get("connections"))
    options, dropped = check_options(root.get("options"))
    current = root.get("current_connection_id")
    known = {connection.connection_id for connection in connections}
    if not isinstance(current, str) or current not in known:
        if current is not None and not lost:
            dropped.append(_("which workspace was open"))
        current = None
    window = root.get("window", {})
    if not isinstance(window, dict) or _depth(window) > _DEEPEST:
        dropped.append(_("the window’s layout"))
        window = {}
    return PreferencesData(connections, current, window, options), lost, dropped


def _parse_connections(entries: object) -> tuple[list[WorkspaceConnection], int]:
    """The connections, and how many could not be read."""
    if not isinstance(entries, list):
        return [], 0 if entries is None else 1
    found: dict[str, WorkspaceConnection] = {}
    for entry in entries[:_MOST_CONNECTIONS]:
        connection = _parse_connection(entry)
        if connection is not None:
            # Two with the same id would share one credential.
            found.setdefault(connection.connection_id, connection)
    return list(found.values()), len(entries) - len(found)


def _parse_connection(entry: object) -> WorkspaceConnection | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("workspace"), dict):
        return None
    workspace = entry["workspace"]
    try:
        return WorkspaceConnection(
            connection_id=_text(entry, "connection_id"),
            label=_name(entry, "label"),
            endpoint=parse_endpoint(_text(entry, "endpoint")),
            credential_kind=CredentialKind(_text(entry, "credential_kind")),
            workspace=Workspace(
                workspace_id=_text(workspace, "workspace_id"),
                name=_name(workspace, "name"),
                company_name=_name(workspace, "company_name"),
                is_sandbox=_flag(workspace, "is_sandbox"),
                is_suspended=_flag(workspace, "is_suspended"),
            ),
        )
    except (KeyError, TypeError, ValueError, InvalidEndpointError):
        return None


def _depth(value: object) -> int:
    """How many levels of lists and objects there are. `json` reads deeper ones than it writes."""
    deepest, level = 0, [value]
    while level := [each for each in level if isinstance(each, (dict, list))]:
        deepest += 1
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return deepest


def _text(entry: Mapping[str, Any], name: str) -> str:
    text: object = entry[name]
    if not is_text(text):
        raise TypeError(name)
    return text


def _name(entry: Mapping[str, Any], name: str) -> str:
    """A text that only people read, made showable."""
    text: object = entry[name]
    if not isinstance(text, str):
        raise TypeError(name)
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def _flag(entry: Mapping[str, Any], name: str) -> bool:
    if not isinstance(entry[name], bool):
        raise TypeError(name)
    flag: bool = entry[name]
    return flag


def _content(data: PreferencesData) -> bytes:
    text = json.dumps(_as_json(data), indent=2, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _as_json(data: PreferencesData) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "connections": [
            {
                "connection_id": connection.connection_id,
                "label": connection.label,
                "endpoint": connection.endpoint,
                "credential_kind": connection.credential_kind.value,
                "workspace": {
                    "workspace_id": connection.workspace.workspace_id,
                    "name": connection.workspace.name,
                    "company_name": connection.workspace.company_name,
                    "is_sandbox": connection.workspace.is_sandbox,
                    "is_suspended": connection.workspace.is_suspended,
                },
            }
            for connection in data.connections
        ],
        "current_connection_id": data.current_connection_id,
        "window": data.window,
        "options": data.options,
    }


def _save_error(error: OSError) -> UserFacingError:
    from seam_portal_desktop.domain.errors import UserFacingError

    fault = disk_fault(error)
    if fault is DiskFault.FULL:
        title = _("The disk is full")
        message = _("The preferences could not be saved. Free some space, then try again.")
    elif fault is DiskFault.QUOTA:
        title = _("Your share of the disk is used up")
        message = _(
            "The preferences could not be saved. Delete files of yours or ask whoever manages the "
            "disk, then try again."
        )
    elif fault is DiskFault.READ_ONLY:
        title = _("The disk is read-only")
        message = _(
            "The preferences could not be saved. Make the disk writable, then try again, or start "
            "the program with --data-dir and a folder on another disk."
        )
    elif fault is DiskFault.NOT_ALLOWED:
        title = _("The preferences can't be saved")
        message = _(
            "Their folder is read-only for you. Check its permissions, or start the program with "
            "--data-dir and a folder of your own."
        )
    else:
        title = _("The preferences could not be saved")
        message = _("Check that the disk is connected and that you may use the folder.")
    return UserFacingError(title, message, technical=technical_text(error), can_retry=True)
