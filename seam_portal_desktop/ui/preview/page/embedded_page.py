"""A portal inside another page's frame, as a customer's company embeds it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineFrame,
    QWebEnginePage,
    QWebEngineScript,
    QWebEngineSettings,
)
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from seam_portal_desktop.ui.preview.page.host_page import (
    FRAME_ID,
    HOST_ADDRESS,
    FrameSize,
    host_page,
)
from seam_portal_desktop.ui.preview.page.load_failure import FailureKind, LoadFailure, classify_http
from seam_portal_desktop.ui.preview.page.web_page import PortalWebView
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.security.certificates import Authorities
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import encoded

# Asked in the frame, in a script world of our own: also whether the engine has put its error page
# in place of the portal, at an address that no page can have.
_FRAME_STATE = """JSON.stringify([performance.timeOrigin,
    performance.getEntriesByName('first-contentful-paint').length,
    location.protocol === 'chrome-error:',
    (performance.getEntriesByType('navigation')[0] || {}).responseStatus || 0])"""

# Words of the engine's own complaint; only believed when the frame holds its error page.
_REFUSALS = ("frame-ancestors", "X-Frame-Options")
_ERROR_STATUS = 400
_ASK_SLOWEST_MS = 250


class _HostPage(PreviewWebPage):
    """Goes nowhere but to what `place` puts here; in the frame a portal's own rules hold."""

    def __init__(self, *what: Any, **more: Any) -> None:  # noqa: ANN401 - PortalPage's
        super().__init__(*what, **more)
        self.refusal = ""
        self._placing = False
        # Without an error page there is no document to complain about X-Frame-Options. Nobody
        # sees it: the screen is covered at once.
        self.settings().setAttribute(QWebEngineSettings.WebAttribute.ErrorPageEnabled, True)  # noqa: FBT003

    def place(self, html: str) -> None:
        self.refusal = ""
        self._placing = True
        self.setHtml(html, QUrl(HOST_ADDRESS))

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002 - Qt's name
        isMainFrame: bool,  # noqa: FBT001, N803 - Qt's name
    ) -> bool:
        if isMainFrame and self._placing:
            self._placing = False
            return True
        return super().acceptNavigationRequest(url, type, isMainFrame)

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        lineNumber: int,  # noqa: N803 - Qt's name
        sourceID: str,  # noqa: N803 - Qt's name
    ) -> None:
        if level is QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel:
            self.refusal = next((word for word in _REFUSALS if word in message), self.refusal)
        super().javaScriptConsoleMessage(level, message, lineNumber, sourceID)


class EmbeddedView(PortalWebView):
    """As `PortalView`, with a host page of our own around the portal, made without a request.

    What is loading, painted or failed is the portal in the frame, not the host page.
    """

    _page: _HostPage
    _page_type = _HostPage
    is_embedded = True

    def __init__(
        self,
        url: Secret,
        size: FrameSize,
        *,
        slow_after: timedelta,
        accept_language: str | None,
        limits: PageLimits,
        authorities: Authorities,
        parent: QWidget,
    ) -> None:
        self._size = size
        super().__init__(
            url,
            slow_after=slow_after,
            accept_language=accept_language,
            limits=limits,
            authorities=authorities,
            parent=parent,
        )
        script = QWebEngineScript()
        script.setSourceCode(
            f"document.getElementById({json.dumps(FRAME_ID)}).src = {json.dumps(url.reveal())};"
        )
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentReady)
        script.setWorldId(QWebEngineScript.ScriptWorldId.ApplicationWorld.value)
        self._page.scripts().insert(script)

    def load(self) -> None:
        self._begin()
        self._page.place(host_page(self._size))

    def reload(self) -> None:
        self.load()

    def set_frame_size(self, size: FrameSize) -> None:
        """Change the frame where it stands."""
        self._size = size
        width = "100%" if size.width is None else str(size.width)
        self._page.runJavaScript(
            f"Object.assign(document.getElementById({json.dumps(FRAME_ID)}),"
            f" {{width: {json.dumps(width)}, height: {json.dumps(str(size.height))}}});",
            QWebEngineScript.ScriptWorldId.ApplicationWorld.value,
        )

    def _follow_address(self, url: QUrl) -> None:
        """The address is the portal's, which the screen knows; the host page has none."""

    def _ask_for_paint(self) -> None:
        if not self._alive or self._settled:
            return
        # A frame that goes elsewhere takes the question with it and never answers: ask again.
        self._paint_timer.start(min(self._paint_timer.interval() * 6 // 5, _ASK_SLOWEST_MS))
        frame = self._frame()
        if frame is None:
            return
        world = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
        frame.runJavaScript(_FRAME_STATE, world, self._hear_of_frame)

    def _hear_of_frame(self, answer: object) -> None:
        if not self._alive or self._settled:
            return
        document, paints, broken, status = (
            json.loads(answer) if isinstance(answer, str) and answer else (0, 0, False, 0)
        )
        if broken and self._loaded:
            self._fail(self._refusal())
        elif status >= _ERROR_STATUS:
            self._fail(classify_http(status, at_home=True))
        else:
            self._on_paint_answer(json.dumps([document, paints]))
            frame = self._frame()
            masked = mask_address(encoded(frame.url())) if self._is_painted and frame else None
            if masked is not None:
                self.address_changed.emit(masked)

    def _refusal(self) -> LoadFailure:
        if self._page.refusal:
            return LoadFailure(FailureKind.FRAMING, f"Refused by {self._page.refusal}")
        return LoadFailure(FailureKind.NOT_IN_FRAME)

    def _frame(self) -> QWebEngineFrame | None:
        return next(iter(self._page.mainFrame().children()), None)
