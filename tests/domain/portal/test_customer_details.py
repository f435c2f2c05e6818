"""What is kept of a name and of tags that were typed or pasted."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails


def name_of(typed: str) -> str:
    return CustomerDetails.of(typed, ()).name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Harbor\n\tHotel  ", "Harbor Hotel"),
        ("\u202eletoH robraH\u202c", "letoH robraH"),
        ("Har\u200bbor\ufeff\u00ad \u2066Hotel\u2069", "Harbor Hotel"),
        ("\u3164\u2800", ""),
        ("\u200d \u200c", ""),
        ("فندق الميناء", "فندق الميناء"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧 Familie 🏡", "👩\u200d👧 Familie 🏡"),
        ("=1+1", "=1+1"),
        ("\0\x1bName", "Name"),
        ("half \ud83d of a pair", "half ? of a pair"),
    ],
)
def test_a_name_is_one_line_that_can_be_seen(typed, kept):
    assert name_of(typed) == kept


def test_tags_are_apart_at_commas_and_each_is_there_once():
    details = CustomerDetails.of("", ["VIP", " vip ", "long  stay, north", '"', "\u200b", "ＶＩＰ"])
    assert details.tags == ("VIP", "long stay", "north")
    assert CustomerDetails.of(" ", [" ", ","]) == NO_DETAILS


def test_what_is_too_long_is_refused_in_words_and_not_cut():
    longest = CustomerDetails.of("x" * 300, ["y" * 50, *map(str, range(19))])
    assert (longest.name_problem, longest.tags_problem) == ("", "")
    too_long = CustomerDetails.of("x" * 301, ["y" * 51])
    assert too_long.name_problem == "A name has up to 300 characters. This one has 301."
    assert too_long.tags_problem == "A tag has up to 50 characters. The longest has 51."
    many = CustomerDetails.of("", map(str, range(21)))
    assert many.tags_problem == "A customer has up to 20 tags. These are 21."
    assert (NO_DETAILS.name_problem, NO_DETAILS.tags_problem) == ("", "")
