"""Which of the customer's resources the portal shows, by their custom metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.ui.create.form.controls import KeptText
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    plain_label,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

FILTERS = "customer_resources_filters"
TEXT, YES, NO = "text", "yes", "no"
_KINDS = ((TEXT, "this text"), (YES, "Yes"), (NO, "No"))
_SAID_CHARACTERS = 20

Metadata = Callable[[], Sequence[Mapping[str, Any]]]
"""The custom metadata of every resource that the form holds."""


class FiltersSection(FormSection):
    """Rows of field = value; a resource has to match all of them.

    `metadata` is asked for again after resources_changed().
    """

    def __init__(self, icons: Icons, metadata: Metadata, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._ask = metadata
        self._index: _Index | None = None
        self._came_empty = False
        self.rows: list[FilterRow] = []
        self._fields = QStringListModel(self)
        legend = plain_label(
            "Only resources with all of these in their metadata are shown. Only kinds that have "
            "metadata are filtered.",
            wrap=True,
            parent=self,
        )
        set_kind(legend, "muted")
        self._column = QVBoxLayout()
        self._column.setSpacing(Spacing.S)
        self.add_button = QPushButton(icons.icon("plus"), "Add filter", self)
        self.add_button.setObjectName("addFilter")
        self.add_button.setAutoDefault(False)
        set_kind(self.add_button, "secondary")
        self.add_button.clicked.connect(self._add)
        self.count = plain_label(parent=self)
        self.count.setObjectName("filterCount")
        set_kind(self.count, "muted")
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
        self.changed.connect(self._recount)
        self._recount()

    def add_row(self) -> FilterRow:
        row = FilterRow(self._icons, self._fields, self)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column.addWidget(row)
        self._order_focus()
        self.changed.emit()
        return row

    def resources_changed(self) -> None:
        """The resources are other ones now."""
        self._index = None
        if self.rows:
            self._recount()

    def read(self, draft: RequestDraft) -> None:
        filters = [row.filter() for row in self.rows if row.is_meant()]
        draft.put(FILTERS, filters if filters or self._came_empty else None)

    def fill(self, draft: RequestDraft) -> None:
        given = draft.get(FILTERS)
        self._came_empty = given == []
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for each in given or ():
            self.add_row().fill(each["field"], each["value"])
        self.changed.emit()

    def show_error(self, path: str, reason: str) -> QWidget | None:
        root, _, rest = path.partition(".")
        if root != FILTERS:
            return None
        place, _, part = rest.partition(".")
        meant = [row for row in self.rows if row.is_meant()]
        if place.isdigit() and int(place) < len(meant):
            return meant[int(place)].show_error(part, reason)
        self.note.show_error(reason)
        return self.add_button

    def clear_errors(self) -> None:
        self.note.clear()
        for row in self.rows:
            row.note.clear()

    def summary(self) -> str:
        return " · ".join(row.said() for row in self.rows if row.is_meant())

    def unfinished(self) -> Iterator[tuple[str, str]]:  # type: ignore[override]
        for place, row in enumerate(row for row in self.rows if row.is_meant()):
            if not row.filter()["field"]:
                yield f"{FILTERS}.{place}.field", "Name the field of the metadata."

    def _add(self) -> None:
        self.add_row().field.setFocus()

    def _remove(self, row: FilterRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add_button.setFocus()
        self.changed.emit()

    def _recount(self) -> None:
        if not self.rows:
            self.count.clear()
            return
        if self._index is None:
            self._index = _Index(self._ask())
            if self._index.fields != self._fields.stringList():
                self._fields.setStringList(self._index.fields)
        if not self._index.total:
            self.count.setText("No resources with metadata are entered to try this on.")
            return
        filters = [row.filter() for row in self.rows if row.is_meant()]
        matching = self._index.count([(each["field"], each["value"]) for each in filters])
        self.count.setText(f"{matching} of {self._index.total} entered resources match.")

    def _order_focus(self) -> None:
        previous: QWidget | None = None
        for row in self.rows:
            for each in (row.field, row.kind, row.text, row.remove):
                if previous is not None:
                    QWidget.setTabOrder(previous, each)
                previous = each
        if previous is not None:
            QWidget.setTabOrder(previous, self.add_button)


class FilterRow(QWidget):
    """One field = value."""

    changed = Signal()
    removed = Signal()

    def __init__(self, icons: Icons, fields: QStringListModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept_field, self._kept_text = KeptText(), KeptText()
        for kept in (self._kept_field, self._kept_text):
            kept.give("", "")
        self._was_filled = False
        self.field = QLineEdit(self)
        self.field.setObjectName("filterField")
        self.field.setAccessibleName("Metadata field")
        self.field.setPlaceholderText("floor")
        completer = QCompleter(fields, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.field.setCompleter(completer)
        self.kind = CalmComboBox(self)
        self.kind.setObjectName("filterKind")
        self.kind.setAccessibleName("is")
        for kind, word in _KINDS:
            self.kind.addItem(word, kind)
        self.text = QLineEdit(self)
        self.text.setObjectName("filterValue")
        self.text.setAccessibleName("Value")
        self.text.setPlaceholderText("2")
        shape = self.text.sizePolicy()
        shape.setRetainSizeWhenHidden(True)
        self.text.setSizePolicy(shape)
        self.remove = IconButton(icons.icon("x"), "Remove this filter", self)
        self.note = FieldNote(self.field, icons)
        line = QHBoxLayout()
        line.setSpacing(Spacing.S)
        line.addWidget(self.field, 2)
        line.addWidget(plain_label("is", parent=self))
        line.addWidget(self.kind)
        line.addWidget(self.text, 3)
        line.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addLayout(line)
        column.addWidget(self.note)
        self.field.textChanged.connect(self.changed)
        self.text.textChanged.connect(self.changed)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.remove.clicked.connect(self.removed)

    def fill(self, field: str, value: str | bool) -> None:  # noqa: FBT001 - the contract's own union
        self._was_filled = True
        self.field.setText(field)
        self._kept_field.give(field, self.field.text())
        text = value if isinstance(value, str) else ""
        self.text.setText(text)
        self._kept_text.give(text, self.text.text())
        kind = TEXT if isinstance(value, str) else YES if value else NO
        self.kind.setCurrentIndex(self.kind.findData(kind))

    def is_meant(self) -> bool:
        """Whether anything was said; an untouched row is nothing."""
        said = self.field.text().strip() or self.text.text()
        return self._was_filled or bool(said) or self.kind.currentData() != TEXT

    def filter(self) -> dict[str, Any]:
        field, text = self.field.text(), self.text.text()
        kind = self.kind.currentData()
        return {
            "field": self._kept_field.take(field, field.strip()),
            "operation": "=",
            "value": self._kept_text.take(text, text) if kind == TEXT else kind == YES,
        }

    def said(self) -> str:
        value = self.filter()["value"]
        words = value if isinstance(value, str) else "yes" if value else "no"
        field = shortened(self.field.text(), _SAID_CHARACTERS)
        return f"{field} = {shortened(words, _SAID_CHARACTERS)}"

    def show_error(self, part: str, reason: str) -> QWidget:
        self.note.show_error(reason)
        return self.text if part == "value" else self.field

    def _kind_chosen(self) -> None:
        self.text.setVisible(self.kind.currentData() == TEXT)
        self.changed.emit()


class _Index:
    """Which resources have a field with a value, so that typing doesn't go through them all."""

    def __init__(self, metadata: Sequence[Mapping[str, Any]]) -> None:
        self.total = len(metadata)
        self.fields = sorted({name for each in metadata for name in each})
        self._having: dict[tuple[str, type, Any], set[int]] = {}
        for number, each in enumerate(metadata):
            for name, value in each.items():
                # The type, because true is not the text 'true'.
                self._having.setdefault((name, type(value), value), set()).add(number)

    def count(self, wanted: Sequence[tuple[str, str | bool]]) -> int:
        """How many resources have all of `wanted`."""
        found = [self._having.get((name, type(value), value), set()) for name, value in wanted]
        return len(set.intersection(*found)) if found else self.total
