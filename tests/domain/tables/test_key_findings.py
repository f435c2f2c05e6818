"""Keys that look right and are others."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.request.resources import value_at
from seam_portal_desktop.domain.request.steps import finish
from seam_portal_desktop.domain.tables.checks.keys import (
    KnownKeys,
    clean_characters,
    key_findings,
    new_key_findings,
    visible,
)
from seam_portal_desktop.domain.tables.checks.row_keys import findings_in_rows, with_clean_keys

KNOWN = KnownKeys(["harbor-hotel", "Old-Mill"])


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("harbor\u200b-hotel", "after “harbor”: zero width space (U+200B)"),
        ("harbor\u200e-hotel", "after “harbor”: left-to-right mark (U+200E)"),
        ("\ufeffharbor-hotel", "at the beginning: byte order mark (U+FEFF)"),
        ("har\u00adbor-hotel", "after “har”: soft hyphen (U+00AD)"),
        ("h\u200barbor\u200b-hotel", "There are 2 invisible characters, the first after “h”"),
        ("harbor-hotel\t", "There is a tab after “harbor-hotel”"),
        ("harbor-hotel\u2028", "There is a line break after “harbor-hotel”"),
        ("harbor-hotel\u00a0", "no-break space (U+00A0)"),
        ("h\u0430rbor-hotel", "cyrillic small letter a (U+0430)"),
        ("Harbor-Hotel", "only in capital letters"),
        ("hаrbоr-hоtеl", "isn’t a Latin letter"),
        ("harbor-hotel\ufe0f", "U+FE0F"),
        ("harbor-hotel\x07", "control character (U+0007)"),
    ],
)
def test_a_look_alike_is_named_and_cleaned(key, said):
    findings = key_findings(key, KNOWN)
    assert said in " ".join(findings.sentences)
    assert findings.cleaned == "harbor-hotel"
    assert key_findings(findings.cleaned, KNOWN) is None


@pytest.mark.parametrize(
    "key", ["harbor-hotel", "new-key", "Zoë’s", "дом-hotel", "客室-1", "r 101", "a,b;c", "غرفة"]
)
def test_an_ordinary_key_has_no_findings(key):
    assert key_findings(key, KNOWN) is None


def test_another_form_of_a_letter_is_called_out():
    nfd = unicodedata.normalize("NFD", "café-1")
    findings = key_findings(nfd, KnownKeys(["café-1"]))
    assert "unusual form" in findings.sentences[0]
    assert findings.cleaned == "café-1"


def test_the_key_of_a_new_resource_isn_t_replaced_by_that_of_another():
    findings = new_key_findings("HARBOR-hotel", KNOWN)
    assert "harbor-hotel" in findings.sentences[0]
    assert findings.cleaned is None
    assert new_key_findings("harbor\u200b-hotel", KNOWN).cleaned == "harbor-hotel"


def test_a_word_of_two_scripts_that_has_no_latin_form_stays():
    assert clean_characters("домa-hotel") == "домa-hotel"


@given(st.text(max_size=30))
def test_a_cleaned_key_needs_no_more_cleaning_and_can_be_seen(key):
    cleaned = clean_characters(key)
    assert clean_characters(cleaned) == cleaned
    assert "‹" not in visible(cleaned.replace("‹", ""))
    findings = key_findings(key)
    assert findings is None or findings.cleaned in (None, cleaned)


def test_findings_about_keys_and_references_of_rows():
    rows = {
        "rooms": [{"room_key": "r-1"}, {"room_key": "R-1"}, {"room_key": "r-2\u200b"}],
        "reservations": [
            {"reservation_key": "b", "room_keys": ["r-1", "R-2"], "guest_key": "g\u00ad"},
            {"reservation_key": "c", "guest_key": "Ann"},
            {"reservation_key": "d", "guest_key": "ann", "room_keys": "no list"},
        ],
    }
    found = finish(findings_in_rows(rows))
    cleaned = {
        place: {key: each.cleaned for key, each in keys.items()} for place, keys in found.items()
    }
    assert cleaned == {
        ("rooms", 1, "room_key"): {"R-1": None},
        ("rooms", 2, "room_key"): {"r-2\u200b": "r-2"},
        ("reservations", 0, "room_keys"): {"R-2": "r-2"},
        ("reservations", 0, "guest_key"): {"g\u00ad": "g"},
        ("reservations", 2, "guest_key"): {"ann": "Ann"},
    }
    value = value_at(rows["reservations"][0], ("room_keys",))
    assert with_clean_keys(value, {"R-2": "r-2"}) == ["r-1", "r-2"]
