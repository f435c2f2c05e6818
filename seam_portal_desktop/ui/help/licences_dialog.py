"""The licences of everything that the program is made of, with a search."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG
from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton, ReportText
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_WIDTH_CHARACTERS, _HEIGHT_LINES = 80, 38
_MOST_COUNTED = 999


class LicencesDialog(QDialog):
    """Open it with open(). Typing searches; Enter and Shift+Enter go to the next and previous."""

    def __init__(self, icons: Icons, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Third-party licences"))
        self.text = ReportText(_("Licences"), self)
        self.text.setPlainText(text)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(_("Search the licences"))
        self.search.setAccessibleName(_("Search the licences"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.found = muted_label(parent=self)
        self._back = IconButton(icons.icon("arrow-up"), _("Previous match"), self)
        self._next = IconButton(icons.icon("arrow-down"), _("Next match"), self)
        self._back.clicked.connect(lambda: self._find(back=True))
        self._next.clicked.connect(lambda: self._find(back=False))
        close = QPushButton(_("Close"), self)
        set_kind(close, "primary")
        close.setAutoDefault(False)  # Enter searches
        close.clicked.connect(self.accept)

        bar = QHBoxLayout()
        bar.setSpacing(Spacing.S)
        bar.addWidget(self.search, 1)
        for widget in (self.found, self._back, self._next):
            bar.addWidget(widget)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.L, Spacing.L, Spacing.L, Spacing.L)
        rows.setSpacing(Spacing.M)
        rows.addLayout(bar)
        rows.addWidget(self.text, 1)
        rows.addLayout(foot)
        self.search.setFocus()
        self._search("")
        metrics = self.text.fontMetrics()
        width = metrics.horizontalAdvance("0" * _WIDTH_CHARACTERS) + 4 * Spacing.XL
        size = QSize(width, metrics.lineSpacing() * _HEIGHT_LINES)
        self.resize(size.boundedTo(LARGEST_DIALOG))
        order_by_layout(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_enter = isinstance(event, QKeyEvent) and event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        )
        if watched is self.search and event.type() == QEvent.Type.KeyPress and is_enter:
            self._find(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))  # type: ignore[attr-defined]
            return True
        return super().eventFilter(watched, event)

    def _search(self, query: str) -> None:
        """Search from the start of the present match: a longer text may match there too."""
        cursor = self.text.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self.text.setTextCursor(cursor)
        count = self._count(query)
        for button in (self._back, self._next):
            button.setEnabled(count > 0)
        self.found.setText(_count_text(count) if query else "")
        if count:
            self._find(back=False)

    def _find(self, *, back: bool) -> None:
        query = self.search.text()
        flag = QTextDocument.FindFlag.FindBackward if back else QTextDocument.FindFlag(0)
        if not query or self.text.find(query, flag):
            return
        end = QTextCursor.MoveOperation.End if back else QTextCursor.MoveOperation.Start
        self.text.moveCursor(end)
        self.text.find(query, flag)

    def _count(self, query: str) -> int:
        if not query:
            return 0
        return min(self.text.toPlainText().casefold().count(query.casefold()), _MOST_COUNTED + 1)


def _count_text(count: int) -> str:
    if count > _MOST_COUNTED:
        return ngettext(
            "more than {count} match", "more than {count} matches", _MOST_COUNTED
        ).format(count=_MOST_COUNTED)
    if count == 0:
        return _("No matches")
    return ngettext("{count} match", "{count} matches", count).format(count=count)
