"""The composition root: the only place that sees both the windows and the adapters."""

from __future__ import annotations

from seam_portal_desktop.bootstrap.program import RESTART, start

__all__ = ["RESTART", "start"]
