"""The composition root: the only package that imports both `ui` and `adapters`."""

from __future__ import annotations

from seam_portal_desktop.bootstrap.program import RESTART, start

__all__ = ["RESTART", "start"]
