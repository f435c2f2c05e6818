"""Links to one reservation, which Seam makes through another route."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

from seam_portal_desktop.domain.errors import (
    LedgerError,
    NotFoundError,
    SeamError,
)
from seam_portal_desktop.domain.portal.record import CustomerPortal, PortalRecord
from seam_portal_desktop.domain.ports import CreatedDeepLink, CreatedPortal
from seam_portal_desktop.domain.request import (
    CustomerData,
    PortalRequest,
    ReservationDeepLink,
)

_NO_ROUTE = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE, HTTPStatus.NOT_IMPLEMENTED)


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
        "It is not known which reservation this link opens",
        "What the ledger keeps of it is incomplete. Create a new link to the reservation.",
    )


def created_portal(link: CreatedDeepLink, record: PortalRecord, now: datetime) -> CreatedPortal:
    """The answer in the form of create_portal's. It has no created_at, so `now` is used."""
    answer = CustomerPortal(
        link.url, record.customer_key, record.workspace_id, now, link.expires_at
    )
    return CreatedPortal(answer, link.seam_request_id)


@contextmanager
def explain_refusal() -> Iterator[None]:
    """Raises DeepLinksRefusedError instead of the error of a closed route."""
    refusal: SeamError
    try:
        yield
    except SeamError as error:
        if not _is_route_closed(error):
            raise
        refusal = error
    else:
        return
    raise DeepLinksRefusedError(
        "Seam doesn't give this workspace links to single reservations.",
        "Nothing was created. Create a portal instead and let it open at the reservation.",
        seam_request_id=refusal.seam_request_id,
        technical=refusal.technical,
        status=refusal.status,
        error_type=refusal.error_type,
    )


def _is_route_closed(error: SeamError) -> bool:
    """Not 401 or 403: they are about the credential, which then fails everywhere."""
    if isinstance(error, NotFoundError):
        # For a missing customer or reservation, error_type names it.
        return error.error_type in (None, "not_found")
    return error.status in _NO_ROUTE
