"""What the groups of the New portal form have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.create.form.setting_row import SettingRow


class FormSection(QWidget):
    """A group of fields. To add one to the dialog, subclass this and list it there.

    `changed` says that one of its fields was edited, or filled.
    """

    changed = Signal()

    def read(self, draft: RequestDraft) -> None:
        """Write the section's fields into `draft`, and leave out what is left to the profile."""
        raise NotImplementedError

    def fill(self, draft: RequestDraft) -> None:
        """Show what `draft` says of the section's fields."""
        raise NotImplementedError

    def show_error(self, path: str, reason: str) -> QWidget | None:
        """Show `reason` at the field that `path` names; the field, or None if it isn't here."""
        raise NotImplementedError

    def clear_errors(self) -> None:
        raise NotImplementedError

    def summary(self) -> str:
        """What is said here, on one line; empty when everything is left to the profile."""
        return ""

    def unfinished(self) -> Sequence[tuple[str, str]]:
        """Paths and reasons of what the contract would take, but nobody can mean."""
        return ()

    def lock(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self.setDisabled(locked)


class Rows:
    """Setting rows that are read, filled and marked together."""

    def __init__(self, rows: Iterable[SettingRow], changed: SignalInstance) -> None:
        self._rows = {row.setting.path: row for row in rows}
        for row in self._rows.values():
            row.changed.connect(changed)

    def __getitem__(self, path: str) -> SettingRow:
        return self._rows[path]

    def read(self, draft: RequestDraft) -> None:
        for row in self._rows.values():
            row.read(draft)

    def fill(self, draft: RequestDraft) -> None:
        for row in self._rows.values():
            row.fill(draft)

    def show_error(self, path: str, reason: str) -> QWidget | None:
        for row in self._rows.values():
            if row.names(path):
                return row.show_error(reason)
        return None

    def clear_errors(self) -> None:
        for row in self._rows.values():
            row.clear_note()

    def said(self) -> list[str]:
        return [said for row in self._rows.values() if (said := row.said())]


def reveal(field: QWidget) -> None:
    """Unfold whatever hides `field`."""
    widget = field.parentWidget()
    while widget is not None:
        if isinstance(widget, Fold):
            widget.unfold()
        widget = widget.parentWidget()
