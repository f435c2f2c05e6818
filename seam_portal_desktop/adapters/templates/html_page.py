"""Makes a mail's HTML of what a template gave: styles inlined, and only what is allowed.

css-inline parses as browsers do and writes well-formed HTML, which the filter then reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

import css_inline
from markupsafe import Markup

_TAGS = frozenset(
    """
    html head title meta style body table caption colgroup col thead tbody tfoot tr td th div
    span p br hr h1 h2 h3 h4 h5 h6 a img strong em b i u s small sub sup ul ol li dl dt dd
    blockquote pre code center font bdi bdo abbr address section header footer main article
    """.split()  # noqa: SIM905 - one name a line is a long list
)
_VOID = frozenset({"meta", "br", "hr", "img", "col"})
_DROPPED_WHOLE = frozenset(
    """
    script noscript template iframe object embed svg math select textarea audio video canvas
    applet frameset noframes noembed xmp plaintext
    """.split()  # noqa: SIM905 - one name a line is a long list
)
"""Elements that go with what is inside. Of other unknown ones the content stays."""

_ATTRIBUTES = frozenset(
    """
    style class id lang dir title role align valign width height bgcolor color border
    cellpadding cellspacing colspan rowspan scope abbr face size
    """.split()  # noqa: SIM905 - one name a line is a long list
)
_ATTRIBUTES_OF = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt"}),
    "meta": frozenset({"name", "content"}),
}
_META_NAMES = frozenset({"viewport", "color-scheme", "supported-color-schemes", "format-detection"})
_LINK_SCHEMES = ("https:", "http:", "mailto:", "tel:")
_PICTURE_ATTRIBUTES = frozenset({"src", "srcset", "background", "poster", "data"})
_OUTSIDE = r"url|image|expression|behavio|binding|font-face|import\b|[\\<]"
"""What may fetch something, run a script, or hide either from this check."""

_BAD_SHEET = re.compile(_OUTSIDE.replace("import", "@import"), re.IGNORECASE)
_BAD_STYLE = re.compile(f"{_OUTSIDE}|@", re.IGNORECASE)
_STYLE_SHEET_LINK = re.compile(r"<(?=link)", re.IGNORECASE)


@dataclass(slots=True)
class HtmlPage:
    """A whole document. `links` are the targets of links, `images` the content ids of pictures,
    `words` what is read, without markup."""

    html: str = ""
    links: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    words: str = ""
    has_remote_image: bool = False


def finish_html(source: str, locale: str, title: str) -> HtmlPage:
    """Raises what css-inline raises for styles that make no sense."""
    # css-inline would read style sheets from files.
    inlined = _inliner().inline(_STYLE_SHEET_LINK.sub("<x-", source))
    page_filter = _PageFilter(locale, title)
    page_filter.feed(inlined)
    page_filter.close()
    return page_filter.finish()


def _attribute(value: str) -> str:
    # Font names keep their single quotes: there are mail programs that don't read &#x27; in styles.
    return escape(value, quote=False).replace('"', "&quot;")


def logo_element(content_id: str, description: str) -> Markup:
    """The picture as an element, as high as two lines of text."""
    # A constant; what is put into it is escaped.
    element = '<img src="cid:{}" alt="{}" height="40" style="height:40px;width:auto;border:0">'
    return Markup(element).format(content_id, description)  # noqa: S704


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
    )


class _PageFilter(HTMLParser):
    """Writes the allowed elements and attributes anew, each value escaped."""

    def __init__(self, locale: str, title: str) -> None:
        super().__init__(convert_charrefs=True)
        self._locale = locale
        self._title = title
        self._out: list[str] = ["<!DOCTYPE html>\n"]
        self._words: list[str] = []
        self._page = HtmlPage()
        self._dropped: list[str] = []
        self._in_style = False
        self._in_title = False
        self._has_title = False

    def finish(self) -> HtmlPage:
        self._page.html = "".join(self._out)
        self._page.words = " ".join("".join(self._words).split(" "))
        return self._page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropped or tag in _DROPPED_WHOLE:
            if tag not in _VOID:
                self._dropped.append(tag)
            return
        if tag not in _TAGS:
            self._note_pictures(tag, attrs)
            return
        kept = dict(self._allowed(tag, attrs))
        if tag == "meta" and "name" not in kept:
            return
        if tag == "img" and "src" not in kept:
            return
        if tag == "img":
            kept.setdefault("alt", "")
        if tag == "html":
            kept = {"lang": self._locale, "dir": "ltr"} | kept
        self._in_style = tag == "style"
        self._in_title = tag == "title"
        self._has_title = self._has_title or self._in_title
        written = "".join(f' {name}="{_attribute(value)}"' for name, value in kept.items())
        self._out.append(f"<{tag}{written}>")
        if tag == "head":
            self._out.append('<meta charset="utf-8">')
        if tag == "a" and "href" in kept:
            self._page.links.append(kept["href"])

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag in self._dropped:
                while self._dropped.pop() != tag:
                    pass
            return
        if tag not in _TAGS or tag in _VOID:
            return
        if tag == "head" and not self._has_title:
            self._out.append(f"<title>{escape(self._title)}</title>")
        self._in_style = self._in_title = False
        self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._dropped:
            return
        if self._in_style:
            if _BAD_SHEET.search(data):
                self._page.has_remote_image |= "url" in data.lower()
            else:
                self._out.append(data)
            return
        if not self._in_title:
            self._words.append(data)
        self._out.append(escape(data, quote=False))

    def _allowed(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> Iterator[tuple[str, str]]:
        self._note_pictures(tag, attributes)
        for name, raw in attributes:
            value = raw or ""
            is_aria = re.fullmatch(r"aria-[a-z]+", name) is not None
            if not is_aria and name not in _ATTRIBUTES | _ATTRIBUTES_OF.get(tag, frozenset()):
                continue
            if name == "style":
                value = self._style(value)
            elif name == "href" and not value.strip().lower().startswith(_LINK_SCHEMES):
                continue
            elif name == "src":
                if not value.startswith("cid:"):
                    continue
                self._page.images.append(value.removeprefix("cid:"))
            elif tag == "meta" and name == "name" and value.lower() not in _META_NAMES:
                continue
            yield name, value

    def _note_pictures(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            is_own = tag == "img" and (value or "").startswith("cid:")
            if name in _PICTURE_ATTRIBUTES and not is_own:
                self._page.has_remote_image = True

    def _style(self, style: str) -> str:
        declarations = [each.strip() for each in style.split(";") if each.strip()]
        bad = [each for each in declarations if _BAD_STYLE.search(each)]
        self._page.has_remote_image |= any("url" in each.lower() for each in bad)
        return "; ".join(each for each in declarations if each not in bad)
