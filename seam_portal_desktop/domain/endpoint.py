"""The address of Seam's service: which one may get a credential, and its one form."""

from __future__ import annotations

from seam_portal_desktop.domain.address import (
    InvalidLinkError,
    PlainHttpError,
    parse_link,
    scheme_of,
)
from seam_portal_desktop.texts import _

DEFAULT_ENDPOINT = "https://connect.getseam.com"


class InvalidEndpointError(ValueError):
    """The address can't be used; the text is the reason, for the user."""


def parse_endpoint(text: str) -> str:
    """Return `text` without a trailing slash, as a browser writes it.

    Raises InvalidEndpointError unless it is https, or http on this machine's loopback.
    """
    text = text.strip()
    if text == DEFAULT_ENDPOINT:
        return text  # most programs start with it, and it saves the parser's import
    if scheme_of(text) not in ("http", "https"):
        raise InvalidEndpointError(
            _("An endpoint looks like {default_endpoint}.").format(
                default_endpoint=DEFAULT_ENDPOINT
            )
        )
    try:
        address = parse_link(text)
    except PlainHttpError:
        raise InvalidEndpointError(
            _("An endpoint must start with https://, or the API key could be read on the way.")
        ) from None
    except InvalidLinkError as error:
        raise InvalidEndpointError(
            _("This address can’t be used. {error}").format(error=error)
        ) from None
    if address.query or address.has_fragment:
        raise InvalidEndpointError(_("An endpoint carries no query or fragment."))
    return f"{address.origin}{address.path.rstrip('/')}"
