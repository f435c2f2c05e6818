"""The selected records, the actions that they enable, and why not others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portals.pane import PortalsPane
from seam_portal_desktop.ui.shell.actions import WindowActions
from seam_portal_desktop.ui.toolkit.form_parts import number


@dataclass(frozen=True, slots=True)
class Applicable:
    """The ``portals`` that can be taken. ``reason`` says why not the others, '' for no others."""

    portals: tuple[PortalRecord, ...]
    reason: str = ""


def copyable(selected: Sequence[PortalRecord], now: datetime) -> Applicable:
    """Those whose link works and can be read."""
    return _without(
        selected,
        (lambda portal: not portal.is_live(now), _no_working_link),
        (lambda portal: not portal.has_readable_url, _unreadable),
    )


def sendable(selected: Sequence[PortalRecord], now: datetime) -> Applicable:
    """Those whose link works, can be read and isn't marked as sent."""
    return _without(
        selected,
        (lambda portal: not portal.is_live(now), _no_working_link),
        (lambda portal: not portal.has_readable_url, _unreadable),
        (lambda portal: portal.sent is not None, _sent_already),
    )


def revocable(selected: Sequence[PortalRecord], now: datetime) -> Applicable:
    """Those whose link works."""
    return _without(selected, (lambda portal: not portal.is_live(now), _no_working_link))


def renewable(selected: Sequence[PortalRecord]) -> Applicable:
    """Those that have, or had, a link."""
    return _without(
        selected, (lambda portal: portal.outcome is not Outcome.CREATED, _never_had_a_link)
    )


_Rule = tuple[Callable[[PortalRecord], bool], Callable[[int, int], str]]
"""Which portals are left out, and the sentence for how many of how many."""


def _without(selected: Sequence[PortalRecord], *rules: _Rule) -> Applicable:
    rest, reasons = list(selected), []
    for is_left_out, sentence in rules:
        left_out = sum(map(is_left_out, rest))
        if left_out:
            reasons.append(sentence(left_out, len(selected)))
            rest = [portal for portal in rest if not is_left_out(portal)]
    return Applicable(tuple(rest), " ".join(reasons))


def _no_working_link(count: int, total: int) -> str:
    if count == total:
        return _("None of them has a link that works.")
    text = ngettext(
        "1 of {total} has no link that works.",
        "{count} of {total} have no link that works.",
        count,
    )
    return text.format(count=number(count), total=number(total))


def _unreadable(count: int, total: int) -> str:
    text = ngettext(
        "1 of {total} has a link that can’t be read here.",
        "{count} of {total} have links that can’t be read here.",
        count,
    )
    return text.format(count=number(count), total=number(total))


def _sent_already(count: int, total: int) -> str:
    text = ngettext(
        "1 of {total} is marked as sent already.",
        "{count} of {total} are marked as sent already.",
        count,
    )
    return text.format(count=number(count), total=number(total))


def _never_had_a_link(count: int, total: int) -> str:
    if count == total:
        return _("None of them ever had a link.")
    text = ngettext(
        "1 of {total} never had a link.",
        "{count} of {total} never had a link.",
        count,
    )
    return text.format(count=number(count), total=number(total))


class SelectionController(QObject):
    """Enables the actions that the selected records allow, and shows the bar below the list.

    For several records an action's text says how many it takes, and its status tip why not all.
    """

    changed = Signal(list)
    """The selected records, in the table's order: others are selected, or one may have changed."""

    def __init__(
        self, pane: PortalsPane, actions: WindowActions, clock: Clock, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._actions = actions
        self._clock = clock
        pane.table.selection_changed.connect(lambda _ids: self.update())

    def update(self) -> None:
        """Enable the actions for the selected records as they are now, and emit `changed`."""
        records = self.records()
        self._enable(records)
        self.changed.emit(records)

    def records(self) -> list[PortalRecord]:
        """The selected records, in the table's order."""
        model = self._pane.model
        return [model.portal(row) for row in self._pane.table.selected_rows()]

    def only(self) -> PortalRecord | None:
        """The selected record, if it is the only one."""
        records = self.records()
        return records[0] if len(records) == 1 else None

    def _enable(self, selected: Sequence[PortalRecord]) -> None:
        now = self._clock()
        one = selected[0] if len(selected) == 1 else None
        live = one is not None and one.is_live(now)
        actions = self._actions
        for action in (actions.reveal_link, actions.open_in_browser, actions.reload_preview):
            action.setEnabled(live)
        actions.undo_sent.setEnabled(one is not None and one.sent is not None)
        actions.check_outcome.setEnabled(one is not None and one.outcome is Outcome.UNKNOWN)
        actions.duplicate.setEnabled(one is not None)
        actions.export_portals.setEnabled(self._pane.model.total > 0)
        actions.delete.setEnabled(bool(selected))
        actions.renew_and_send.setEnabled(bool(renewable(selected).portals))
        if len(selected) > 1:
            self._enable_for_many(selected)
            return
        for action in (actions.copy_link, actions.send, actions.mark_sent, actions.revoke):
            action.setEnabled(live)
        actions.renew.setEnabled(bool(renewable(selected).portals))
        for action, text in (
            (actions.copy_link, _("Copy link")),
            (actions.send, _("Send…")),
            (actions.mark_sent, _("Mark as sent…")),
            (actions.renew, _("Renew link")),
            (actions.revoke, _("Revoke link…")),
        ):
            _set_texts(action, text)

    def _enable_for_many(self, selected: Sequence[PortalRecord]) -> None:
        now, actions, total = self._clock(), self._actions, len(selected)

        def enable(action: QAction, found: Applicable, text: str, short: str, some: str) -> None:
            action.setEnabled(bool(found.portals))
            is_some = 0 < len(found.portals) < total
            _set_texts(action, text, some if is_some else short, found.reason)

        found = copyable(selected, now)
        count = number(len(found.portals))
        text = ngettext("Copy {count} link", "Copy {count} links", len(found.portals)).format(
            count=count
        )
        enable(actions.copy_link, found, text, _("Copy links"), text)
        text = ngettext("Send {count} link…", "Send {count} links…", len(found.portals)).format(
            count=count
        )
        some = _("Send {count}…").format(count=count)
        enable(actions.send, found, text, _("Send…"), some)
        found = sendable(selected, now)
        some = _("Mark {count} as sent…").format(count=number(len(found.portals)))
        enable(actions.mark_sent, found, some, _("Mark as sent…"), some)
        found = renewable(selected)
        count = number(len(found.portals))
        text = ngettext("Renew 1 link", "Renew {count} links", len(found.portals)).format(
            count=count
        )
        enable(actions.renew, found, text, _("Renew"), _("Renew {count}").format(count=count))
        found = revocable(selected, now)
        count = number(len(found.portals))
        text = ngettext("Revoke 1 link…", "Revoke {count} links…", len(found.portals)).format(
            count=count
        )
        enable(actions.revoke, found, text, _("Revoke…"), _("Revoke {count}…").format(count=count))


def _set_texts(action: QAction, text: str, short: str = "", reason: str = "") -> None:
    """Set the texts of menu and bar. An action that applies to nothing has the short text."""
    shown = text if action.isEnabled() or not short else short
    action.setText(shown)
    action.setIconText(short or shown)
    action.setStatusTip(reason)
    action.setToolTip(reason)  # which a menu shows
