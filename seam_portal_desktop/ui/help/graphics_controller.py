"""Switches between the graphics card and software rendering, also after a failure."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal

from seam_portal_desktop.domain.preferences import GraphicsChoice
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.view.states import PreviewMessage
from seam_portal_desktop.ui.shell.banner import Banner
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.theme import Tone

_DIED = _(
    "The program ended last time while the preview was starting. This computer’s graphics may be "
    "the reason, so the preview is now drawn without the graphics card."
)
_FAILED = _(
    "This computer’s graphics can’t draw the preview. After a restart it is drawn without the "
    "graphics card."
)
_NO_PAGE = _(
    "This computer’s graphics failed. Restart the program, or open the link in the browser."
)
_WITHOUT = _("The preview is drawn without the graphics card after a restart.")
_WITH = _("The preview is drawn with the graphics card after a restart.")


class GraphicsFailure(QObject):
    """Passes a failure of the graphics, which any thread may report, to the window's thread."""

    happened = Signal()

    _reported = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reported.connect(self.happened, Qt.ConnectionType.QueuedConnection)

    def report(self) -> None:
        """Call it on any thread."""
        self._reported.emit()


class GraphicsController(QObject):
    """`is_software`: this run draws without the graphics card. `died`: the last run crashed while
    the preview was starting. `fixed` is what the policy wants from the next run on."""

    def __init__(
        self,
        window: MainWindow,
        choice: GraphicsChoice,
        failure: GraphicsFailure,
        restart: Callable[[], None],
        *,
        is_software: bool,
        died: bool,
        fixed: bool | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._choice = choice
        self._restart = restart
        self._is_software = is_software
        self._banner: Banner | None = None
        self._action = window.actions_.software_rendering
        self._action.setChecked(is_software)
        self._action.toggled.connect(self._choose)
        self._action.setEnabled(fixed is None)
        if fixed:
            choice.remember(software=True)
        if not is_software:
            engine = window.preview.engine
            engine.starting.connect(choice.begin_start)
            engine.proven.connect(choice.end_start)
            failure.happened.connect(self._use_software)
        if died:
            again = _("Use the graphics card again")
            self._show_banner(_DIED, Tone.INFO, again, lambda: self._action.setChecked(False))

    def _use_software(self) -> None:
        """Choose software rendering for the next run, once."""
        if self._action.isChecked():
            return
        self._choice.remember(software=True)
        with QSignalBlocker(self._action):
            self._action.setChecked(True)
        self._show_banner(_FAILED, Tone.WARNING, _("Restart now"), self._restart)
        self._window.preview.show_message(PreviewMessage.UNAVAILABLE, text=_NO_PAGE)
        # At once: while a page is alive the engine tries to draw it, and then ends the program.
        self._window.preview.shutdown()

    def _choose(self, software: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._choice.remember(software=software)
        if software == self._is_software:
            self._close_banner()
        else:
            text = _WITHOUT if software else _WITH
            self._show_banner(text, Tone.INFO, _("Restart now"), self._restart)

    def _show_banner(
        self, text: str, tone: Tone, button: str, on_click: Callable[[], None]
    ) -> None:
        self._close_banner()
        window = self._window
        banner = Banner(
            window.theme,
            window.icons,
            text=text,
            icon="monitor-x" if tone is Tone.WARNING else "monitor",
            tone=tone,
            button=button,
            closable=True,
        )
        banner.button.clicked.connect(lambda _: on_click())
        window.banners.addWidget(banner)
        self._banner = banner

    def _close_banner(self) -> None:
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
