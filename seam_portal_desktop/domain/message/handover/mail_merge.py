"""A table of links for the mail merge of an office program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from seam_portal_desktop.domain.message.address import NOBODY, MailAddress, Recipients
from seam_portal_desktop.domain.message.template import RenderedMessage
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.tables.sheet import CellValue

MERGE_TITLES = (
    "email",
    "name",
    "customer_key",
    "customer_name",
    "link",
    "expires_at",
    "expires",
    "subject",
    "text",
)
"""In every language the same: documents of the users name them. `expires_at` is a date of the
table, `expires` the same in the customer's words."""


@dataclass(frozen=True, slots=True, repr=False)
class MergedPortal:
    """A portal of the table. `expires_at` is aware, in the time zone in which it is to be read;
    `expires` is it in the customer's language."""

    customer_key: str
    customer_name: str
    url: Secret
    expires_at: datetime
    expires: str
    message: RenderedMessage
    recipients: Recipients = NOBODY


def mail_merge_rows(portals: Iterable[MergedPortal]) -> Iterator[Sequence[CellValue]]:
    """A row for each recipient of each portal, in the order of MERGE_TITLES.

    A mail merge sends one mail a row, so those in Cc and Bcc have a row, too. A portal without
    recipients has one row with no address: no link is left out. All links are texts.
    """
    for portal in portals:
        for person in portal.recipients.everyone or (MailAddress(""),):
            yield (
                person.address,
                person.name,
                portal.customer_key,
                portal.customer_name,
                portal.url.reveal(),
                portal.expires_at,
                portal.expires,
                portal.message.subject,
                portal.message.text,
            )
