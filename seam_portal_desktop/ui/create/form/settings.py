"""The settings of a portal: path in the request, kind of control, and texts. No Qt.

Every setting can also be left to the customization profile; then it isn't sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

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

LEGEND = (
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
    PortalFeature("connect", "Connect", "Sign in to device accounts and add devices."),
    PortalFeature("organize", "Organize", "Say which device is in which room, unit or listing."),
    PortalFeature("manage", "Manage", "See and change reservations, staff and their access."),
    PortalFeature("configure", "Configure", "Set how access and climate automations run."),
    PortalFeature("manage_devices", "Manage devices", "The older device page. Deprecated by Seam."),
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
    unset: str = "Workspace default"
    short_unset: str = "Default"


def _shown(path: str, title: str, description: str) -> Setting:
    options = ((False, "On"), (True, "Off"))
    return Setting(path, title, ControlKind.SEGMENTS, description, options)


def _allowed(name: str, title: str, description: str) -> Setting:
    options = ((True, "Allow"), (False, "Don’t allow"))
    return Setting(f"features.configure.{name}", title, ControlKind.SEGMENTS, description, options)


def field_name(path: str) -> str:
    """A field of the request in words: 'Features › Connect › Excluded providers'.

    Items of lists are counted from 1: 'Customer data › Rooms › 1 › Name'.
    """
    parts = (str(int(part) + 1) if _INDEX.fullmatch(part) else part for part in path.split("."))
    return " › ".join(part.replace("_", " ").capitalize() for part in parts)


FEATURE_SETTINGS = tuple(_shown(each.path, each.title, each.description) for each in FEATURES)

MANAGE_SETTINGS = (
    _shown(
        "features.manage.exclude_reservation_management",
        "Reservations",
        "Make, change and cancel stays.",
    ),
    _shown(
        "features.manage.exclude_reservation_technical_details",
        "Technical details of reservations",
        "Access methods, codes and errors behind a stay.",
    ),
    _shown(
        "features.manage.exclude_staff_management", "Staff", "Give staff members their own access."
    ),
    Setting(
        ALLOWED_EVENTS,
        "Events that can be seen",
        ControlKind.LIST,
        "Types such as lock.unlocked. No others are shown.",
    ),
    Setting(
        DEFAULT_EVENTS,
        "Events shown at first",
        ControlKind.LIST,
        "The filter that the event list opens with.",
    ),
)

_COUNT = "{count} becomes the number of devices."

CONFIRMATION_SETTINGS = (
    Setting(f"{CONFIRMATION}.title", "Question’s title", ControlKind.LINE, _COUNT),
    Setting(f"{CONFIRMATION}.body", "Question’s text", ControlKind.PARAGRAPH, _COUNT),
    Setting(f"{CONFIRMATION}.confirm_button_label", "Confirm button", ControlKind.LINE, _COUNT),
    Setting(f"{CONFIRMATION}.cancel_button_label", "Cancel button", ControlKind.LINE, _COUNT),
)

CONFIGURE_SETTINGS = (
    _allowed(
        "allow_access_automation_rule_customization",
        "Access automations",
        "Change how access is given for stays.",
    ),
    _allowed(
        "allow_climate_automation_rule_customization",
        "Climate automations",
        "Change what thermostats do between stays.",
    ),
    _allowed(
        "allow_instant_key_customization", "Instant Keys", "Change how keys on phones are offered."
    ),
)

APPEARANCE_SETTINGS = (
    Setting(
        CUSTOMIZATION_PROFILE,
        "Customization profile",
        ControlKind.PROFILE,
        "Logo, colours, wording, and the settings that you leave open here.",
        unset="Workspace default",
    ),
    Setting(
        LOCALE,
        "Language",
        ControlKind.MENU,
        options=LOCALES,
        unset="Workspace default",
    ),
    Setting(
        EXCLUDE_LOCALE_PICKER,
        "Language picker",
        ControlKind.SEGMENTS,
        "Lets the customer change the language.",
        ((False, "On"), (True, "Off")),
    ),
    Setting(
        IS_EMBEDDED,
        "Display",
        ControlKind.SEGMENTS,
        "An embedded portal has no frame of its own.",
        ((False, "Own page"), (True, "Embedded")),
    ),
    Setting(
        NAVIGATION_MODE,
        "Navigation",
        ControlKind.SEGMENTS,
        "Restricted keeps the customer on the page where the link opens.",
        (("full", "Full"), ("restricted", "Restricted")),
    ),
    Setting(
        READ_ONLY,
        "Access",
        ControlKind.SEGMENTS,
        "Read-only lets the customer look around, but change nothing.",
        ((False, "Can change"), (True, "Read-only")),
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
