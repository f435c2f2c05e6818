"""The data of the portal page, and the actions that the page sends back.

The page is drawn from a :class:`PageData` alone, so the server decides what a visitor sees.

Actions
=======
``POST <actions_path>`` with ``Authorization: Bearer <token of the page's own address>`` and a JSON
body ``{"action": name, ...}``. The server answers ``{"ok": true}`` with 200, or
``{"ok": false, "error": {"type", "message"}}``; it refuses everything with 403 ``read_only`` for a
read-only portal and with 401 for a token that no longer opens the page. After an ``ok`` the page
fetches its own address again, so it always shows the server's state.

=====================  ==========================================================================
action                 fields
=====================  ==========================================================================
connect_account        ``provider``: a device_provider_name
rename_device          ``device_id``, ``name`` (empty: back to the derived name)
assign_device          ``device_id``, ``place``: ``"<kind>:<key>"`` or null for none
set_lock               ``device_ids``: [id], ``locked``: bool
add_staff              ``name``, optional ``email_address``, ``phone_number``
remove_staff           ``staff_member_key``
create_reservation     ``name``, ``place``, ``starts_at``, ``ends_at`` (ISO 8601 with offset)
cancel_reservation     ``reservation``: ``"<kind>:<key>"``
set_automation         ``automation``: a name of ``AUTOMATIONS``, ``enabled``: bool
=====================  ==========================================================================

:func:`seam_portal_desktop.sandbox.portal_page.perform_action` checks a body against the data and
returns its effects; the server only stores them.

Visitors choose a language with the page's query parameter ``locale``. The server passes it on as
:attr:`PageData.locale` without a check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LOCALES = (
    "en-US",
    "pt-PT",
    "fr-FR",
    "it-IT",
    "es-ES",
    "de-DE",
    "nl-NL",
    "el-GR",
    "pl-PL",
    "ru-RU",
)
"""The languages of create_portal's ``locale``, in the contract's order."""

Resource = Mapping[str, Any]
Resources = Mapping[str, Sequence[Resource]]
"""By kind as in customer_data (``rooms``, ``reservations``, ...), each with its ``*_key``."""


@dataclass(frozen=True, slots=True)
class PageData:
    """The data of one visit of one portal.

    ``request`` is create_portal's body in wire form with the customization profile's settings
    applied. ``resources`` are the customer's, after ``customer_resources_filters``. ``providers``
    are device_provider objects. ``actions_path`` and ``static_path`` (the mount of STATIC_DIR,
    with or without a closing slash) are paths on the page's origin. Times are aware.

    The rest is what visitors did: ``device_overrides`` maps a device_id to any of ``name``,
    ``locked`` and ``place`` (``"<kind>:<key>"`` or None); ``connected_accounts`` have
    ``account_id``, ``device_provider_name`` and ``created_at``; ``automations`` has those that
    differ from their defaults; ``events`` have ``event_type``, ``occurred_at`` and ``subject``.
    """

    workspace_name: str
    customer_key: str
    request: Mapping[str, Any]
    resources: Resources
    providers: Sequence[Mapping[str, Any]]
    profile: Mapping[str, Any] | None
    actions_path: str
    static_path: str
    read_only: bool
    expires_at: datetime
    now: datetime
    customer_display: str = ""
    locale: str | None = None
    device_overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    connected_accounts: Sequence[Mapping[str, Any]] = ()
    automations: Mapping[str, bool] = field(default_factory=dict)
    events: Sequence[Mapping[str, Any]] = ()

    @property
    def features(self) -> Mapping[str, Any]:
        return self.request.get("features") or {}

    def feature(self, name: str) -> Mapping[str, Any]:
        """The settings of one feature, such as ``manage``; empty if there are none."""
        return self.features.get(name) or {}

    def has_feature(self, name: str) -> bool:
        return not self.feature(name).get("exclude", False)

    @property
    def display_locale(self) -> str:
        """The visitor's language if the page has it, else the link's, else American English."""
        for wanted in (self.locale, self.request.get("locale")):
            if wanted in LOCALES:
                return str(wanted)
        return LOCALES[0]

    @property
    def customer(self) -> str:
        """The customer's name in the page."""
        return self.customer_display or self.customer_key
