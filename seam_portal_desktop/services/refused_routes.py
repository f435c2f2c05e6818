"""Refusals of Seam's internal routes, which may be closed for a workspace or vanish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from seam_portal_desktop.domain.errors import ForbiddenError, NotFoundError, SeamError

_NO_ROUTE = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE, HTTPStatus.NOT_IMPLEMENTED)


@contextmanager
def explain_refusal(
    refused: type[SeamError], title: str, message: str, *, even_403: bool = False
) -> Iterator[None]:
    """Raises `refused` instead of the error of a closed route.

    A 403 is mostly about the credential, which then fails everywhere. With `even_403` it is about
    the route.
    """
    refusal: SeamError
    try:
        yield
    except SeamError as error:
        if not _is_route_closed(error) and not (even_403 and isinstance(error, ForbiddenError)):
            raise
        refusal = error
    else:
        return
    raise refused(
        title,
        message,
        seam_request_id=refusal.seam_request_id,
        technical=refusal.technical,
        status=refusal.status,
        error_type=refusal.error_type,
    )


def _is_route_closed(error: SeamError) -> bool:
    """Not 401: it is about the credential, which then fails everywhere."""
    if isinstance(error, NotFoundError):
        # For a missing customer or reservation, error_type names it.
        return error.error_type in (None, "not_found")
    return error.status in _NO_ROUTE
