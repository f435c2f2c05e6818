"""The base class of the New portal form's sections, and the rows that a section consists of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.setting_row import SettingRow
from seam_portal_desktop.ui.toolkit.fold import Fold


class FormSection(QWidget):
    """A group of fields. To add one to the dialog, subclass this and list it in RequestForm.

    `changed` follows edits of its fields, and fill().
    """

    changed = Signal()

    def write_to(self, draft: RequestDraft) -> None:
        """Put the section's fields into `draft`, except those that have the workspace's default."""
        raise NotImplementedError

    def fill(self, draft: RequestDraft) -> None:
        """Show the section's fields from `draft`."""
        raise NotImplementedError

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        """Show `reason` at the field with `path`. Returns the field, or None if it isn't here."""
        raise NotImplementedError

    def clear_errors(self) -> None:
        raise NotImplementedError

    def summary(self) -> str:
        """The fields on one line; empty when everything has the workspace's default."""
        return ""

    def unfinished(self) -> Iterable[tuple[str, str]]:
        """Paths and reasons of fields that are valid by the contract, but incomplete."""
        return ()

    def unsent(self) -> Any:  # noqa: ANN401 - any JSON value
        """What the user entered or chose that write_to() leaves out, for restore_unsent()."""
        return None

    def restore_unsent(self, entered: Any) -> None:  # noqa: ANN401
        """Show it again, after fill()."""

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self.setDisabled(locked)


class SettingRows:
    """Rows that are written, filled and marked together. `changed` is emitted with theirs."""

    def __init__(self, rows: Iterable[SettingRow], changed: SignalInstance) -> None:
        self._rows = {row.setting.path: row for row in rows}
        for row in self._rows.values():
            row.changed.connect(changed)

    def __getitem__(self, path: str) -> SettingRow:
        return self._rows[path]

    def write_to(self, draft: RequestDraft) -> None:
        for row in self._rows.values():
            row.write_to(draft)

    def fill(self, draft: RequestDraft) -> None:
        for row in self._rows.values():
            row.fill(draft)

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        for row in self._rows.values():
            if row.has_path(path):
                return row.show_error(reason)
        return None

    def clear_errors(self) -> None:
        for row in self._rows.values():
            row.clear_note()

    def summaries(self) -> list[str]:
        return [text for row in self._rows.values() if (text := row.summary())]


def unfold_parents(widget: QWidget) -> None:
    """Unfold every fold that hides `widget`."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, Fold):
            parent.unfold()
        parent = parent.parentWidget()
