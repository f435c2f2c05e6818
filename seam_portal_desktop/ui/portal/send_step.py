"""The question before a link is copied or sent, and the form that marks it as sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from seam_portal_desktop.domain.portal.record import Channel, PortalRecord
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.cards import set_card_layout
from seam_portal_desktop.ui.portal.send_strip import SendStrip
from seam_portal_desktop.ui.portal.wording import reason_to_preview
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind


class SendStep(QWidget):
    """Asks whether to preview first, then copies the link or opens the strip that marks it as sent.

    It asks once for each portal and reason. A half-written note is kept for its portal. The strip
    starts on ``last_channel`` of the portal's workspace_id. The `on_…` callbacks get the portal's
    id first.
    """

    opened = Signal()
    """The question or the strip was opened."""

    closed = Signal()
    """The question or the strip was closed."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        on_copy: Callable[[str], None],
        on_mark_sent: Callable[[str, Channel | None, str], None],
        on_preview: Callable[[str], None],
        on_preview_again: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._on_copy = on_copy
        self._on_mark_sent = on_mark_sent
        self._on_preview = on_preview
        self._on_preview_again = on_preview_again
        self.last_channel: Callable[[str], Channel | None] = lambda _workspace_id: None
        self._portal: PortalRecord | None = None
        self._is_usable = False
        self._answered: set[tuple[str, str]] = set()
        self._drafts: dict[str, tuple[Channel | None, str]] = {}
        self._after_question: Callable[[], None] | None = None
        self._focus_before: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.question = PreviewQuestion(icons)
        self.strip = SendStrip(theme, icons)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Spacing.S)
        for widget in (self.question, self.strip, self):
            widget.hide()
        rows.addWidget(self.question)
        rows.addWidget(self.strip)
        self.question.preview.clicked.connect(self._preview_first)
        self.question.anyway.clicked.connect(self._send_anyway)
        self.question.cancelled.connect(self._close_question)
        self.strip.save_requested.connect(self._save)
        self.strip.cancelled.connect(self._close_strip)
        self.strip.result.again.clicked.connect(self._preview_again)

    def set_portal(self, portal: PortalRecord, *, is_usable: bool) -> None:
        """Set the shown portal. `is_usable`: it has a link that works and can be read."""
        self._portal = portal
        self._is_usable = is_usable
        if portal.sent is not None:
            self._drafts.pop(portal.portal_id, None)
        if not is_usable or portal.sent is not None:
            self._close_strip()
        if not is_usable or reason_to_preview(portal) is None:
            self._close_question()

    def clear(self) -> None:
        """Forget the portal, but keep a half-written note for it."""
        if self._portal is not None and self.strip_is_open():
            draft = (self.strip.channels.channel(), self.strip.note.text())
            self._drafts[self._portal.portal_id] = draft
        self._close_question()
        self._close_strip()
        self._portal = None
        self._is_usable = False

    def strip_is_open(self) -> bool:
        return not self.strip.isHidden()

    def copy_link(self) -> bool:
        """Copy the link, perhaps after the question. False without a usable link."""
        return self._ask_first(self._copy, anyway=_("Copy anyway"))

    def mark_as_sent(self) -> bool:
        """Open the strip, perhaps after the question. False without a usable link."""
        if self._portal is None or self._portal.sent is not None:
            return False
        return self._ask_first(self._open_strip, anyway=_("Send anyway"))

    def tab_order(self) -> list[QWidget]:
        return [self.question.preview, self.question.anyway, *self.strip.tab_order()]

    def _ask_first(self, then: Callable[[], None], *, anyway: str) -> bool:
        portal = self._portal
        if portal is None or not self._is_usable:
            return False
        reason = reason_to_preview(portal)
        if reason is None or (portal.portal_id, reason) in self._answered:
            then()
            return True
        self._after_question = then
        self._open(self.question)
        self.question.ask(reason, anyway=anyway, again=portal.preview_verdict is not None)
        return True

    def _preview_first(self) -> None:
        portal = self._portal
        self._end_question()
        if portal is not None:
            again = portal.preview_verdict is not None
            (self._on_preview_again if again else self._on_preview)(portal.portal_id)

    def _preview_again(self) -> None:
        if self._portal is not None:
            self._on_preview_again(self._portal.portal_id)

    def _send_anyway(self) -> None:
        then = self._after_question
        self._end_question()
        if then is not None:
            then()

    def _end_question(self) -> None:
        if self._portal is not None and (reason := reason_to_preview(self._portal)):
            self._answered.add((self._portal.portal_id, reason))
        self._close_question()

    def _close_question(self) -> None:
        self._after_question = None
        self._close(self.question)

    def _copy(self) -> None:
        if self._portal is not None:
            self._on_copy(self._portal.portal_id)

    def _open_strip(self) -> None:
        if self._portal is None:
            return
        was_open = self.strip_is_open()
        self._open(self.strip)
        if not was_open:
            new = (self.last_channel(self._portal.workspace_id), "")
            self.strip.fill(*self._drafts.pop(self._portal.portal_id, new))

    def _save(self, channel: Channel | None, note: str) -> None:
        # The strip stays open until the row is marked: a failure must not lose what was typed.
        if self._portal is not None:
            self._on_mark_sent(self._portal.portal_id, channel, note)

    def _close_strip(self) -> None:
        self._close(self.strip)

    def _open(self, widget: QWidget) -> None:
        if widget.isHidden():
            self._focus_before = QApplication.focusWidget()
        self.show()
        widget.show()
        self.opened.emit()

    def _close(self, widget: QWidget) -> None:
        if widget.isHidden():
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and widget.isAncestorOf(focused)
        widget.hide()
        self.setVisible(self.strip_is_open() or not self.question.isHidden())
        if had_focus and self._focus_before is not None and isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_before = None
        self.closed.emit()


class PreviewQuestion(QFrame):
    """Offers a preview before a link is copied or sent. `cancelled` is emitted by Escape."""

    cancelled = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "banner", Tone.WARNING)
        self._text = plain_label(wrap=True)
        self.preview = QPushButton(_("Preview it first"))
        set_kind(self.preview, "primary")
        self.anyway = QPushButton(_("Send anyway"))
        set_kind(self.anyway, "secondary")
        icon = IconView(icons.icon("triangle-alert", Tone.WARNING))
        buttons = (self.preview, self.anyway)
        set_card_layout(self, icon, (self._text,), buttons, Spacing.S)

    def ask(self, reason: str, *, anyway: str, again: bool) -> None:
        """Show why a preview is advised and take the focus.

        `anyway` is the text of the button that skips it; `again`: there was a preview before.
        """
        self._text.setText(reason)
        self.setAccessibleName(reason)
        self.preview.setText(_("Preview again") if again else _("Preview it first"))
        self.anyway.setText(anyway)
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.anyway if self.anyway.hasFocus() else self.preview).click()
        else:
            super().keyPressEvent(event)
