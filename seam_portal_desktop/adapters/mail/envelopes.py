"""Addresses and messages as they go over the wire."""

from __future__ import annotations

import re

from seam_portal_desktop.domain.address import ascii_host

_LONE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"')
_UNQUOTED = re.compile(r'[^\s\x00-\x1f\x7f()<>\[\]:;@\\,"]+')


class AddressRefusedError(ValueError):
    """An address can't be sent to. `needs_utf8`: only because the server has no SMTPUTF8."""

    def __init__(self, *, needs_utf8: bool = False) -> None:
        super().__init__()
        self.needs_utf8 = needs_utf8


def wire_address(address: str, *, has_utf8: bool) -> bytes:
    """The address in angle brackets. Its domain is in ASCII: the next server may have no SMTPUTF8.

    Raises AddressRefusedError.
    """
    local, _at, domain = address.rpartition("@")
    if not (_UNQUOTED.fullmatch(local) or _QUOTED.fullmatch(local)):
        raise AddressRefusedError
    if not local.isascii() and not has_utf8:
        raise AddressRefusedError(needs_utf8=True)
    try:
        host = domain if _is_literal(domain) else ascii_host(domain)
        return f"<{local}@{host}>".encode()
    except ValueError:  # half of a surrogate pair, too
        raise AddressRefusedError from None


def wire_message(message: bytes) -> bytes:
    """The message as DATA has it: lines end with CRLF, a dot at their start is doubled, a lone dot
    is the end.

    A lone CR or LF would be the end of the message for some servers and not for others.
    """
    breaks = message.count(b"\r\n")
    if not breaks == message.count(b"\r") == message.count(b"\n"):
        message = _LONE_BREAK.sub(b"\r\n", message)
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    # Not a regular expression: this is most of the work for a message.
    doubled = message.replace(b"\r\n.", b"\r\n..")
    return (b"." if doubled.startswith(b".") else b"") + doubled + b".\r\n"


def _is_literal(domain: str) -> bool:
    return bool(re.fullmatch(r"\[[0-9A-Za-z.:]+\]", domain))
