"""A portal in the frame of another page, as a customer's company embeds it."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineScript,
    QWebEngineSettings,
)

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure, classify_http
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.host_page import (
    FRAME_ID,
    HOST_ADDRESS,
    FrameSize,
    host_page,
)
from seam_portal_desktop.ui.preview.page.paint_detector import WORLD, PaintDetector
from seam_portal_desktop.ui.preview.page.web_page import PortalWebView
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import encoded

# Runs in the frame, in our own script world. The third value says whether the frame shows the
# engine's error page in place of the portal. No page can have that scheme.
_FRAME_STATE = """JSON.stringify([performance.timeOrigin,
    performance.getEntriesByName('first-contentful-paint').length,
    location.protocol === 'chrome-error:',
    (performance.getEntriesByType('navigation')[0] || {}).responseStatus || 0])"""

# Words in the engine's console message. They count only if the frame shows the engine's error page,
# because the page itself can write them too.
_REFUSALS = ("frame-ancestors", "X-Frame-Options")
_ERROR_STATUS = 400


class _HostPage(PreviewWebPage):
    """Accepts the HTML of `show_html`. The portal's rules decide about every other navigation."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - PreviewWebPage's
        super().__init__(*arguments, **options)
        self.refusal = ""
        self._is_showing_html = False
        # The engine reports X-Frame-Options only if it shows its error page. The user doesn't see
        # that page: it is covered at once.
        self.settings().setAttribute(QWebEngineSettings.WebAttribute.ErrorPageEnabled, True)  # noqa: FBT003

    def show_html(self, html: str) -> None:
        self.refusal = ""
        self._is_showing_html = True
        self.setHtml(html, QUrl(HOST_ADDRESS))

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002 - Qt's name
        isMainFrame: bool,  # noqa: FBT001, N803 - Qt's name
    ) -> bool:
        if isMainFrame and self._is_showing_html:
            self._is_showing_html = False
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


class _FramePaintDetector(PaintDetector):
    """Asks the document in the page's first frame."""

    answered = Signal(bool, int)  # the engine's error page is in the frame; the HTTP status or 0

    def check(self) -> None:
        # If the frame navigates, the answer never comes. So the next check is planned first.
        self._ask_later()
        frame = next(iter(self._page.mainFrame().children()), None)
        if self._is_running and frame is not None:
            frame.runJavaScript(_FRAME_STATE, WORLD, self._on_answer)

    def _on_answer(self, answer: object) -> None:
        if not self._is_running:
            return
        document, paints, is_error_page, status = (
            json.loads(answer) if isinstance(answer, str) and answer else (0, 0, False, 0)
        )
        self.answered.emit(is_error_page, status)
        if self._is_running:
            self._judge(document, painted=bool(paints))


class EmbeddedView(PortalWebView):
    """A `PortalWebView` that shows the portal in a frame of our own host page.

    The host page needs no request. The signals `painted`, `rendered` and `failed` are about the
    portal in the frame, not about the host page. `size` is the frame's.
    """

    _page: _HostPage
    _page_type = _HostPage
    is_embedded = True
    size = FrameSize()

    def _make_paint_detector(self) -> PaintDetector:
        detector = _FramePaintDetector(self._page, self)
        detector.answered.connect(self._on_frame_answer)
        return detector

    def set_link(self, url: Secret, accept_language: str | None) -> None:
        super().set_link(url, accept_language)
        link = json.dumps(self._url.reveal())
        script = QWebEngineScript()
        script.setSourceCode(f"document.getElementById({json.dumps(FRAME_ID)}).src = {link};")
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentReady)
        script.setWorldId(WORLD)
        self._page.scripts().insert(script)

    def load(self) -> None:
        self._begin()
        self._page.show_html(host_page(self.size))

    def reload(self) -> None:
        self.load()

    def set_frame_size(self, size: FrameSize) -> None:
        """Resize the frame of the loaded page."""
        self.size = size
        width = "100%" if size.width is None else str(size.width)
        self._page.runJavaScript(
            f"Object.assign(document.getElementById({json.dumps(FRAME_ID)}),"
            f" {{width: {json.dumps(width)}, height: {json.dumps(str(size.height))}}});",
            WORLD,
        )

    def _on_url_changed(self, url: QUrl) -> None:
        """Do nothing: the page's URL is the host page's, and the portal's is known already."""

    def _on_frame_answer(self, is_error_page: bool, status: int) -> None:  # noqa: FBT001 - a signal's argument
        if is_error_page and self._loaded:
            refusal = self._page.refusal
            kind = FailureKind.FRAMING if refusal else FailureKind.NOT_IN_FRAME
            self._fail(
                LoadFailure(
                    kind, _("Refused by {refusal}").format(refusal=refusal) if refusal else ""
                )
            )
        elif status >= _ERROR_STATUS:
            self._fail(classify_http(status, at_home=True))

    def _on_paint_found(self) -> None:
        frame = next(iter(self._page.mainFrame().children()), None)
        masked = mask_address(encoded(frame.url())) if frame is not None else None
        if masked is not None:
            self.address_changed.emit(masked)
        super()._on_paint_found()
