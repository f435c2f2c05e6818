"""Opens the dialog for senders; checks, saves and removes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.errors import SecretStoreError, UserFacingError
from seam_portal_desktop.domain.message.oauth import OAuthTokens
from seam_portal_desktop.domain.message.ports import MailError
from seam_portal_desktop.domain.message.providers import guess_account
from seam_portal_desktop.domain.message.sender import SenderIdentity
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.senders.dialog import SenderDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_TASK = "senders"


class SendersController(QObject):
    """`changed` is emitted with the workspace's id when its senders are others."""

    changed = Signal(str)

    def __init__(
        self, window: MainWindow, services: AppServices, policy: Policy, scope: TaskScope
    ) -> None:
        super().__init__(window)
        self._policy = policy
        self._window = window
        self._services = services
        self._scope = scope
        window.actions_.senders.triggered.connect(lambda _: self.open())

    def open(self, shown_id: str = "", *, on_saved: Callable[[], None] | None = None) -> None:
        """Open the dialog for the current workspace's senders."""
        current = self._services.workspaces.current
        if current is None:
            return
        workspace_id = current.workspace.workspace_id
        senders = self._services.senders
        window = self._window
        dialog = SenderDialog(
            workspace_id,
            guess_account,
            senders.providers,
            window.theme,
            window.icons,
            window,
            rules=replace(self._policy.recipient_rules, allowed=None),
        )
        self._show(dialog, workspace_id, shown_id)

        def start(identity: SenderIdentity, secret: Secret | None, is_default: bool) -> None:  # noqa: FBT001
            self._scope.start(self._check(dialog, identity, secret, is_default), name=_TASK)

        dialog.check_requested.connect(start)
        dialog.save_requested.connect(
            lambda identity, secret, is_default: self._scope.start(
                self._save(dialog, identity, secret, is_default), name=_TASK
            )
        )
        dialog.remove_requested.connect(
            lambda sender_id: self._scope.start(
                self._remove(dialog, workspace_id, sender_id), name=_TASK
            )
        )
        dialog.cancel_requested.connect(lambda: self._cancel(dialog))
        dialog.finished.connect(lambda _result: self._scope.cancel(_TASK))
        if on_saved is not None:
            dialog.accepted.connect(on_saved)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show(self, dialog: SenderDialog, workspace_id: str, shown_id: str = "") -> None:
        senders = self._services.senders
        default = senders.default(workspace_id)
        dialog.show_senders(
            senders.list(workspace_id),
            default_id=default.sender_id if default else "",
            with_secret=senders.with_secret,
            shown_id=shown_id,
        )

    def _cancel(self, dialog: SenderDialog) -> None:
        self._scope.cancel(_TASK)
        dialog.set_busy(False)

    async def _check(
        self,
        dialog: SenderDialog,
        identity: SenderIdentity,
        secret: Secret | None,
        is_default: bool,  # noqa: FBT001 - the dialog's signal
    ) -> None:
        """Sign in once, then save."""
        dialog.set_busy(True)
        senders = self._services.senders
        found: Secret | OAuthTokens | None = secret
        try:
            if identity.account.provider and identity.sender_id not in senders.with_secret:
                found = await self._sign_in(dialog, identity.account.provider)
            await senders.test(identity, found)
        except (MailError, SecretStoreError) as error:
            dialog.show_check_error(error)
            return
        await self._save(dialog, identity, found, is_default)

    async def _sign_in(self, dialog: SenderDialog, provider_id: str) -> OAuthTokens:
        senders = self._services.senders
        client_id = dialog.account.client_id.edit.text()
        known = senders.provider(provider_id)
        if known is not None and client_id.strip() != known.client_id:
            await senders.set_client_id(provider_id, client_id)
        sign_in = await senders.start_sign_in(provider_id)
        dialog.show_code(sign_in)
        return await senders.wait_for_sign_in(provider_id, sign_in)

    async def _save(
        self,
        dialog: SenderDialog,
        identity: SenderIdentity,
        secret: Secret | OAuthTokens | None,
        is_default: bool,  # noqa: FBT001 - the dialog's signal
        *,
        for_this_run_only: bool = False,
    ) -> None:
        dialog.set_busy(True)

        def save_for_this_run() -> None:
            work = self._save(dialog, identity, secret, is_default, for_this_run_only=True)
            self._scope.start(work, name=_TASK)

        try:
            await self._services.senders.save(
                identity, secret, is_default=is_default, for_this_run_only=for_this_run_only
            )
        except SecretStoreError as error:
            dialog.show_keyring_problem(error, save_for_this_run)
            return
        except UserFacingError as error:
            dialog.show_error(error)
            return
        dialog.set_busy(False)
        dialog.accept()
        # What waited for this account is tried with the new settings.
        self._services.outbox.resume(identity.sender_id)
        self.changed.emit(identity.workspace_id)
        self._window.status_area.show_message(
            _("Messages can be sent from {address}.").format(address=identity.mail.address)
        )

    async def _remove(self, dialog: SenderDialog, workspace_id: str, sender_id: str) -> None:
        senders = self._services.senders
        removed = senders.get(sender_id)
        dialog.set_busy(True)
        try:
            problem = await senders.delete(sender_id)
        except UserFacingError as error:
            dialog.show_error(error)
            return
        dialog.set_busy(False)
        self._show(dialog, workspace_id)
        self.changed.emit(workspace_id)
        if problem is not None:
            dialog.show_error(problem)
        elif removed is not None:
            self._offer_undo(removed)

    def _offer_undo(self, removed: SenderIdentity) -> None:
        """Only the password is gone: it was in the keyring."""
        undo = StatusAction(_("Undo"), lambda: self._scope.start(self._restore(removed)))
        text = _("{address} is removed. Undo brings it back without its password.")
        self._window.status_area.show_message(
            text.format(address=removed.mail.address), tone=Tone.INFO, action=undo
        )

    async def _restore(self, removed: SenderIdentity) -> None:
        await self._services.senders.save(removed)
        self.changed.emit(removed.workspace_id)
