"""The window of a second start that can't show the first one's: who has the data, what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum, auto

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QMessageBox, QPushButton

from seam_portal_desktop.runtime import DISPLAY_NAME
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.single_instance import LockHolder
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.times import time_or_date


class InUseChoice(Enum):
    """QUIT leaves everything as it is."""

    QUIT = auto()
    TRY_AGAIN = auto()
    SHOW_THERE = auto()
    MOVE_HERE = auto()
    TAKE_OVER = auto()


_Button = tuple[InUseChoice, str]
_QUIT: _Button = (InUseChoice.QUIT, _("Quit"))
_SHOW_THERE: _Button = (InUseChoice.SHOW_THERE, _("Show it there"))
_TRY_AGAIN: _Button = (InUseChoice.TRY_AGAIN, _("Try again"))


class InUseBox(QMessageBox):
    """``choice`` is what the user chose, once the box is closed."""

    def __init__(self, title: str, text: str, buttons: tuple[_Button, ...]) -> None:
        super().__init__()
        self.choice = InUseChoice.QUIT
        self.setIcon(QMessageBox.Icon.Information)
        self.setWindowTitle(DISPLAY_NAME)
        self.setText(title)
        self.setInformativeText(text)
        self._buttons: dict[InUseChoice, QPushButton] = {}
        for choice, label in buttons:
            is_quit = choice is InUseChoice.QUIT
            role = QMessageBox.ButtonRole
            button = self.addButton(label, role.RejectRole if is_quit else role.AcceptRole)
            button.clicked.connect(lambda _=False, choice=choice: self._choose(choice))
            self._buttons[choice] = button
        self.setEscapeButton(self._buttons[InUseChoice.QUIT])
        self.setDefaultButton(self._buttons[buttons[0][0]])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        order_by_layout(self)

    @classmethod
    def on_other_display(cls, holder: LockHolder, display: str, *, stayed: bool) -> InUseBox:
        """`stayed` means that it was asked to close and didn't."""
        title = _("{display_name} is already open on {display}{since}.").format(
            display_name=DISPLAY_NAME, display=display, since=_since(holder)
        )
        if stayed:
            return cls(
                title,
                _(
                    "It didn’t close: perhaps a link isn’t saved there yet. Show it there and "
                    "answer it."
                ),
                (_SHOW_THERE, _QUIT),
            )
        return cls(
            title,
            _(
                "One window at a time can use your data. If you close it there, what is being "
                "typed in a dialog there is lost."
            ),
            (_SHOW_THERE, (InUseChoice.MOVE_HERE, _("Close it there and open it here")), _QUIT),
        )

    @classmethod
    def without_answer(cls, holder: LockHolder) -> InUseBox:
        """A process of this computer has the lock and doesn't answer."""
        return cls(
            _("{display_name} runs already but does not answer.").format(display_name=DISPLAY_NAME),
            _(
                "Its process {process} has had your data open{since}. It may be starting or "
                "ending, it may hang, or it may belong to another user of this computer. Wait a "
                "moment, then try again."
            ).format(process=holder.process, since=_since(holder)),
            (_TRY_AGAIN, _QUIT),
        )

    @classmethod
    def on_other_computer(cls, holder: LockHolder, *, is_held: bool) -> InUseBox:
        """`is_held` means that taking over failed, because the program still runs there."""
        where = holder.host or _("another computer")
        title = _("Your data is open on {where}{since}.").format(where=where, since=_since(holder))
        if is_held:
            text = _("{display_name} still runs there. Close it there, then try again.").format(
                display_name=DISPLAY_NAME
            )
            return cls(title, text, (_TRY_AGAIN, _QUIT))
        box = cls(
            title,
            _(
                "Close {display_name} there, then try again. If it doesn’t run there any more, for "
                "instance because that computer crashed or the folder was restored from a backup, "
                "you can open it here. If it still runs there, links can get lost and the ledger "
                "can be damaged."
            ).format(display_name=DISPLAY_NAME),
            (_TRY_AGAIN, (InUseChoice.TAKE_OVER, _("Open it here")), _QUIT),
        )
        # With a parent of its own: PySide loses the owner of a box that `setCheckBox` gets.
        confirmation = QCheckBox(_("It doesn’t run on {where} any more").format(where=where), box)
        box.setCheckBox(confirmation)
        take_over = box._buttons[InUseChoice.TAKE_OVER]
        take_over.setEnabled(False)
        confirmation.toggled.connect(take_over.setEnabled)
        return box

    def _choose(self, choice: InUseChoice) -> None:
        self.choice = choice


def _since(holder: LockHolder) -> str:
    """ " since 09:12", with the date if it isn't today."""
    if holder.since is None:
        return ""
    return _(" since {time_or_date}").format(
        time_or_date=time_or_date(holder.since, datetime.now(UTC))
    )
