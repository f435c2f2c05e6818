"""Settings that last from run to run. Read before there is a window, so it imports little."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from seam_portal_desktop.domain.workspace import WorkspaceConnection


@dataclass(slots=True)
class PreferencesData:
    """The contents of the preferences' file, which has no secrets and no portals.

    ``window`` holds opaque view state (geometry, columns, splitters) as base64 text by name.
    """

    connections: list[WorkspaceConnection] = field(default_factory=list)
    current_connection_id: str | None = None
    window: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


class GraphicsChoice(Protocol):
    """Whether the program draws with the graphics card or in software."""

    @property
    def wants_software(self) -> bool:
        """Whether this run should draw without the graphics card."""
        ...

    def check_last_start(self) -> bool:
        """Whether the last run ended while its graphics were set up. Then software is chosen.

        Only the one running instance may call it, before `begin_start`.
        """
        ...

    def remember(self, *, software: bool) -> None:
        """Choose for the next run."""
        ...

    def begin_start(self) -> None:
        """The set-up of graphics begins. It may end the process without an error."""
        ...

    def end_start(self) -> None:
        """The set-up succeeded, or the program ends as it should."""
        ...
