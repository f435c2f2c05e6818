"""E-mail addresses as headers have them."""

from __future__ import annotations

import re

from seam_portal_desktop.domain.address import ascii_host
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _

_UNQUOTED = re.compile(r'[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,"]+')
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f-\x9f]|\\[^\x00-\x1f\x7f-\x9f])*"')
_LITERAL = re.compile(r"\[[0-9A-Za-z.:]+\]")
_LONGEST = 320
"""Characters: 64 before the @, and a domain."""


class UnwritableAddressError(UserFacingError):
    """A text that is no address was to be written in a header. The text isn't in the error."""


def needs_smtputf8(address: str) -> bool:
    """Whether only servers with SMTPUTF8 take it: the part before the @ isn't ASCII."""
    return not address.rpartition("@")[0].isascii()


def header_address(address: str) -> str:
    """The address with its domain in ASCII, since other mail servers may know nothing else.

    Raises UnwritableAddressError.
    """
    local, _at, domain = address.rpartition("@")
    is_sound = "\u2028" not in local and "\u2029" not in local and len(address) <= _LONGEST
    if not is_sound or not (_UNQUOTED.fullmatch(local) or _QUOTED.fullmatch(local)):
        raise _unwritable()
    try:
        local.encode()  # fails for half of a surrogate pair
        host = domain if _LITERAL.fullmatch(domain) else ascii_host(domain)
    except ValueError:
        raise _unwritable() from None
    return f"{local}@{host}"


def _unwritable() -> UnwritableAddressError:
    return UnwritableAddressError(
        _("One of the message’s addresses can’t be written in a mail"),
        _("Check the addresses of the sender and of the recipients."),
    )
