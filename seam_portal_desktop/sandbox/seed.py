"""The demo's customers, as if they had used the service for a while."""

from __future__ import annotations

from datetime import datetime

from seam_portal_desktop.sandbox.state import SandboxState


def seed(state: SandboxState, now: datetime) -> None:
    """Fill an empty state; every time in it is relative to `now`."""
    state.push_data({"customer_key": "harbor-hotel"}, at=now)
