"""Keeps previewed pages from changing the clipboard.

The engine lets a page write for five seconds after each click (`execCommand`, and the data of a
copy event), and has no setting against it. It writes inside this process, through Qt. So each
change is judged when Qt announces it. On X11 no program can have read it by then. On Windows and
macOS a clipboard manager may have.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.labels import copy_text, is_own_copy, own_copy

_PUT_BACK = _("A page changed the clipboard. The preview put back what you had copied.")
_EMPTIED = _("A page changed the clipboard. The preview emptied it.")

_COPIED_LETTERS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\xa0": " "})
"""What a label copies in place of some letters of its selected text."""


class ClipboardGuard(QObject):
    """Undoes each change of the clipboard by a page, while `has_page` is true.

    What this program copied is put back. What another program copied is gone: reading it before
    each click could block the window. Then the clipboard is emptied. `notice` comes once until
    `reset`. X11's selection is emptied without a notice, also after the user's own selecting.

    A change is the program's own if its data are marked (`own_copy`), or if they are what the
    focused field copies. Qt's fields mark nothing.
    """

    notice = Signal(str)

    def __init__(self, has_page: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._has_page = has_page
        self._clipboard = QGuiApplication.clipboard()
        self._kept: QMimeData | None = None
        self._has_notified = False
        self._clipboard.dataChanged.connect(self._on_data_changed)
        self._clipboard.selectionChanged.connect(self._on_selection_changed)
        if self._owns_data():
            self._keep(self._clipboard.mimeData())

    def reset(self) -> None:
        """Another page is about to be opened: it may cause a notice of its own."""
        self._has_notified = False

    def _on_data_changed(self) -> None:
        if not self._owns_data():
            self._kept = None  # another program's
            return
        data = self._clipboard.mimeData()
        if not self._is_by_page(data):
            self._keep(data)
        elif self._kept is None:
            self._clipboard.clear()
            self._notify(_EMPTIED)
        else:
            is_changed = data.text() != self._kept.text()
            self._clipboard.setMimeData(_copy_of(self._kept))
            if is_changed:  # else the engine cut what `CopyKeys` had just copied
                self._notify(_PUT_BACK)

    def _is_by_page(self, data: QMimeData | None) -> bool:
        if not data or not data.formats() or is_own_copy(data) or not self._has_page():
            return False
        return data.text() != _selected_text()

    def _on_selection_changed(self) -> None:
        if not self._has_page() or not self._clipboard.ownsSelection():
            return
        text = self._clipboard.text(QClipboard.Mode.Selection)
        if text and text != _selected_text():
            self._clipboard.clear(QClipboard.Mode.Selection)

    def _owns_data(self) -> bool:
        # Ownership first: reading what another program owns can block for seconds on X11. The
        # offscreen platform never reports ownership.
        return self._clipboard.ownsClipboard() or QGuiApplication.platformName() == "offscreen"

    def _keep(self, data: QMimeData | None) -> None:
        self._kept = _copy_of(data) if data and data.formats() else None

    def _notify(self, text: str) -> None:
        if not self._has_notified:
            self._has_notified = True
            self.notice.emit(text)


class CopyKeys(QObject):
    """Copies what is selected in `view` when the user presses the keys to copy or cut.

    The page isn't asked, so it can't put other data in place. A password is not copied.
    """

    def __init__(self, view: QWebEngineView) -> None:
        super().__init__(view)
        self._view = view
        self._widget: QWidget | None = None
        view.page().loadingChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        copies = event.matches(QKeySequence.StandardKey.Copy)
        if copies or event.matches(QKeySequence.StandardKey.Cut):
            self._copy()
        return copies

    def _watch(self) -> None:
        widget = self._view.focusProxy()
        if widget is not None and widget is not self._widget:
            self._widget = widget
            widget.installEventFilter(self)

    def _copy(self) -> None:
        hints = self._widget.inputMethodQuery(Qt.InputMethodQuery.ImHints) if self._widget else 0
        text = self._view.selectedText()
        if text and not Qt.InputMethodHint(hints or 0) & Qt.InputMethodHint.ImhHiddenText:
            copy_text(text)


def _selected_text() -> str | None:
    """What the focused field copies now; None for nothing."""
    field = QApplication.focusWidget()
    if isinstance(field, QLineEdit):
        return field.selectedText() or None
    if isinstance(field, QLabel):
        return field.selectedText().translate(_COPIED_LETTERS) or None
    if isinstance(field, QAbstractItemView):  # it copies its current cell
        return field.currentIndex().data() or None
    if isinstance(field, (QPlainTextEdit, QTextEdit)):
        return field.textCursor().selection().toPlainText() or None
    return None


def _copy_of(data: QMimeData) -> QMimeData:
    copy = own_copy(data.text())
    if is_own_copy(data):
        for name in data.formats():
            copy.setData(name, data.data(name))
    return copy
