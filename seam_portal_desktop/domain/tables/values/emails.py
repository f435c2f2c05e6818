"""E-mail addresses as address books, mail programs and exports write them."""

from __future__ import annotations

import re

from seam_portal_desktop.domain.tables.values.characters import cleaned
from seam_portal_desktop.domain.tables.values.outcomes import Outcome, Refusal
from seam_portal_desktop.texts import _

_IN_BRACKETS = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>")
_LINK = re.compile(r"mailto:", re.IGNORECASE)
# What needs no look by the library: it takes longer than all other work for a row.
_PLAIN = re.compile(
    r"[a-zA-Z0-9_+-]+(?:\.[a-zA-Z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|org|net|edu|[a-z]{2})",
    re.ASCII,
)
_AROUND = " '\",;"
_LONGEST_PLAIN = 64


def read_email(text: str) -> Outcome:
    """The address in `text`, which isn't empty. The mail server isn't asked."""
    address = _LINK.sub("", cleaned(text).strip(_AROUND), count=1).strip()
    if match := _IN_BRACKETS.fullmatch(address):
        address = _LINK.sub("", match[1], count=1)
    if address.count("@") > 1 and re.search(r"[\s,;/|<]", address):
        return Refusal(_("There is more than one e-mail address here"))
    address = address.partition("?")[0] if _LINK.match(text.strip()) else address
    if len(address) <= _LONGEST_PLAIN and _PLAIN.fullmatch(address) and "--" not in address:
        return address
    return _checked(address)


def _checked(address: str) -> Outcome:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return Refusal(_("This is no e-mail address, such as ann@example.com"))
