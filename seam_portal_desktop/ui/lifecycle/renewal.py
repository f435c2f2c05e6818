"""Renews links, with progress and a button to stop. Asks before it renews a portal twice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.creation import LinkNotSavedError
from seam_portal_desktop.services.portal.renewal import (
    EarlierRenewal,
    RenewalProgress,
    RenewalRun,
    RenewalSummary,
    earlier_renewal,
)
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.lifecycle.failures import explain_failures
from seam_portal_desktop.ui.lifecycle.renew_again_dialog import RenewAgainDialog
from seam_portal_desktop.ui.portal.link_actions import LinkActionsController
from seam_portal_desktop.ui.portals.controller import PortalListController
from seam_portal_desktop.ui.portals.selection import SelectionController, renewable
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.form_parts import number, short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone


class RenewalController(QObject):
    """Renews the selected links, one run at a time."""

    renewed_to_send = Signal(object, object)
    """The records before and after a renewal whose new links are to be sent as the old ones were:
    two sequences of the same length."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        portal_list: PortalListController,
        links: LinkActionsController,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._selection = selection
        self._status_area = window.status_area
        self._services = services
        self._list = portal_list
        self._links = links
        self._clock = clock
        self._scope = scope
        self._is_running = False
        self._to_send: frozenset[str] = frozenset()

        def renew_selected() -> None:
            self.renew(renewable(selection.records()).portals)

        def renew_and_send() -> None:
            olds = renewable(selection.records()).portals
            self._to_send = frozenset(each.portal_id for each in olds)
            self.renew(olds)

        window.actions_.renew.triggered.connect(lambda _: renew_selected())
        window.actions_.renew_and_send.triggered.connect(lambda _: renew_and_send())
        window.portal.renew_requested.connect(lambda _: renew_selected())

    def renew(self, olds: Sequence[PortalRecord]) -> None:
        """Create a new link for each of `olds`, with the same request.

        Ask before that if some were renewed already and their newer links are active.
        """
        self._begin(olds, asks=True)

    def _begin(self, olds: Sequence[PortalRecord], *, asks: bool) -> None:
        if not olds:
            return
        if self._is_running:
            self._status_area.show_message(
                _("Links are being renewed already. Wait until that is done."), tone=Tone.INFO
            )
            return
        self._is_running = True
        self._scope.start(self._ask_or_renew(list(olds), asks=asks), name="renew")

    async def _ask_or_renew(self, olds: list[PortalRecord], *, asks: bool) -> None:
        try:
            now, portals = self._clock(), self._services.portals
            earlier = {
                old.portal_id: found
                for old in olds
                if asks and (found := await earlier_renewal(portals, old.portal_id, now))
            }
            if not earlier:
                await self._renew(olds)
        finally:
            self._is_running = False
        if earlier:
            self._ask(olds, earlier)

    def _ask(self, olds: list[PortalRecord], earlier: dict[str, EarlierRenewal]) -> None:
        window, found = self._window, list(earlier.values())
        dialog = RenewAgainDialog(
            found, len(olds), self._clock(), window.theme, window.icons, window
        )
        others = [old for old in olds if old.portal_id not in earlier]
        newer_ids = list(dict.fromkeys(each.newer.portal_id for each in found))
        dialog.accepted.connect(
            lambda: self._begin(others, asks=False) if others else self._list.select(*newer_ids)
        )
        dialog.again_requested.connect(lambda: self._begin(olds, asks=False))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _renew(self, olds: list[PortalRecord]) -> None:
        connection = self._services.workspaces.current
        if connection is None:
            return
        run = RenewalRun(self._services.creation, connection, olds, self._show_progress)
        self._stop = StatusAction(_("Stop"), lambda: self._stop_run(run))
        selected = self._selected_ids()
        try:
            summary = await run.run()
        finally:
            self._status_area.end_progress()
        self._show_summary(olds, summary)
        if summary.renewed and (len(olds) == 1 or self._selected_ids() == selected):
            # After a long run of many, the user may have gone on to something else.
            self._list.select(*(new.portal_id for new in summary.renewed))
        self._send(olds, summary.renewed)

    def _send(self, olds: Sequence[PortalRecord], renewed: Sequence[PortalRecord]) -> None:
        """Send the new links if the user wanted that for these."""
        by_old = {new.renewed_from: new for new in renewed}
        pairs = [
            (old, by_old[old.portal_id])
            for old in olds
            if old.portal_id in by_old and old.portal_id in self._to_send
        ]
        self._to_send = frozenset()
        if pairs:
            self.renewed_to_send.emit([old for old, _new in pairs], [new for _old, new in pairs])

    def _selected_ids(self) -> set[str]:
        return {record.portal_id for record in self._selection.records()}

    def _show_progress(self, progress: RenewalProgress) -> None:
        key = short_key(progress.customer_key)
        text = _("Renewing the link for {key}").format(key=key)
        if progress.total > 1:
            text += _(", {number} of {total}").format(
                number=number(progress.number), total=number(progress.total)
            )
        if progress.waiting:
            text = _("Seam asks to wait {waiting} s. Then: {text}").format(
                waiting=number(progress.waiting), text=text.lower()
            )
        many = progress.total > 1 or progress.waiting
        self._status_area.show_progress(f"{text}…", action=self._stop if many else None)

    def _stop_run(self, run: RenewalRun) -> None:
        run.stop()
        self._status_area.show_progress(_("Stopping after the link that is being renewed…"))

    def _show_summary(self, olds: list[PortalRecord], summary: RenewalSummary) -> None:
        for failure in summary.failed:
            if isinstance(failure.error, LinkNotSavedError):
                self._links.offer_to_save(failure.error)
        if summary.renewed:
            self._show_renewed(olds, summary)
        failed = [each for each in summary.failed if not isinstance(each.error, LinkNotSavedError)]
        if len(olds) == 1 and failed:
            self._status_area.show_error(failed[0].error)
        elif failed or (summary.not_tried and summary.failed):
            rest = [*(each.portal for each in failed), *summary.not_tried]
            again = StatusAction(_("Try these again"), lambda: self.renew(rest))
            title = _("{count} of {links} could not be renewed.").format(
                count=number(len(summary.failed)), links=_links(len(olds))
            )
            error = explain_failures(title, summary.failed, len(summary.not_tried))
            self._status_area.show_error(error, action=again)
        elif summary.not_tried:
            rest = list(summary.not_tried)
            self._status_area.show_message(
                _("Stopped. {links} renewed, {count} not.").format(
                    links=_links(len(summary.renewed)), count=number(len(rest))
                ),
                tone=Tone.INFO,
                action=StatusAction(_("Go on"), lambda: self.renew(rest)),
            )

    def _show_renewed(self, olds: list[PortalRecord], summary: RenewalSummary) -> None:
        if len(olds) == 1:
            old, new = olds[0], summary.renewed[0]
            text = _("New link for {short_key}.").format(short_key=short_key(new.customer_key))
            if old.is_live(self._clock()):
                text += _(" The old one works until it expires.")
            self._status_area.show_message(text)
        elif not summary.not_tried:
            self._status_area.show_message(
                _("{links} renewed.").format(links=_links(len(summary.renewed)))
            )


def _links(count: int) -> str:
    return ngettext("1 link", "{count} links", count).format(count=number(count))
