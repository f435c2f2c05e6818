"""Asks before the program ends while something is only in its memory."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label, plain_label, short_key
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

_KEYS_SHOWN = 8


class QuitDialog(FormDialog):
    """Open it with open(); `accepted` means that the user accepts the loss.

    `links` and `drafts` are the customer keys of what is lost, and `messages` counts those that
    aren't sent before the next start. `copy_requested` asks to copy the links. The focus, Enter and
    Escape are on 'Cancel'.
    """

    copy_requested = Signal()
    width_in_characters = 76

    def __init__(
        self,
        links: Sequence[str],
        drafts: Sequence[str],
        messages: int,
        theme: Theme,
        icons: Icons,
        parent: QWidget,
        *,
        quits: bool,
    ) -> None:
        """Without `quits` the program goes on with the demo."""
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Quit") if quits else _("Enter the demo"))
        if links:
            self._add(_links_title(links, quits=quits), links)
            self.body.addWidget(
                muted_label(
                    _(
                        "The keyring doesn’t keep their key. They still work for your customers, "
                        "but nobody can copy or open them here again."
                    ),
                    wrap=True,
                    parent=self,
                )
            )
        if links and drafts:
            self.body.addSpacing(Spacing.S)
        if drafts:
            self._add(_drafts_title(drafts, quits=quits), drafts)
        if messages:
            if links or drafts:
                self.body.addSpacing(Spacing.S)
            self._add_messages(messages)
        self.note = muted_label(wrap=True, parent=self)
        self.note.hide()
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        self.copy_button = QPushButton(ngettext("Copy link", "Copy links", len(links)), self)
        self.copy_button.setObjectName("copyLinks")
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self.copy_requested)
        set_kind(self.copy_button, "secondary")
        self._button_box.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setVisible(bool(links))
        is_one = len(links) + len(drafts) == 1
        if not (links or drafts):
            self.set_submit(_("Quit") if quits else _("Enter the demo"), loud=False)
        elif quits:
            self.set_submit(_("Quit and lose it") if is_one else _("Quit and lose them"), loud=True)
        else:
            text = _("Enter the demo and lose it") if is_one else _("Enter the demo and lose them")
            self.set_submit(text, loud=True)
        self.dismiss_button.setText(_("Cancel"))
        self.dismiss_button.setDefault(True)
        self.dismiss_button.setFocus()

    def show_copied(self, count: int, clears_after: str) -> None:
        """Tell that the links are on the clipboard, and for how long ('60 s')."""
        until = _("The clipboard is cleared in {clears_after}, and when the program ends.").format(
            clears_after=clears_after
        )
        self.note.setText(
            ngettext(
                "1 link copied. Paste it somewhere safe first. {until}",
                "{count} links copied. Paste them somewhere safe first. {until}",
                count,
            ).format(until=until, count=count)
        )
        self.note.show()
        self._grow_soon()
        announce(self.note, self.note.text())

    def _add_messages(self, count: int) -> None:
        title = ngettext(
            "1 message isn’t sent yet", "{count} messages aren’t sent yet", count
        ).format(count=QLocale().toString(count))
        text = ngettext(
            "It stays in the outbox, and is sent when the program runs again.",
            "They stay in the outbox, and are sent when the program runs again.",
            count,
        )
        label = heading(title, self)
        label.setWordWrap(True)
        self.body.addWidget(label)
        self.body.addWidget(muted_label(text, wrap=True, parent=self))

    def _add(self, title: str, keys: Sequence[str]) -> None:
        label = heading(title, self)
        label.setWordWrap(True)
        self.body.addWidget(label)
        self.body.addWidget(plain_label(_listed(keys), wrap=True, parent=self))


def _listed(keys: Sequence[str]) -> str:
    """The first customers' keys, each once."""
    different = list(dict.fromkeys(keys))
    text = ", ".join(short_key(key) if key else _("no key yet") for key in different[:_KEYS_SHOWN])
    more = len(different) - _KEYS_SHOWN
    return (
        _("{text} and {more} more").format(text=text, more=QLocale().toString(more))
        if more > 0
        else text
    )


def _links_title(links: Sequence[str], *, quits: bool) -> str:
    number = QLocale().toString(len(links))
    if quits:
        if len(links) == 1:
            return _("1 link is lost when you quit")
        return _("{number} links are lost when you quit").format(number=number)
    if len(links) == 1:
        return _("1 link is lost when you enter the demo")
    return _("{number} links are lost when you enter the demo").format(number=number)


def _drafts_title(drafts: Sequence[str], *, quits: bool) -> str:
    number = QLocale().toString(len(drafts))
    if quits:
        if len(drafts) == 1:
            return _("1 draft is lost when you quit")
        return _("{number} drafts are lost when you quit").format(number=number)
    if len(drafts) == 1:
        return _("1 draft is lost when you enter the demo")
    return _("{number} drafts are lost when you enter the demo").format(number=number)
