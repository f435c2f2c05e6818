"""What the engine would show outside of a page, in widgets of this program, for that page."""

from __future__ import annotations

from html import escape

import shiboken6
from PySide6.QtCore import QChildEvent, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDrag
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QColorDialog, QDialog, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.shown_text import shown_text

_LONGEST_TOOLTIP = 300
_NO_NATIVE_DIALOGS = Qt.ApplicationAttribute.AA_DontUseNativeDialogs


class ViewGuard(QObject):
    """Refuses dialogs and drags that the engine starts for `page`, and bounds its lists of choices
    and its tooltips.

    The engine has no signal for them. It makes a dialog, a drag and a list as a child of the page's
    view, and sets the view's tooltip. The view tells its event filters of all four. A page can't
    avoid that, whichever of its frames asks.
    """

    def __init__(self, view: QWebEngineView, page: PreviewWebPage) -> None:
        super().__init__(view)
        self._view = view
        self._page = page
        self._tooltip = ""
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.ToolTipChange:
            self._cut_tooltip()
        elif kind is QEvent.Type.ChildAdded and isinstance(event, QChildEvent):
            self._on_child_added(event.child())
        elif kind is QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            child = event.child()
            if isinstance(child, QDialog):
                self._refuse_dialog(child)
            elif isinstance(child, QWidget) and child.isWindow():
                # A list of choices is as wide as its longest text. Painting one of millions of
                # pixels ends the program.
                child.setMaximumSize(self._view.screen().availableSize())
        return super().eventFilter(watched, event)

    def _cut_tooltip(self) -> None:
        text = self._view.toolTip()
        if text and text != self._tooltip:
            # As HTML, so that Qt breaks its lines and takes nothing in it for HTML.
            self._tooltip = f"<p>{escape(shown_text(text, _LONGEST_TOOLTIP))}</p>"
            self._view.setToolTip(self._tooltip)

    def _on_child_added(self, child: QObject) -> None:
        # The child's constructor has just begun. Only its kind is known.
        if child.isWidgetType():
            # A dialog of the desktop itself would never be a widget here. It would be made after
            # this event and before the next.
            QCoreApplication.setAttribute(_NO_NATIVE_DIALOGS, True)  # noqa: FBT003
            QTimer.singleShot(0, self, _allow_native_dialogs)
        else:
            QTimer.singleShot(0, self, self._refuse_drag)

    def _refuse_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        is_color = isinstance(dialog, QColorDialog)
        # The engine is about to show it.
        QTimer.singleShot(0, dialog, dialog.reject)
        self._page.notify_asked(_("you to choose a colour") if is_color else _("you something"))

    def _refuse_drag(self) -> None:
        # A drag hands data of the page to another program. It runs until the button is released.
        # It is the only child of the view that isn't a widget.
        if not shiboken6.isValid(self._page):
            return
        if self._view.findChildren(QDrag):
            QDrag.cancel()
        self._page.notify_asked(_("to let you drag something out of it"))


def _allow_native_dialogs() -> None:
    QCoreApplication.setAttribute(_NO_NATIVE_DIALOGS, False)  # noqa: FBT003
