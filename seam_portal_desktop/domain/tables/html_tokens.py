"""The tags and texts of an HTML text, in a time that grows with its length only.

html.parser of the standard library needs minutes for 60 KB of unclosed tags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

Attributes = dict[str, str]


class TokenKind(Enum):
    TEXT = auto()
    START = auto()
    END = auto()


class HtmlToken(NamedTuple):
    """``value`` is a text without entities, or a tag's name in lower case. ``source`` is what the
    start tag has behind its name."""

    kind: TokenKind
    value: str
    source: str = ""

    def attributes(self) -> Attributes:
        """By name in lower case; "" for an attribute without a value. The first one counts."""
        found: Attributes = {}
        for name, *values in _ATTRIBUTE.findall(self.source):
            found.setdefault(name.lower(), html.unescape("".join(values)))
        return found


_NAME = re.compile(r"/?([a-zA-Z][^\s/>]*)")
_QUOTE_OR_END = re.compile("[\"'>]")
_ATTRIBUTE = re.compile(r"""([^\s=/>"'][^\s=/>]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_RAW = frozenset({"script", "style"})


def html_tokens(text: str) -> Iterator[HtmlToken]:
    """What comes after an unclosed tag or comment is left out, as browsers do."""
    position = 0
    while (start := text.find("<", position)) >= 0:
        if start > position:
            yield _text(text[position:start])
        name = _NAME.match(text, start + 1)
        if text.startswith("<!--", start):
            position = _after(text, "-->", start)
        elif text.startswith(("<!", "<?"), start):
            position = _after(text, ">", start)
        elif name is None:
            yield _text("<")
            position = start + 1
        else:
            position = _after_tag(text, name.end())
            tag = name[1].lower()
            kind = TokenKind.END if text[start + 1] == "/" else TokenKind.START
            yield HtmlToken(kind, tag, text[name.end() : position - 1])
            if kind is TokenKind.START and tag in _RAW:
                # Their content ends at the end tag, whatever is in it.
                position = _start_of(text, f"</{tag}", position)
    if position < len(text):
        yield _text(text[position:])


def _text(text: str) -> HtmlToken:
    return HtmlToken(TokenKind.TEXT, html.unescape(text) if "&" in text else text)


def _after(text: str, end: str, position: int) -> int:
    found = text.find(end, position)
    return len(text) if found < 0 else found + len(end)


def _start_of(text: str, end_tag: str, position: int) -> int:
    found = re.compile(re.escape(end_tag), re.IGNORECASE).search(text, position)
    return len(text) if found is None else found.start()


def _after_tag(text: str, position: int) -> int:
    """Behind the tag's end. A > in a quoted value isn't the end."""
    while (found := _QUOTE_OR_END.search(text, position)) is not None:
        position = found.end()
        if found[0] == ">":
            return position
        if text[max(0, found.start() - 20) : found.start()].rstrip().endswith("="):
            position = _after(text, found[0], position)
    return len(text)
