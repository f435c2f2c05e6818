"""What we call customers, at rest: encrypted as links are, each under a name of its customer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey
from seam_portal_desktop.adapters.ledger.seal.names import details_name
from seam_portal_desktop.adapters.ledger.seal.notes import Notes
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.portal.customer_details import (
    MOST_REMEMBERED,
    NO_DETAILS,
    CustomerDetails,
)
from seam_portal_desktop.domain.portal.query import customer_text, folded_search, has_tags

_MOST_OPENED = 50_000


def seal_details(
    key: DataKey, workspace_id: str, customer_key: str, details: CustomerDetails
) -> bytes:
    content = {
        "name": details.name,
        "tags": details.tags,
        "recipients": [[each.address, each.name] for each in details.recipients],
    }
    text = json.dumps(content, ensure_ascii=False)
    return key.seal_bytes(details_name(workspace_id, customer_key), text.encode("utf-8", "replace"))


def decode_details(text: str) -> CustomerDetails:
    """What `seal_details` sealed. Anything else gives no details.

    Earlier versions knew no recipients.
    """
    try:
        content = json.loads(text)
        details = CustomerDetails.of(content["name"], content["tags"])
        recipients = tuple(
            MailAddress(str(address), str(name)) for address, name in content.get("recipients", ())
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return NO_DETAILS
    return replace(details, recipients=recipients[:MOST_REMEMBERED])


class DetailsReader:
    """Opens details with the keys that are at hand. Its methods are called on the ledger's thread.

    Each is opened once: a customer may have many rows.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._opened: dict[tuple[str, bytes], CustomerDetails] = {}

    def open(self, workspace_id: str, customer_key: str, sealed: bytes) -> CustomerDetails:
        """Empty without the key."""
        name = details_name(workspace_id, customer_key)
        details = self._opened.get((name, sealed))
        if details is None:
            text = self._notes.open_text(name, sealed)
            if text is None:
                return NO_DETAILS
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            details = self._opened[name, sealed] = decode_details(text)
        return details

    def keys_with(
        self, workspace_id: str, rows: Iterable[Sequence[Any]], text: str, tags: frozenset[str]
    ) -> list[str]:
        """The customer keys of the rows of (customer key, sealed details) that have all of `tags`
        and contain `text`."""
        wanted = folded_search(text)
        found = []
        for customer_key, sealed in rows:
            if not (isinstance(customer_key, str) and isinstance(sealed, bytes)):
                continue  # damaged
            details = self.open(workspace_id, customer_key, sealed)
            if has_tags(details.tags, tags) and wanted in customer_text(details.name, details.tags):
                found.append(customer_key)
        return found
