"""Safe previews, reports and attachments in the ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import (
    LedgerError,
    LinkUnreadableError,
    SecretStoreLockedError,
)
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery
from seam_portal_desktop.domain.portal.record import (
    LINK_LIFETIME,
    FailureRecord,
    PortalKind,
    PortalStatus,
)
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.ledger_data import NOW, WORKSPACE, answer, requested
from tests.support.preview_records import an_attachment, stored_report
from tests.support.sqlite_ledger import ledger_file, sqlite_ledger

pytestmark = pytest.mark.anyio

PORTALS = PortalQuery(WORKSPACE)
SAFE_PREVIEWS = PortalQuery(WORKSPACE, safe_previews=True)


@pytest.fixture
def path(tmp_path):
    return ledger_file(tmp_path)


@pytest.fixture
async def ledger(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    yield ledger
    await ledger.close()


def safe_preview(portal_id: str = "copy", of: str = "p1", **fields):
    return requested(portal_id, kind=PortalKind.SAFE_PREVIEW, preview_of=of, **fields)


async def add(ledger, *portals) -> None:
    for portal in portals:
        await ledger.record_intent(portal, PortalRequest())


async def ids(ledger, query: PortalQuery = PORTALS) -> list[str]:
    return [row.portal_id for row in (await ledger.find(query, now=NOW)).rows]


async def reopen(ledger) -> None:
    await ledger.close()
    await ledger.open()


async def test_safe_previews_are_listed_apart(ledger, path):
    await add(ledger, requested(), safe_preview(customer_key="only-a-copy"))
    created = await ledger.record_created("copy", answer())
    assert created.preview_of == "p1"
    assert created.kind is PortalKind.SAFE_PREVIEW
    assert await ids(ledger) == ["p1"]
    assert await ids(ledger, SAFE_PREVIEWS) == ["copy"]
    assert await ids(ledger, PortalQuery(WORKSPACE, text="only-a-copy")) == []
    active = frozenset({PortalStatus.ACTIVE})
    assert await ids(ledger, PortalQuery(WORKSPACE, statuses=active)) == []
    assert await ids(ledger, PortalQuery(WORKSPACE, statuses=active, safe_previews=True)) == [
        "copy"
    ]
    assert await ledger.counts(WORKSPACE, now=NOW) == {PortalStatus.REQUESTED: 1}
    assert [each.customer_key for each in await ledger.customers(WORKSPACE, now=NOW)] == [
        "harbor-hotel"
    ]
    assert await ledger.get("copy") == created
    assert [row.portal_id for row in read_snapshot(path, WORKSPACE)] == ["p1"]


async def test_a_requested_safe_preview_is_unknown_after_a_crash(ledger):
    await add(ledger, safe_preview())
    await reopen(ledger)
    assert (await ledger.get("copy")).status(NOW) is PortalStatus.UNKNOWN


async def test_portals_are_sorted_by_verdict_then_by_time_of_preview(ledger):
    await add(ledger, *(requested(name) for name in ("never", "seen", "fine", "old", "new", "bad")))
    for name, minutes in (("seen", 9), ("fine", 5), ("old", 1), ("new", 3), ("bad", 2)):
        await ledger.mark_previewed(name, NOW + timedelta(minutes=minutes))
    for name, verdict in (
        ("fine", CheckLevel.OK),
        ("old", CheckLevel.WARNING),
        ("new", CheckLevel.WARNING),
        ("bad", CheckLevel.PROBLEM),
    ):
        await ledger.record_report(name, stored_report(verdict))
    by_preview = PortalQuery(WORKSPACE, sort=PortalColumn.PREVIEW, descending=False)
    assert await ids(ledger, by_preview) == ["fine", "old", "new", "bad", "seen", "never"]
    worst_first = PortalQuery(WORKSPACE, sort=PortalColumn.PREVIEW)
    assert await ids(ledger, worst_first) == ["bad", "new", "old", "fine", "seen", "never"]


async def test_the_newest_report_replaces_the_one_before(ledger):
    await add(ledger, requested())
    assert await ledger.report_of("p1") is None
    assert (await ledger.get("p1")).preview_verdict is None
    first = await ledger.record_report("p1", stored_report(CheckLevel.PROBLEM))
    assert first.preview_verdict is CheckLevel.PROBLEM
    newer = stored_report(CheckLevel.OK, b"", minutes=1)
    assert (await ledger.record_report("p1", newer)).preview_verdict is CheckLevel.OK
    assert await ledger.report_of("p1") == newer
    assert first.preview_concerns == ("It speaks “Ελληνικά”.",)
    assert (await ledger.get("p1")).preview_concerns == ()
    await reopen(ledger)
    assert await ledger.report_of("p1") == newer


async def test_equal_findings_are_one_event_an_hour(ledger):
    await add(ledger, requested())
    for level, minutes in (
        (CheckLevel.WARNING, 0),
        (CheckLevel.WARNING, 30),
        (CheckLevel.PROBLEM, 31),
        (CheckLevel.PROBLEM, 92),
        (CheckLevel.OK, 93),
    ):
        await ledger.record_report("p1", stored_report(level, minutes=minutes))
    found = [
        ((event.at - NOW) // timedelta(minutes=1), event.detail["found"])
        for event in await ledger.events_of("p1")
        if event.kind is EventKind.CHECKED
    ]
    assert found == [
        (0, "1 warning: It speaks “Ελληνικά”"),
        (31, "1 problem: It speaks “Ελληνικά”"),
        (92, "1 problem: It speaks “Ελληνικά”"),
        (93, "all good"),
    ]


async def test_attachments_are_listed_oldest_first(ledger):
    await add(ledger, requested(), requested("p2"))
    await ledger.attach(an_attachment("late", minutes=2), b"late")
    await ledger.attach(an_attachment("early"), b"early")
    await ledger.attach(an_attachment("other", "p2"), b"other")
    with pytest.raises(LedgerError):
        await ledger.attach(an_attachment("late"), b"twice")
    assert list(await ledger.attachments_of("p1")) == [
        an_attachment("early"),
        an_attachment("late", minutes=2),
    ]
    assert await ledger.attachment_content("late") == b"late"
    await ledger.detach("late")
    await ledger.detach("late")
    assert list(await ledger.attachments_of("p1")) == [an_attachment("early")]
    with pytest.raises(LedgerError):
        await ledger.attachment_content("late")


async def test_reports_and_attachments_are_erased_with_their_portal(ledger):
    await add(ledger, requested())
    await ledger.record_failed("p1", FailureRecord("No", "No"))
    await ledger.record_report("p1", stored_report())
    await ledger.attach(an_attachment(), b"picture")
    await ledger.delete(["p1"])
    for read in (
        ledger.report_of("p1"),
        ledger.attachments_of("p1"),
        ledger.attachment_content("e1"),
    ):
        with pytest.raises(LedgerError):
            await read
    await ledger.restore(["p1"])
    assert await ledger.attachment_content("e1") == b"picture"
    await ledger.delete(["p1"])
    await reopen(ledger)
    await add(ledger, requested())
    assert await ledger.report_of("p1") is None
    assert await ledger.attachments_of("p1") == ()
    with pytest.raises(LedgerError):
        await ledger.attachment_content("e1")


async def test_safe_previews_of_a_deleted_portal_are_erased_when_their_link_is_dead(ledger):
    await add(
        ledger, requested(), *(safe_preview(name) for name in ("alive", "revoked", "over", "no"))
    )
    await ledger.record_failed("p1", FailureRecord("No", "No"))
    for name in ("alive", "revoked"):
        await ledger.record_created(name, answer())
    await ledger.record_created("over", answer(created_at=NOW - LINK_LIFETIME))
    await ledger.record_failed("no", FailureRecord("No", "No"))
    await ledger.mark_revoked("revoked", NOW)
    await reopen(ledger)
    assert set(await ids(ledger, SAFE_PREVIEWS)) == {"alive", "revoked", "over", "no"}
    await ledger.delete(["p1"])
    await reopen(ledger)
    assert await ids(ledger, SAFE_PREVIEWS) == ["alive"]


@pytest.fixture
def store():
    return SessionSecretStore()


@pytest.fixture
async def sealed(path, store):
    ledger = SqlLedger(path, UrlCipher(store), lambda: NOW)
    await ledger.open()
    await add(ledger, requested())
    for name in ("e1", "e2"):
        await ledger.attach(an_attachment(name), f"a picture of a portal, {name}".encode())
    await ledger.record_report("p1", stored_report(thumbnail=b"a small picture"))
    await ledger.close()
    return path


async def test_images_are_sealed(sealed):
    content = sealed.read_bytes()
    for picture in (b"a picture of a portal", b"a small picture"):
        assert picture not in content


async def test_without_the_key_the_report_has_no_image(sealed):
    ledger = SqlLedger(sealed, UrlCipher(SessionSecretStore()), lambda: NOW)
    await ledger.open()
    try:
        with pytest.raises(LinkUnreadableError, match="The key to this attachment is gone"):
            await ledger.attachment_content("e1")
        assert await ledger.report_of("p1") == stored_report(thumbnail=b"")
    finally:
        await ledger.close()


async def test_a_sealed_image_opens_under_its_own_name_only(sealed, store):
    with closing(sqlite3.connect(sealed)) as connection:
        connection.execute(
            "UPDATE preview_evidence SET content_sealed = (SELECT other.content_sealed "
            "FROM preview_evidence other WHERE other.evidence_id = 'e2') WHERE evidence_id = 'e1'"
        )
        connection.commit()
    ledger = SqlLedger(sealed, UrlCipher(store), lambda: NOW)
    await ledger.open()
    try:
        assert await ledger.attachment_content("e2") == b"a picture of a portal, e2"
        with pytest.raises(LinkUnreadableError, match="This attachment is damaged") as caught:
            await ledger.attachment_content("e1")
        assert "keyring" not in caught.value.message
        assert not caught.value.can_retry
    finally:
        await ledger.close()


class LockedStore(SessionSecretStore):
    async def get(self, name):
        raise SecretStoreLockedError("The keyring is locked", "Unlock it, then try again.")


async def test_an_attachment_can_be_tried_again_after_the_keyring_was_unlocked(sealed):
    ledger = SqlLedger(sealed, UrlCipher(LockedStore()), lambda: NOW)
    await ledger.open()
    try:
        with pytest.raises(LinkUnreadableError, match="This attachment can't be read") as caught:
            await ledger.attachment_content("e1")
        assert "Unlock it, then try again." in caught.value.message
        assert caught.value.can_retry
    finally:
        await ledger.close()
