"""What stays of a template's HTML in a mail."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.adapters.templates.html_page import finish_html


def finish(source: str):
    return finish_html(source, "de-DE", "A title & more")


class Reader(HTMLParser):
    """All that a mail program finds: tags with attributes, and words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def body(source: str) -> str:
    return finish(source).html.split("<body>")[1].split("</body>")[0]


def test_a_fragment_becomes_a_whole_document():
    assert finish("<p>Hi</p>").html == (
        '<!DOCTYPE html>\n<html lang="de-DE" dir="ltr"><head><meta charset="utf-8">'
        "<title>A title &amp; more</title></head><body><p>Hi</p></body></html>"
    )


def test_language_direction_and_title_of_the_template_stay():
    page = finish('<html lang="ar" dir="rtl"><head><title>Mine</title></head><p>Hi</p>').html
    assert '<html lang="ar" dir="rtl">' in page
    assert page.count("<title>") == 1
    assert "<title>Mine</title>" in page


def test_styles_are_inlined_and_rules_for_dark_mode_stay():
    page = finish(
        "<style>p { color: #111 } @media (prefers-color-scheme: dark) "
        "{ p { color: #eee !important } }</style><p class=x>Hi</p>"
    ).html
    assert '<p class="x" style="color: #111">Hi</p>' in page
    assert "@media (prefers-color-scheme: dark) { p { color: #eee !important } }" in page


@pytest.mark.parametrize(
    "source",
    [
        '<img src="https://tracker.example/pixel.png">',
        '<img src="//tracker.example/pixel.png">',
        '<img src="cid:logo" srcset="https://tracker.example/2.png 2x">',
        '<table background="https://tracker.example/pixel.png"></table>',
        '<p style="background: url(https://tracker.example/pixel.png)">Hi</p>',
        "<style>p { background: url('https://tracker.example/pixel.png') }</style><p>Hi</p>",
        "<style>@media all { p { background: url(https://tracker.example/x) } }</style><p>Hi</p>",
        '<img src="data:image/png;base64,AAAA">',
    ],
)
def test_pictures_from_elsewhere_go_and_are_noted(source):
    page = finish(source)
    assert page.has_remote_image
    assert "tracker" not in page.html
    assert "data:" not in page.html


@pytest.mark.parametrize(
    "source",
    [
        "<script>tracker()</script>",
        '<script src="https://tracker.example/x.js"></script>',
        '<img src=x onerror="tracker()">',
        '<p onclick="tracker()">Hi</p>',
        '<a href="javascript:tracker()">Hi</a>',
        '<a href=" java&#x0a;script:tracker()">Hi</a>',
        '<a href="data:text/html,tracker">Hi</a>',
        '<a href="file:///tracker">Hi</a>',
        '<iframe src="https://tracker.example"></iframe>',
        '<object data="https://tracker.example"></object><embed src="https://tracker.example">',
        '<form action="https://tracker.example"><button formaction="tracker:x">Hi</button></form>',
        '<meta http-equiv="refresh" content="0; url=https://tracker.example">',
        '<base href="https://tracker.example">',
        '<link rel="stylesheet" href="https://tracker.example/x.css">',
        '<LINK rel="stylesheet" href="tracker.css">',
        '<svg onload="tracker()"><a href="tracker:x"></a></svg>',
        "<math><mtext><style><img src=x onerror=tracker()></style></mtext></math>",
        '<noscript><p title="</noscript><img src=x onerror=tracker()>"></noscript>',
        "<!-- tracker --><!--[if mso]><p>tracker</p><![endif]-->",
        "<style>@import 'https://tracker.example/x.css';</style>",
        "<style>@font-face { font-family: tracker; src: url(x) }</style>",
        "<style>@media all { p { b\\65havior: tracker } }</style>",
        '<p style="width: expression(tracker())">Hi</p>',
        '<p style="b\\61ckground: u\\72l(https://tracker.example)">Hi</p>',
        '<textarea><img src=x onerror="tracker()"></textarea>',
        "<template><p>tracker</p></template>",
        '<video src="https://tracker.example"></video>',
    ],
)
def test_what_runs_or_fetches_goes(source):
    page = finish(source).html
    assert "tracker" not in page.lower()
    for tag, attributes in Reader(page).tags:
        assert tag in {"html", "head", "meta", "title", "body", "p", "a", "style", "div"}
        assert not [name for name in attributes if name.startswith("on")]


def test_no_file_is_read_for_a_style_sheet(tmp_path):
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p { color: red }")
    for href in (sheet.as_uri(), str(sheet)):
        for tag in ("link", "LINK", "<link"):
            page = finish(f'<{tag} rel="stylesheet" href="{href}"><p>Hi</p>').html
            assert "red" not in page


def test_words_of_unknown_elements_stay():
    assert body("<form><blink>Hi <b>you</b></blink></form>") == "Hi <b>you</b>"


def test_pictures_in_the_message_have_a_description():
    page = finish('<img src="cid:logo" alt="Acme &quot;Stays&quot;"><img src="cid:other">')
    assert page.images == ["logo", "other"]
    assert 'alt="Acme &quot;Stays&quot;"' in page.html
    assert '<img src="cid:other" alt="">' in page.html
    assert not page.has_remote_image


@given(st.text())
def test_any_text_as_html_gives_a_page_without_what_runs(source):
    page = finish(source)
    for tag, attributes in Reader(page.html).tags:
        assert tag not in {"script", "iframe", "form", "link", "base", "object", "svg"}
        assert not [name for name in attributes if name.startswith("on")]


PIECES = (
    *("<", ">", "</", "/>", "<a href=", "<img src=", "'", '"', "`", "=", " onclick=", "script"),
    *("style", "<style>", "</style>", "<svg>", "<title>", "<!--", "-->", "<![CDATA[", "]]>"),
    *("&lt;", "&#x3c;", "javascript:", "url(", "x", " ", "\n", "\0", "<math>", "<table>"),
)
markup = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(markup)
def test_broken_markup_gives_a_page_without_what_runs(source):
    page = finish(source).html
    for tag, attributes in Reader(page).tags:
        assert tag not in {"script", "iframe", "form", "link", "base", "object", "svg", "math"}
        assert not [name for name in attributes if name.startswith("on")]
        assert "javascript:" not in f"{attributes.get('href')}".lower()
