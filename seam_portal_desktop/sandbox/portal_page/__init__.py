"""The Customer Portal page of the sandbox. It is drawn from a PageData."""

from __future__ import annotations

from pathlib import Path

from seam_portal_desktop.sandbox.portal_page.actions import (
    ActionRefusedError,
    Effects,
    perform_action,
)
from seam_portal_desktop.sandbox.portal_page.data import LOCALES, PageData
from seam_portal_desktop.sandbox.portal_page.error_page import render_error
from seam_portal_desktop.sandbox.portal_page.page import render_portal

STATIC_DIR = Path(__file__).parent / "static"
"""Style sheets and scripts. The server offers them at PageData.static_path."""

__all__ = [
    "LOCALES",
    "STATIC_DIR",
    "ActionRefusedError",
    "Effects",
    "PageData",
    "perform_action",
    "render_error",
    "render_portal",
]
