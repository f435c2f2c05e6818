"""Messages as mail servers and mail programs exchange them."""

from seam_portal_desktop.domain.message.mime.addresses import (
    UnwritableAddressError,
    header_address,
    needs_smtputf8,
)
from seam_portal_desktop.domain.message.mime.reading import SentMessage, read_message
from seam_portal_desktop.domain.message.mime.writing import (
    build_draft,
    build_message,
    new_message_id,
)

__all__ = [
    "SentMessage",
    "UnwritableAddressError",
    "build_draft",
    "build_message",
    "header_address",
    "needs_smtputf8",
    "new_message_id",
    "read_message",
]
