"""What is known about the typed customer key, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from seam_portal_desktop.domain.portal.customers import KeyCheck
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import (
    KEY_CHARACTERS,
    in_menu,
    isolate,
    plain_label,
    short_key,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind
from seam_portal_desktop.ui.toolkit.times import relative

_KEY_IN_BUTTON = 28
_BUTTON_PADDING = 5
"""The space before a link button's text: the sentence begins where its buttons' texts do."""


class KeyHint(QFrame):
    """One sentence and up to three buttons. Hidden while there is nothing to say.

    It never keeps anybody from creating: it only offers.
    """

    key_chosen = Signal(str)
    """The known key was meant."""

    open_requested = Signal(str)
    renew_requested = Signal(str)
    """The portal_id of the customer's newest active link."""

    use_open_requested = Signal()
    """Seam's open portal of the customer is wanted."""

    dismissed = Signal()
    """A new link is wanted: there is nothing more to say about this key."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self.text = ""
        self._actions: list[Callable[[], None]] = []
        self._icon = IconView(parent=self)
        self._label = plain_label(wrap=True, parent=self)
        self.buttons = tuple(self._make_button(at) for at in range(3))
        self._label.setIndent(_BUTTON_PADDING)
        self._choices = QWidget(self)
        row = FlowLayout(self._choices, spacing=Spacing.S)
        for button in self.buttons:
            row.addWidget(button)
        grid = QGridLayout(self)
        grid.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        grid.setSpacing(Spacing.XS)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._label, 0, 1)
        grid.addWidget(self._choices, 1, 1)
        self.hide()

    def show_check(self, check: KeyCheck, now: datetime) -> None:
        """Show what is known, and have assistive technology read it."""
        if check.links:
            self._show_active(check, now)
            return
        if check.may_be_open:
            key = short_key(check.key, KEY_CHARACTERS)
            self._show(
                _(
                    "Seam knows {key}, and may have an open portal for this customer. If it has "
                    "none, it makes one."
                ).format(key=key),
                Tone.INFO,
                "link",
                (_("Use that one"), self.use_open_requested.emit),
            )
            return
        text = _("New customer.") if check.seam_answered else _("Not in this ledger.")
        if check.similar is None:
            self._show(text, Tone.INFO, "user-plus")
            return
        similar = check.similar
        if check.similar_name:
            name = isolate(shortened(check.similar_name, KEY_CHARACTERS))
            meant = _("Did you mean {short_key} ({name})?").format(
                short_key=short_key(similar, KEY_CHARACTERS), name=name
            )
        else:
            meant = _("Did you mean {short_key}?").format(
                short_key=short_key(similar, KEY_CHARACTERS)
            )
        sentences = [text, meant]
        if similar.casefold() == check.key.casefold():
            sentences.append(_("Keys that differ in capitals are different customers."))
        use = _("Use {short_key}").format(short_key=in_menu(short_key(similar, _KEY_IN_BUTTON)))
        self._show(
            " ".join(sentences),
            Tone.WARNING,
            "triangle-alert",
            (use, lambda: self.key_chosen.emit(similar)),
        )

    def clear(self) -> None:
        self.text = ""
        self.hide()

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self._choices.setDisabled(locked)

    def _show_active(self, check: KeyCheck, now: datetime) -> None:
        first, more = check.links[0], len(check.links) - 1
        key = short_key(check.key, KEY_CHARACTERS)
        expires = isolate(relative(first.expires_at, now))
        text = (
            ngettext(
                "{key} has an active link, expires {when}, and {count} more.",
                "{key} has an active link, expires {when}, and {count} more.",
                more,
            )
            if more
            else _("{key} has an active link, expires {when}.")
        )
        self._show(
            text.format(key=key, when=expires, count=QLocale().toString(more)),
            Tone.INFO,
            "link",
            (_("Open that one"), lambda: self.open_requested.emit(first.portal_id)),
            (_("Renew it"), lambda: self.renew_requested.emit(first.portal_id)),
            (_("Make another"), self.dismissed.emit),
        )

    def _show(
        self, text: str, tone: Tone, icon: str, *choices: tuple[str, Callable[[], None]]
    ) -> None:
        is_new = text != self.text or not self.isVisible()
        self.text = text
        set_kind(self, "banner", tone)
        self._icon.set_icon(self._icons.icon(icon, tone))
        self._label.setText(text)
        self._actions = [act for _, act in choices]
        for at, button in enumerate(self.buttons):
            button.setVisible(at < len(choices))
            if at < len(choices):
                button.setText(choices[at][0])
        self._choices.setVisible(bool(choices))
        self.show()
        if is_new:
            announce(self, text)

    def _act(self, at: int) -> None:
        self._actions[at]()

    def _make_button(self, at: int) -> QPushButton:
        # It stays an automatic default: Enter on it must not press 'Create'.
        button = QPushButton(self)
        button.setObjectName(f"keyChoice{at + 1}")
        set_kind(button, "link")
        button.clicked.connect(lambda: self._act(at))
        return button
