"""Reads phone numbers that were typed, with or without names."""

from __future__ import annotations

import re

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.recipients.problems import (
    ParsedRecipients,
    RecipientProblem,
    RecipientProblemKind,
)
from seam_portal_desktop.texts import _

_ENTRY = re.compile(r"[^,;\n]+")
_NAMED = re.compile(r"(?P<name>[^<]*)<(?P<number>[^>]*)>\s*$")
_NUMBER = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]{3,30}$")


def parse_phones(text: str) -> ParsedRecipients:
    """The numbers in `text`, in place of addresses."""
    found: list[MailAddress] = []
    problems: list[RecipientProblem] = []
    for entry in _ENTRY.finditer(text):
        written = entry[0].strip()
        if not written:
            continue
        named = _NAMED.match(written)
        name, number = (named["name"], named["number"]) if named else ("", written)
        if _NUMBER.fullmatch(number.strip()) and any(each.isdigit() for each in number):
            found.append(MailAddress(number.strip(), name.strip()))
        else:
            problems.append(
                RecipientProblem(
                    RecipientProblemKind.UNREADABLE,
                    entry.start(),
                    entry.end(),
                    _("This is no phone number. Write it like +1 202 555 0100."),
                )
            )
    return ParsedRecipients(tuple(found), tuple(problems))
