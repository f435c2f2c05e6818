"""Seam's time, by which links expire, and the records that depend on it."""

from __future__ import annotations

from collections.abc import Iterable

from seam_portal_desktop.domain.clock import Clock, has_seam_time
from seam_portal_desktop.domain.portal.record import LIVE_STATUSES, PortalStatus
from seam_portal_desktop.domain.ports import SeamGateway


async def learn_time(clock: Clock, gateway: SeamGateway) -> None:
    """Call Seam unless `clock` has its time: each answer has it. Raises SeamError."""
    if not has_seam_time(clock):
        await gateway.get_workspace()


def maybe_live(clock: Clock, *others: PortalStatus) -> frozenset[PortalStatus]:
    """The statuses of links that may be alive, and `others`.

    Until Seam's time is known, these are also the links that have expired by this computer's
    clock.
    """
    doubtful: Iterable[PortalStatus] = () if has_seam_time(clock) else (PortalStatus.EXPIRED,)
    return LIVE_STATUSES.union(doubtful, others)
