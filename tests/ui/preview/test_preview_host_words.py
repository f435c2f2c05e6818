from __future__ import annotations

import pytest

from seam_portal_desktop.ui.preview.security.host_words import (
    LONGEST_HOST,
    HostWords,
    describe_target,
    host_words,
    shorten_host,
)


def punycode(host):
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
        for label in host.split(".")
    )


@pytest.mark.parametrize("host", ["portal.example", "a-b.example:8443", "[2001:db8::1]", "xn--a"])
def test_a_host_in_ascii_is_shown_as_it_is(host):
    assert host_words(host) == HostWords(host)


@pytest.mark.parametrize(
    ("host", "alphabets", "mixes"),
    [
        ("bücher.example", ("Latin",), False),
        ("аpple.example", ("Cyrillic", "Latin"), True),
        ("аррӏе.example", ("Cyrillic", "Latin"), False),
        ("gοοgle.example", ("Greek", "Latin"), True),
        ("お名前tokyo.example", ("Chinese", "Japanese", "Latin"), False),
        ("서울大.example", ("Chinese", "Korean", "Latin"), False),
        ("مثال.example", ("Arabic", "Latin"), False),
        ("מلk.example", ("Arabic", "Hebrew", "Latin"), True),
    ],
)
def test_how_a_host_is_read(host, alphabets, mixes):
    assert host_words(punycode(host)) == HostWords(punycode(host), host, alphabets, mixes)


@pytest.mark.parametrize("label", ["xn--\u0000", "xn--99999999", "xn--0", "xn--a\u202e"])
def test_a_name_that_can_not_be_decoded_or_printed_stays_as_it_is(label):
    assert host_words(f"{label}.example").readable == ""


def test_right_to_left_letters_are_isolated():
    text = describe_target(f"https://{punycode('مثال.example')}/")
    assert "“\u2066مثال.example\u2069”" in text


def test_only_mixed_alphabets_give_a_warning():
    assert "imitate" in describe_target(f"https://{punycode('аpple.example')}/")
    assert "imitate" not in describe_target(f"https://{punycode('bücher.example')}/")
    assert describe_target("https://portal.example/x?token=y") == "portal.example."
    assert describe_target("mailto:a@b.example") == "a “mailto:” address."


def test_the_end_of_a_long_host_is_shown():
    host = f"{'a' * 240}.evil.example"
    pieces = shorten_host(host).split("\u200b")
    assert len("".join(pieces)) == LONGEST_HOST
    assert pieces[0].startswith("…")
    assert pieces[-2:] == ["evil.", "example"]
    assert max(len(piece) for piece in pieces) <= 17
    assert shorten_host("portal.example") == "portal.example"
