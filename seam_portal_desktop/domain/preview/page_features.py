"""Which features of a portal are on its page, and which the request asked for.

There are two kinds of signs. Targets of links and names of views (``/connected-accounts``,
``#organize``) name a feature in any language. The texts of the navigation name it in the portal's
ten languages. A feature is absent only if the navigation was recognised and doesn't list it.
Seam's own pages could not be seen when this was written: the names are those of the API's features
and resources, and the sandbox's page uses some of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.preview.page_facts import PageSigns

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FeatureSigns:
    """``name`` is the feature's in the request, ``title`` its name for people."""

    name: str
    title: str
    names: frozenset[str]
    labels: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(",") if word.strip())


FEATURE_SIGNS = (
    FeatureSigns(
        "connect",
        "Connect",
        _words("connect, accounts, connected-accounts, connected_accounts, connect-accounts"),
        _words(
            "connect, accounts, connected accounts, konten, verknüpfte konten, λογαριασμοί, "
            "cuentas, comptes, comptes connectés, account collegati, gekoppelde accounts, konta, "
            "contas, аккаунты"
        ),
    ),
    FeatureSigns(
        "organize",
        "Organize",
        _words("organize, organise, organize-devices"),
        _words(
            "organize, organise, zuordnen, organisieren, οργάνωση, organizar, organisation, "
            "organiser, organizza, indelen, porządkowanie, распределение"
        ),
    ),
    FeatureSigns(
        "manage",
        "Manage",
        _words(
            "manage, places, spaces, rooms, units, properties, listings, property-listings, "
            "property_listings, facilities, buildings, sites, common-areas, common_areas, "
            "reservations, stays, bookings, guests, residents, tenants, staff, staff-members, "
            "activity, access-grants, access_grants"
        ),
        _words(
            "manage, rooms, units, spaces, properties, property listings, reservations, bookings, "
            "stays, staff, activity, buchungen, reservierungen, aktivität, zimmer, wohneinheiten, "
            "räume, objekte, κρατήσεις, προσωπικό, δραστηριότητα, δωμάτια, reservas, actividad, "
            "habitaciones, réservations, activité, chambres, logements, prenotazioni, attività, "
            "camere, reserveringen, personeel, activiteit, kamers, rezerwacje, personel, "
            "aktywność, pokoje, equipa, atividade, quartos, бронирования, персонал, события, номера"
        ),
    ),
    FeatureSigns(
        "configure",
        "Configure",
        _words("configure, automations, automation, automation-rules, automation_rules"),
        _words(
            "configure, automations, automationen, αυτοματισμοί, automatizaciones, "
            "automatisations, automazioni, automatiseringen, automatyzacje, automatizações, "
            "автоматизация"
        ),
    ),
    FeatureSigns(
        "manage_devices",
        "Manage devices",
        _words("manage-devices, manage_devices, devices"),
        _words(
            "manage devices, devices, geräte, συσκευές, dispositivos, appareils, dispositivi, "
            "apparaten, urządzenia, устройства"
        ),
    ),
)

_SHARED = frozenset({"manage_devices"})
"""Manage lists devices too. While Manage is on the page, a list of devices doesn't prove that
Manage devices is."""

_RECOGNISED = 2
"""A navigation is the portal's when this many of the features are found in it."""


def presence_of(signs: PageSigns) -> dict[str, Presence]:
    """Whether each feature, by its name in the request, is on the page."""
    found = {
        each.name
        for each in FEATURE_SIGNS
        if each.names & signs.names or each.labels & signs.labels
    }
    is_complete = signs.has_navigation and len(found) >= _RECOGNISED
    missing = Presence.ABSENT if is_complete else Presence.UNKNOWN
    presence = {
        each.name: Presence.PRESENT if each.name in found else missing for each in FEATURE_SIGNS
    }
    for shared in _SHARED & found:
        if presence["manage"] is Presence.PRESENT:
            presence[shared] = Presence.UNKNOWN
    return presence


def requested_features(request: PortalRequest) -> dict[str, bool]:
    """The features that the request itself shows (True) or leaves out (False), by name.

    A feature that it doesn't mention follows the customization profile and is left out here.
    """
    requested = {}
    for each in FEATURE_SIGNS:
        excluded = getattr(getattr(request.features, each.name, None), "exclude", None)
        if isinstance(excluded, bool):
            requested[each.name] = not excluded
    return requested
