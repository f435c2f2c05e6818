"""The page of a customer's company with the portal in a frame, and the HTML for that frame.

No Qt in here. The frame is the one that *Copy as frame* gives (`iframe_snippet`).
"""

from __future__ import annotations

from dataclasses import dataclass

from seam_portal_desktop.domain.message.handover.markup import frame_attributes, iframe_snippet

PLACEHOLDER = "PORTAL_URL"
"""Stands for the link wherever the snippet is shown or copied. Each customer has another link, and
whoever has the link can use the portal. So a server inserts it when it sends the page to that
customer."""

HOST_ADDRESS = "https://your-site.invalid/"
"""The address of the host page. `.invalid` is a name that nobody can have (RFC 6761)."""

FRAME_ID = "portal"


@dataclass(frozen=True, slots=True)
class FrameSize:
    """In CSS pixels. A width of None means the full width of the host page."""

    width: int | None = None
    height: int = 800


def snippet(size: FrameSize) -> str:
    """The HTML to copy, with the placeholder for the link."""
    return iframe_snippet(PLACEHOLDER, width=size.width, height=size.height)


def host_page(size: FrameSize) -> str:
    """The whole host page, with an empty frame. Our script sets the link later, so that the page's
    HTML doesn't contain it."""
    attributes = " ".join(frame_attributes(size.width, size.height))
    return f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Your page</title>
<style>
:root {{ color-scheme: light dark; --line: #d5d9e0; --soft: #eceef2; --text: #5c6472; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --line: #3a414d; --soft: #2b303a; --text: #a3abba; }}
  body {{ background: #1a1d23; }}
}}
body {{ margin: 0; font: 14px/1.5 system-ui, sans-serif; color: var(--text); }}
header {{ display: flex; gap: 12px; align-items: center; padding: 12px 16px;
  border-bottom: 1px solid var(--line); }}
header b {{ flex: 1; }}
i {{ display: block; height: 8px; width: 48px; border-radius: 4px; background: var(--soft); }}
main {{ padding: 16px; }}
iframe {{ border: 0; display: block; max-width: none; }}
</style>
<header><b>Your page</b><i></i><i></i></header>
<main><iframe id="{FRAME_ID}" {attributes} title="Customer portal"></iframe></main></html>"""
