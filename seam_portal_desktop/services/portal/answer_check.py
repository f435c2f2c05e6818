"""Checks that Seam's answer is about the portal that was asked for."""

from __future__ import annotations

import unicodedata

from seam_portal_desktop.domain.errors import SeamError
from seam_portal_desktop.domain.portal.record import FailureRecord, PortalRecord
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.texts import _

_LONGEST_NAME = 80

_TITLES = {
    "workspace": _("Seam's answer is for another workspace."),
    "customer": _("Seam's answer is for another customer."),
}


class OtherPortalAnsweredError(SeamError):
    """Seam's answer has a link of another customer or workspace. The link is not kept."""


def names_other_portal(failure: FailureRecord | None) -> bool:
    """Whether the failure is that of OtherPortalAnsweredError."""
    return failure is not None and failure.title in _TITLES.values()


def check_answer(record: PortalRecord, created: CreatedPortal) -> None:
    """Raises OtherPortalAnsweredError for an answer that isn't about this record.

    A service may write a key in another Unicode form (NFC), without the spaces around it, or leave
    it out. Upper and lower case are different customers.
    """
    answer = created.customer_portal
    for what, asked, named in (
        ("workspace", record.workspace_id.casefold(), (answer.workspace_id or "").casefold()),
        ("customer", record.customer_key, answer.customer_key or ""),
    ):
        if named and _comparable(named) != _comparable(asked):
            raise OtherPortalAnsweredError(
                _TITLES[what],
                _(
                    "It names the {what} “{named}”. Its link opens what belongs to them, so the "
                    "link is not kept, shown or sent. It works until it expires: look for it under "
                    "Client sessions in the Seam Console, and ask Seam's support."
                ).format(what=what, named=" ".join(named.split())[:_LONGEST_NAME]),
                seam_request_id=created.seam_request_id,
                technical=f"another {what} in the answer",
                outcome_unknown=True,
            )


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()
