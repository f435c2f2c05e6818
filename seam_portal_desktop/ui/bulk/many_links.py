"""Copies the links of several portals, and marks several as sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import Channel, PortalRecord, Sent
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.export import link_line
from seam_portal_desktop.services.runs import PortalFailure
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.bulk.mark_sent_dialog import (
    MarkSentDialog,
    reasons_to_preview,
    with_problem,
)
from seam_portal_desktop.ui.lifecycle.failures import explain_failures
from seam_portal_desktop.ui.portals.selection import SelectionController, copyable, sendable
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import number, short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_NAMES_SHOWN = 4
_MOST_WITHOUT_PROGRESS = 50


@dataclass(frozen=True, slots=True)
class _Marked:
    """Portals that were marked together, each with its mark, and the Undo for all of them."""

    marks: dict[str, Sent]
    undo: StatusAction


class ManyLinksController(QObject):
    """Does with several selected portals what LinkActionsController does with one."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        clipboard: SecretClipboard,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._status_area = window.status_area
        self._portals = services.portals
        self._selection = selection
        self._clipboard = clipboard
        self._clock = clock
        self._scope = scope
        self._marked: list[_Marked] = []
        actions = window.actions_
        actions.copy_link.triggered.connect(lambda _: self.copy_links())
        actions.mark_sent.triggered.connect(lambda _: self.mark_sent())
        window.pane.table.copy_requested.connect(self.copy_links)

    def copy_links(self) -> None:
        """Copy the selected portals' links. Ask before that if a preview found a problem."""
        selected = self._selection.records()
        if len(selected) < 2:
            return
        found = copyable(selected, self._clock())
        if not found.portals:
            self._status_area.show_message(found.reason, tone=Tone.INFO)
            return

        def copy() -> None:
            self._scope.start(self._copy(found.portals, found.reason), name="copy links")

        bad = with_problem(found.portals)
        if bad:
            self._ask_to_copy(bad, len(found.portals), copy)
        else:
            copy()

    def mark_sent(self) -> None:
        """Ask once how the selected portals' links were sent."""
        selected = self._selection.records()
        if len(selected) < 2:
            return
        found = sendable(selected, self._clock())
        if not found.portals:
            self._status_area.show_message(found.reason, tone=Tone.INFO)
            return
        window = self._window
        channel = self._portals.last_channel(found.portals[0].workspace_id)
        dialog = MarkSentDialog(
            found.portals, found.reason, channel, self._clock(), window.theme, window.icons, window
        )
        dialog.save_requested.connect(
            lambda channel, note: self._scope.start(
                self._mark_sent(dialog, found.portals, channel, note)
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def on_ledger_change(self, change: LedgerChange) -> None:
        """Withdraw an Undo when none of its portals has its mark any more."""
        for marked in list(self._marked):
            for portal_id in change.removed:
                marked.marks.pop(portal_id, None)
            for record in change.records:
                mark = marked.marks.get(record.portal_id)
                if mark is not None and (record.sent is None or record.sent.at != mark.at):
                    del marked.marks[record.portal_id]
            if not marked.marks:
                self._forget(marked)

    def _ask_to_copy(
        self, bad: Sequence[PortalRecord], total: int, copy: Callable[[], None]
    ) -> None:
        window = self._window
        dialog = FormDialog(window.theme, window.icons, window)
        dialog.setWindowTitle(_("Copy links"))
        count = number(len(bad))
        title = ngettext(
            "The last preview found a problem for 1 of {total} portals.",
            "The last preview found a problem for {count} of {total} portals.",
            len(bad),
        ).format(total=number(total), count=count)
        lines = [
            f"{short_key(portal.customer_key)}: {' '.join(portal.preview_concerns[:1])}"
            for portal in bad[:_NAMES_SHOWN]
        ]
        if len(bad) > _NAMES_SHOWN:
            lines.append(_("and {count} more").format(count=number(len(bad) - _NAMES_SHOWN)))
        dialog.set_question(title, "\n".join(lines))
        dialog.set_submit(_("Copy anyway"), loud=False)
        dialog.dismiss_button.setText(_("Cancel"))
        dialog.accepted.connect(copy)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _copy(self, records: Sequence[PortalRecord], left_out: str) -> None:
        links: dict[str, Secret] = {}
        failed: list[PortalFailure] = []
        if len(records) > _MOST_WITHOUT_PROGRESS:
            self._status_area.show_progress(_("Reading the links…"))
        try:
            for record in records:
                try:
                    links[record.portal_id] = await self._portals.url_of(record.portal_id)
                except UserFacingError as error:
                    failed.append(PortalFailure(record, error))
        finally:
            self._status_area.end_progress()
        copied = [record for record in records if record.portal_id in links]
        if copied:
            # Two columns of a spreadsheet, and readable in a message.
            self._clipboard.copy(
                Secret(
                    "\n".join(
                        link_line(record.customer_key, links[record.portal_id]) for record in copied
                    )
                )
            )
            self._show_copied(copied, left_out)
        if failed:
            title = _("{count} of {count_2} links could not be copied.").format(
                count=number(len(failed)), count_2=number(len(records))
            )
            self._status_area.show_error(explain_failures(title, failed, 0))
        for record in copied:
            await self._portals.record_copied(record.portal_id)

    def _show_copied(self, copied: Sequence[PortalRecord], left_out: str) -> None:
        count = len(copied)
        texts = [
            ngettext(
                "1 link copied. Clipboard clears in {clears_after}.",
                "{count} links copied, with their customers. Clipboard clears in {clears_after}.",
                count,
            ).format(clears_after=self._clipboard.clears_after, count=number(count))
        ]
        texts += [text for text in (left_out, reasons_to_preview(copied)) if text]
        tone = Tone.SUCCESS if len(texts) == 1 else Tone.WARNING
        self._status_area.show_message(" ".join(texts), tone=tone)

    async def _mark_sent(
        self,
        dialog: MarkSentDialog,
        records: Sequence[PortalRecord],
        channel: Channel | None,
        note: str,
    ) -> None:
        marks: dict[str, Sent] = {}
        stopped: list[bool] = []
        dialog.cancel_requested.connect(lambda: stopped.append(True))
        dialog.set_busy(busy=True, text=_("Marking as sent…"))
        try:
            for record in records:
                if stopped:
                    break
                marked = await self._portals.mark_sent(record.portal_id, channel, note)
                if marked.sent is not None:
                    marks[record.portal_id] = marked.sent
        except UserFacingError as error:
            self._show_marked(marks)
            dialog.show_error(error)
            return
        dialog.set_busy(False)
        dialog.accept()
        self._show_marked(marks)

    def _show_marked(self, marks: dict[str, Sent]) -> None:
        if not marks:
            return
        marked = _Marked(marks, StatusAction(_("Undo"), lambda: self._undo(marked)))
        self._marked.append(marked)
        text = ngettext(
            "1 link marked as sent.", "{count} links marked as sent.", len(marks)
        ).format(count=number(len(marks)))
        self._status_area.show_message(text, action=marked.undo)

    def _undo(self, marked: _Marked) -> None:
        if marked in self._marked:
            self._forget(marked)
            self._scope.start(self._undo_sent(list(marked.marks)))

    async def _undo_sent(self, portal_ids: Sequence[str]) -> None:
        for portal_id in portal_ids:
            await self._portals.undo_sent(portal_id)
        text = ngettext(
            "1 link is no longer marked as sent.",
            "{count} links are no longer marked as sent.",
            len(portal_ids),
        ).format(count=number(len(portal_ids)))
        self._status_area.show_message(text, tone=Tone.INFO)

    def _forget(self, marked: _Marked) -> None:
        self._marked.remove(marked)
        self._status_area.withdraw(marked.undo)
