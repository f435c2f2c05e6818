"""The demo's first state: customers, and the links that they were sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.record import Channel, FailureRecord, Outcome, Sent
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.demo.customers import GRAND_TERRACE, demo_customers
from seam_portal_desktop.sandbox.demo.profiles import (
    PROFILE_LOGOS,
    PROFILE_SETTINGS,
    PROFILES,
    PULSE_PROFILE,
)
from seam_portal_desktop.sandbox.state import PORTAL_LIFETIME, Profile, SandboxState

_SENDER = "demo"


def seed(state: SandboxState, now: datetime) -> None:
    """Fill an empty state. Every time in it is relative to `now`."""
    for wire in PROFILES:
        profile_id = wire["customization_profile_id"]
        created_at = (now - timedelta(days=365)).isoformat(timespec="milliseconds")
        whole = {**wire, "workspace_id": state.workspace_id, "created_at": created_at}
        state.add_profile(
            Profile(whole, PROFILE_LOGOS.get(profile_id), PROFILE_SETTINGS.get(profile_id, {}))
        )
    for demo in demo_customers(now):
        customer = state.push_data(demo.data, at=now - timedelta(days=demo.since_days))
        customer.display_name = demo.display_name
        customer.customization_profile_id = demo.customization_profile_id


@dataclass(frozen=True, slots=True)
class DemoPortal:
    """A portal of the demo's first ledger. The fields are those of the domain's PortalRecord.

    ``request`` is create_portal's body in wire form. A created portal has a ``url``, which opens
    the page of its status.
    """

    customer_key: str
    request: Mapping[str, Any]
    outcome: Outcome
    requested_at: datetime
    created_at: datetime | None = None
    expires_at: datetime | None = None
    url: Secret | None = None
    seam_request_id: str | None = None
    failure: FailureRecord | None = None
    previewed_at: datetime | None = None
    sent: Sent | None = None
    revoked_at: datetime | None = None


CALLED: Mapping[str, CustomerDetails] = MappingProxyType(
    {
        "harbor-hotel": CustomerDetails("Harbor Hotel", ("hotel", "vip")),
        "casa-verde": CustomerDetails("Casa Verde Lisboa", ("apartments",)),
        GRAND_TERRACE: CustomerDetails("Grand Terrace, King’s Cross", ("apartments", "vip")),
        "riad-al-bahr": CustomerDetails("رياض البحر", ("hotel",)),
        "pulse-gyms": CustomerDetails("Pulse Gyms"),
    }
)
"""What the demo's user calls some of the customers, by their keys."""

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_REFUSED = FailureRecord(
    "Seam refused some of the fields.",
    "accepted_providers and excluded_providers can't be given together. "
    "Change these and try again: features.connect.excluded_providers.",
    str(uuid.UUID(int=0x5EA1)),
)
_UNREACHED = FailureRecord(
    "Seam could not be reached.",
    "Nothing was created. Check the network, then try again.",
)
_UNANSWERED = FailureRecord(
    "Seam did not answer in time.",
    "A portal link may exist all the same, so look for it before you create another.",
)


def demo_history(state: SandboxState, now: datetime) -> list[DemoPortal]:
    """Create the links that the demo's customers were sent; oldest first.

    Call it once, on a seeded state whose server has started: links have the server's address.
    """
    history = _History(state, now)
    portals = [
        history.failed("casa-verde", 21 * _DAY, _UNREACHED),
        history.created(
            "harbor-hotel", 16 * _DAY, sent=(Channel.EMAIL, "First link for the season")
        ),
        history.created("pine-ridge-cabins", 19 * _DAY, previewed=False),
        history.created("old-mill", 9 * _DAY, sent=(Channel.EMAIL, "")),
        history.created(
            "casa-verde",
            PORTAL_LIFETIME - 9 * _HOUR,
            {"locale": "pt-PT"},
            sent=(Channel.CHAT, "Beatriz asked for it in Portuguese"),
        ),
        history.created("sunny-side-stays", PORTAL_LIFETIME - 42 * _MINUTE),
        history.created(GRAND_TERRACE, 5 * _DAY, sent=(Channel.EMAIL, "")),
        history.created(
            "elm-street-apartments",
            3 * _DAY,
            sent=(Channel.EMAIL, "Went to the wrong address"),
            revoked_after=_HOUR,
        ),
        history.created(
            "riad-al-bahr", 2 * _DAY + 3 * _HOUR, {"locale": "fr-FR"}, sent=(Channel.SMS, "")
        ),
        history.created(
            "harbor-hotel",
            _DAY + 2 * _HOUR,
            sent=(Channel.EMAIL, "For the front desk"),
            with_data=True,
        ),
        history.created(
            "lakeview-hostel",
            26 * _HOUR,
            {"locale": "de-DE", "read_only": True},
            sent=(Channel.OTHER, "Read aloud on the phone"),
        ),
        history.created(
            "studio-lumiere",
            5 * _HOUR,
            {
                "navigation_mode": "restricted",
                "landing_page": {"manage": {"space_key": "space-1"}},
                "is_embedded": True,
            },
        ),
        history.failed(
            "north-yard-storage",
            4 * _HOUR,
            _REFUSED,
            {
                "features": {
                    "connect": {"accepted_providers": ["yale"], "excluded_providers": ["nuki"]}
                }
            },
        ),
        history.unknown("quay-offices", 2 * _HOUR),
        history.created(
            "pulse-gyms",
            20 * _MINUTE,
            {"customization_profile_id": PULSE_PROFILE},
            with_data=True,
        ),
    ]
    return sorted(portals, key=lambda portal: portal.requested_at)


class _History:
    def __init__(self, state: SandboxState, now: datetime) -> None:
        self._state = state
        self._now = now
        self._data = {each.data["customer_key"]: each.data for each in demo_customers(now)}

    def created(
        self,
        customer_key: str,
        age: timedelta,
        options: Mapping[str, Any] | None = None,
        *,
        previewed: bool = True,
        sent: tuple[Channel, str] | None = None,
        revoked_after: timedelta | None = None,
        with_data: bool = False,
    ) -> DemoPortal:
        """`with_data`: the customer's data were sent with the request."""
        created_at = self._now - age
        expires_at = created_at + PORTAL_LIFETIME
        request = _request(customer_key, options)
        if with_data:
            request["customer_data"] = self._data[customer_key]
        portal = self._state.create_portal(
            customer_key, request, created_at=created_at, expires_at=expires_at
        )
        revoked_at = created_at + revoked_after if revoked_after else None
        if revoked_at is not None:
            self._state.revoke(portal, at=revoked_at)
        return DemoPortal(
            customer_key,
            request,
            Outcome.CREATED,
            requested_at=created_at,
            created_at=created_at,
            expires_at=expires_at,
            url=Secret(self._state.url_of(portal)),
            seam_request_id=str(uuid.uuid4()),
            previewed_at=created_at + _MINUTE if previewed else None,
            sent=Sent(created_at + 3 * _MINUTE, _SENDER, *sent) if sent else None,
            revoked_at=revoked_at,
        )

    def failed(
        self,
        customer_key: str,
        age: timedelta,
        failure: FailureRecord,
        options: Mapping[str, Any] | None = None,
    ) -> DemoPortal:
        return DemoPortal(
            customer_key,
            _request(customer_key, options),
            Outcome.FAILED,
            requested_at=self._now - age,
            seam_request_id=failure.seam_request_id,
            failure=failure,
        )

    def unknown(self, customer_key: str, age: timedelta) -> DemoPortal:
        """A link that the service created, but whose answer was lost."""
        request = _request(customer_key, None)
        self._state.create_portal(customer_key, request, created_at=self._now - age)
        return DemoPortal(
            customer_key,
            request,
            Outcome.UNKNOWN,
            requested_at=self._now - age,
            failure=_UNANSWERED,
        )


def _request(customer_key: str, options: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"customer_data": {"customer_key": customer_key}, **(options or {})}
