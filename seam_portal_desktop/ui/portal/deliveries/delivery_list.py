"""The list of a portal's messages, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.message.delivery import Delivery
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portal.deliveries.words import (
    CHANNEL_WORDS,
    DeliveryAction,
    OutboxFacts,
    actions_of,
    detail_lines,
    people_lines,
)
from seam_portal_desktop.ui.portals.delivery_style import state_style
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import (
    heading,
    isolate,
    muted_label,
    number,
    plain_label,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative

_MOST = 20
_TOP = Qt.AlignmentFlag.AlignTop


class DeliveryList(QWidget):
    """One card for each delivery, with the buttons for what can be done about it."""

    requested = Signal(object, object)
    """A DeliveryAction, and the Delivery as it is shown."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._shown: list[tuple[Delivery, list[DeliveryAction], list[str]]] = []
        self._cards: list[DeliveryCard] = []
        self._earlier = muted_label(parent=self)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, Spacing.S)
        self._rows.setSpacing(Spacing.S)
        self._rows.addWidget(self._earlier)
        self.clear()

    def clear(self) -> None:
        self._remove_cards()
        self._shown = []
        self._earlier.hide()

    def set_deliveries(
        self, deliveries: Sequence[Delivery], now: datetime, outbox: OutboxFacts
    ) -> None:
        """Show `deliveries`, which are the oldest first, with times relative to `now`."""
        newest = list(reversed(deliveries))[:_MOST]
        shown = [
            (each, actions_of(each, now, outbox), detail_lines(each, outbox)) for each in newest
        ]
        if shown != self._shown:
            self._rebuild(shown)
        for card in self._cards:
            card.set_now(now)
        left_out = len(deliveries) - len(newest)
        text = ngettext("1 earlier message", "{count} earlier messages", left_out)
        self._earlier.setText(text.format(count=number(left_out)))
        self._earlier.setVisible(left_out > 0)

    def _rebuild(self, shown: list[tuple[Delivery, list[DeliveryAction], list[str]]]) -> None:
        focused = next((card for card in self._cards if card.has_focus), None)
        focused_id = focused.delivery.delivery_id if focused is not None else ""
        self._remove_cards()
        self._shown = shown
        last: QWidget = self
        for at, (delivery, actions, details) in enumerate(shown):
            card = DeliveryCard(delivery, actions, details, self._icons, self)
            card.requested.connect(self.requested)
            self._rows.insertWidget(at, card)
            card.show()  # now, so that it can have the focus
            self._cards.append(card)
            for button in card.buttons.values():
                QWidget.setTabOrder(last, button)
                last = button
            if delivery.delivery_id == focused_id:
                card.take_focus()

    def _remove_cards(self) -> None:
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = []


class DeliveryCard(QFrame):
    """State and channel, the recipients, details, and buttons."""

    requested = Signal(object, object)

    def __init__(
        self,
        delivery: Delivery,
        actions: Sequence[DeliveryAction],
        details: Sequence[str],
        icons: Icons,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.delivery = delivery
        set_kind(self, "card")
        style = state_style(delivery.state)
        title = heading(
            _("{state} · {channel}").format(
                state=style.word, channel=CHANNEL_WORDS[delivery.channel]
            ),
            self,
        )
        title.setWordWrap(True)
        self._time = muted_label(parent=self)
        self._time.setToolTip(absolute(delivery.at))
        people = [
            _selectable(plain_label(line, wrap=True, parent=self))
            for line in people_lines(delivery)
        ]
        lines = [_selectable(muted_label(line, wrap=True, parent=self)) for line in details]
        self.setAccessibleName(
            "\n".join([title.text(), *(label.text() for label in (*people, *lines))])
        )
        top = QHBoxLayout()
        top.setSpacing(Spacing.S)
        top.addWidget(title, 1)
        top.addWidget(self._time, 0, _TOP)
        texts = QVBoxLayout()
        texts.setSpacing(Spacing.XS)
        texts.addLayout(top)
        for label in (*people, *lines):
            texts.addWidget(label)
        self.buttons: dict[DeliveryAction, QPushButton] = {}
        buttons = FlowLayout(spacing=Spacing.M)
        for action in actions:
            button = QPushButton(action.words, self)
            set_kind(button, "link")
            button.setAccessibleDescription(self.accessibleName())
            button.clicked.connect(
                lambda _checked=False, action=action: self.requested.emit(action, self.delivery)
            )
            self.buttons[action] = button
            buttons.addWidget(button)
        texts.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.setSpacing(Spacing.S)
        row.addWidget(IconView(icons.icon(style.icon, style.tone), self), 0, _TOP)
        row.addLayout(texts, 1)

    @property
    def has_focus(self) -> bool:
        return any(button.hasFocus() for button in self.buttons.values())

    def take_focus(self) -> None:
        next(iter(self.buttons.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_now(self, now: datetime) -> None:
        ago = isolate(relative(self.delivery.at, now))
        by = self.delivery.by
        text = _("{ago}, {by}").format(ago=ago, by=isolate(by)) if by else ago
        self._time.setText(text)


def _selectable(label: QLabel) -> QLabel:
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
