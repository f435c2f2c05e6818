"""Drafts in files: encrypted, whole or not there, and never an exception when they are read."""

from __future__ import annotations

import errno
import os
import random
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger import sealed_drafts
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sealed_drafts import SealedDrafts
from seam_portal_desktop.domain.draft import KEPT_FOR, LARGEST_DRAFT, DraftKind, KeptDraft
from seam_portal_desktop.domain.errors import SecretStoreError, UserFacingError
from tests.support.services import CountingStore

pytestmark = pytest.mark.anyio

NO_KEYRING = SecretStoreError("No keyring is available.", "Start one.")


def draft(customer_key: str = "harbor-hotel", **content) -> KeptDraft:
    at = datetime(2026, 3, 2, 10, 42, tzinfo=UTC)
    content = content or {"name": "Mara Lind", "email": "mara@example.com"}
    return KeptDraft(
        str(uuid.uuid4()), DraftKind.NEW_PORTAL, "workspace-1", customer_key, at, "p-1", content
    )


@pytest.fixture
def keyring():
    return CountingStore()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "drafts"


def opened(folder, keyring) -> SealedDrafts:
    """The drafts of another run."""
    return SealedDrafts(folder, UrlCipher(keyring))


def only_file(folder):
    (path,) = folder.iterdir()
    return path


async def test_a_draft_is_there_in_the_next_run_until_it_is_deleted(folder, keyring):
    kept = draft()
    drafts = opened(folder, keyring)
    assert await drafts.save(draft_before := replace(kept, customer_key="harbor"))
    assert await drafts.save(kept), "it replaces the one before"
    found = await opened(folder, keyring).load()
    assert found.drafts == (kept,) != (draft_before,)
    assert found.unreadable == 0
    await drafts.delete(kept.draft_id)
    await drafts.delete(kept.draft_id)
    assert list(folder.iterdir()) == []


async def test_nothing_of_it_can_be_read_beside_the_key(folder, keyring):
    kept = draft()
    await opened(folder, keyring).save(kept)
    path = only_file(folder)
    written = path.read_bytes()
    assert path.stem == kept.draft_id
    for text in ("harbor", "Mara", "mara@", "workspace", "p-1", "new_portal", "2026", "content"):
        assert text.encode() not in written
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_file_can_t_be_another_draft(folder, keyring):
    """The id is part of what is sealed."""
    await opened(folder, keyring).save(draft())
    path = only_file(folder)
    path.rename(path.with_stem(str(uuid.uuid4())))
    assert await opened(folder, keyring).load() == sealed_drafts.StoredDrafts((), 1)


async def test_without_a_file_the_keyring_is_not_asked(folder, keyring):
    found = await opened(folder, keyring).load()
    assert (found.drafts, keyring.asked) == ((), [])


async def test_without_a_keyring_nothing_is_written(folder, keyring):
    keyring.error = NO_KEYRING
    drafts = opened(folder, keyring)
    assert not await drafts.save(draft())
    assert not drafts.has_key
    assert not folder.exists()


async def test_a_keyring_that_is_locked_now_hides_drafts_without_a_word(folder, keyring):
    kept = draft()
    await opened(folder, keyring).save(kept)
    keyring.error = NO_KEYRING
    assert await opened(folder, keyring).load() == sealed_drafts.StoredDrafts()
    keyring.error = None
    assert (await opened(folder, keyring).load()).drafts == (kept,)


async def test_a_lost_key_is_told_once_and_a_restored_one_brings_the_draft_back(folder, keyring):
    kept = draft()
    await opened(folder, keyring).save(kept)
    others = SessionSecretStore()
    assert await opened(folder, others).load() == sealed_drafts.StoredDrafts((), 1)
    assert await opened(folder, others).load() == sealed_drafts.StoredDrafts((), 0)
    assert (await opened(folder, keyring).load()).drafts == (kept,)
    assert only_file(folder).suffix == ".draft"


async def test_no_damage_raises_or_hides_the_other_drafts(folder, keyring):
    chance = random.Random(12)
    good, bad = draft("old-mill"), draft()
    await opened(folder, keyring).save(good)
    await opened(folder, keyring).save(bad)
    path = folder / f"{bad.draft_id}.draft"
    written = path.read_bytes()
    for _ in range(60):
        damaged = bytearray(written)
        if chance.random() < 0.4:
            del damaged[chance.randrange(len(damaged)) :]
        else:
            at = chance.randrange(len(damaged))
            damaged[at] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        found = await opened(folder, keyring).load()
        assert (found.drafts, found.unreadable) == ((good,), 1)
        path.with_suffix(".unreadable").unlink()


async def test_a_draft_of_another_version_is_kept_for_it(folder, keyring, monkeypatch):
    monkeypatch.setattr(
        sealed_drafts, "encode_draft", lambda _draft: b'{"version": 99, "content": {}}'
    )
    await opened(folder, keyring).save(draft())
    assert await opened(folder, keyring).load() == sealed_drafts.StoredDrafts((), 1)
    assert only_file(folder).suffix == ".unreadable"


async def test_strange_files_are_left_alone(folder, keyring):
    folder.mkdir()
    strange = [folder / "notes.txt", folder / "x.draft", folder / f"{uuid.uuid4()}.draft"]
    for path in strange[:2]:
        path.write_text("hello")
    strange[2].mkdir()
    assert await opened(folder, keyring).load() == sealed_drafts.StoredDrafts()
    assert sorted(folder.iterdir()) == sorted(strange)


async def test_old_files_are_deleted(folder, keyring):
    await opened(folder, keyring).save(draft())
    await opened(folder, SessionSecretStore()).load()
    path = only_file(folder)
    long_ago = time.time() - KEPT_FOR.total_seconds() - 60
    os.utime(path, (long_ago, long_ago))
    assert await opened(folder, keyring).load() == sealed_drafts.StoredDrafts()
    assert list(folder.iterdir()) == []


async def test_100_000_rows_are_kept_and_more_than_the_limit_is_refused_in_words(folder, keyring):
    rows = [
        {"guest_key": f"g-{n}", "name": f"Guest {n}", "email_address": f"g{n}@example.com"}
        for n in range(100_000)
    ]
    kept = draft(request={"customer_data": {"guests": rows}})
    drafts = opened(folder, keyring)
    await drafts.save(kept)
    assert only_file(folder).stat().st_size < 4_000_000
    assert (await opened(folder, keyring).load()).drafts == (kept,)
    with pytest.raises(UserFacingError, match="too large to keep") as refused:
        await drafts.save(replace(kept, content={"json": "x" * (LARGEST_DRAFT + 1)}))
    assert "32 MB" in refused.value.message
    assert (await opened(folder, keyring).load()).drafts == (kept,), "the one before stays"


async def test_a_full_disk_is_said_and_the_draft_before_stays(folder, keyring, monkeypatch):
    drafts = opened(folder, keyring)
    kept = draft()
    await drafts.save(kept)

    def fail(_path, _content):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(sealed_drafts, "replace_file", fail)
    with pytest.raises(UserFacingError, match="could not be kept") as failed:
        await drafts.save(replace(kept, customer_key="old-mill"))
    assert "The disk is full" in failed.value.message
    assert str(folder) not in f"{failed.value} {failed.value.technical}"
    assert (await opened(folder, keyring).load()).drafts == (kept,)


async def test_what_is_no_json_is_refused_in_words(folder, keyring):
    with pytest.raises(UserFacingError, match="could not be kept"):
        await opened(folder, keyring).save(draft(value=object()))
