"""Questions before the window closes or the mode changes while something would be lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from seam_portal_desktop.bootstrap.session import SessionMode
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.quit_dialog import QuitDialog
from seam_portal_desktop.ui.shell.status_area import StatusAction

if TYPE_CHECKING:
    from seam_portal_desktop.domain.draft import KeptDraft
    from seam_portal_desktop.domain.portal.record import PortalRecord
    from seam_portal_desktop.services.unsaved.run_only_links import RunOnlyLinks
    from seam_portal_desktop.ui.window_controller import WindowController


class LeaveGuard:
    """Asks before links, drafts, or credentials for this run only, are lost, and before the program
    ends with messages in its outbox.

    Nothing of the demo is worth a question. `set_mode` ends the session.
    """

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        controller: WindowController,
        run_only_links: RunOnlyLinks,
        set_mode: Callable[[SessionMode], None],
    ) -> None:
        self._window = window
        self._services = services
        self._run_only_links = run_only_links
        self._links = controller.links
        self._save_open_drafts = controller.save_open_drafts
        self._set_mode = set_mode
        self._warned_count = 0
        self._accepted_loss: set[str] = set()

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
        """False, with a message or a question, while something would be lost."""
        unsaved = self._services.creation.unsaved_count
        if unsaved <= self._warned_count:
            return not self._asks(quits=True, go_on=self._window.close)
        self._warned_count = unsaved
        self._warn(
            unsaved,
            ngettext(
                "Closing the window again ends the program without it.",
                "Closing the window again ends the program without them.",
                unsaved,
            ),
        )
        return False

    def can_close_unattended(self) -> bool:
        """False, with a message, while something would be lost: nobody is there to answer.

        The user who comes back gets the warning of `can_close` all the same.
        """
        unsaved = self._services.creation.unsaved_count
        if unsaved:
            self._warn(unsaved, _("So the program stayed open when it was to be opened elsewhere."))
        elif self._lost_links() or self._lost_drafts():
            self._window.status_area.show_error(
                UserFacingError(
                    _("The program stayed open when it was to be opened elsewhere."),
                    _("It has links or drafts that are lost when it ends. Quit it to see which."),
                )
            )
            return False
        return not unsaved

    def change_mode(self, mode: SessionMode) -> None:
        """Change the mode now, or after the user has confirmed what will be lost."""

        def ask() -> None:
            if not self._asks(quits=False, go_on=lambda: self._set_mode(mode)):
                self._set_mode(mode)

        loss = self._loss()
        if loss is None:
            ask()
            return
        label = _("Enter the demo") if mode is SessionMode.DEMO else _("Leave the demo")
        action = StatusAction(label, ask)
        self._window.status_area.show_error(loss, action=action)

    def _lost_links(self) -> tuple[PortalRecord, ...]:
        return () if self._window.is_demo else self._run_only_links.live()

    def _lost_drafts(self) -> list[KeptDraft]:
        if self._window.is_demo:
            return []
        self._save_open_drafts()
        return self._services.drafts.lost_at_end()

    def _asks(self, *, quits: bool, go_on: Callable[[], object]) -> bool:
        """Ask about what would be lost, unless the user has accepted that. Then `go_on`."""
        links, drafts = self._lost_links(), self._lost_drafts()
        messages = 0 if self._window.is_demo else self._services.outbox.pending.total
        names = {link.portal_id for link in links} | {
            f"{draft.draft_id} {draft.kept_at}" for draft in drafts
        }
        if messages:
            names.add(f"messages:{messages}")
        if names <= self._accepted_loss:
            return False
        window = self._window
        dialog = QuitDialog(
            [link.customer_key for link in links],
            [draft.customer_key for draft in drafts],
            messages,
            window.theme,
            window.icons,
            window,
            quits=quits,
        )

        def accept() -> None:
            self._accepted_loss = names
            go_on()

        dialog.copy_requested.connect(lambda: self._links.copy_links(links, dialog.show_copied))
        dialog.accepted.connect(accept)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return True

    def _warn(self, unsaved: int, consequence: str) -> None:
        advice = ngettext(
            "Try again to save it, or copy the link first.",
            "Try again to save them, or copy the links first.",
            unsaved,
        )
        self._links.offer_to_save(UserFacingError(_not_saved(unsaved), f"{consequence} {advice}"))

    def _loss(self) -> UserFacingError | None:
        unsaved = self._services.creation.unsaved_count
        if unsaved:
            return UserFacingError(
                _not_saved(unsaved),
                ngettext(
                    "The program has to save or forget it before it can show something else. Copy "
                    "the link first.",
                    "The program has to save or forget them before it can show something else. "
                    "Copy the links first.",
                    unsaved,
                ),
            )
        if self._services.workspaces.session_only:
            return UserFacingError(
                _("Entering the demo ends what is kept for this run only."),
                _(
                    "Workspaces that were connected for this run have to be connected again, and "
                    "links made without a keyring can't be read any more. Send those links first."
                ),
            )
        return None


def _not_saved(number: int) -> str:
    return ngettext("1 link isn’t saved yet.", "{count} links aren’t saved yet.", number).format(
        count=number
    )
