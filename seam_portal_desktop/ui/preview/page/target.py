"""The link that a preview is to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.preview.report import PreviewMode
from seam_portal_desktop.domain.secret import Secret

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest


@dataclass(frozen=True, slots=True)
class PreviewTarget:
    """What to show. `expires_at` is aware, in UTC.

    `portal_id` is the portal's own also where `url` is that of its safe preview (`mode` SAFE).
    `link_expires_at` is then when the portal's own link ends, and `expires_at` when the safe
    preview's ends.
    `request` is what made the link, or None where that isn't known.
    """

    portal_id: str
    customer_key: str
    url: Secret
    expires_at: datetime
    mode: PreviewMode = PreviewMode.LIVE
    request: PortalRequest | None = None
    link_expires_at: datetime | None = None
