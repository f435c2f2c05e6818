"""Opens the New portal dialog, and creates the portal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.draft import DraftKind, KeptDraft
from seam_portal_desktop.domain.errors import LedgerError, SeamError, UserFacingError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.request import CustomerData, PortalRequest
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.creation import (
    CANCELLED,
    LinkNotSavedError,
    OpenPortalRefusedError,
)
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.data_import import TABLE_SUFFIXES, add_import
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.drafts import DraftsController
from seam_portal_desktop.ui.create.json.code_snippets import ApiTarget
from seam_portal_desktop.ui.create.lookups import LookupsController
from seam_portal_desktop.ui.create.presets.controller import PresetsController
from seam_portal_desktop.ui.create.problem_rows import ProblemRowsController
from seam_portal_desktop.ui.create.workspace_dialog import LinkDialog
from seam_portal_desktop.ui.import_data.controller import ImportController
from seam_portal_desktop.ui.import_data.file_drop import FileDrop
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.form_dialog import ASKING_SEAM
from seam_portal_desktop.ui.toolkit.form_parts import short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_TASK = "create portal"
_PREPARE = "prepare form"
_LEAVE = "leave for another portal"
_JUST_MADE = timedelta(seconds=10)
"""A portal that is younger was made for this call."""

_BUG_TITLE = _("Something went wrong inside the program.")


class CreateController(QObject):
    """Owns the New portal dialog and the controllers of its parts.

    `offer_to_save` is called when a link was created but not saved. `open_reservation_link` gets
    the customer key and the reservation key, as typed.
    """

    opened = Signal()
    created = Signal(object)  # PortalRecord

    portal_chosen = Signal(object)
    renewal_chosen = Signal(object)
    """The PortalRecord that is to be shown, or renewed, in place of a new portal."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        offer_to_save: Callable[[UserFacingError], None],
        open_reservation_link: Callable[[str, str], None],
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._offer_to_save = offer_to_save
        self._open_reservation_link = open_reservation_link
        self._scope = scope
        self._open_drafts: DraftsController | None = None
        self._open_dialog: NewPortalDialog | None = None
        self._open_import: ImportController | None = None
        self._brought_recipient = ""
        window.actions_.new_portal.triggered.connect(lambda _: self.open())
        window.portal.create_again_requested.connect(lambda portal_id: self.open(like=portal_id))
        FileDrop(window, TABLE_SUFFIXES).dropped.connect(self._open_with_file)

    def save_open_draft(self) -> None:
        """Save what is entered in the dialog that is open."""
        if self._open_drafts is not None:
            self._open_drafts.save_now()

    def open(
        self, *, like: str | None = None, customer_key: str | None = None, preset: str = ""
    ) -> None:
        """Open the dialog; with `like` (a portal_id), fill it with that portal's request, or with
        `customer_key` only with that and the preset of this name."""
        connection = self._services.workspaces.current
        if connection is None:
            return
        if self._open_dialog is not None:
            # From the preview's own window, which the dialog doesn't disable.
            self._open_dialog.raise_()
            self._open_dialog.activateWindow()
            return
        dialog = self._open_dialog = NewPortalDialog(
            self._window.theme,
            self._window.icons,
            self._window,
            clock=self._services.customers.clock,
        )
        dialog.set_workspace(connection.label, connection.workspace.kind, demo=self._window.is_demo)
        presets = self._add_controllers(dialog, connection)
        self._open_drafts = drafts = self._add_drafts(dialog, presets, connection)
        dialog.finished.connect(self._on_closed)
        if like is None and customer_key is None:
            draft = drafts.restore_newest()
            preset_id = draft.preset_id if draft is not None else None
        else:
            preset_id = None
            drafts.offer()
        if customer_key is not None:
            dialog.fill(PortalRequest(customer_data=CustomerData(customer_key=customer_key)))
        dialog.json_view.set_target(
            ApiTarget(
                connection.endpoint, connection.credential_kind, connection.workspace.workspace_id
            )
        )
        dialog.create_requested.connect(
            lambda: self._scope.start(self._create(dialog, connection, presets), name=_TASK)
        )
        dialog.use_open_requested.connect(
            lambda: self._scope.start(self._use_open(dialog, drafts, connection), name=_TASK)
        )
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        for requested, chosen in (
            (dialog.open_portal_requested, self.portal_chosen),
            (dialog.renewal_requested, self.renewal_chosen),
        ):
            requested.connect(
                lambda portal_id, chosen=chosen: self._scope.start(
                    self._leave(dialog, drafts, portal_id, chosen), name=_LEAVE
                )
            )
        dialog.reservation_link_requested.connect(dialog.reject)
        dialog.reservation_link_requested.connect(self._open_reservation_link)
        dialog.finished.connect(dialog.deleteLater)
        prepared = self._scope.start(
            self._prepare(dialog, like, presets, preset_id, preset), name=_PREPARE
        )
        dialog.finished.connect(lambda _result: prepared.cancel())
        dialog.open()
        self.opened.emit()

    def open_from_outside(self, customer_key: str, preset: str, to: str) -> None:
        """Open the dialog for another program or a web page, which named the rest.

        Nothing is created. `to` is suggested when the new link is sent, but not filled in.
        """
        is_occupied = self._open_dialog is not None or QApplication.activeModalWidget() is not None
        if is_occupied or self._services.workspaces.current is None:
            self._window.status_area.show_message(
                _("Another program asked for a new portal. Close this dialog first.")
                if is_occupied
                else _("Another program asked for a new portal. Connect a workspace first."),
                tone=Tone.INFO,
            )
            return
        self.open(customer_key=customer_key, preset=preset)
        dialog = self._open_dialog
        if dialog is not None:
            dialog.show_origin(to)
            self._brought_recipient = to
            dialog.finished.connect(lambda _result: self._forget_recipient())

    def _forget_recipient(self) -> None:
        self._brought_recipient = ""

    def _add_controllers(
        self, dialog: NewPortalDialog, connection: WorkspaceConnection
    ) -> PresetsController:
        services = self._services
        ProblemRowsController(
            dialog, dialog.problems, dialog.data, services.customer_data, self._scope
        )
        LookupsController(dialog, services.lookups, services.customers, connection, self._scope)
        presets = PresetsController(
            dialog,
            services.presets,
            connection.workspace.workspace_id,
            self._window.theme,
            self._window.icons,
            self._scope,
        )
        self._open_import = add_import(
            dialog, dialog.data, services, self._scope, lambda: presets.bar.current_id
        )
        return presets

    def _add_drafts(
        self,
        dialog: NewPortalDialog,
        presets: PresetsController,
        connection: WorkspaceConnection,
    ) -> DraftsController:
        def start_over() -> None:
            self._scope.start(presets.prepare(use_default=True), name=_PREPARE)

        workspace_id = connection.workspace.workspace_id
        drafts = DraftsController(
            dialog, self._services.drafts, workspace_id, DraftKind.NEW_PORTAL, start_over, presets
        )
        dialog.create_requested.connect(drafts.stay)
        drafts.kept.connect(self._on_draft_kept)
        return drafts

    def _on_closed(self) -> None:
        self._open_drafts = self._open_dialog = self._open_import = None

    def _open_with_file(self, path: str) -> None:
        """Open the dialog with the import of a table that was dropped on the window."""
        self.open()
        if self._open_import is not None:
            self._open_import.open_file(Path(path), any_kind=True)

    def _on_draft_kept(self, draft: KeptDraft) -> None:
        key = short_key(draft.customer_key)
        self._window.status_area.show_message(
            _("Draft for {key} kept. New portal opens it again.").format(key=key)
            if draft.customer_key
            else _("Draft kept. New portal opens it again."),
            tone=Tone.INFO,
        )

    async def _prepare(
        self,
        dialog: NewPortalDialog,
        like: str | None,
        presets: PresetsController,
        preset_id: str | None,
        preset: str,
    ) -> None:
        """`preset_id` is that of a restored draft; None if the form is empty. `preset` is the name
        of one to apply."""
        if like is not None:
            dialog.fill(await self._services.ledger.request_of(like))
        is_empty = like is None and preset_id is None
        await presets.prepare(use_default=is_empty and not preset, preset_id=preset_id or "")
        if preset:
            presets.choose_named(preset)

    async def _leave(
        self,
        dialog: NewPortalDialog,
        drafts: DraftsController,
        portal_id: str,
        chosen: SignalInstance,
    ) -> None:
        """Close the dialog for the portal with this id, unless it was deleted meanwhile."""
        try:
            record = await self._services.portals.portal(portal_id)
        except LedgerError as error:
            dialog.error_card.set_error(error)
            dialog.show_top()
            return
        if dialog.isVisible() and not dialog.is_busy:
            drafts.is_leaving = True
            dialog.reject()
            chosen.emit(record)

    async def _use_open(
        self, dialog: NewPortalDialog, drafts: DraftsController, connection: WorkspaceConnection
    ) -> None:
        """Add the customer's open portal, and say whether Seam had one."""
        if not await self._has_credential(dialog, connection):
            return
        creation, key = self._services.creation, dialog.customer.customer_key()
        drafts.is_leaving = True

        async def open_portal() -> PortalRecord:
            try:
                return await creation.open_portal(
                    connection, key, on_slow_ledger=partial(show_slow_ledger, dialog)
                )
            except OpenPortalRefusedError:
                self._services.customers.offer_no_open_portal(connection)
                dialog.customer.dismiss_hint()
                raise

        record = await finish_creation(dialog, open_portal(), self._offer_to_save)
        drafts.is_leaving = dialog.link_may_exist  # the list has no more than the key
        if record is not None:
            self.created.emit(record)
            created = record.created_at or record.requested_at
            is_new = record.requested_at - created < _JUST_MADE
            self._window.status_area.show_message(
                _("Seam had no open portal for {short_key}, so it made one.").format(
                    short_key=short_key(key)
                )
                if is_new
                else _("Added Seam’s open portal for {short_key}.").format(short_key=short_key(key))
            )

    async def _create(
        self,
        dialog: NewPortalDialog,
        connection: WorkspaceConnection,
        presets: PresetsController,
    ) -> None:
        if not await self._has_credential(dialog, connection):
            return
        link = self._services.creation.create(
            connection,
            dialog.request(),
            preset=presets.current_name(),
            on_slow_ledger=partial(show_slow_ledger, dialog),
        )
        brought = self._brought_recipient
        record = await finish_creation(dialog, link, self._offer_to_save)
        if record is not None:
            if brought:
                self._services.recipients.suggest_from_outside(record.portal_id, brought)
            self.created.emit(record)

    async def _has_credential(
        self, dialog: NewPortalDialog, connection: WorkspaceConnection
    ) -> bool:
        """Ask the keyring, which may ask the user. Nothing is written to the ledger before."""
        dialog.set_busy(True)
        try:
            await self._services.workspaces.gateway(connection)
        except asyncio.CancelledError:
            dialog.set_busy(False)
            raise
        except UserFacingError as error:
            dialog.show_error(error)
            return False
        return True


def show_slow_ledger(dialog: LinkDialog, is_slow: bool) -> None:  # noqa: FBT001 - a callback
    """Tell what the dialog waits for: the ledger's database, or Seam."""
    dialog.set_waiting_text(
        _("Waiting for the ledger’s database. Seam hasn’t been asked yet…")
        if is_slow
        else ASKING_SEAM
    )


async def finish_creation(
    dialog: LinkDialog,
    link: Awaitable[PortalRecord],
    offer_to_save: Callable[[UserFacingError], None],
) -> PortalRecord | None:
    """Await the creation of a link, and show in the dialog how it ended.

    Returns the record of a link that was created and saved.
    """
    try:
        record = await link
    except asyncio.CancelledError:
        dialog.show_unknown_outcome(UserFacingError(CANCELLED.title, CANCELLED.message))
        raise
    except LinkNotSavedError as error:
        dialog.set_busy(False)
        dialog.accept()
        offer_to_save(error)
    except UserFacingError as error:
        unknown = isinstance(error, SeamError) and error.outcome_unknown
        (dialog.show_unknown_outcome if unknown else dialog.show_error)(error)
    except Exception:
        # A bug; the dialog must not stay busy after the call has ended.
        dialog.show_unknown_outcome(UserFacingError(_BUG_TITLE, CANCELLED.message))
        raise
    else:
        dialog.set_busy(False)
        dialog.accept()
        return record
    return None
