"""One page together with its emulation, its developer tools, its pictures and its PDF."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QLocale, QMarginsF, QObject, QTimer, Signal
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.emulation.developer_tools import DeveloperTools
from seam_portal_desktop.ui.preview.emulation.emulation import (
    Emulation,
    needs_emulation,
    set_user_agent,
)
from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector
from seam_portal_desktop.ui.preview.emulation.settings import Agent, EmulationSettings
from seam_portal_desktop.ui.preview.page.capture import PageCapture
from seam_portal_desktop.ui.preview.page.embedded_page import EmbeddedView
from seam_portal_desktop.ui.preview.page.picture_file import PictureFile
from seam_portal_desktop.ui.preview.page.target import PreviewOptions
from seam_portal_desktop.ui.preview.page.web_page import PortalWebView

_PRINT_MS = 30_000

_ZOOM_NOISE = 0.005  # the engine keeps its zoom as a logarithm


class PageSession(QObject):
    """Applies the emulation settings to the page of `web`, and then loads the link.

    It applies later changes of the settings too. It can be made before the link is known.
    `emulation_unavailable` comes if this engine accepts no emulation commands. Then the page is
    only scaled, and sees this machine's screen and mouse.
    """

    emulation_unavailable = Signal()
    zoom_requested = Signal(bool)  # by the mouse wheel on the page: in, or out

    def __init__(self, options: PreviewOptions, parent: QWidget, *, embedded: bool) -> None:
        super().__init__(parent)
        self.web: PortalWebView = (EmbeddedView if embedded else PortalWebView)(options, parent)
        self._settings = EmulationSettings()
        self._scale = 1.0
        self._emulation: Emulation | None = None
        self._inspectors: list[PageInspector] = []
        self._captures: list[PageCapture] = []
        self._printing: list[Callable[[bytes], None]] = []
        self._tools: DeveloperTools | None = None
        self._cannot_emulate = False
        self._next: Callable[[], None] | None = None
        self.web.loading_changed.connect(self._apply_zoom)
        self.web.page.zoomFactorChanged.connect(self._on_engine_zoomed)

    def set_link(self, url: Secret, accept_language: str | None) -> None:
        """Set what `open` loads. Raises InvalidLinkError for what must not be opened here."""
        self.web.set_link(url, accept_language)

    def open(self, settings: EmulationSettings, scale: float) -> None:
        """Load the link. `scale` is the size of a CSS pixel on the screen."""
        self._settings = settings
        self._scale = scale
        if isinstance(self.web, EmbeddedView):
            self.web.size = settings.frame
        if settings.agent is not Agent.ENGINE:
            set_user_agent(self.web.page, settings)
        self._run_when_applied(self.web.load)

    def set_emulation(self, settings: EmulationSettings) -> None:
        """Change what the page sees. The page is reloaded if the user agent changes.

        `embedded` can't be changed here: that needs another session.
        """
        if settings == self._settings:
            return
        before, self._settings = self._settings, settings
        if settings.frame != before.frame and isinstance(self.web, EmbeddedView):
            self.web.set_frame_size(settings.frame)
        if settings.agent is before.agent:
            self._apply()
            return
        set_user_agent(self.web.page, settings)
        self._run_when_applied(self.web.reload if self.web.is_rendered else self.web.load)

    def set_scale(self, scale: float) -> None:
        if scale != self._scale:
            self._scale = scale
            self._apply()

    def open_tools(self, title: str) -> None:
        """Open the developer tools for this page, or bring their window to the front."""
        if self._tools is None:
            self._drop_emulation()
            self._tools = DeveloperTools(title)
            self._tools.closed.connect(self._close_tools)
            # The tools first set their own light or dark and then their title. So ours comes after.
            self._tools.front_end.titleChanged.connect(self._apply)
            self._apply()
        self._tools.show()
        self._tools.raise_()

    def stop(self) -> bool:
        """Stop loading. False if the load hadn't begun; then it won't begin."""
        if self._next is not None:
            self._next = None
            return False
        self.web.stop()
        return True

    def take_picture(self, on_answer: Callable[[PictureFile | None], None]) -> None:
        """Take a picture of the whole page. `on_answer` gets None if that can't be done.

        It can't be done while the developer tools are open, because then they get the engine's
        answers.
        """
        if self._tools is not None:
            on_answer(None)
            return
        page, device = self.web.page, self._settings.device
        if self._emulation is not None:
            inspector = self._emulation.inspector
        else:
            inspector = PageInspector(page, self)
            self._inspectors.append(inspector)
        ratio = device.pixel_ratio if device is not None and not self._cannot_emulate else 0
        capture = PageCapture(inspector, ratio or self.web.widget.devicePixelRatioF(), self)

        def finish(picture: PictureFile | None) -> None:
            self._captures.remove(capture)
            capture.deleteLater()
            # The engine may still be inside its call.
            QTimer.singleShot(0, self, self._end_inspectors)
            on_answer(picture)

        self._captures.append(capture)
        capture.finished.connect(finish)

    def print_document(self, on_answer: Callable[[bytes], None]) -> None:
        """Print the page as a PDF in the user's paper size: A4 or Letter.

        `on_answer` gets no bytes if that can't be done. There is a time limit, because the engine
        never answers for a page that hangs or ends.
        """
        self._printing.append(on_answer)

        def finish(content: bytes) -> None:
            if on_answer in self._printing:
                self._printing.remove(on_answer)
                on_answer(content)

        metric = QLocale().measurementSystem() is QLocale.MeasurementSystem.MetricSystem
        size = QPageSize.PageSizeId.A4 if metric else QPageSize.PageSizeId.Letter
        layout = QPageLayout(
            QPageSize(size), QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Point
        )

        def print_answering(_answer: object) -> None:
            if shiboken6.isValid(self) and on_answer in self._printing:
                page = self.web.page
                page.printToPdf(lambda pdf: finish(bytes(pdf.data())), layout)

        QTimer.singleShot(_PRINT_MS, self, lambda: finish(b""))
        # Print only if the page answers. The process sometimes ended when a page that hung was
        # deleted before its PDF was finished (seen with Qt 6.11.3).
        self.web.ask("1", print_answering)

    def deactivate(self) -> None:
        """Block the page's signals, hide it and end its process. Call `end` some time later."""
        self._next = None
        self._end_answers()
        self.web.deactivate()

    def end(self) -> None:
        """End emulation, view, page and profile, in the order that the engine needs."""
        self._next = None
        self._end_answers()
        self._end_inspectors()
        self._drop_emulation()
        if self._tools is not None:
            self._tools.end()
        self.web.destroy()
        if shiboken6.isValid(self.web):
            self.web.deleteLater()
        self.deleteLater()

    def _run_when_applied(self, action: Callable[[], None]) -> None:
        """Apply the settings to the page, then call `action`."""
        self._next = action
        self._apply()
        if self._emulation is None:
            self._run_next()

    def _apply(self) -> None:
        self._apply_zoom()
        if self._cannot_emulate:
            return
        if not needs_emulation(self._settings) and self._tools is None:
            self._drop_emulation()
            return
        if self._emulation is None:
            tools = self._tools.front_end if self._tools is not None else None
            self._emulation = Emulation(self.web.page, self, tools)
            self._emulation.applied.connect(self._on_applied)
            self._emulation.unavailable.connect(self._on_unavailable)
        self._emulation.apply(self._settings, self._scale)

    def _apply_zoom(self) -> None:
        """Set the zoom again, because the engine forgets it when the page goes to another host."""
        if shiboken6.isValid(self.web.widget):
            self.web.widget.setZoomFactor(self._wanted_zoom())

    def _wanted_zoom(self) -> float:
        by_engine = self._settings.device is not None and not self._cannot_emulate
        return 1.0 if by_engine else self._scale

    def _on_engine_zoomed(self, factor: float) -> None:
        """Undo the engine's own zoom (Ctrl and the mouse wheel), and request ours."""
        excess = factor - self._wanted_zoom()
        if abs(excess) > _ZOOM_NOISE:
            self.zoom_requested.emit(excess > 0)
            # The engine is still inside its call.
            QTimer.singleShot(0, self, self._apply_zoom)

    def _on_applied(self) -> None:
        if self._settings.device is None:
            # Without a device, the page keeps the device's size until its view is resized (seen
            # with Qt 6.11.3).
            geometry = self.web.widget.geometry()
            self.web.widget.setGeometry(geometry.adjusted(0, 0, 0, 1))
            self.web.widget.setGeometry(geometry)
        self._run_next()

    def _run_next(self) -> None:
        action, self._next = self._next, None
        if action is not None:
            action()

    def _on_unavailable(self) -> None:
        self._cannot_emulate = True
        self.emulation_unavailable.emit()
        # The engine is still inside its call.
        QTimer.singleShot(0, self, self._drop_emulation)
        self._apply_zoom()
        self._run_next()

    def _end_answers(self) -> None:
        while self._printing:
            self._printing.pop()(b"")
        while self._captures:
            self._captures[-1].cancel()

    def _end_inspectors(self) -> None:
        while self._inspectors:
            self._inspectors.pop().end()

    def _close_tools(self) -> None:
        self._drop_emulation()
        tools, self._tools = self._tools, None
        if tools is not None:
            tools.end()
        self._apply()

    def _drop_emulation(self) -> None:
        emulation, self._emulation = self._emulation, None
        if emulation is not None:
            emulation.end()
            emulation.deleteLater()
