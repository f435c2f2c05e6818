"""The link that a preview is to show, and the options of all previews."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from seam_portal_desktop.ui.preview.limits.profile_remover import ProfileRemover
from seam_portal_desktop.ui.preview.network.page_network import PageNetwork, engine_network
from seam_portal_desktop.ui.preview.security.certificates import Authorities

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest


@dataclass(frozen=True, slots=True)
class PreviewTarget:
    """What to show. `expires_at` is aware, in UTC.

    `portal_id` is always the portal's own. With `mode` SAFE, `url` may be the link of its safe
    preview. Then `expires_at` is the safe preview's and `link_expires_at` the portal's own link's.
    `request` is what made the link, or None where that isn't known.
    """

    portal_id: str
    customer_key: str
    url: Secret
    expires_at: datetime
    mode: PreviewMode = PreviewMode.LIVE
    request: PortalRequest | None = None
    link_expires_at: datetime | None = None


RETRY_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 4, 8, 15, 30, 60))


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """The same for all previews of a window.

    After `slow_after` the user is asked what to do about a page that is still loading.
    """

    slow_after: timedelta = timedelta(seconds=20)
    limits: PageLimits = field(default_factory=PageLimits)
    authorities: Authorities = field(default_factory=Authorities)
    profiles: ProfileRemover = field(default_factory=ProfileRemover)
    retry_pauses: tuple[timedelta, ...] = RETRY_PAUSES
    network: PageNetwork = field(default_factory=engine_network)
