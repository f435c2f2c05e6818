"""Addresses, texts and tables for other programs, read back by parsers that aren't ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl, QUrlQuery
from PySide6.QtGui import QTextBlock, QTextDocument

from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.handover.links import (
    LONGEST_MAILTO,
    HandoverError,
    mailto_link,
    sms_link,
)
from seam_portal_desktop.domain.message.handover.markup import (
    as_markdown,
    as_pasted_html,
    iframe_snippet,
)
from seam_portal_desktop.domain.message.handover.sms_text import (
    SmsEncoding,
    SmsLength,
    foreign_characters,
    sms_length,
)
from seam_portal_desktop.domain.message.mime import UnwritableAddressError
from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text
from seam_portal_desktop.domain.message.template import InlineImage, RenderedMessage

URL = "https://portal.example.com/portals/0b0e?token=seam_cst_made_up&x=1"
ANN = Recipients((MailAddress("ann@example.com", "Ann"),))
SHORT_TEXT = st.text(max_size=60).filter(lambda text: text.isprintable())


def read_mailto(link: str) -> tuple[str, dict[str, str]]:
    """By RFC 6068's rules, with nothing but percent decoding."""
    assert link.isascii()
    assert not re.search(r"[\s\x00-\x1f\"<>]", link)
    path, _mark, query = link.removeprefix("mailto:").partition("?")
    fields = dict(field.split("=", 1) for field in query.split("&"))
    return path, {name: unquote(value, errors="strict") for name, value in fields.items()}


def test_a_mail_has_everyone_and_both_texts():
    people = Recipients(
        (MailAddress("ann@example.com", "Ann"), MailAddress("bob+x@bücher.example")),
        (MailAddress("cy@example.com"),),
        (MailAddress("o'neil&co@example.com"),),
    )
    path, fields = read_mailto(mailto_link(people, "Größe & Co: 100 %?", f"Hallo,\n\n{URL}\n"))
    assert path == "ann@example.com,bob%2Bx@xn--bcher-kva.example"
    assert fields == {
        "cc": "cy@example.com",
        "bcc": "o'neil&co@example.com",
        "subject": "Größe & Co: 100 %?",
        "body": f"Hallo,\r\n\r\n{URL}\r\n",
    }


@given(SHORT_TEXT, SHORT_TEXT)
@example("+ & = ? # % ; ,", "a+b %0D%0A & body=x")
def test_any_mail_is_read_the_same_by_others(subject, words):
    link = mailto_link(ANN, subject, f"{words}\n{URL}")
    body = f"{words}\r\n{URL}"
    assert read_mailto(link)[1].get("subject", "") == subject
    assert read_mailto(link)[1]["body"] == body
    query = QUrlQuery(QUrl(link, QUrl.ParsingMode.StrictMode))
    decoded = QUrl.ComponentFormattingOption.FullyDecoded
    assert query.queryItemValue("subject", decoded) == subject
    assert query.queryItemValue("body", decoded) == body


def test_a_subject_brings_no_field_into_a_mail():
    link = mailto_link(ANN, "a\r\nBcc: eve@example.com&bcc=eve@example.com", "b")
    assert set(read_mailto(link)[1]) == {"subject", "body"}
    with pytest.raises(UnwritableAddressError):
        mailto_link(Recipients((MailAddress("ann@example.com?bcc=eve@example.com"),)), "a", "b")


def test_a_long_mail_names_the_draft_file():
    room = LONGEST_MAILTO - len(mailto_link(ANN, "a", "")) - len("&body=")
    assert len(mailto_link(ANN, "a", "x" * room)) == LONGEST_MAILTO
    with pytest.raises(HandoverError, match="draft file"):
        mailto_link(ANN, "a", "x" * (room + 1))


def test_a_text_message_opens_with_its_numbers():
    link = sms_link(["+49 (30) 23125-000", "+1 202 555 0100"], f"Größe\r\n{URL}")
    assert link.startswith("sms:+493023125000,+12025550100?&body=")
    assert unquote(link.partition("?&body=")[2]) == f"Größe\n{URL}"
    assert sms_link([], "x") == "sms:?&body=x"


@pytest.mark.parametrize(
    "number", ["", "ann", "+49?body=x", "12", "+1 202 555 0100 ext 5", "٠١٢٣٤٥"]
)
def test_a_number_that_can_not_be_dialled_is_refused(number):
    with pytest.raises(HandoverError, match="phone number"):
        sms_link([number], "x")


GSM, UCS = SmsEncoding.GSM_7, SmsEncoding.UCS_2


@pytest.mark.parametrize(
    ("text", "parts", "encoding", "left"),
    [
        ("", 1, GSM, 160),
        ("a" * 160, 1, GSM, 0),
        ("a" * 161, 2, GSM, 145),
        ("a" * 306, 2, GSM, 0),
        ("a" * 307, 3, GSM, 152),
        ("€" * 80, 1, GSM, 0),
        ("€" * 81, 2, GSM, 153 - 10),  # 76 in the first part, which keeps one place free
        ("{}[]~^|\\€", 1, GSM, 142),
        ("é" * 160, 1, GSM, 0),
        ("ê" * 70, 1, UCS, 0),
        ("ê" * 71, 2, UCS, 63),
        ("ê" * 134, 2, UCS, 0),
        ("🔑" * 35, 1, UCS, 0),
        ("🔑" * 36, 2, UCS, 61),  # 33 in the first part: a pair is never divided
        ("я" * 135, 3, UCS, 66),
        ("a\r\nb", 1, GSM, 157),
        ("don’t", 1, UCS, 65),
    ],
)
def test_parts_of_text_messages(text, parts, encoding, left):
    assert sms_length(text) == SmsLength(parts, encoding, left)


def test_the_characters_that_make_a_text_message_dear():
    assert foreign_characters("don’t “x” – don’t €") == "’“”–"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.attributes: list[dict[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        self.attributes.append({"tag": tag} | dict(attrs))


@given(st.text(max_size=100))
@example('"><script>alert(1)</script>')
def test_a_frame_has_the_link_and_nothing_else(words):
    url = f"https://portal.example.com/?x={words}"
    parser = _Links()
    parser.feed(iframe_snippet(url, width=600))
    (frame,) = parser.attributes
    assert frame["tag"] == "iframe"
    assert frame["src"] == url
    assert (frame["width"], frame["allow"]) == ("600", "clipboard-write")


def read_markdown(text: str) -> tuple[str, list[str]]:
    """The shown text and the targets of links, by Qt's CommonMark parser (md4c)."""
    document = QTextDocument()
    document.setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectCommonMark)
    links: list[str] = []
    block: QTextBlock = document.begin()
    while block.isValid():
        for part in block:
            target = part.fragment().charFormat().anchorHref()
            if target and (not links or links[-1] != target):
                links.append(target)
        block = block.next()
    return document.toPlainText(), links


@pytest.mark.usefixtures("qapp")
def test_markdown_shows_the_words_of_the_message():
    words = [
        "# no heading",
        "- no list",
        "+ no list",
        "1. no list",
        "2) no list",
        "> no quote",
        "*no* _no_ **no** `no` ~~no~~",
        "[no](https://example.com) ![no](x)",
        "<b>no</b> &amp; &lt;",
        "===",
        "---",
        "a\\*b",
        "| a | b |",
        "$x$",
        "snake_case_name",
    ]
    text = "\n\n".join(words) + f"\n\n{URL}\n\nlast"
    shown, links = read_markdown(as_markdown(text, URL))
    assert [line for line in shown.split("\n") if line] == [*words, URL, "last"]
    assert links == [URL]


def test_markdown_keeps_lines_apart():
    assert as_markdown(
        f"Hello\n{URL}\n\nBye\nAnn", URL
    ) == f"Hello  \n<{URL}>  \n\nBye  \nAnn".replace(">  \n\n", ">\n\n")


@pytest.mark.usefixtures("qapp")
@given(
    st.text("abcXYZ019-._~:/?#[]@!$'()*+,=%", max_size=1100),
    st.characters(categories=("L", "N", "P", "S")).filter(lambda each: each not in "<>&"),
)
def test_a_link_in_markdown_keeps_its_last_character(middle, last):
    url = f"https://portal.example.com/{middle}{last}"
    written = as_markdown(f"Your link:\n{url}\nBye.", url)
    assert f"\n<{url}>  \n" in written
    assert as_markdown(f"Your link:\n{link_for_text(url)}\nBye.", url) == written
    shown, links = read_markdown(written)
    assert url in shown
    assert len(links) == 1


def test_pasted_html_has_its_pictures_inside():
    picture = InlineImage("logo", "image/png", b"\x89PNG")
    message = RenderedMessage("a", "b", '<img src="cid:logo" alt="cid:logo">', images=(picture,))
    assert as_pasted_html(message) == ('<img src="data:image/png;base64,iVBORw==" alt="cid:logo">')
    assert as_pasted_html(RenderedMessage("a", "b")) == ""
