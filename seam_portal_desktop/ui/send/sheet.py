"""The Send… sheet: what is entered on one side, the finished message on the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem, is_blocked
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portal.preview_result import PreviewResult
from seam_portal_desktop.ui.send.channels import confirm_text, many_text, submit_text
from seam_portal_desktop.ui.send.customer_table import CustomerTable
from seam_portal_desktop.ui.send.fields import SendFields
from seam_portal_desktop.ui.send.gate_list import GateList
from seam_portal_desktop.ui.send.message_pane import MessagePane, RemoveProfile
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import BodyScroll, heading, number, short_key
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, set_kind
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

_SIZE = QSize(1000, 680)
_WIDE_CHARACTERS = 110
"""From this width on the message is beside the fields."""

_TEST_PAUSE_MS = 1000


class SendSheet(FormDialog):
    """Sends the links of one or several portals. Its session fills it and answers its signals.

    `changed` comes when the message or what is wrong with it may be another one. After
    `send_requested` the button does nothing more: the session calls accept() or show_error().
    """

    changed = Signal()
    send_requested = Signal()
    test_requested = Signal()
    row_chosen = Signal(int)
    """Another one of several customers is selected."""

    fix_requested = Signal(object)
    """A GateItem that isn't put right here."""

    grows = False

    def __init__(
        self,
        portals: Sequence[PortalRecord],
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        remove_profile: RemoveProfile,
        engine_obstacle: str | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.portals = portals
        self.is_many = len(portals) > 1
        self._ready = 0
        self._is_confirming = False
        self.setWindowTitle(_("Send links") if self.is_many else _("Send link"))
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        left = QWidget(self)
        self.title = heading(_title(portals), left)
        self.title.setWordWrap(True)
        self._set_title_font()
        theme.changed.connect(self._set_title_font)
        self.customers = CustomerTable(icons, left)
        self.customers.setVisible(self.is_many)
        self.fields = SendFields(icons, left, is_many=self.is_many)
        self.preview_result = PreviewResult(theme, icons, left)
        self.gate_list = GateList(icons, left)
        self.message = MessagePane(
            theme, icons, self, remove_profile=remove_profile, engine_obstacle=engine_obstacle
        )
        self.test_button = QPushButton(_("Send a test to myself"), self)
        self.test_button.setAutoDefault(False)
        set_kind(self.test_button, "secondary")
        self._test_pause = QTimer(self, singleShot=True, interval=_TEST_PAUSE_MS)
        self._make_layout(left)
        self.dismiss_button.setText(_("Cancel"))
        self._connect_signals()
        self.resize(self.sizeHint())
        self.fields.to.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._update()

    def set_gate(self, items: Sequence[GateItem], *, ready: int) -> None:
        """What is wrong now; `ready` is how many messages can be sent."""
        if tuple(items) != self.gate_list.items:
            self._is_confirming = False
        self._ready = ready
        self.gate_list.set_items(items, blocks=not ready and is_blocked(items))
        self._update()

    def submit(self) -> None:
        """Send, once. A press without the reason that is wanted goes to its field."""
        if self.is_busy or not self._ready:
            return
        if self.gate_list.needs_reason and not self.gate_list.reason_text():
            self.gate_list.ask_for_reason()
            self._left_scroll.ensureWidgetVisible(self.gate_list.reason)
            return
        if self.gate_list.needs_second_press and not self._is_confirming:
            self._is_confirming = True
            self._update()
            self.pause_submit()  # the second press of a double click confirms nothing
            announce(self, self.submit_button.text(), urgent=True)
            return
        self.set_busy(busy=True, text=_("Saving…"))
        self.send_requested.emit()

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self.dismiss_button.setText(_("Cancel"))
        if not busy:
            self._update()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.fields.set_locked(locked=locked)
        self.gate_list.setDisabled(locked)
        self.customers.setDisabled(locked)

    def done(self, result: int) -> None:
        super().done(result)
        self.message.end()

    def sizeHint(self) -> QSize:
        """As wide as two columns of this font need, within the screen."""
        characters = self.fontMetrics().averageCharWidth() * (_WIDE_CHARACTERS + 20)
        wanted = _SIZE.expandedTo(QSize(characters, characters * 2 // 3))
        screen = self.screen().availableGeometry().size()
        return wanted.boundedTo(screen - QSize(2 * Spacing.XL, 3 * Spacing.XL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _connect_signals(self) -> None:
        self.fields.changed.connect(self._on_changed)
        self.message.form_chosen.connect(self._on_form)
        self.customers.row_chosen.connect(self.row_chosen)
        self.gate_list.fix_requested.connect(self._on_fix)
        self.test_button.clicked.connect(self._request_test)

    def _on_changed(self) -> None:
        self._is_confirming = False
        self._update()
        self.changed.emit()

    def _on_form(self) -> None:
        self.fields.form = self.message.form
        self._on_changed()

    def _on_fix(self, item: GateItem) -> None:
        """What can be put right here is; the session does the rest."""
        if item.fix is GateFix.USE_BCC and not self.is_many:
            self.fields.move_to_bcc()
        elif item.fix is GateFix.OTHER_CHANNEL:
            self.fields.channel_box.setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields.channel_box.showPopup()
        else:
            self.fix_requested.emit(item)

    def _request_test(self) -> None:
        # A double click sends one test.
        if not self._test_pause.isActive():
            self._test_pause.start()
            self.test_requested.emit()

    def _update(self) -> None:
        """The buttons: what they will do, and why they can't."""
        fields, everyone = self.fields, self.fields.recipients().everyone
        if self.is_many:
            text = many_text(self._ready, is_confirming=self._is_confirming)
        elif self._is_confirming:
            text = confirm_text(everyone)
        else:
            text = submit_text(fields.channel, everyone)
        self.set_submit(text, loud=False)
        blocked = self.gate_list.blocking_sentence
        self.submit_button.setEnabled(not self.is_busy and bool(self._ready))
        self.submit_button.setToolTip(blocked)
        self.submit_button.setAccessibleDescription(blocked)
        self.test_button.setVisible(
            fields.has_senders and fields.chosen_channel is SendChannel.SMTP
        )
        self.test_button.setEnabled(not self.is_busy and self.message.has_message)

    def _set_title_font(self) -> None:
        self.title.setFont(self.theme.font(TextSize.TITLE, bold=True))

    def _make_layout(self, left: QWidget) -> None:
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, Spacing.S, 0)
        column.setSpacing(Spacing.M)
        for widget in (
            self.title,
            self.customers,
            self.fields,
            self.preview_result,
            self.gate_list,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self._left_scroll = BodyScroll(left, self)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(Spacing.L)
        self._columns.addWidget(self._left_scroll, 2)
        self._columns.addWidget(self.message, 3)
        self.body.addLayout(self._columns, 1)
        self._left_scroll.grown.connect(self._arrange)
        self._footer.insertWidget(0, self.test_button)

    def _arrange(self) -> None:
        """Two columns if there is room, else the message below the fields."""
        is_wide = self.width() >= self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        # Beside the message the fields scroll by themselves; above it they are as tall as needed.
        policies = QSizePolicy.Policy
        self._left_scroll.setSizePolicy(
            policies.Preferred, policies.Ignored if is_wide else policies.Preferred
        )
        bars = Qt.ScrollBarPolicy
        self._left_scroll.setVerticalScrollBarPolicy(
            bars.ScrollBarAsNeeded if is_wide else bars.ScrollBarAlwaysOff
        )
        width = self._left_scroll.viewport().width()
        least = 0 if is_wide else self._left_scroll.wanted_height(width)
        if self._left_scroll.minimumHeight() != least:
            self._left_scroll.setMinimumHeight(least)


def _title(portals: Sequence[PortalRecord]) -> str:
    if len(portals) == 1:
        return _("Send the link for {key}").format(key=short_key(portals[0].customer_key))
    return ngettext("Send 1 link", "Send {count} links", len(portals)).format(
        count=number(len(portals))
    )
