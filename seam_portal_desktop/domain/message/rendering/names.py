"""The names and filters that a template may use. The editor's completion and errors list them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from seam_portal_desktop.texts import _

URL = "url"
LOGO = "logo"
OWN = "own"

NAMES: Mapping[str, str] = MappingProxyType(
    {
        URL: _("The link. Put it on a line of its own."),
        "display_name": _("The customer’s name, or the customer key if there is none."),
        "customer_key": _("The customer key."),
        "expires_at": _("When the link ends: day, time and time zone."),
        "expires_date": _("The day on which the link ends."),
        "expires_time": _("The time of day at which the link ends."),
        "expires_in": _("How long the link still works, rounded down, such as “6 days”."),
        "time_zone": _("The name of the time zone in which the times are."),
        "company": _("Your company’s name."),
        "operator": _("The name of the person who sends the message."),
        "signature": _("The sender’s signature."),
        "features": _("What the portal offers, as a list."),
        "brand.primary_color": _("The color of your company, such as #1d4ed8."),
        "brand.text_color": _("Black or white: what can be read on the primary color."),
        "brand.border_color": _("A border around the primary color that is seen on white."),
        LOGO: _("Your company’s logo (only in HTML)."),
        OWN: _("Your own fields: {example} is the one named “desk”.").format(example="own.desk"),
        "locale": _("The customer’s language, such as de-DE."),
    }
)
"""What each name stands for."""

FILTERS: tuple[str, ...] = (
    "capitalize",
    "default",
    "first",
    "join",
    "last",
    "length",
    "lower",
    "replace",
    "sort",
    "title",
    "trim",
    "truncate",
    "unique",
    "upper",
)
"""Jinja's filters that are useful in a message and do no harm. The others are switched off."""


def top_names() -> frozenset[str]:
    """The names without what follows a dot."""
    return frozenset(name.partition(".")[0] for name in NAMES)
