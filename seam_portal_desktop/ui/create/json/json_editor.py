"""An editor for JSON with line numbers, colours, and marks at errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
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
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.json.highlighter import JsonHighlighter
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_INDENT = "  "

# Reading a text takes time with its characters, and showing it with its lines. At these limits
# either takes less than 100 ms.
MAX_CHARACTERS = 100_000
MAX_LINES = 5_000
MAX_LINE = 10_000  # characters

# For a request that the program itself breaks into lines.
MAX_WRITTEN_CHARACTERS = 200_000
MAX_WRITTEN_LINES = 10_000
_MARK_ICONS = {Tone.DANGER: "circle-x", Tone.WARNING: "triangle-alert"}


@dataclass(frozen=True, slots=True)
class Mark:
    """An underline of the characters ``start .. end``. ``text`` is its tooltip."""

    start: int
    end: int
    tone: Tone
    text: str


def longest_line(text: str) -> int:
    """The number of characters of the longest line."""
    return max(map(len, text.split("\n")))


class JsonEditor(QPlainTextEdit):
    """`on_paste` is called with a pasted text. If it returns True, the text isn't inserted.

    A pasted or dropped text with which the editor would be over its limits isn't inserted either.
    Then `too_long` says so.
    """

    too_long = Signal(str)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        on_paste: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_paste = on_paste
        self._theme = theme
        self._icons = icons
        self._marks: tuple[Mark, ...] = ()
        self._line_tones: dict[int, Tone] = {}
        self.setAccessibleName(_("Request as JSON"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        # Tab leaves the editor, as in any field. Enter indents.
        self.setTabChangesFocus(True)
        self._gutter = _Gutter(self)
        self._highlighter = JsonHighlighter(self.document(), theme)
        self.blockCountChanged.connect(self._update_margins)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._gutter.update)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def text(self) -> str:
        """The exact text. toPlainText() would turn no-break spaces into spaces."""
        return self.document().toRawText().replace("\u2029", "\n")

    def replace_text(self, text: str) -> None:
        """Replace the whole text, in one step that can be undone."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        self.setTextCursor(cursor)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Underline these, and show an icon at their lines."""
        self._marks = tuple(marks)
        self._line_tones = {}
        selections = []
        text = self.text()
        for mark in marks:
            cursor = self._cursor_at(text, mark.start, mark.end)
            line = self.document().findBlock(cursor.selectionStart()).blockNumber()
            if self._line_tones.get(line) is not Tone.DANGER:
                self._line_tones[line] = mark.tone
            selection = QTextEdit.ExtraSelection()
            char_format = QTextCharFormat()
            char_format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            char_format.setUnderlineColor(self._theme.color(mark.tone))
            selection.format = char_format
            selection.cursor = cursor
            selections.append(selection)
        self.setExtraSelections(selections)
        self._gutter.update()

    def select_range(self, start: int, end: int) -> None:
        """Select these characters and focus the editor."""
        self.setTextCursor(self._cursor_at(self.text(), start, end))
        self.centerCursor()
        self.setFocus()

    def viewportEvent(self, event: QHelpEvent) -> bool:  # type: ignore[override]
        if event.type() == QHelpEvent.Type.ToolTip:
            text = self._tooltip_at(self.cursorForPosition(event.pos()).position())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
                self._insert_line_break()
            else:
                event.ignore()  # Ctrl+Enter goes to the dialog
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        characters = self.document().characterCount() + len(text)
        lines = self.blockCount() + text.count("\n")
        if characters > MAX_CHARACTERS or lines > MAX_LINES:
            # The text may take the place of all the others.
            characters, lines = len(text), text.count("\n") + 1
        if characters > MAX_CHARACTERS or lines > MAX_LINES:
            number = self.locale().toString
            self.too_long.emit(
                _(
                    "The text has {characters} characters in {lines} lines. This "
                    "editor takes {max_characters} characters in {max_lines} lines. "
                    "Nothing was pasted. Long tables can be pasted in the form, or read from a CSV "
                    "file there."
                ).format(
                    characters=number(characters),
                    lines=number(lines),
                    max_characters=number(MAX_CHARACTERS),
                    max_lines=number(MAX_LINES),
                )
            )
        elif self._on_paste(text):
            pass
        elif longest_line(text) > MAX_LINE:
            self.too_long.emit(
                _(
                    "The text has a line of {longest_line} characters. "
                    "This editor takes {max_line} in a line, or a whole "
                    "request, which it breaks into lines. Nothing was pasted."
                ).format(
                    longest_line=self.locale().toString(longest_line(text)),
                    max_line=self.locale().toString(MAX_LINE),
                )
            )
        else:
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
        """Draw the numbers of the visible lines, and an icon at each line with an error."""
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
                tone = self._line_tones.get(line)
                painter.setPen(self._number_color(is_current=line == current, tone=tone))
                area = QRect(0, round(top), self._gutter.width() - Spacing.S, height)
                painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(line + 1))
                if tone is not None:
                    pixmap = self._icons.pixmap(
                        _MARK_ICONS[tone], self._theme.color(tone), side, self.devicePixelRatioF()
                    )
                    painter.drawPixmap(Spacing.XS, round(top) + (height - side) // 2, pixmap)
            block, top = block.next(), bottom
        painter.end()

    def _number_color(self, *, is_current: bool, tone: Tone | None) -> QColor:
        if tone is not None:
            return self._theme.color_on(tone, self._theme.role(QPalette.ColorRole.Base))
        role = QPalette.ColorRole.Text if is_current else QPalette.ColorRole.PlaceholderText
        return self._theme.role(role)

    def _tooltip_at(self, position: int) -> str:
        for selection, mark in zip(self.extraSelections(), self._marks, strict=True):
            cursor = selection.cursor
            if cursor.selectionStart() <= position <= cursor.selectionEnd():
                return mark.text
        return ""

    def _cursor_at(self, text: str, start: int, end: int) -> QTextCursor:
        """A cursor with a selection in `text`. Qt counts characters beyond U+FFFF twice."""
        first = len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
        last = first + len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2
        longest = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(first, longest))
        cursor.setPosition(min(last, longest), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _insert_line_break(self) -> None:
        """Start a new line with this line's indent, and one more after an opening bracket."""
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

    def _update_margins(self) -> None:
        width = self._gutter_width()
        self.setViewportMargins(width + Spacing.XS, 0, 0, 0)
        area = self.contentsRect()
        self._gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))

    def _scroll_gutter(self, area: QRect, by: int) -> None:
        if by:
            self._gutter.scroll(0, by)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def _apply_theme(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        size = QFont()
        if size.pixelSize() > 0:
            font.setPixelSize(size.pixelSize())
        else:
            font.setPointSizeF(size.pointSizeF())
        self.setFont(font)
        self._highlighter.apply_theme()
        self.set_marks(self._marks)
        self._update_margins()


class _Gutter(QWidget):
    def __init__(self, editor: JsonEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_gutter(event)
