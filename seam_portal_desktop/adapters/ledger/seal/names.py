"""The names that content is sealed under. What is sealed under one can't be opened under another.

A portal's link is sealed under the portal's id itself. A name must not change: what was sealed
under the earlier one could not be opened any more.
"""

from __future__ import annotations


def note_name(portal_id: str) -> str:
    """The note of the portal's row."""
    return f"note/{portal_id}"


def event_note_name(portal_id: str) -> str:
    """The notes of the portal's events."""
    return f"event-note/{portal_id}"


def details_name(workspace_id: str, customer_key: str) -> str:
    """What we call the customer. A workspace_id is Seam's own, and has no slash."""
    return f"customer/{workspace_id}/{customer_key}"


def thumbnail_name(portal_id: str) -> str:
    """The picture of the portal's report."""
    return f"thumbnail/{portal_id}"


def attachment_name(attachment_id: str) -> str:
    """The content of an attachment.

    Earlier versions called attachments evidence. The prefix stays, so that theirs can be read.
    """
    return f"evidence/{attachment_id}"


def draft_name(draft_id: str) -> str:
    """What was entered in a dialog and not sent yet."""
    return f"draft/{draft_id}"


def delivery_name(delivery_id: str) -> str:
    """The recipients of a delivery, their results and what else of its content is short."""
    return f"delivery/{delivery_id}"


def delivery_message_name(delivery_id: str) -> str:
    """The message of a delivery."""
    return f"delivery-message/{delivery_id}"


def delivered_to_name(portal_id: str) -> str:
    """The addresses that the portal's link was sent to last."""
    return f"delivered-to/{portal_id}"


def do_not_send_name(entry_id: str) -> str:
    """An address or a domain that links are never sent to, with its reason."""
    return f"do-not-send/{entry_id}"
