"""How web addresses are read: as a browser reads them, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl

from seam_portal_desktop.domain.address import (
    InvalidLinkError,
    PlainHttpError,
    ascii_host,
    is_loopback,
    parse_link,
    read_address,
)


@pytest.mark.parametrize(
    ("text", "host", "written"),
    [
        ("https://portal.example/portals/1?token=x", "portal.example", None),
        ("https://se.am/1234", "se.am", None),
        ("HTTPS://Portal.Example:443", "portal.example", "https://portal.example/"),
        ("https://portal.example.:8443/a", "portal.example.", None),
        ("https://straße.example/ä", "xn--strae-oqa.example", None),
        ("https://☃.example/", "xn--n3h.example", "https://xn--n3h.example/"),
        ("https://a_b.example/", "a_b.example", None),
        ("https://portal.example?@evil.example", "portal.example", None),
        ("https://portal.example#@evil.example", "portal.example", None),
        ("https://[2001:db8:0::1]:8443/", "2001:db8::1", "https://[2001:db8::1]:8443/"),
        ("http://127.0.0.1:4200/portals/1", "127.0.0.1", None),
        ("http://localhost:4200/", "localhost", None),
        ("http://[::1]/", "::1", None),
    ],
)
def test_a_link_that_all_programs_read_alike_may_be_used(text, host, written):
    link = parse_link(text)
    assert link.host == host
    assert link.text.isascii()
    assert parse_link(link.text) == link
    if written is not None:
        assert link.text == written


@pytest.mark.parametrize(
    "text",
    [
        # Chromium opens the host before the backslash; urllib, httpx and Qt the one after it.
        "https://evil.example\\@portal.example/portals/1",
        "https://evil.example\\.portal.example/",
        "https://portal.example/a\\b",
        "https:portal.example",
        "https:/portal.example",
        "https:///portal.example",
        "https:\\\\portal.example",
        " https://portal.example/",
        "https://portal.example/ ",
        "https://por\ttal.example/",
        "https://portal.example\n/",
        "https://portal%2eexample/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://1.2.3/",
        "https://2130706433/",
        "https://portal..example/",
        "https://-a.example/",
        "https://a-.example/",
        "https://-ü.example/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 126 + "example/",
        "https://a!b.example/",
        "https://portal.example:0/",
        "https://portal.example/\u2028",
    ],
)
def test_what_programs_read_differently_is_refused(text):
    with pytest.raises(InvalidLinkError, match="programs read differently") as refusal:
        parse_link(text)
    assert "example" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://portal.example@evil.example/",
        "https://user:word@portal.example/",
        "https://@portal.example/",
        "https://:@portal.example/",
    ],
)
def test_a_user_name_is_refused(text):
    with pytest.raises(InvalidLinkError, match="user name"):
        parse_link(text)


@pytest.mark.parametrize(
    "text",
    ["http://portal.example/", "http://192.168.1.4/", "http://localhost.example/", "http://[::2]/"],
)
def test_a_link_that_is_not_encrypted_is_refused(text):
    with pytest.raises(PlainHttpError, match="isn’t encrypted"):
        parse_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "portal.example",
        "//portal.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "blob:https://portal.example/1",
        "wss://portal.example/",
        "https://",
        "https://[broken",
        "https://portal.example:99999/",
        "https://portal.example:80:90/",
        "https://por tal.example/",
        "https://256.1.1.1/",
        "https://xn--a.example/",
        "https://a\u200db.example/",
        "https://\ud800.example/",
    ],
)
def test_what_is_no_web_address_is_refused(text):
    with pytest.raises(InvalidLinkError, match="no web address"):
        parse_link(text)


CHARACTERS = st.one_of(
    st.sampled_from("aZ019.-_xn-ßüＡ。①☃\u200d\u00ad%@:/[]"), st.characters(codec="utf-8")
)
ADDRESSES = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(
        ["https://", "https://", "HTTPS:", "https:/", "https:\\\\", "https:///", " https://"]
    ),
    st.text(CHARACTERS, max_size=10),
    st.sampled_from([".example", ".example", "", "@b.example", ":443", ":8443", ":0", ".example."]),
    st.sampled_from(["/", "", "/p?token=x", "\\x", "?@c.example", "#@c.example"]),
)


@given(ADDRESSES)
@example("https://evil.example\\@portal.example/")
@example("https://ù-.example/")
@example("https://:@b.example/")
def test_what_passes_is_read_alike_by_qt_and_what_both_read_alike_passes(text):
    """Qt's part of the second claim: what only `urlsplit` reads differently is left out."""
    url = QUrl(text)
    seen = url.host(QUrl.ComponentFormattingOption.FullyEncoded) if url.isValid() else ""
    browser = read_address(text)
    try:
        link = parse_link(text)
    except InvalidLinkError:
        link = None
    if link is None:
        is_plain = text.isprintable() and not set(text) & set(" \\@%") and url.port() != 0
        is_number = browser is not None and browser.host.replace(".", "").isdecimal()
        alike = browser is not None and browser.host == seen and is_plain and not is_number
        assert not alike
        return
    assert not url.userInfo()
    assert (url.scheme(), url.port(443)) == (link.scheme, link.port)
    again = read_address(f"https://{_bracketed(seen)}/")
    assert again is not None
    assert again.host == link.host
    handed_out = QUrl(link.text)
    assert handed_out.isValid()
    assert handed_out.host(QUrl.ComponentFormattingOption.FullyEncoded) == seen


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("128.0.0.1", False),
        ("::2", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_loopback(host, expected):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("Portal.Example", "portal.example"),
        ("2001:db8::1", "2001:db8::1"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ﬀ.example", "ff.example"),
        ("ＡＢ。example", "ab.example"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("аррӏе.example", "xn--80ak6aa92e.example"),
        ("☃.example", "xn--n3h.example"),
        ("a_ü.example", "xn--a_-yka.example"),
        ("xn--strae-oqa.ü.example", "xn--strae-oqa.xn--tda.example"),
        ("ü.example.", "xn--tda.example."),
    ],
)
def test_a_host_is_what_browsers_connect_to(host, expected):
    assert ascii_host(host) == expected


@pytest.mark.parametrize(
    "host",
    ["", "ü..example", "a" * 64 + ".ü", "ü" * 70, "\ue000.example", "a/b", "a@b.example", "a:1"],
)
def test_what_browsers_refuse_is_no_host(host):
    with pytest.raises(ValueError, match="host name"):
        ascii_host(host)
