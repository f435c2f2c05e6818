"""Records are listed, counted and marked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seam_portal_desktop.domain.errors import ConflictError
from seam_portal_desktop.domain.portal.record import Channel, PortalStatus, Sent
from tests.support.fake_gateway import FAKE_NOW
from tests.support.services import CONNECTION, REQUEST, only_row, rows

pytestmark = pytest.mark.anyio


async def test_an_unsaved_link_is_live_in_every_returned_row(unsaved, portals):
    assert (await portals.mark_previewed(unsaved)).is_live(FAKE_NOW)
    assert (await portals.mark_sent(unsaved, None, "")).is_live(FAKE_NOW)
    assert (await portals.undo_sent(unsaved)).is_live(FAKE_NOW)


async def test_the_sent_mark_has_time_user_channel_and_note_and_can_be_undone(
    portals, clock, creation
):
    portal = await creation.create(CONNECTION, REQUEST)
    clock.now += timedelta(hours=2)
    sent = await portals.mark_sent(portal.portal_id, Channel.SMS, "  to the night porter ")
    assert sent.sent == Sent(clock.now, "dana", Channel.SMS, "to the night porter")
    assert await only_row(portals) == sent
    assert (await portals.undo_sent(portal.portal_id)).sent is None
    assert await only_row(portals) == portal


async def test_a_preview_sets_its_time(portals, clock, creation):
    portal = await creation.create(CONNECTION, REQUEST)
    clock.now += timedelta(minutes=1)
    assert (await portals.mark_previewed(portal.portal_id)).previewed_at == clock.now


async def test_counts_follow_the_clock_and_the_text(portals, clock, gateway, creation):
    await creation.create(CONNECTION, REQUEST)
    gateway.fail("create_portal", ConflictError("No.", "…"))
    with pytest.raises(ConflictError):
        await creation.create(CONNECTION, REQUEST)
    workspace_id = CONNECTION.workspace.workspace_id
    assert await portals.counts(workspace_id) == {PortalStatus.ACTIVE: 1, PortalStatus.FAILED: 1}
    clock.now += timedelta(days=8)
    assert await portals.counts(workspace_id) == {PortalStatus.EXPIRED: 1, PortalStatus.FAILED: 1}
    assert await portals.counts(workspace_id, "nobody") == {}


async def test_deleted_rows_can_be_restored(portals, ledger, creation):
    portal = await creation.create(CONNECTION, REQUEST)
    await ledger.delete([portal.portal_id])
    assert await rows(portals) == ()
    await ledger.restore([portal.portal_id])
    assert await rows(portals) == (portal,)
