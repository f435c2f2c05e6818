"""Questions before the window closes or the mode changes while unsaved data would be lost."""

from __future__ import annotations

from collections.abc import Callable

from seam_portal_desktop.bootstrap.session import SessionMode
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction


class LeaveGuard:
    """Asks before unsaved links, or credentials for this run only, are lost.

    `offer_to_save` shows an error with an action that saves the links. `set_mode` ends the session.
    """

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        offer_to_save: Callable[[UserFacingError], None],
        set_mode: Callable[[SessionMode], None],
    ) -> None:
        self._window = window
        self._services = services
        self._offer_to_save = offer_to_save
        self._set_mode = set_mode
        self._warned_count = 0

    def connect_actions(self, mode: SessionMode) -> None:
        """Enable the action that leaves `mode`."""
        actions = self._window.actions_
        for action, target in (
            (actions.try_demo, SessionMode.DEMO),
            (actions.leave_demo, SessionMode.REAL),
        ):
            action.setEnabled(target is not mode)
            action.triggered.connect(lambda *_, target=target: self.change_mode(target))

    def can_close(self) -> bool:
        """False, with a message, at the first try while there are unsaved links."""
        unsaved = self._services.creation.unsaved_count
        if unsaved <= self._warned_count:
            return True
        self._warned_count = unsaved
        self._warn(unsaved, f"Closing the window again ends the program without {_them(unsaved)}.")
        return False

    def can_close_unattended(self) -> bool:
        """False, with a message, while there are unsaved links: nobody is there to read it.

        The user who comes back gets the warning of `can_close` all the same.
        """
        unsaved = self._services.creation.unsaved_count
        if unsaved:
            self._warn(unsaved, "So the program stayed open when it was to be opened elsewhere.")
        return not unsaved

    def change_mode(self, mode: SessionMode) -> None:
        """Change the mode now, or after the user has confirmed what will be lost."""
        loss = self._loss()
        if loss is None:
            self._set_mode(mode)
            return
        label = "Enter the demo" if mode is SessionMode.DEMO else "Leave the demo"
        action = StatusAction(label, lambda: self._set_mode(mode))
        self._window.status_area.show_error(loss, action=action)

    def _warn(self, unsaved: int, consequence: str) -> None:
        links = "link" if unsaved == 1 else "links"
        advice = f"Try again to save {_them(unsaved)}, or copy the {links} first."
        self._offer_to_save(UserFacingError(_not_saved(unsaved), f"{consequence} {advice}"))

    def _loss(self) -> UserFacingError | None:
        unsaved = self._services.creation.unsaved_count
        if unsaved:
            return UserFacingError(
                _not_saved(unsaved),
                "The program has to save or forget it before it can show something else. "
                "Copy the link first."
                if unsaved == 1
                else "The program has to save or forget them before it can show something "
                "else. Copy the links first.",
            )
        if self._services.workspaces.session_only:
            return UserFacingError(
                "Entering the demo ends what is kept for this run only.",
                "Workspaces that were connected for this run have to be connected again, and "
                "links made without a keyring can't be read any more. Send those links first.",
            )
        return None


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _not_saved(number: int) -> str:
    return "1 link isn’t saved yet." if number == 1 else f"{number} links aren’t saved yet."
