"""Any text is read without an error, in bounded time, and what is written is read again."""

from __future__ import annotations

import time
from itertools import cycle, islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.recipients.addresses import address_key
from seam_portal_desktop.domain.message.recipients.parsing import (
    MOST_CHARACTERS,
    MOST_RECIPIENTS,
    format_recipients,
    parse_recipients,
)
from seam_portal_desktop.domain.message.recipients.problems import RecipientProblemKind
from tests.domain.message.recipients.test_parsing import GOOD, has_errors

PIECES = [
    *("ann@example.com", "bob@gmial.con", "jörg@bücher.example", "Ann Miller", "Miller, Ann"),
    *('"', "'", "“", "”", "<", ">", "(", ")", "[", "]", "\\", "@", ".", ",", ";", "\t", "\n", " "),
    *("mailto:", "To:", "?", "%2C", "=?utf-8?q?", "?=", "\u200b", "\u202e", "\ud800", "＠", "，"),
]
SNIPPETS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(st.one_of(SNIPPETS, st.text(max_size=300)))
@example("\ud800@example.com")
@example("a@xn--")
@example("a@\u0378.com")
@example("=?x?b?=?= <ann@example.com>")
@example("=?utf-8?b?!?= <ann@example.com>")
@example("mailto:?@")
def test_any_text_is_read(text):
    parsed = parse_recipients(text)
    keys = [address_key(each.address) for each in parsed.addresses]
    assert len(set(keys)) == len(keys)
    for mail in parsed.addresses:
        assert mail.address.isprintable()
        assert mail.name.isprintable() or not mail.name.isascii()
        assert "\n" not in mail.name
    for problem in parsed.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.sentence
        assert not ("@" in text and problem.kind.is_error and problem.kind.is_question)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=60
).map(lambda text: " ".join(text.split()))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ann@example.com", "Bob.B+1@a-b.example", "jörg@bücher.example"]),
            NAMES,
        ),
        max_size=3,
        unique_by=lambda pair: pair[0],
    )
)
@example([("ann@example.com", 'Ann "Annie" Miller')])
@example([("ann@example.com", "Miller\\, Ann")])
@example([("ann@example.com", "1. Ann")])
@example([("ann@example.com", "To: Ann; Bob")])
@example([("ann@example.com", "“Ann”")])
@example([("ann@example.com", "'Ann'")])
def test_what_is_written_is_read_again(pairs):
    once = parse_recipients(format_recipients(MailAddress(*pair) for pair in pairs))
    assert [each.address for each in once.addresses] == [address for address, _name in pairs]
    again = parse_recipients(format_recipients(once.addresses))
    assert again.addresses == once.addresses
    for (_address, name), mail in zip(pairs, once.addresses, strict=True):
        is_shown = any(each.isalnum() for each in name)
        if is_shown and not name.startswith(("=", "<")) and not name.endswith((">", " -", ":")):
            assert mail.name == name


@pytest.mark.parametrize(("text", "expected"), GOOD)
def test_the_corpus_is_written_and_read_again(text, expected):
    addresses = parse_recipients(text).addresses
    assert parse_recipients(format_recipients(addresses)).addresses == addresses


def test_a_list_has_up_to_500_recipients():
    text = "\n".join(f"Guest {number} <guest{number}@example.com>" for number in range(500))
    parsed = parse_recipients(text)
    assert (len(parsed.addresses), parsed.problems) == (MOST_RECIPIENTS, ())
    parsed = parse_recipients(f"{text}\none.more@example.com\nand.more@example.com")
    assert len(parsed.addresses) == MOST_RECIPIENTS
    (problem,) = parsed.problems
    assert problem.kind is RecipientProblemKind.TOO_MANY
    assert problem.sentence == "A message goes to up to 500 recipients."
    assert has_errors(parsed)


def test_a_long_text_is_cut_off_and_says_so():
    parsed = parse_recipients("ann@example.com" + " " * MOST_CHARACTERS + "bob@example.com")
    assert [each.address for each in parsed.addresses] == ["ann@example.com"]
    assert [each.sentence for each in parsed.problems] == [
        f"Only the first {MOST_CHARACTERS} characters were read."
    ]
    assert has_errors(parsed)


HOSTILE = {
    "commas": ",",
    "quotes": '"',
    "quotes and letters": '"a',
    "brackets": "<",
    "brackets both": "<>",
    "parentheses": "(",
    "curly quotes": "“",
    "apostrophes": "'a ",
    "mailto": "mailto:",
    "mailto with words": "mailto:a ",
    "ats": "@",
    "addresses without end": "a@",
    "names": "Ann Miller, ",
    "words": "a@b.example ",
    "slashes": "a@b.example/",
    "tabs": "a\t",
    "lines": "a\n",
    "rows": "a,b@c.example\n",
    "backslashes": '"\\',
    "letters": "a",
    "idna": "a@ü",
    "labels": "a: ",
    "dots": "a@" + "b." * 60 + "c,",
    "typos": "a@gmial.com;b@hotmial.con;",
    "combining": "e\u0301",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_anything_takes_less_than_a_second(name):
    text = "".join(islice(cycle(HOSTILE[name]), 1_000_000))
    begun = time.process_time()
    parsed = parse_recipients(text)
    assert time.process_time() - begun < 1
    assert has_errors(parsed) or not parsed.problems
    assert len(parsed.problems) < 2 * MOST_RECIPIENTS
