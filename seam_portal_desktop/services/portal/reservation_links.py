"""Links to one reservation, which Seam makes through another route."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from seam_portal_desktop.domain.errors import (
    LedgerError,
    SeamError,
)
from seam_portal_desktop.domain.portal.record import CustomerPortal, PortalRecord
from seam_portal_desktop.domain.ports import CreatedDeepLink, CreatedPortal
from seam_portal_desktop.domain.request import (
    CustomerData,
    PortalRequest,
    ReservationDeepLink,
)
from seam_portal_desktop.services.refused_routes import explain_refusal
from seam_portal_desktop.texts import _


class DeepLinksRefusedError(SeamError):
    """Seam refuses links to reservations. The route is internal."""


def reservation_link_request(customer_key: str, reservation_key: str) -> PortalRequest:
    """The request for such a link, in the form in which the ledger stores it."""
    return PortalRequest(
        customer_data=CustomerData(customer_key=customer_key),
        deep_link=ReservationDeepLink(resource_key=reservation_key),
    )


def reservation_key_of(request: PortalRequest) -> str:
    """The reservation key of such a request. Raises LedgerError."""
    if isinstance(request.deep_link, ReservationDeepLink):
        return request.deep_link.resource_key
    raise LedgerError(
        _("It is not known which reservation this link opens"),
        _("What the ledger keeps of it is incomplete. Create a new link to the reservation."),
    )


def created_portal(link: CreatedDeepLink, record: PortalRecord, now: datetime) -> CreatedPortal:
    """The answer in the form of create_portal's. It has no created_at, so `now` is used."""
    answer = CustomerPortal(
        link.url, record.customer_key, record.workspace_id, now, link.expires_at
    )
    return CreatedPortal(answer, link.seam_request_id)


def explain_closed_route() -> AbstractContextManager[None]:
    """Raises DeepLinksRefusedError instead of the error of a closed route."""
    return explain_refusal(
        DeepLinksRefusedError,
        _("Seam doesn't give this workspace links to single reservations."),
        _("Nothing was created. Create a portal instead and let it open at the reservation."),
    )
