"""Addresses that open a message in another program of this computer or phone.

The link with its token is in them. So there are only addresses of programs here: a web address such
as ``https://wa.me/`` would bring the token into the logs of another company's server.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.mime.addresses import header_address
from seam_portal_desktop.texts import _

LONGEST_MAILTO = 2000
"""Characters. Windows and Outlook cut longer ones, and with them perhaps the link."""

_LONGEST_OTHER = 8000
"""Characters of the other addresses: what Windows lets a program be started with."""

_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_BETWEEN_DIGITS = re.compile(r"[\s().\-/\u00ad\u2010-\u2015\u200b-\u200f\u202a-\u202e]+")


class HandoverError(UserFacingError):
    """A message can't be given to another program in this form. The message says what can."""


def mailto_link(recipients: Recipients, subject: str, text: str) -> str:
    """The address of a new mail (RFC 6068), in ASCII. It has neither names nor HTML.

    Raises HandoverError if it becomes too long, and UnwritableAddressError.
    """
    fields = [
        ("cc", _addresses(recipients.cc)),
        ("bcc", _addresses(recipients.bcc)),
        ("subject", _escaped(" ".join(subject.splitlines()))),
        ("body", _escaped("\r\n".join(_lines(text)))),
    ]
    query = "&".join(f"{name}={value}" for name, value in fields if value)
    link = f"mailto:{_addresses(recipients.to)}?{query}"
    if len(link) > LONGEST_MAILTO:
        raise HandoverError(
            _("The message is too long for this way to the mail program"),
            _("Many mail programs would cut it off. Use the draft file, which has no such limit."),
        )
    return link


def sms_link(numbers: Sequence[str], text: str) -> str:
    """The address of a new text message, such as ``sms:+493023125000?&body=…``.

    iOS reads the text after ``&``, Android and RFC 5724 after ``?``: this form serves both. Raises
    HandoverError for what is no phone number and for a text that is too long.
    """
    plain = ",".join(map(_plain_number, numbers))
    return _bounded(f"sms:{plain}?&body={_escaped(chr(10).join(_lines(text)))}")


def _bounded(link: str) -> str:
    if len(link) > _LONGEST_OTHER:
        raise HandoverError(
            _("The message is too long to be given to another program"),
            _("Copy its text and paste it there."),
        )
    return link


def _plain_number(text: str) -> str:
    plain = _BETWEEN_DIGITS.sub("", text)
    if not plain.isascii() or not _NUMBER.fullmatch(plain):
        raise HandoverError(
            _("One of the recipients has no phone number that can be dialled"),
            _("Write it with its country, such as +1 202 555 0100."),
        )
    return plain


def _addresses(people: Sequence[MailAddress]) -> str:
    # RFC 6068 wants the @ as it is; commas are only between addresses.
    return ",".join(quote(header_address(each.address), safe="@") for each in people)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _escaped(text: str) -> str:
    """Everything but letters, digits and ``-._~`` as bytes of UTF-8."""
    return quote(text, safe="", errors="replace")
