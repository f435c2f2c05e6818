"""The pictures that the sandbox serves itself: customers' logos and providers' marks."""

from __future__ import annotations

from html import escape

from seam_portal_desktop.sandbox.providers import DISPLAY_NAMES

_INKS = ("#0f766e", "#1d4ed8", "#7c3aed", "#be123c", "#b45309", "#15803d", "#334155")

LOGOS = {
    "casa-verde": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        '<rect width="48" height="48" rx="12" fill="#1f6f4a"/>'
        '<path d="M12 26 24 14l12 12v10H12z" fill="#f4efe3"/>'
        '<path d="M24 36c0-8 3-12 9-13 0 7-3 12-9 13z" fill="#7cb98b"/></svg>'
    ),
    "harbor-hotel": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        '<rect width="48" height="48" rx="24" fill="#12304f"/>'
        '<path d="M24 9l11 24H13z" fill="#f2c14e"/>'
        '<path d="M8 35c4 0 4 3 8 3s4-3 8-3 4 3 8 3 4-3 8-3" fill="none" stroke="#e8eef5"'
        ' stroke-width="2.5" stroke-linecap="round"/></svg>'
    ),
    "pulse-gyms": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        '<rect width="48" height="48" rx="10" fill="#b3124b"/>'
        '<path d="M7 25h9l4-11 8 21 5-13 2 3h6" fill="none" stroke="#fff" stroke-width="3.5"'
        ' stroke-linejoin="round" stroke-linecap="round"/></svg>'
    ),
}


def provider_mark(name: str) -> str | None:
    """A provider's initial on a colour of its own as an SVG document; None for no provider."""
    display_name = DISPLAY_NAMES.get(name)
    if display_name is None:
        return None
    ink = _INKS[sum(map(ord, name)) % len(_INKS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img">'
        f'<rect width="48" height="48" rx="12" fill="{ink}"/>'
        '<text x="24" y="32" text-anchor="middle" font-family="system-ui, sans-serif"'
        f' font-size="24" font-weight="600" fill="#fff">{escape(display_name[0].upper())}</text>'
        "</svg>"
    )
