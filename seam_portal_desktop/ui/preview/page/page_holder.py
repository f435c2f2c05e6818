"""The pages of one preview: the shown one, one made beforehand, and those that are ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.address import InvalidLinkError
from seam_portal_desktop.ui.preview.network.page_network import PageNetworkError
from seam_portal_desktop.ui.preview.page.target import PreviewOptions

if TYPE_CHECKING:
    from seam_portal_desktop.domain.secret import Secret
    from seam_portal_desktop.ui.preview.page.page_session import PageSession

# A user may need this long to fill in a form. The page's process uses some 20 MB meanwhile.
_KEEP_PREPARED_MS = 600_000
_ENGINE_REST_MS = 2_000


class PageHolder:
    """Makes the PageSessions of one preview and ends each of them.

    `on_ending` is called with the widget of a page that is about to be deleted.
    """

    def __init__(
        self, options: PreviewOptions, parent: QWidget, on_ending: Callable[[QWidget], None]
    ) -> None:
        self._options = options
        self._parent = parent
        self._on_ending = on_ending
        self.session: PageSession | None = None
        self._prepared: PageSession | None = None
        self._ending: list[PageSession] = []
        self._expiry = QTimer(parent, singleShot=True, interval=_KEEP_PREPARED_MS)
        self._expiry.timeout.connect(self._drop_prepared)

    def prepare(self) -> None:
        """Make the next page's profile, view and process now. It has no link and loads nothing."""
        if self._prepared is None:
            try:
                self._options.network.start()
            except PageNetworkError:  # `start_session` raises it again
                return
            self._prepared = self._new_session(embedded=False)
            self._prepared.web.start_process()
        self._expiry.start()

    def start_session(
        self, url: Secret, accept_language: str | None, *, embedded: bool
    ) -> PageSession:
        """Make `session`, for `url`. Raises InvalidLinkError and PageNetworkError."""
        self._options.network.start()  # it may have ended since the prepared page was made
        session = None
        if not embedded:
            session, self._prepared = self._prepared, None
        session = session or self._new_session(embedded=embedded)
        try:
            session.set_link(url, accept_language)
        except InvalidLinkError:
            session.end()
            raise
        self.session = session
        return session

    def end_session(self) -> None:
        """Hide `session` and end its process. Its page and profile are deleted later.

        Deleting a page with thousands of pending requests or messages would block the window for
        half a second. When its process has ended, they end one by one.
        """
        session, self.session = self.session, None
        if session is not None:
            session.deactivate()
            self._ending.append(session)
            QTimer.singleShot(_ENGINE_REST_MS, self._parent, lambda: self._end(session))

    def shutdown(self) -> None:
        """End all pages now; their profiles wait for `ProfileRemover`. Idempotent."""
        self.end_session()
        for session in list(self._ending):
            self._end(session)
        self._drop_prepared()

    def _new_session(self, *, embedded: bool) -> PageSession:
        """After the start of the network."""
        # Imported on first use: it costs as much as the rest of the window.
        from seam_portal_desktop.ui.preview.page.page_session import PageSession

        return PageSession(self._options, self._parent, embedded=embedded)

    def _end(self, session: PageSession) -> None:
        if session in self._ending:
            self._ending.remove(session)
            self._on_ending(session.web.widget)
            session.end()

    def _drop_prepared(self) -> None:
        session, self._prepared = self._prepared, None
        self._expiry.stop()
        if session is not None:
            session.end()
