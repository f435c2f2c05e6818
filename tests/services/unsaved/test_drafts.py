"""Drafts in memory and what is written of them, in which order, and what would be lost."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.draft import KEPT_FOR, DraftKind, KeptDraft
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import StoredDrafts
from seam_portal_desktop.services.unsaved.drafts import MOST_DRAFTS, DraftService
from tests.support.fake_gateway import FAKE_NOW
from tests.support.until import until

pytestmark = pytest.mark.anyio

NEW = DraftKind.NEW_PORTAL
NUMBERS = itertools.count(1)


def draft(key: str = "harbor-hotel", *, minutes_ago: float = 0, kind: DraftKind = NEW) -> KeptDraft:
    at = FAKE_NOW - timedelta(minutes=minutes_ago)
    return KeptDraft(f"d-{next(NUMBERS)}", kind, "w-1", key, at, "", {"request": {}})


class MemoryStore:
    """A DraftStore. Writing waits while `gate` is closed."""

    def __init__(self, *drafts: KeptDraft) -> None:
        self.stored = {each.draft_id: each for each in drafts}
        self.written: list[str] = []
        self.error: Exception | None = None
        self.has_key = True
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self) -> StoredDrafts:
        return StoredDrafts(tuple(self.stored.values()) if self.has_key else ())

    async def save(self, draft: KeptDraft) -> bool:
        self.written.append(draft.customer_key)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        if self.has_key:
            self.stored[draft.draft_id] = draft
        return self.has_key

    async def delete(self, draft_id: str) -> None:
        self.stored.pop(draft_id, None)


def service(store: MemoryStore) -> DraftService:
    return DraftService(store, lambda: FAKE_NOW)


def offered(drafts: DraftService, kind: DraftKind = NEW) -> list[str]:
    return [each.customer_key for each in drafts.offered("w-1", kind)]


async def test_earlier_drafts_are_offered_the_newest_first_for_their_dialog():
    store = MemoryStore(
        draft("old", minutes_ago=9),
        draft("new"),
        draft("data", kind=DraftKind.UPDATE_DATA),
    )
    drafts = service(store)
    told: list[str] = []
    drafts.subscribe(lambda: told.append("loaded"))
    drafts.offer(draft("typed before"))
    await drafts.load()
    assert offered(drafts) == ["typed before", "new", "old"]
    assert offered(drafts, DraftKind.UPDATE_DATA) == ["data"]
    assert told == ["loaded"]


async def test_nothing_is_written_before_load_and_all_of_it_afterwards():
    store = MemoryStore()
    drafts = service(store)
    kept = draft()
    drafts.save(kept)
    await asyncio.sleep(0)
    assert store.written == []
    assert drafts.lost_at_end() == [kept]
    await drafts.load()
    assert drafts.lost_at_end() == [], "closing writes it"
    await drafts.aclose()
    assert store.stored == {kept.draft_id: kept}


async def test_while_one_is_written_only_the_newest_of_the_next_ones_counts():
    store = MemoryStore()
    drafts = service(store)
    await drafts.load()
    store.gate.clear()
    first = draft("a")
    drafts.save(first)
    await until(lambda: store.written)
    for key in ("ab", "abc", "abcd"):
        last = replace(first, customer_key=key)
        drafts.save(last)
    store.gate.set()
    await drafts.aclose()
    assert store.written == ["a", "abcd"]
    assert store.stored == {first.draft_id: last}


async def test_a_draft_that_is_discarded_while_it_is_written_is_gone():
    store = MemoryStore()
    drafts = service(store)
    await drafts.load()
    store.gate.clear()
    kept = draft()
    drafts.save(kept)
    await until(lambda: store.written)
    drafts.discard(kept.draft_id)
    store.gate.set()
    await drafts.aclose()
    assert store.stored == {}
    await drafts.load()
    assert offered(drafts) == []


async def test_a_shown_draft_stays_stored_and_is_not_offered_twice():
    kept = draft()
    store = MemoryStore(kept)
    drafts = service(store)
    await drafts.load()
    drafts.take(kept)
    await drafts.load()
    assert offered(drafts) == []
    assert store.stored == {kept.draft_id: kept}
    drafts.offer(kept)
    await drafts.aclose()
    assert offered(drafts) == ["harbor-hotel"]
    assert store.written == [], "it hasn't changed"


async def test_the_oldest_of_too_many_and_those_that_are_too_old_are_deleted():
    minutes = KEPT_FOR / timedelta(minutes=1)
    store = MemoryStore(draft("too old", minutes_ago=minutes + 1), draft("old", minutes_ago=99))
    drafts = service(store)
    await drafts.load()
    for number in range(MOST_DRAFTS):
        drafts.offer(draft(str(number), minutes_ago=50 - number))
    await drafts.aclose()
    assert len(offered(drafts)) == MOST_DRAFTS == len(store.stored)
    assert "old" not in offered(drafts)


async def test_without_a_key_everything_would_be_lost_until_the_keyring_has_it():
    store = MemoryStore()
    store.has_key = False
    drafts = service(store)
    await drafts.load()
    kept = draft()
    drafts.save(kept)
    await drafts.aclose()
    assert drafts.lost_at_end() == [kept]
    store.has_key = True
    await drafts.load()
    await drafts.aclose()
    assert drafts.lost_at_end() == []
    assert store.stored == {kept.draft_id: kept}


async def test_a_disk_that_refuses_is_told_once_and_counts_as_lost():
    store = MemoryStore()
    store.error = UserFacingError("The draft could not be kept.", "The disk is full.")
    drafts = service(store)
    told: list[UserFacingError] = []
    drafts.on_failure = told.append
    await drafts.load()
    first = draft()
    for key in ("harbor", "harbor-hotel"):
        kept = replace(first, customer_key=key)
        drafts.save(kept)
        assert drafts.lost_at_end() == ([] if key == "harbor" else [kept])
        await drafts.aclose()
        assert drafts.lost_at_end() == [kept]
    assert told == [store.error]
    store.error = None
    drafts.save(last := replace(first, customer_key="harbor-hotel-2"))
    await drafts.aclose()
    assert drafts.lost_at_end() == []
    assert store.stored == {first.draft_id: last}


async def test_a_bug_while_one_is_written_does_not_stop_the_others(caplog):
    store = MemoryStore()
    store.error = RuntimeError("Mara Lind")
    drafts = service(store)
    await drafts.load()
    lost = draft()
    drafts.save(lost)
    await drafts.aclose()
    store.error = None
    kept = draft("old-mill")
    drafts.save(kept)
    await drafts.aclose()
    assert store.stored == {kept.draft_id: kept}
    assert drafts.lost_at_end() == [lost]
    assert "RuntimeError" in caplog.text
    assert "Mara" not in caplog.text
