"""The page as a whole."""

from __future__ import annotations

from html import escape

from seam_portal_desktop.sandbox.portal_page.places import places_of
from seam_portal_desktop.sandbox.portal_page.view import PortalView


def render_portal(view: PortalView) -> str:
    """A complete HTML document."""
    items = "".join(f"<li>{escape(place.name)}</li>" for place in places_of(view.resources))
    title = escape(f"{view.customer} – {view.workspace_name}")
    return (
        f'<!doctype html><html lang="{view.display_locale}" data-portal-ready="true"><head>'
        f'<meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{escape(view.customer)}</h1><ul>{items}</ul></body></html>"
    )
