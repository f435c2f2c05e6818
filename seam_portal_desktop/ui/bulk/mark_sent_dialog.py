"""The dialog that marks several links as sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.portal.record import Channel, PortalRecord
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portal.sections import Facts
from seam_portal_desktop.ui.portal.send_strip import NOTE_LENGTH, ChannelPicker
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    FieldNote,
    heading,
    muted_label,
    number,
    short_key,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone
from seam_portal_desktop.ui.toolkit.times import absolute, relative

MOST_LISTED = 100
"""How many customers a dialog names; it says how many more there are."""


class MarkSentDialog(FormDialog):
    """Asks once how all of `portals` were sent. `left_out` says why others are not among them."""

    save_requested = Signal(object, str)
    """channel (Channel or None), note"""

    width_in_characters = 76

    def __init__(
        self,
        portals: Sequence[PortalRecord],
        left_out: str,
        channel: Channel | None,
        now: datetime,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        count = number(len(portals))
        self.setWindowTitle(_("Mark as sent"))
        title = ngettext("Mark 1 link as sent", "Mark {count} links as sent", len(portals)).format(
            count=count
        )
        self.body.addWidget(heading(title, self))
        if left_out:
            self.body.addWidget(muted_label(left_out, wrap=True, parent=self))
        self.customers = customer_list(portals, now, self)
        warning = FieldNote(self.customers, icons)
        reasons = reasons_to_preview(portals)
        if reasons:
            warning.show_note(reasons, Tone.WARNING)
        self.body.addWidget(warning)
        self.channels = ChannelPicker(theme, icons)
        self.channels.set_channel(channel)
        self.body.addWidget(self.channels)
        self.note = QLineEdit(self)
        self.note.setMaxLength(NOTE_LENGTH)
        self.note.setPlaceholderText(_("Note for all of them (optional)"))
        self.note.setAccessibleName(_("Note for all of them, optional"))
        self.body.addWidget(self.note)
        # The list may be long.
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(self.customers)
        self.body.addStretch(1)
        button = ngettext("Mark 1 as sent", "Mark {count} as sent", len(portals)).format(
            count=count
        )
        self.set_submit(button, loud=False)
        self.dismiss_button.setText(_("Cancel"))
        buttons = self.channels.buttons()
        first = next((button for button in buttons if button.isChecked()), buttons[0])
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        if not self.is_busy:
            self.save_requested.emit(self.channels.channel(), self.note.text().strip())

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.channels.setDisabled(locked)
        self.note.setReadOnly(locked)


def customer_list(portals: Sequence[PortalRecord], now: datetime, parent: QWidget) -> Facts:
    """The customers of `portals`, and when their links expire."""
    facts = Facts(parent)
    facts.setAccessibleName(_("Customers"))
    rows = [
        (
            short_key(portal.customer_key),
            _("expires {expires_at}").format(expires_at=relative(portal.expires_at, now))
            if portal.expires_at
            else "",
            absolute(portal.expires_at) if portal.expires_at else "",
        )
        for portal in portals[:MOST_LISTED]
    ]
    if len(portals) > MOST_LISTED:
        rows.append(
            (_("and {count} more").format(count=number(len(portals) - MOST_LISTED)), "", "")
        )
    facts.set_rows(rows)
    return facts


def reasons_to_preview(portals: Sequence[PortalRecord]) -> str:
    """What should be known before these links are handed out; '' if there is nothing."""
    bad = with_problem(portals)
    unseen = sum(portal.previewed_at is None for portal in portals)
    sentences = []
    if len(bad) == 1:
        key = short_key(bad[0].customer_key)
        sentences.append(_("The last preview found a problem for {key}.").format(key=key))
    elif bad:
        sentences.append(
            _("The last preview found a problem for {count} of them.").format(
                count=number(len(bad))
            )
        )
    if unseen == len(portals) == 1:
        sentences.append(_("You haven’t previewed it yet."))
    elif unseen == len(portals):
        sentences.append(_("You haven’t previewed any of them yet."))
    elif unseen == 1:
        sentences.append(_("You haven’t previewed 1 of them yet."))
    elif unseen:
        sentences.append(
            _("You haven’t previewed {unseen} of them yet.").format(unseen=number(unseen))
        )
    return " ".join(sentences)


def with_problem(portals: Sequence[PortalRecord]) -> list[PortalRecord]:
    """Those whose last preview found a problem."""
    return [portal for portal in portals if portal.preview_verdict is CheckLevel.PROBLEM]
