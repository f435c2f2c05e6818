"""The settings of a portal: path in the request, kind of control, and texts. No Qt.

Every setting can also be left to the customization profile; then it isn't sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from seam_portal_desktop.domain.request.customer_data import resource_keys
from seam_portal_desktop.domain.request.verticals import ANY
from seam_portal_desktop.texts import _

_INDEX = re.compile("[0-9]{1,6}")

CUSTOMER_KEY = "customer_data.customer_key"
LOCALE = "locale"
IS_EMBEDDED = "is_embedded"
READ_ONLY = "read_only"
CUSTOMIZATION_PROFILE = "customization_profile_id"
NAVIGATION_MODE = "navigation_mode"
EXCLUDE_LOCALE_PICKER = "exclude_locale_picker"
ACCEPTED_PROVIDERS = "features.connect.accepted_providers"
EXCLUDED_PROVIDERS = "features.connect.excluded_providers"
ALLOWED_EVENTS = "features.manage.events.allowed_events"
DEFAULT_EVENTS = "features.manage.events.default_events"
CONFIRMATION = "features.manage.device_management_confirmation"

LEGEND = _(
    "Defaults come from the workspace’s customization profile. What you choose here overrides them."
)


@dataclass(frozen=True, slots=True)
class PortalFeature:
    """A part of the portal that can be left out. ``description``: what the customer can do."""

    name: str
    title: str
    description: str

    @property
    def parent(self) -> str:
        return f"features.{self.name}"

    @property
    def path(self) -> str:
        return f"{self.parent}.exclude"


FEATURES = (
    PortalFeature("connect", _("Connect"), _("Sign in to device accounts and add devices.")),
    PortalFeature(
        "organize", _("Organize"), _("Say which device is in which room, unit or listing.")
    ),
    PortalFeature("manage", _("Manage"), _("See and change reservations, staff and their access.")),
    PortalFeature("configure", _("Configure"), _("Set how access and climate automations run.")),
    PortalFeature(
        "manage_devices", _("Manage devices"), _("The older device page. Deprecated by Seam.")
    ),
)

LOCALES = (
    ("de-DE", "Deutsch"),
    ("en-US", "English"),
    ("es-ES", "Español"),
    ("fr-FR", "Français"),
    ("it-IT", "Italiano"),
    ("nl-NL", "Nederlands"),
    ("pl-PL", "Polski"),
    ("pt-PT", "Português"),
    ("el-GR", "Ελληνικά"),
    ("ru-RU", "Русский"),
)
"""The portal's languages in their own names: Latin script first, then by alphabet."""


class ControlKind(StrEnum):
    SEGMENTS = "segments"
    MENU = "menu"
    LINE = "line"
    PARAGRAPH = "paragraph"
    LIST = "list"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Setting:
    """``options`` are values with their texts. ``unset`` is the text for a setting that isn't sent,
    ``short_unset`` the same in one word."""

    path: str
    title: str
    control: ControlKind
    description: str = ""
    options: tuple[tuple[bool | str, str], ...] = ()
    unset: str = _("Workspace default")
    short_unset: str = _("Default")


def _shown(path: str, title: str, description: str) -> Setting:
    options = ((False, _("On")), (True, _("Off")))
    return Setting(path, title, ControlKind.SEGMENTS, description, options)


def _allowed(name: str, title: str, description: str) -> Setting:
    options = ((True, _("Allow")), (False, _("Don’t allow")))
    return Setting(f"features.configure.{name}", title, ControlKind.SEGMENTS, description, options)


def field_name(path: str) -> str:
    """A field of the request in words: 'Features › Connect › Excluded providers'.

    Items of lists are counted from 1, and columns have the tables' titles: 'Customer data › Rooms ›
    1 › Name'.
    """
    if path.startswith("customer_data."):
        return " › ".join(_data_names(path.split(".")[1:]))
    parts = (str(int(part) + 1) if _INDEX.fullmatch(part) else part for part in path.split("."))
    return " › ".join(part.replace("_", " ").capitalize() for part in parts)


def _data_names(parts: Sequence[str]) -> Iterator[str]:
    yield _("Customer data")
    before = ""
    for part in parts:
        if _INDEX.fullmatch(part):
            yield str(int(part) + 1)
        elif before == "custom_metadata":
            yield part
        elif part == "customer_key":
            yield _("Customer key")
        elif part in resource_keys():
            yield ANY.many(part)
        elif part not in {"customer_data", "geolocation"}:  # objects without a title of their own
            yield ANY.column((part,))
        before = part


FEATURE_SETTINGS = tuple(_shown(each.path, each.title, each.description) for each in FEATURES)

MANAGE_SETTINGS = (
    _shown(
        "features.manage.exclude_reservation_management",
        _("Reservations"),
        _("Make, change and cancel stays."),
    ),
    _shown(
        "features.manage.exclude_reservation_technical_details",
        _("Technical details of reservations"),
        _("Access methods, codes and errors behind a stay."),
    ),
    _shown(
        "features.manage.exclude_staff_management",
        _("Staff"),
        _("Give staff members their own access."),
    ),
    Setting(
        ALLOWED_EVENTS,
        _("Events that can be seen"),
        ControlKind.LIST,
        _("Types such as lock.unlocked. No others are shown."),
    ),
    Setting(
        DEFAULT_EVENTS,
        _("Events shown at first"),
        ControlKind.LIST,
        _("The filter that the event list opens with."),
    ),
)

_COUNT = _("{count} becomes the number of devices.")

CONFIRMATION_SETTINGS = (
    Setting(f"{CONFIRMATION}.title", _("Question’s title"), ControlKind.LINE, _COUNT),
    Setting(f"{CONFIRMATION}.body", _("Question’s text"), ControlKind.PARAGRAPH, _COUNT),
    Setting(f"{CONFIRMATION}.confirm_button_label", _("Confirm button"), ControlKind.LINE, _COUNT),
    Setting(f"{CONFIRMATION}.cancel_button_label", _("Cancel button"), ControlKind.LINE, _COUNT),
)

CONFIGURE_SETTINGS = (
    _allowed(
        "allow_access_automation_rule_customization",
        _("Access automations"),
        _("Change how access is given for stays."),
    ),
    _allowed(
        "allow_climate_automation_rule_customization",
        _("Climate automations"),
        _("Change what thermostats do between stays."),
    ),
    _allowed(
        "allow_instant_key_customization",
        _("Instant Keys"),
        _("Change how keys on phones are offered."),
    ),
)

APPEARANCE_SETTINGS = (
    Setting(
        CUSTOMIZATION_PROFILE,
        _("Customization profile"),
        ControlKind.PROFILE,
        _("Logo, colours, wording, and the settings that you leave open here."),
        unset=_("Workspace default"),
    ),
    Setting(
        LOCALE,
        _("Language"),
        ControlKind.MENU,
        options=LOCALES,
        unset=_("Workspace default"),
    ),
    Setting(
        EXCLUDE_LOCALE_PICKER,
        _("Language picker"),
        ControlKind.SEGMENTS,
        _("Lets the customer change the language."),
        ((False, _("On")), (True, _("Off"))),
    ),
    Setting(
        IS_EMBEDDED,
        _("Display"),
        ControlKind.SEGMENTS,
        _("An embedded portal has no frame of its own."),
        ((False, _("Own page")), (True, _("Embedded"))),
    ),
    Setting(
        NAVIGATION_MODE,
        _("Navigation"),
        ControlKind.SEGMENTS,
        _("Restricted keeps the customer on the page where the link opens."),
        (("full", _("Full")), ("restricted", _("Restricted"))),
    ),
    Setting(
        READ_ONLY,
        _("Access"),
        ControlKind.SEGMENTS,
        _("Read-only lets the customer look around, but change nothing."),
        ((False, _("Can change")), (True, _("Read-only"))),
    ),
)

KNOWN_EVENTS = (
    "access_code.created",
    "access_code.removed_from_device",
    "access_code.set_on_device",
    "connected_account.connected",
    "connected_account.disconnected",
    "device.battery_status_changed",
    "device.connected",
    "device.disconnected",
    "device.low_battery",
    "lock.locked",
    "lock.unlocked",
    "noise_sensor.noise_threshold_triggered",
    "reservation.cancelled",
    "reservation.created",
)
"""Suggestions only: Seam adds event types without a new contract, so any text is accepted."""
