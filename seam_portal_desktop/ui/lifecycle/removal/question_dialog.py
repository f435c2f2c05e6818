"""The dialog that asks once before data is removed, and shows what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.removal.words import action_text, things_text
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.services.data_removal import CANCELLED, RemovalSummary
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.lifecycle.removal.wording import (
    RemovalEntry,
    consequences,
)
from seam_portal_desktop.ui.portal.sections import Facts
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import (
    FieldNote,
    heading,
    muted_label,
    number,
    short_key,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme, Tone
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

_MOST_LISTED = 100


class RemovalQuestionDialog(FormDialog):
    """Open it with open(). After `remove_requested` the controller removes `to_remove`, and calls
    show_result() or accept(). `warnings` are sentences that are shown above the list."""

    remove_requested = Signal()
    width_in_characters = 112

    def __init__(
        self,
        entries: Sequence[RemovalEntry],
        warnings: Sequence[str],
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self._entries = {entry.removal: entry for entry in entries}
        self.to_remove: tuple[RemovalKey, ...] = tuple(self._entries)
        self._is_production = False
        self._dismiss_text = _("Keep everything")
        self.setWindowTitle(_("Remove customer data"))
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        self._question = heading("", self)
        self._question.setWordWrap(True)
        self.body.addWidget(self._question)
        undo = _("This can’t be undone. Data that you send again is new to Seam.")
        self._consequences = [
            muted_label(line, wrap=True, parent=self) for line in [*consequences(entries), undo]
        ]
        for label in self._consequences:
            self.body.addWidget(label)
        self.listed = Facts(self)
        self.listed.setAccessibleName(_("What is removed"))
        self.warning = FieldNote(self.listed, icons)
        if warnings:
            self.warning.show_note("\n".join(warnings), Tone.WARNING)
        self.body.addWidget(self.warning)
        self._set_rows([(entry.removal, entry.detail) for entry in entries])
        self.body.addWidget(self.listed)
        self.body.addStretch(1)
        self._set_question()

    def set_workspace(self, label: str, kind: WorkspaceKind, *, demo: bool) -> None:
        self._is_production = kind is WorkspaceKind.PRODUCTION and not demo
        self.strip.set_workspace(label, kind, demo=demo)
        self._set_question()

    def show_result(self, summary: RemovalSummary) -> None:
        """Show what became of each, and offer to try the rest again."""
        self.set_busy(False)
        total = number(len(self.to_remove))
        self._set_rows(
            [
                *((each, _("May be removed: no answer")) for each in summary.unconfirmed),
                *((each, _("Not removed")) for each in summary.refused),
                *((each, _("Not tried")) for each in summary.not_tried),
                *((each, _("Confirmed by Seam")) for each in summary.removed),
            ]
        )
        self.to_remove = summary.rest
        self._dismiss_text = _("Close")
        for widget in (self.warning, *self._consequences):
            widget.hide()  # they are about all of it
        self._set_question()
        notes = [
            _("Confirmed by Seam: {count} of {total}.").format(
                count=number(len(summary.removed)), total=total
            )
        ]
        if summary.errors:
            first, *others = summary.errors
            notes = [str(error) for error in others] + notes
        else:
            first = UserFacingError(
                CANCELLED,
                _("Some or all of it may have been removed. Sending it again does no harm."),
                outcome_unknown=True,
            )
        self.error_card.set_error(first, notes=notes)
        self.show_top()
        self.dismiss_button.setFocus()

    def submit(self) -> None:
        if not self.is_busy:
            self.set_busy(True)  # at once: a second press must not send it twice
            self.remove_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        """The dialog has no fields."""

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self._update_buttons()

    def _set_question(self) -> None:
        action = self._action_text(is_production=False)
        self._question.setText(_("{action}?").format(action=action))
        self._update_buttons()
        self.dismiss_button.setFocus()

    def _action_text(self, *, is_production: bool) -> str:
        groups = [removal.group for removal in self.to_remove]
        return action_text(groups, is_production=is_production)

    def _set_rows(self, rows: Sequence[tuple[RemovalKey, str]]) -> None:
        shown = []
        for removal, value in rows[:_MOST_LISTED]:
            entry = self._entries[removal]
            name = _("{kind} {key}").format(kind=entry.kind_text, key=short_key(entry.key_text))
            shown.append((name, value, entry.detail))
        rest = [removal for removal, _value in rows[_MOST_LISTED:]]
        if rest:
            shown.append(
                (
                    _("and {things} more").format(things=things_text(each.group for each in rest)),
                    "",
                    "",
                )
            )
        self.listed.set_rows(shown)

    def _update_buttons(self) -> None:
        self.set_submit(self._action_text(is_production=self._is_production), loud=True)
        # Enter must not remove anything.
        self.dismiss_button.setDefault(True)
        if not self.is_busy:
            self.dismiss_button.setText(self._dismiss_text)
