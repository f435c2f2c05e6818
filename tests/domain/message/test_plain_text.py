"""Names in sentences, and links that mail programs find."""

from __future__ import annotations

import re
import string
import unicodedata
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.rendering.plain_text import (
    isolated,
    link_for_text,
    links_alone,
    one_line,
    several_lines,
)

IN_URLS = string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%"
urls = st.builds(
    lambda middle, last: f"https://portal.example.com/?token=seam_cst_{middle}{last}",
    st.text(IN_URLS, min_size=0, max_size=1150),
    st.sampled_from(IN_URLS),
)
ANDROID_END = re.compile(r"\S*(?:\b|$)")
GITHUB_END = re.compile(r"[?!.,:*_~'\"]+$")


@given(st.text(), urls, st.text())
def test_the_link_is_alone_on_its_line(before, url, after):
    text, _was_alone = links_alone(several_lines(f"{before}{url}{after}"), url)
    lines = text.split("\n")
    assert url in lines
    assert all(url not in line for line in lines if line != url)


@given(urls)
def test_a_link_on_its_own_line_stays_as_it_is(url):
    text = f"Your link:\n\n{url}\n\nIt works for 6 days."
    assert links_alone(text, url) == (text, True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Open {}.", "Open\n{}"),
        ("Open ({}), please", "Open\n{}\nplease"),
        ("<{}>", "{}"),
        ("“{}”", "{}"),
        ("{}{}", "{}\n{}"),
        ("Link:{}!", "Link:\n{}"),
        ("[Open]({})", "[Open]\n{}"),
        ("*{}*", "{}"),
    ],
)
def test_signs_around_a_link_go(written, read):
    url = "https://se.am/1234"
    assert links_alone(written.replace("{}", url), url) == (read.replace("{}", url), False)


@given(urls)
def test_a_link_in_a_text_ends_so_that_programs_find_all_of_it(url):
    written = link_for_text(url)
    assert written[-1].isalnum() or written[-1] in "/&?#+"
    before, after = urlsplit(url), urlsplit(written)
    assert (before.netloc, parse_qs(before.query)) == (after.netloc, parse_qs(after.query))
    if url[-1].isalnum():
        assert written == url
    if written[-1].isalnum():
        assert not GITHUB_END.search(written)
        # Android's Linkify wants the end of a word before a line break.
        found = re.match(r"\S+\b(?=\n|$)", f"{written}\n")
        assert found
        assert found[0] == written


@given(st.text())
def test_a_name_stays_on_one_line_and_turns_nothing(name):
    line = one_line(name)
    assert line.splitlines() in ([], [line])
    assert line == line.strip()
    assert not {unicodedata.category(each) for each in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(each) for each in line} & {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip
    line.encode()


def test_only_names_of_the_other_direction_are_isolated():
    assert isolated("Harbor Hotel 7") == "Harbor Hotel 7"
    assert isolated("Ξενοδοχείο 🏨") == "Ξενοδοχείο 🏨"
    assert isolated("فندق 7") == "\u2068فندق 7\u2069"
    assert isolated("מלון (7)") == "\u2068מלון (7)\u2069"


@given(st.text())
def test_a_text_has_plain_line_breaks(text):
    lines = several_lines(text)
    assert "\r" not in lines
    assert all(line == line.rstrip() for line in lines.split("\n"))
    lines.encode()


def test_emoji_and_joined_letters_stay():
    family = "👩‍👩‍👧 می‌خواهم"
    assert one_line(family) == several_lines(family) == family
