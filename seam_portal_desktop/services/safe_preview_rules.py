"""What a portal's read-only twin is made with, and what it is never used for."""

from __future__ import annotations

from msgspec.structs import replace

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord
from seam_portal_desktop.domain.request import CustomerData, Locale, PortalRequest
from seam_portal_desktop.domain.secret import Secret


class SafePreviewUnavailableError(UserFacingError):
    """There can't be a read-only twin of this link; the link itself can be looked at."""


class SafePreviewNotSendableError(UserFacingError):
    """A safe preview's link was to be handed out; it never is."""


class SafePreviewNotSavedError(UserFacingError):
    """Seam made the twin but the ledger couldn't be written, so it isn't used.

    ``url`` is its link, for whoever ends it.
    """

    def __init__(self, url: Secret, reason: str, technical: str) -> None:
        super().__init__(
            "The safe preview could not be written down.",
            f"Seam made its link, but the ledger couldn’t take it, so it isn’t shown. {reason}",
            technical=technical,
            can_retry=True,
        )
        self.url = url


def safe_preview_request(request: PortalRequest, locale: Locale | None = None) -> PortalRequest:
    """`request` for a twin: read-only, in `locale` if one is asked for, all else the same.

    Of the customer data only the key is sent. The portal's own request has pushed the rest, and
    pushing it again would put back what was changed since.
    """
    return replace(
        request,
        customer_data=CustomerData(customer_key=request.customer_key or ""),
        read_only=True,
        locale=locale or request.locale,
    )


def is_read_only(request: PortalRequest, locale: Locale | None = None) -> bool:
    """Whether the portal's own link already is what a twin in `locale` would be."""
    return request.read_only is True and locale in (None, request.locale)


def refuse_safe_preview(portal: PortalRecord) -> None:
    """Raises TwinNotSendableError for a twin."""
    if portal.kind is PortalKind.SAFE_PREVIEW:
        raise SafePreviewNotSendableError(
            "This link is only for a safe preview.",
            "It is read-only and ends with the preview, so it is never copied, opened, sent, "
            "renewed or exported. Use the portal’s own link.",
        )
