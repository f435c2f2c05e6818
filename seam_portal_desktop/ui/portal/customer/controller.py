"""Changes what we call a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.errors import LedgerError, LinkUnreadableError, UserFacingError
from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.form_parts import short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

if TYPE_CHECKING:
    from seam_portal_desktop.ui.portal.customer.customer_dialog import CustomerDialog

_SAVE = "save customer"


class CustomerController(QObject):
    """Opens the dialog for the customer of the selected portals, saves, and offers to undo that."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._selection = selection
        self._scope = scope
        self._undo: StatusAction | None = None
        self._action = window.actions_.name_customer
        self._action.triggered.connect(lambda _: self._open_for_selected())
        selection.changed.connect(self._on_selection)
        line = window.portal.details.customer
        line.edit_requested.connect(self._open_for_selected)
        line.tag_chosen.connect(self._show_tag)

    def _show_tag(self, tag: str) -> None:
        """List the customers with this tag, and nothing else."""
        self._window.show_list()
        self._window.pane.clear_requested.emit()
        self._window.search_box.search_tag(tag)

    def open(self, record: PortalRecord) -> None:
        from seam_portal_desktop.ui.portal.customer.customer_dialog import CustomerDialog

        window = self._window
        shown = CustomerDetails(record.customer_name, record.tags)
        dialog = CustomerDialog(record.customer_key, shown, window.theme, window.icons, window)
        dialog.save_requested.connect(
            lambda details: self._scope.start(self._save(dialog, record, details), name=_SAVE)
        )
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_SAVE))
        dialog.finished.connect(dialog.deleteLater)
        filling = self._scope.start(self._fill(dialog, record))
        dialog.finished.connect(lambda _result: filling.cancel())
        dialog.open()

    def _open_for_selected(self) -> None:
        records = self._selection.records()
        if _is_one_customer(records):
            self.open(records[0])

    def _on_selection(self, records: Sequence[PortalRecord]) -> None:
        self._action.setEnabled(_is_one_customer(records))

    async def _fill(self, dialog: CustomerDialog, record: PortalRecord) -> None:
        """Show what the ledger has: the list may have been read without the key."""
        services = self._services
        try:
            details = await services.ledger.customer_details(
                record.workspace_id, record.customer_key
            )
            dialog.fill(replace(details, recipients=()))
        except LinkUnreadableError as error:
            dialog.show_error(error)
        except LedgerError as error:
            dialog.show_error(error)
            return
        known = await services.customers.known(record.workspace_id)
        dialog.suggest_tags(known.tags())

    async def _save(
        self, dialog: CustomerDialog, record: PortalRecord, details: CustomerDetails
    ) -> None:
        before = dialog.saved
        dialog.set_busy(busy=True, text=_("Saving…"))
        try:
            await self._write(record, details)
        except UserFacingError as error:
            dialog.show_error(error)
            return
        finally:
            dialog.set_busy(False)
        dialog.accept()
        if details == before:
            return
        undo = StatusAction(_("Undo"), lambda: self._scope.start(self._restore(record, before)))
        key = short_key(record.customer_key)
        self._undo = undo
        self._window.status_area.show_message(
            _("The name and the tags of {key} are removed.").format(key=key)
            if details == NO_DETAILS
            else _("The name and the tags of {key} are saved.").format(key=key),
            action=undo,
        )

    async def _restore(self, record: PortalRecord, details: CustomerDetails) -> None:
        await self._write(record, details)
        key = short_key(record.customer_key)
        self._window.status_area.show_message(
            _("The earlier name and tags of {key} are restored.").format(key=key), tone=Tone.INFO
        )

    async def _write(self, record: PortalRecord, details: CustomerDetails) -> None:
        """Save name and tags. What could be undone until now, can't be after that."""
        ledger, customer = self._services.ledger, (record.workspace_id, record.customer_key)
        try:
            known = await ledger.customer_details(*customer)
        except LinkUnreadableError:
            known = NO_DETAILS  # the dialog said that what can't be read is replaced
        await ledger.set_customer_details(*customer, replace(details, recipients=known.recipients))
        if self._undo is not None:
            self._window.status_area.withdraw(self._undo)
            self._undo = None


def _is_one_customer(records: Sequence[PortalRecord]) -> bool:
    return len({(record.workspace_id, record.customer_key) for record in records}) == 1
