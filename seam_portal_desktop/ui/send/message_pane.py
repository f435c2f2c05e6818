"""The finished message: subject, sender and recipients, and the body in each of its forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.template import (
    RenderedMessage,
    TemplateError,
    TemplatePart,
)
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.busy_bar import BUSY_SHOWN_AFTER_MS
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, TextSize, Theme, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.ui.send.html_view import MessageHtmlView

RemoveProfile = Callable[[Callable[[], None]], None]

PART_WORDS = {
    TemplatePart.SUBJECT: _("subject"),
    TemplatePart.TEXT: _("text"),
    TemplatePart.HTML: _("HTML"),
    TemplatePart.SMS: _("text message"),
}


class MessageForm(StrEnum):
    """A form of the message's body."""

    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """What the pane shows. `sender` and `recipients` are lines, empty for channels without them.

    `forms` are the texts of the forms that can be chosen, the first at first; that of HTML is
    empty, because it is in `rendered`. A `picture` (a PNG) is shown in place of all of them. A
    `note` is about the message, and not a part of it.
    """

    rendered: RenderedMessage
    sender: str = field(default="", repr=False)
    recipients: str = field(default="", repr=False)
    forms: tuple[tuple[MessageForm, str], ...] = field(default=(), repr=False)
    picture: bytes = field(default=b"", repr=False)
    note: str = ""


class _Page(IntEnum):
    EMPTY = 0
    SKELETON = 1
    TEXT = 2
    ERROR = 3
    PICTURE = 4
    HTML = 5


class MessagePane(QFrame):
    """Shows one message, bars while the next one is written, or why there is none.

    The engine's view is made when the first HTML is shown. Call `end` before the event loop ends.
    With `engine_obstacle`, a reason why this process can't use the engine, it shows texts only.
    """

    form_chosen = Signal()
    copied = Signal(str)
    """The text that was selected when the keys for copying were pressed. It may have the link."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        remove_profile: RemoveProfile,
        engine_obstacle: str | None = None,
    ) -> None:
        super().__init__(parent)
        self._remove_profile = remove_profile
        self._obstacle = engine_obstacle
        self._message: ShownMessage | None = None
        self._page: MessageHtmlView | None = None
        self._has_ended = False
        set_kind(self, "card")
        self.setAccessibleName(_("The message as it will arrive"))
        self.subject = plain_label(wrap=True, parent=self)
        self._theme = theme
        self._update_font()
        theme.changed.connect(self._update_font)  # a method, which ends with the widget
        self.subject.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._sender, self._recipients = (self._line() for _number in range(2))
        self._note = muted_label(wrap=True, parent=self)
        self._note.hide()
        self._forms = Segments(
            [
                Segment(MessageForm.HTML, _("Formatted"), _("The message with its formatting")),
                Segment(MessageForm.TEXT, _("Text"), _("The message as plain text")),
                Segment(MessageForm.MARKDOWN, _("Markdown"), _("The message as Markdown")),
            ],
            self,
        )
        self._forms.changed.connect(self._on_form)
        self._stack = QStackedWidget(self)
        self._text = _MessageText(self._stack)
        self._text.copied.connect(self.copied)
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setAccessibleName(_("The message as plain text"))
        self._problem = _Problem(icons, self._stack)
        self._picture = _Picture(self._stack)
        for page in (
            muted_label(parent=self._stack),
            _Skeleton(theme, self._stack),
            self._text,
            self._problem,
            self._picture,
        ):
            self._stack.addWidget(page)
        self._skeleton_due = QTimer(self, singleShot=True, interval=BUSY_SHOWN_AFTER_MS)
        self._skeleton_due.timeout.connect(lambda: self._stack.setCurrentIndex(_Page.SKELETON))
        self._make_layout()
        self.setMinimumHeight(self.fontMetrics().height() * 12)

    @property
    def form(self) -> MessageForm:
        """The form that is shown."""
        chosen: MessageForm = self._forms.value()
        return chosen

    def _update_font(self) -> None:
        self.subject.setFont(self._theme.font(TextSize.BODY, bold=True))

    @property
    def has_message(self) -> bool:
        return self._message is not None

    def show_writing(self) -> None:
        """The message is being written: show bars, unless it takes only a moment."""
        self._message = None
        if not self._skeleton_due.isActive() and self._stack.currentIndex() != _Page.SKELETON:
            self._skeleton_due.start()

    def show_message(self, message: ShownMessage) -> None:
        self._skeleton_due.stop()
        self._message = message
        self._set_head(message.rendered.subject, message.sender, message.recipients)
        self._note.setText(message.note)
        self._note.setVisible(bool(message.note))
        offered = [form for form, _text in message.forms]
        for form in MessageForm:
            self._forms.button(form).setVisible(form in offered)
        self._forms.setVisible(len(offered) > 1)
        if offered and self.form not in offered:
            self._forms.set_value(offered[0])
        self._show_form()

    def show_error(self, error: UserFacingError) -> None:
        """Why there is no message; for a template, where it is wrong."""
        self._skeleton_due.stop()
        self._message = None
        self._set_head("", "", "")
        self._note.hide()
        self._forms.hide()
        place = ""
        if isinstance(error, TemplateError):
            part = PART_WORDS[error.part]
            place = (
                _("Where: {part}, line {line}").format(part=part, line=error.line)
                if error.line is not None
                else _("Where: {part}").format(part=part)
            )
        self._problem.set_texts(error.title, error.message, place)
        self._stack.setCurrentIndex(_Page.ERROR)

    def end(self) -> None:
        """End the engine's page. Nothing is shown afterwards."""
        self._has_ended = True
        self._skeleton_due.stop()
        if self._page is not None:
            self._stack.setCurrentIndex(_Page.EMPTY)
            self._page.end()
            self._page = None

    def _set_head(self, subject: str, sender: str, recipients: str) -> None:
        self.subject.setText(subject)
        self.subject.setVisible(bool(subject))
        for label, line in (
            (self._sender, _("From: {sender}").format(sender=sender) if sender else ""),
            (self._recipients, _("To: {people}").format(people=recipients) if recipients else ""),
        ):
            label.set_full_text(line)
            label.setVisible(bool(line))

    def _line(self) -> ElidedLabel:
        line = ElidedLabel(self, mode=Qt.TextElideMode.ElideRight)
        set_kind(line, "muted")
        return line

    def _on_form(self) -> None:
        if self._message is not None:
            self._show_form()
            self.form_chosen.emit()

    def _show_form(self) -> None:
        message = self._message
        if message is None or self._has_ended:
            return
        if message.picture:
            self._picture.show_png(message.picture)
            self._stack.setCurrentIndex(_Page.PICTURE)
            return
        if self.form is MessageForm.HTML and message.rendered.html and self._show_html(message):
            return
        text = dict(message.forms).get(self.form) or message.rendered.text
        if self._text.toPlainText() != text:
            self._text.setPlainText(text)
        self._stack.setCurrentIndex(_Page.TEXT)

    def _show_html(self, message: ShownMessage) -> bool:
        """False if the engine can't show it."""
        if self._obstacle is not None:
            return False
        from seam_portal_desktop.ui.send.html_view import MessageHtmlView

        rendered = message.rendered
        if not MessageHtmlView.can_show(rendered.html):
            return False
        if self._page is None:
            self._page = MessageHtmlView(self._remove_profile)
            self._stack.insertWidget(_Page.HTML, self._page.view)
        self._page.show(rendered)
        self._stack.setCurrentIndex(_Page.HTML)
        return True

    def _make_layout(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(Spacing.XS)
        head.addWidget(self.subject)
        head.addWidget(self._sender)
        head.addWidget(self._recipients)
        head.addWidget(self._note)
        top = QHBoxLayout()
        top.setContentsMargins(Spacing.L, Spacing.M, Spacing.M, Spacing.S)
        top.setSpacing(Spacing.M)
        top.addLayout(head, 1)
        top.addWidget(self._forms, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)


class _Picture(QWidget):
    """A QR code, black on white in each mode: many scanners can't read light codes on dark."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self.setAccessibleName(_("QR code of the link"))

    def show_png(self, png: bytes) -> None:
        self._pixmap.loadFromData(png, "PNG")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        side = min(self.width(), self.height()) - 2 * Spacing.XL
        side = min(side, self.fontMetrics().height() * 20)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter = QPainter(self)
        painter.drawPixmap(box.toRect(), self._pixmap)
        painter.end()


class _Problem(QWidget):
    """An icon with a title, a message and a place."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = heading("", self)
        self._title.setWordWrap(True)
        self._message = plain_label(wrap=True, parent=self)
        self._place = muted_label(wrap=True, parent=self)
        texts = QVBoxLayout()
        texts.setSpacing(Spacing.XS)
        for label in (self._title, self._message, self._place):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            texts.addWidget(label)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.L, Spacing.M, Spacing.L, Spacing.M)
        row.setSpacing(Spacing.S)
        row.addWidget(
            IconView(icons.icon("circle-x", Tone.DANGER), self), 0, Qt.AlignmentFlag.AlignTop
        )
        row.addLayout(texts, 1)

    def set_texts(self, title: str, message: str, place: str) -> None:
        self._title.setText(title)
        self._message.setText(message)
        self._place.setText(place)
        self._place.setVisible(bool(place))


class _MessageText(QPlainTextEdit):
    """The clipboard, X11's selection and other windows get nothing from it by themselves."""

    copied = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            text = self.textCursor().selection().toPlainText()
            if text:
                self.copied.emit(text)
            return
        super().keyPressEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        return QMimeData()


class _Skeleton(QWidget):
    """Bars where the lines of the message will be."""

    _LENGTHS = (0.35, 0.9, 0.8, 0.85, 0.4, 0.9, 0.6)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("The message is being written"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.hover())
        line = self.fontMetrics().height()
        width = self.width() - 2 * Spacing.L
        for place, length in enumerate(self._LENGTHS):
            top = Spacing.M + place * (line + Spacing.M)
            painter.drawRoundedRect(
                QRectF(Spacing.L, top, width * length, line), RADIUS / 2, RADIUS / 2
            )
        painter.end()
