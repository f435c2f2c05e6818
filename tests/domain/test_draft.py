"""Drafts as JSON: what was written comes back, and nothing else is taken for a draft."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.draft import DraftKind, KeptDraft, decode_draft, encode_draft

AT = datetime(2026, 3, 2, 10, 42, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # half surrogate pairs, too
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def draft(content, customer_key: str = "harbor-hotel") -> KeptDraft:
    return KeptDraft("d-1", DraftKind.NEW_PORTAL, "w-1", customer_key, AT, "preset-1", content)


@given(content=st.dictionaries(TEXT, JSON, max_size=4), customer_key=TEXT)
def test_every_draft_comes_back_equal(content, customer_key):
    before = draft(content, customer_key)
    after = decode_draft("d-1", encode_draft(before))
    assert after == before
    assert repr(after.content) == repr(before.content), "1, 1.0 and true differ"


def test_a_long_table_comes_back_equal():
    rows = [{"guest_key": f"g-{number}", "note": None} for number in range(2345)]
    before = draft({"request": {"customer_data": {"guests": rows}}})
    assert decode_draft("d-1", encode_draft(before)) == before


def changed(**fields) -> bytes:
    return json.dumps({**json.loads(encode_draft(draft({}))), **fields}).encode()


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"7",
        changed(version=2),
        changed(kind="bulk"),
        changed(workspace_id=None),
        changed(customer_key=7),
        changed(kept_at="yesterday"),
        changed(kept_at="2026-03-02T10:42:00"),
        changed(kept_at=None),
        changed(content=[]),
        b"[" * 100_000,
    ],
)
def test_what_is_no_draft_of_this_version_is_refused(written):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the text says
        decode_draft("d-1", written)


def test_a_draft_s_repr_names_nobody():
    assert "Mara" not in repr(draft({"name": "Mara Lind"}))
