"""Settings that last from run to run. Read before there is a window, so it imports little."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Protocol, TypeGuard

from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.texts import _

LONGEST_TEXT = 1000
"""The characters of a stored text. A longer one would stop the window that has to show it."""

MOST_SAVED_FILTERS = 50
"""For each workspace: more don't fit in a menu."""

MOST_REMINDED = 1000
"""For each workspace: portals with a message that somebody has to look after."""

MOST_TABLE_MAPPINGS = 50
"""How many mappings of imported tables are remembered."""


@dataclass(slots=True)
class PreferencesData:
    """The contents of the preferences' file, which has no secrets and no portals.

    ``window`` holds the state of each part of the window by its name, as values of JSON. The part
    checks its own when it is restored (`ViewState`). ``options`` hold what `check_options` knows.
    """

    connections: list[WorkspaceConnection] = field(default_factory=list)
    current_connection_id: str | None = None
    window: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


def is_whole(value: object, least: int, most: int) -> TypeGuard[int]:
    """Whether a stored value is a whole number in this range. True and false are no numbers."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_text(value: object) -> TypeGuard[str]:
    """Whether a stored value is a text that can be shown and written again.

    Half a surrogate pair can be neither.
    """
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_TEXT
        and not any("\ud800" <= each <= "\udfff" for each in value)
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user can choose under Settings, with the defaults.

    `SETTING_CHOICES` has the values of those that are one of a few. `time_zone` is a name of the
    IANA database, or "system".
    """

    appearance: str = "system"
    language: str = "system"
    first_view: str = "all"
    notifications: bool = True
    reminder_notifications: bool = False
    undo_sending: bool = True
    time_zone: str = "system"
    date_style: str = "system"
    time_style: str = "relative"
    clipboard_seconds: int = 60
    preview_device: str = "last"
    preview_mode: str = "safe"


SETTING_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "appearance": ("system", "light", "dark"),
        "language": ("system", "en"),
        "first_view": ("all", "active", "expiring", "expired", "attention", "revoked"),
        "date_style": ("system", "iso"),
        "time_style": ("relative", "absolute"),
        "preview_device": ("last", "fit", "phone", "tablet", "desktop"),
        "preview_mode": ("safe", "live"),
    }
)

CLIPBOARD_SECONDS = (10, 600)
"""The least and the most seconds that a copied link may stay on the clipboard."""

_LONGEST_ZONE = 60
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)


def setting_problem(name: str, value: object) -> str:
    """Why `value` can't be used for the setting `name`, as the end of a sentence; empty if it can.

    Whether a time zone exists is known only by the window: the zones come with the system.
    """
    if name in SETTING_CHOICES:
        choices = SETTING_CHOICES[name]
        return (
            ""
            if value in choices
            else _("must be one of {choices}.").format(choices=", ".join(choices))
        )
    if name == "clipboard_seconds":
        least, most = CLIPBOARD_SECONDS
        return (
            ""
            if is_whole(value, least, most)
            else _("must be a number from {least} to {most}.").format(least=least, most=most)
        )
    if name == "time_zone":
        is_zone = isinstance(value, str) and len(value) <= _LONGEST_ZONE and _ZONE.fullmatch(value)
        return "" if is_zone else _("must be a time zone such as Europe/Berlin, or system.")
    return "" if isinstance(value, bool) else _("must be true or false.")


def read_settings(stored: object) -> Settings:
    """The settings in the preferences' options. An unusable value has its default."""
    if not isinstance(stored, dict):
        return Settings()
    return Settings(
        **{
            each.name: stored[each.name]
            for each in fields(Settings)
            if each.name in stored and not setting_problem(each.name, stored[each.name])
        }
    )


def write_settings(settings: Settings) -> dict[str, Any]:
    """What `read_settings` reads: the values that aren't the defaults."""
    return {
        each.name: value
        for each in fields(Settings)
        if (value := getattr(settings, each.name)) != each.default
    }


def check_options(stored: object) -> tuple[dict[str, Any], list[str]]:
    """The usable options among those of the file, and what each dropped one was, in words."""
    if stored is None:
        return {}, []
    if not isinstance(stored, dict):
        return {}, [_("the options")]
    options: dict[str, Any] = {}
    dropped: list[str] = []
    for name, value in stored.items():
        if name not in _OPTIONS:
            dropped.append(_("an option that this version doesn’t know"))
            continue
        title, is_usable = _OPTIONS[name]
        if is_usable(value):
            options[name] = value
        else:
            dropped.append(title)
    return options, dropped


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(map(is_text, [*value, *value.values()]))


def _is_saved_filters(value: object) -> bool:
    """See `SavedFilterService`. The list checks the words when it is filtered by them."""
    return isinstance(value, dict) and all(
        is_text(workspace_id) and _is_texts(saved) and len(saved) <= MOST_SAVED_FILTERS
        for workspace_id, saved in value.items()
    )


def _is_template_choices(value: object) -> bool:
    """See `TemplateService`: for each workspace and language the id of a template."""
    return isinstance(value, dict) and all(
        is_text(workspace_id) and _is_texts(chosen) for workspace_id, chosen in value.items()
    )


def _is_table_mappings(value: object) -> bool:
    """See `TableMappings`, which checks the mappings when it reads them."""
    return (
        isinstance(value, list)
        and len(value) <= MOST_TABLE_MAPPINGS
        and all(
            isinstance(each, dict)
            and each.keys() == {"mapping", "presets", "confirmed"}
            and isinstance(each["mapping"], dict)
            and isinstance(each["presets"], list)
            and all(map(is_text, each["presets"]))
            and isinstance(each["confirmed"], bool)
            for each in value
        )
    )


def _is_channels(value: object) -> bool:
    """See `PortalService.last_channel`."""
    from seam_portal_desktop.domain.portal.record import Channel  # most files have none

    channels = {channel.value for channel in Channel}
    return _is_texts(value) and isinstance(value, dict) and channels.issuperset(value.values())


def _is_senders(value: object) -> bool:
    """See `SenderService`."""
    from seam_portal_desktop.domain.message.stored_senders import read_senders  # few have any

    try:
        read_senders(value)
    except ValueError:
        return False
    return True


def _is_updates(value: object) -> bool:
    """See `UpdateService`: whether it checks daily, and how the last check ended."""
    if not isinstance(value, dict) or not _is_time(value.get("tried_at")):
        return False
    return (
        value.keys() <= {"daily", "tried_at", "problem", "failures"}
        and isinstance(value.get("daily", False), bool)
        and is_text(value.get("problem", ""))
        and is_whole(value.get("failures", 0), 0, 1_000_000)
    )


def _is_reminders(value: object) -> bool:
    """See `ReminderService`."""
    return isinstance(value, dict) and all(
        is_text(workspace_id)
        and isinstance(shown, dict)
        and shown.keys() == {"at", "portal_ids"}
        and _is_time(shown["at"])
        and shown["at"] is not None
        and isinstance(shown["portal_ids"], list)
        and len(shown["portal_ids"]) <= MOST_REMINDED
        and all(map(is_text, shown["portal_ids"]))
        for workspace_id, shown in value.items()
    )


def _is_time(value: object) -> bool:
    if value is None:
        return True
    from datetime import UTC, datetime  # most files have none

    try:
        datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):  # the last one on Windows, for a naive year 1
        return False
    return isinstance(value, str)


def _is_object(value: object) -> bool:
    """`read_settings` checks what is in it."""
    return isinstance(value, dict)


_OPTIONS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "default_presets": (_("the workspaces’ default presets"), _is_texts),
    "default_templates": (_("the workspaces’ default templates"), _is_template_choices),
    "saved_filters": (_("the saved filters of the list"), _is_saved_filters),
    "settings": (_("the settings"), _is_object),
    "table_mappings": (_("where the columns of imported tables go"), _is_table_mappings),
    "last_channels": (_("how links were sent last"), _is_channels),
    "updates": (_("the check for updates"), _is_updates),
    "senders": (_("the senders of messages"), _is_senders),
    "reminders": (_("what you were reminded of"), _is_reminders),
}
"""The options by their names in the file. Who uses one is in `services/`."""


class GraphicsChoice(Protocol):
    """Whether the program draws with the graphics card or in software."""

    @property
    def wants_software(self) -> bool:
        """Whether this run should draw without the graphics card."""
        ...

    def check_last_start(self) -> bool:
        """Whether the last run ended while its graphics were set up. Then software is chosen.

        Only the one running instance may call it, before `begin_start`.
        """
        ...

    def remember(self, *, software: bool) -> None:
        """Choose for the next run."""
        ...

    def begin_start(self) -> None:
        """The set-up of graphics begins. It may end the process without an error."""
        ...

    def end_start(self) -> None:
        """The set-up succeeded, or the program ends as it should."""
        ...
