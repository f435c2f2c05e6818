"""The Customer Portal page that the sandbox hosts, drawn from plain data."""

from __future__ import annotations

from pathlib import Path

from seam_portal_desktop.sandbox.portal_page.actions import (
    ActionRefusedError,
    Effects,
    perform_action,
)
from seam_portal_desktop.sandbox.portal_page.devices import Device, devices_for
from seam_portal_desktop.sandbox.portal_page.error_page import render_error
from seam_portal_desktop.sandbox.portal_page.page import render_portal
from seam_portal_desktop.sandbox.portal_page.view import LOCALES, PortalView

STATIC_DIR = Path(__file__).parent / "static"
"""To be served at PortalView.static_path: style sheets and scripts, nothing secret."""

__all__ = [
    "LOCALES",
    "STATIC_DIR",
    "ActionRefusedError",
    "Device",
    "Effects",
    "PortalView",
    "devices_for",
    "perform_action",
    "render_error",
    "render_portal",
]
