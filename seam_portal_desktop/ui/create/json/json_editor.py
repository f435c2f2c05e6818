"""An editor for JSON: line numbers, colours, marks where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_INDENT = "  "
_MOST_COLOURED_LINES = 4000
_TOKENS = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*"(?=\s*:))'
    r'|(?P<text>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?[0-9][0-9.eE+-]*)"
    r"|(?P<word>true|false|null)"
    r"|(?P<mark>[\[\]{}:,])"
)
_TONES: Mapping[str, Tone] = {
    "name": Tone.ACCENT,
    "text": Tone.SUCCESS,
    "number": Tone.VIOLET,
    "word": Tone.WARNING,
    "mark": Tone.NEUTRAL,
}
_MARKS = {Tone.DANGER: "circle-x", Tone.WARNING: "triangle-alert"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to point at: characters ``start .. end`` of the text, in `tone`."""

    start: int
    end: int
    tone: Tone
    says: str


class JsonEditor(QPlainTextEdit):
    """`take_paste` is asked before a pasted text goes in; True when it has dealt with it."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        take_paste: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._take_paste = take_paste
        self._theme = theme
        self._icons = icons
        self._marks: tuple[Mark, ...] = ()
        self._worst: dict[int, Tone] = {}
        self.setAccessibleName("Request as JSON")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        # Tab leaves the editor as it leaves any field; Enter indents by itself.
        self.setTabChangesFocus(True)
        self._gutter = _Gutter(self)
        self._colours = _Colours(self.document(), theme)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._gutter.update)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()

    def text(self) -> str:
        """What is typed, exactly: toPlainText would make spaces of no-break spaces."""
        return self.document().toRawText().replace("\u2029", "\n")

    def replace_text(self, text: str) -> None:
        """Put `text` in place of everything, as one step that Undo takes back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Underline these and point at their lines."""
        self._marks = tuple(marks)
        self._worst = {}
        selections = []
        text = self.text()
        for mark in marks:
            cursor = self._cursor_at(text, mark.start, mark.end)
            line = self.document().findBlock(cursor.selectionStart()).blockNumber()
            if self._worst.get(line) is not Tone.DANGER:
                self._worst[line] = mark.tone
            selection = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(self._theme.color(mark.tone))
            selection.format = look
            selection.cursor = cursor
            selections.append(selection)
        self.setExtraSelections(selections)
        self._gutter.update()

    def go_to(self, start: int, end: int) -> None:
        """Select what a mark is about and take the focus there."""
        self.setTextCursor(self._cursor_at(self.text(), start, end))
        self.centerCursor()
        self.setFocus()

    def viewportEvent(self, event: QHelpEvent) -> bool:  # type: ignore[override]
        if event.type() == QHelpEvent.Type.ToolTip:
            says = self._said_at(self.cursorForPosition(event.pos()).position())
            if says:
                QToolTip.showText(event.globalPos(), says, self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
                self._break_line()
            else:
                event.ignore()  # Ctrl+Enter is the dialog's
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not self._take_paste(source.text()):
            super().insertFromMimeData(source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._gutter.setGeometry(
            QRect(area.left(), area.top(), self._gutter_width(), area.height())
        )

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 72, metrics.lineSpacing() * 22)

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 24, metrics.lineSpacing() * 8)

    def paint_gutter(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines that are seen, and a mark at each that is wrong."""
        painter = QPainter(self._gutter)
        edge = self._gutter.width() - 1
        painter.setPen(self._theme.hairline())
        painter.drawLine(edge, event.rect().top(), edge, event.rect().bottom())
        painter.setFont(self.font())
        current = self.textCursor().blockNumber()
        side = self.fontMetrics().ascent()
        height = self.fontMetrics().height()
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            bottom = top + self.blockBoundingRect(block).height()
            line = block.blockNumber()
            if bottom >= event.rect().top():
                worst = self._worst.get(line)
                painter.setPen(self._number_color(is_current=line == current, worst=worst))
                area = QRect(0, round(top), self._gutter.width() - Spacing.S, height)
                painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(line + 1))
                if worst is not None:
                    pixmap = self._icons.pixmap(
                        _MARKS[worst], self._theme.color(worst), side, self.devicePixelRatioF()
                    )
                    painter.drawPixmap(Spacing.XS, round(top) + (height - side) // 2, pixmap)
            block, top = block.next(), bottom

    def _number_color(self, *, is_current: bool, worst: Tone | None) -> QColor:
        if worst is not None:
            return self._theme.color_on(worst, self._theme.role(QPalette.ColorRole.Base))
        role = QPalette.ColorRole.Text if is_current else QPalette.ColorRole.PlaceholderText
        return self._theme.role(role)

    def _said_at(self, position: int) -> str:
        for selection, mark in zip(self.extraSelections(), self._marks, strict=True):
            cursor = selection.cursor
            if cursor.selectionStart() <= position <= cursor.selectionEnd():
                return mark.says
        return ""

    def _cursor_at(self, text: str, start: int, end: int) -> QTextCursor:
        """Select characters of `text`; Qt counts those beyond U+FFFF twice."""
        first = len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
        last = first + len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2
        longest = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(first, longest))
        cursor.setPosition(min(last, longest), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _break_line(self) -> None:
        """A new line, as far in as this one, and further after an opening bracket."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        indent = before[: len(before) - len(before.lstrip())]
        deeper = before.rstrip().endswith(("{", "["))
        cursor.beginEditBlock()
        cursor.insertText("\n" + indent + (_INDENT if deeper else ""))
        after = cursor.block().text()[cursor.positionInBlock() :].lstrip()
        if deeper and after.startswith(("}", "]")):
            here = cursor.position()
            cursor.insertText("\n" + indent)
            cursor.setPosition(here)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _gutter_width(self) -> int:
        digits = max(len(str(self.blockCount())), 2)
        metrics = self.fontMetrics()
        icon = metrics.ascent() + Spacing.XS
        return Spacing.XS + icon + metrics.horizontalAdvance("9") * digits + Spacing.S

    def _make_room(self) -> None:
        width = self._gutter_width()
        self.setViewportMargins(width + Spacing.XS, 0, 0, 0)
        area = self.contentsRect()
        self._gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))

    def _scroll_gutter(self, area: QRect, by: int) -> None:
        if by:
            self._gutter.scroll(0, by)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def _follow_theme(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        size = QFont()
        if size.pixelSize() > 0:
            font.setPixelSize(size.pixelSize())
        else:
            font.setPointSizeF(size.pointSizeF())
        self.setFont(font)
        self._colours.follow_theme()
        self.set_marks(self._marks)
        self._make_room()


class _Gutter(QWidget):
    def __init__(self, editor: JsonEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self.width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_gutter(event)


class _Colours(QSyntaxHighlighter):
    """A colour for each kind of token. A very long text stays plain: colouring it takes seconds."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._both_settings: dict[str, QTextCharFormat] = {}

    def follow_theme(self) -> None:
        for kind, tone in _TONES.items():
            look = QTextCharFormat()
            look.setForeground(self._theme.color(tone))
            self._both_settings[kind] = look
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if self.document().blockCount() > _MOST_COLOURED_LINES:
            return
        # Qt's positions are in UTF-16; a stand-in of two characters keeps Python's the same.
        for found in _TOKENS.finditer(re.sub(r"[\U00010000-\U0010ffff]", "xx", text)):
            kind = found.lastgroup
            if kind is not None:
                self.setFormat(
                    found.start(), found.end() - found.start(), self._both_settings[kind]
                )
