"""Opens a ledger that the program wrote at revision 0002."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import PortalKind, PortalStatus
from seam_portal_desktop.domain.preview.kinds import CheckLevel, PreviewMode
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE
from tests.support.preview_records import an_attachment, stored_report

pytestmark = pytest.mark.anyio

REVISION = "0002"
LATER = NOW + timedelta(days=1)


async def test_all_rows_and_links_are_kept_and_none_is_a_safe_preview(upgraded, old_file):
    found = await upgraded.find(PortalQuery(WORKSPACE), now=LATER)
    rows = {portal.portal_id: portal for portal in found.rows}
    assert {portal_id: row.status(LATER) for portal_id, row in rows.items()} == {
        "old": PortalStatus.ACTIVE,
        "new": PortalStatus.ACTIVE,
        "stay": PortalStatus.FAILED,
    }
    assert {(row.preview_of, row.preview_verdict) for row in rows.values()} == {(None, None)}
    assert rows["stay"].kind is PortalKind.RESERVATION_DEEP_LINK
    assert (rows["old"].renewed_to, rows["new"].renewed_from) == ("new", "old")
    assert rows["old"].client_session_id == "session-1"
    assert await upgraded.url_of("old") == Secret(FAKE_URL)
    assert (await upgraded.find(PortalQuery(WORKSPACE, safe_previews=True), now=LATER)).total == 0
    assert read_snapshot(old_file, WORKSPACE) == found.rows


async def test_an_old_preview_has_no_mode_and_the_next_one_has(upgraded):
    before = PortalEvent(NOW + timedelta(hours=1), EventKind.PREVIEWED, "ada")
    assert before in await upgraded.events_of("old")
    soon = NOW + timedelta(hours=1, minutes=1)
    await upgraded.mark_previewed("old", soon, PreviewMode.SAFE)
    events = [event for event in await upgraded.events_of("old") if event.kind is before.kind]
    assert events == [before, PortalEvent(soon, before.kind, "eve", {"mode": "safe"})]


async def test_reports_and_attachments_can_be_written(upgraded):
    assert await upgraded.report_of("old") is None
    assert (
        await upgraded.record_report("old", stored_report())
    ).preview_verdict is CheckLevel.WARNING
    await upgraded.attach(an_attachment(portal_id="old"), b"picture")
    assert await upgraded.attachment_content("e1") == b"picture"
