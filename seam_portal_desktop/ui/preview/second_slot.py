"""The pane's second place, as a surface of its own."""

from __future__ import annotations

from collections.abc import Callable

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.pane import PreviewMessage, PreviewPane


class SurfaceBeside:
    """The second screen is opened once there is a page for it, and not for a message alone: that
    one is said through `tell`.

    ``is_closing`` is True while the screen is closed from here, and not by the user.
    """

    def __init__(self, pane: PreviewPane, tell: Callable[[UserFacingError], None]) -> None:
        self._pane = pane
        self._tell = tell
        self.is_closing = False

    def show_portal(self, target: PreviewTarget) -> None:
        self._pane.show_second(target)

    def show_message(self, kind: PreviewMessage, *, portal_id: str = "", text: str = "") -> None:
        if self._pane.second is not None:
            self._pane.second.show_message(kind, portal_id=portal_id, text=text)
        elif text:
            self._tell(UserFacingError("The portal beside it can’t be shown.", text))

    def show_safe_failure(
        self,
        error: UserFacingError,
        portal_id: str,
        *,
        can_retry: bool,
        live_refusal: str | None = None,
    ) -> None:
        if self._pane.second is None:
            self._tell(error)
            return
        self._pane.second.show_safe_failure(
            error, portal_id, can_retry=can_retry, live_refusal=live_refusal
        )

    def close(self) -> None:
        """End the second page."""
        self.is_closing = True
        try:
            self._pane.show_second(None)
        finally:
            self.is_closing = False
