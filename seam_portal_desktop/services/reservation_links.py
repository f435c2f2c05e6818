"""Links that open at one reservation, which Seam makes through a route of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

from seam_portal_desktop.domain.errors import (
    ForbiddenError,
    LedgerError,
    NotFoundError,
    SeamError,
    UnauthorizedError,
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
    """Seam doesn't offer links to reservations here: the route is internal and may be closed."""


def reservation_link_request(customer_key: str, reservation_key: str) -> PortalRequest:
    """What was asked for, in the form in which the ledger keeps every request."""
    return PortalRequest(
        customer_data=CustomerData(customer_key=customer_key),
        deep_link=ReservationDeepLink(resource_key=reservation_key),
    )


def reservation_key_of(request: PortalRequest) -> str:
    """The reservation of a request that `reservation_link_request` made. Raises LedgerError."""
    if isinstance(request.deep_link, ReservationDeepLink):
        return request.deep_link.resource_key
    raise LedgerError(
        "It is not known which reservation this link opens",
        "What the ledger keeps of it is incomplete. Create a new link to the reservation.",
    )


def taken_from(link: CreatedDeepLink, portal: PortalRecord, now: datetime) -> CreatedPortal:
    """The answer as a portal's; Seam doesn't say when it made the link, so that is `now`."""
    answer = CustomerPortal(
        link.url, portal.customer_key, portal.workspace_id, now, link.expires_at
    )
    return CreatedPortal(answer, link.seam_request_id)


@contextmanager
def explained() -> Iterator[None]:
    """Turns a closed route into DeepLinksRefusedError; other errors pass."""
    refusal: SeamError
    try:
        yield
    except SeamError as error:
        if not _closes_the_route(error):
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


def _closes_the_route(error: SeamError) -> bool:
    if isinstance(error, NotFoundError):
        # A missing customer or reservation is named as such; a missing route is not.
        return error.error_type in (None, "not_found")
    return isinstance(error, ForbiddenError | UnauthorizedError) or error.status in _NO_ROUTE
