"""Renews links, with progress and a button to stop. Asks before it renews a portal twice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
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
from seam_portal_desktop.ui.lifecycle.renew_again_dialog import RenewAgainDialog
from seam_portal_desktop.ui.portal.link_actions import LinkActionsController
from seam_portal_desktop.ui.portals.controller import PortalListController
from seam_portal_desktop.ui.portals.selection import SelectionController, renewable
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.form_parts import short_key
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_REASONS_SHOWN = 3
_NAMES_SHOWN = 4


class RenewalController(QObject):
    """Renews the selected links, one run at a time."""

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

        def renew_selected() -> None:
            self.renew(renewable(selection.records()))

        window.actions_.renew.triggered.connect(lambda _: renew_selected())
        window.detail.renew_requested.connect(lambda _: renew_selected())

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
                "Links are being renewed already. Wait until that is done.", tone=Tone.INFO
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
        self._stop = StatusAction("Stop", lambda: self._stop_run(run))
        selected = self._selected_ids()
        try:
            summary = await run.run()
        finally:
            self._status_area.end_progress()
        self._show_summary(olds, summary)
        if summary.renewed and (len(olds) == 1 or self._selected_ids() == selected):
            # After a long run of many, the user may have gone on to something else.
            self._list.select(*(new.portal_id for new in summary.renewed))

    def _selected_ids(self) -> set[str]:
        return {record.portal_id for record in self._selection.records()}

    def _show_progress(self, progress: RenewalProgress) -> None:
        key = short_key(progress.customer_key)
        text = f"Renewing the link for {key}"
        if progress.total > 1:
            text += f", {_number(progress.number)} of {_number(progress.total)}"
        if progress.waiting:
            text = f"Seam asks to wait {_number(progress.waiting)} s. Then: {text.lower()}"
        many = progress.total > 1 or progress.waiting
        self._status_area.show_progress(f"{text}…", action=self._stop if many else None)

    def _stop_run(self, run: RenewalRun) -> None:
        run.stop()
        self._status_area.show_progress("Stopping after the link that is being renewed…")

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
            again = StatusAction("Try these again", lambda: self.renew(rest))
            self._status_area.show_error(_explain(summary, len(olds)), action=again)
        elif summary.not_tried:
            rest = list(summary.not_tried)
            self._status_area.show_message(
                f"Stopped. {_links(len(summary.renewed))} renewed, {_number(len(rest))} not.",
                tone=Tone.INFO,
                action=StatusAction("Go on", lambda: self.renew(rest)),
            )

    def _show_renewed(self, olds: list[PortalRecord], summary: RenewalSummary) -> None:
        if len(olds) == 1:
            old, new = olds[0], summary.renewed[0]
            text = f"New link for {short_key(new.customer_key)}."
            if old.is_live(self._clock()):
                text += " The old one works until it expires."
            self._status_area.show_message(text)
        elif not summary.not_tried:
            self._status_area.show_message(f"{_links(len(summary.renewed))} renewed.")


def _explain(summary: RenewalSummary, total: int) -> UserFacingError:
    """Why links failed: each reason once, after its customers."""
    by_reason: dict[str, list[str]] = {}
    for failure in summary.failed:
        key = short_key(failure.portal.customer_key)
        by_reason.setdefault(str(failure.error), []).append(key)
    parts = [f"{_names(keys)}: {reason}" for reason, keys in by_reason.items()]
    message = " ".join(parts[:_REASONS_SHOWN])
    if len(parts) > _REASONS_SHOWN:
        message += f" And {_number(len(parts) - _REASONS_SHOWN)} other reasons: see the details."
    if summary.not_tried:
        message += f" {_number(len(summary.not_tried))} were not tried any more."
    return UserFacingError(
        f"{_number(len(summary.failed))} of {_links(total)} could not be renewed.",
        message,
        seam_request_id=summary.failed[0].error.seam_request_id,
        technical="\n".join(
            f"{each.portal.customer_key}: {each.error} {each.error.seam_request_id or ''}".rstrip()
            for each in summary.failed
        ),
    )


def _names(keys: Sequence[str]) -> str:
    if len(keys) <= _NAMES_SHOWN:
        return ", ".join(keys)
    return f"{', '.join(keys[:_NAMES_SHOWN])} and {_number(len(keys) - _NAMES_SHOWN)} more"


def _links(count: int) -> str:
    return "1 link" if count == 1 else f"{_number(count)} links"


def _number(number: int) -> str:
    return QLocale().toString(number)
