"""A message or a link as HTML or Markdown, to be pasted into another program."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text
from seam_portal_desktop.domain.message.template import RenderedMessage

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|~&$])")
_MARKDOWN_STARTS = re.compile(r"^(?:([#+=-])|(\d{1,9})([.)]))")


def as_markdown(text: str, url: str) -> str:
    """The plain text of a message as CommonMark that shows the same words on the same lines.

    The link stands in angle brackets: whatever its last character, it stays a part of the link.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    # A text has the link's last sign encoded where a program would leave it out.
    lines = plain.replace(link_for_text(url), url).split("\n") if url else plain.split("\n")
    written = [_markdown_line(line.strip(), url) for line in lines]
    # Two spaces at the end of a line keep the next line from being joined to it.
    return "\n".join(
        f"{line}  " if line and following else line
        for line, following in zip(written, [*written[1:], ""], strict=True)
    )


def as_pasted_html(rendered: RenderedMessage) -> str:
    """The HTML with its pictures inside, since a clipboard has no other parts. It may be empty."""
    html = rendered.html
    for image in rendered.images:
        content = base64.b64encode(image.content).decode("ascii")
        source = f'src="data:{image.media_type};base64,{content}"'
        html = html.replace(f'src="cid:{escape(image.content_id)}"', source)
    return html


def iframe_snippet(url: str, *, width: int | None = None, height: int = 800) -> str:
    """The HTML of a frame with the portal for a company's own page.

    The sizes are in CSS pixels; None is the page's full width. Seam asks for ``clipboard-write``,
    for the portal's Copy buttons. There is no ``sandbox``: the portal needs scripts, forms, storage
    and pop-up windows, and with these allowed it would protect from nothing.
    """
    return "\n".join(
        (
            "<iframe",
            f'  src="{escape(url)}"',
            *(f"  {attributes}" for attributes in frame_attributes(width, height)),
            '  style="border: 0"',
            '  title="Customer portal"',
            "></iframe>",
        )
    )


def frame_attributes(width: int | None, height: int) -> Sequence[str]:
    """What the frame has besides the link."""
    shown = "100%" if width is None else str(width)
    return (
        f'width="{shown}" height="{height}"',
        'allow="clipboard-write"',
        'referrerpolicy="strict-origin"',
    )


def _markdown_line(line: str, url: str) -> str:
    # CommonMark allows neither spaces nor angle brackets in such a link.
    link = re.sub(r"[\s<>]", lambda found: quote(found[0]), url)
    parts = line.split(url) if url else [line]
    return f"<{link}>".join(map(_escaped_words, parts))


def _escaped_words(words: str) -> str:
    return _MARKDOWN_STARTS.sub(_escaped_start, _MARKDOWN_SIGNS.sub(r"\\\1", words))


def _escaped_start(found: re.Match[str]) -> str:
    """A sign at a line's start that would begin a heading, a list or a rule."""
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"
