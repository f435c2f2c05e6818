"""What the program remembers. Read before there is a window, so it imports little."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from seam_portal_desktop.domain.workspace import WorkspaceConnection


@dataclass(slots=True)
class PreferencesData:
    """Everything the program remembers that is neither secret nor a portal.

    ``window`` holds opaque view state (geometry, columns, splitters) as base64 text by name.
    """

    connections: list[WorkspaceConnection] = field(default_factory=list)
    current_connection_id: str | None = None
    window: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
