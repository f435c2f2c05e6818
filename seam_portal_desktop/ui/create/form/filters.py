"""The resources that the portal shows, chosen by their custom metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.steps import ROWS_A_STEP, Steps
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.metadata_row import NO, TEXT, YES, MetadataRow
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.create.step_runner import StepRunner
from seam_portal_desktop.ui.toolkit.form_parts import (
    FieldNote,
    make_completer,
    muted_label,
    plain_label,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

FILTERS = "customer_resources_filters"
_KINDS = {TEXT: _("this text"), YES: _("Yes"), NO: _("No")}
_SUMMARY_CHARACTERS = 20


class FiltersSection(FormSection):
    """Rows of field = value; a resource has to match all of them.

    `metadata` returns the custom metadata of every resource in the form. It is called again after
    resources_changed().
    """

    def __init__(
        self,
        icons: Icons,
        metadata: Callable[[], Iterable[Mapping[str, Any]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._metadata = metadata
        self._index: _MetadataIndex | None = None
        self._indexing = StepRunner(self)
        self._indexing.done.connect(self._set_index)
        self._was_empty = False
        self.rows: list[FilterRow] = []
        self._fields = QStringListModel(self)
        legend = muted_label(
            _(
                "Only resources with all of these in their metadata are shown. Only kinds that "
                "have metadata are filtered."
            ),
            wrap=True,
            parent=self,
        )
        self._column = QVBoxLayout()
        self._column.setSpacing(Spacing.S)
        self.add_button = QPushButton(icons.icon("plus"), _("Add filter"), self)
        self.add_button.setObjectName("addFilter")
        self.add_button.setAutoDefault(False)
        set_kind(self.add_button, "secondary")
        self.add_button.clicked.connect(self._add)
        self.count = muted_label(parent=self)
        self.count.setObjectName("filterCount")
        self.note = FieldNote(self.add_button, icons)
        footer = QHBoxLayout()
        footer.setSpacing(Spacing.M)
        footer.addWidget(self.add_button)
        footer.addWidget(self.count, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(legend)
        column.addLayout(self._column)
        column.addLayout(footer)
        column.addWidget(self.note)
        self.changed.connect(self._update_count)
        self._update_count()

    def add_row(self) -> FilterRow:
        row = FilterRow(self._icons, self._fields, self)
        row.changed.connect(self.changed)
        row.remove_button.clicked.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column.addWidget(row)
        self._update_tab_order()
        self.changed.emit()
        return row

    def resources_changed(self) -> None:
        """Count again: the resources have changed."""
        self._index = None
        self._indexing.cancel()
        if self.rows:
            self._update_count()

    def write_to(self, draft: RequestDraft) -> None:
        filters = [row.filter() for row in self.rows if row.is_filled()]
        draft.put(FILTERS, filters if filters or self._was_empty else None)

    def fill(self, draft: RequestDraft) -> None:
        given = draft.get(FILTERS)
        self._was_empty = given == []
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for each in given or ():
            self.add_row().fill_from(each)
        self.changed.emit()

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        root, _unused, rest = path.partition(".")
        if root != FILTERS:
            return None
        index, _unused, part = rest.partition(".")
        filled = [row for row in self.rows if row.is_filled()]
        if index.isdigit() and int(index) < len(filled):
            return filled[int(index)].show_field_error(part, reason)
        self.note.show_error(reason)
        return self.add_button

    def clear_errors(self) -> None:
        self.note.clear()
        for row in self.rows:
            row.note.clear()

    def summary(self) -> str:
        return " · ".join(row.summary() for row in self.rows if row.is_filled())

    def _add(self) -> None:
        self.add_row().name.setFocus()

    def _remove(self, row: FilterRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add_button.setFocus()
        self.changed.emit()

    def _update_count(self) -> None:
        if not self.rows:
            self.count.clear()
            return
        if self._index is None:
            if not self._indexing.is_running:
                self._indexing.start(_index_steps(self._metadata()))
            return
        if not self._index.total:
            self.count.setText(_("No resources with metadata are entered to try this on."))
            return
        filters = [row.filter() for row in self.rows if row.is_filled()]
        matching = self._index.count([(each["field"], each["value"]) for each in filters])
        self.count.setText(
            _("{matching} of {total} entered resources match.").format(
                matching=matching, total=self._index.total
            )
        )

    def _set_index(self, index: _MetadataIndex) -> None:
        self._index = index
        if index.fields != self._fields.stringList():
            self._fields.setStringList(index.fields)
        self._update_count()

    def _update_tab_order(self) -> None:
        previous: QWidget | None = None
        for row in self.rows:
            previous = row.add_to_tab_order(previous)
        if previous is not None:
            QWidget.setTabOrder(previous, self.add_button)


class FilterRow(MetadataRow):
    """One filter: field = value."""

    def __init__(self, icons: Icons, fields: QStringListModel, parent: QWidget) -> None:
        super().__init__(_KINDS, _("Remove this filter"), icons, parent)
        self._is_from_request = False
        self.name.setObjectName("filterField")
        self.name.setAccessibleName(_("Metadata field"))
        self.name.setCompleter(make_completer(fields, self))
        self.kind.setObjectName("filterKind")
        self.kind.setAccessibleName("is")
        self.text.setObjectName("filterValue")
        self.text.setPlaceholderText("2")
        self.note = FieldNote(self.name, icons)
        self.line.insertWidget(1, plain_label("is", parent=self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addLayout(self.line)
        column.addWidget(self.note)

    def fill_from(self, given: Mapping[str, Any]) -> None:
        """Show a filter of a request. It is sent even when it is empty."""
        self._is_from_request = True
        self.fill(given["field"], given["value"])

    def is_filled(self) -> bool:
        """Whether anything was entered; an untouched row is not sent."""
        typed = self.name.text().strip() or self.text.text()
        return self._is_from_request or bool(typed) or self.kind.currentData() != TEXT

    def filter(self) -> dict[str, Any]:
        return {"field": self.field_name(), "operation": "=", "value": self.value()}

    def summary(self) -> str:
        value = self.value()
        text = value if isinstance(value, str) else "yes" if value else "no"
        field = shortened(self.name.text(), _SUMMARY_CHARACTERS)
        return f"{field} = {shortened(text, _SUMMARY_CHARACTERS)}"

    def show_field_error(self, part: str, reason: str) -> QWidget:
        self.note.show_error(reason)
        return self.text if part == "value" else self.name


class _MetadataIndex:
    """The resources by field and value, so that a keystroke doesn't go through all of them."""

    def __init__(self) -> None:
        self.total = 0
        self.fields: list[str] = []
        self._rows_by_value: dict[tuple[str, type, Any], set[int]] = {}

    def add(self, metadata: Mapping[str, Any]) -> None:
        """Count one more resource."""
        for name, value in metadata.items():
            # The type, because true is not the text 'true'.
            self._rows_by_value.setdefault((name, type(value), value), set()).add(self.total)
        self.total += 1

    def finish(self) -> None:
        self.fields = sorted({name for name, _type, _value in self._rows_by_value})

    def count(self, wanted: Sequence[tuple[str, str | bool]]) -> int:
        """The number of resources that have all of `wanted`."""
        found = [
            self._rows_by_value.get((name, type(value), value), set()) for name, value in wanted
        ]
        return len(set.intersection(*found)) if found else self.total


def _index_steps(metadata: Iterable[Mapping[str, Any]]) -> Steps[_MetadataIndex]:
    index = _MetadataIndex()
    for each in metadata:
        index.add(each)
        if index.total % ROWS_A_STEP == 0:
            yield None
    index.finish()
    return index
