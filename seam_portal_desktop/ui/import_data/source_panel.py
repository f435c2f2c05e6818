"""How the file is read: its kind of rows, sheet, titles, encoding and separator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.resources import ResourceKind
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.domain.tables.sheet import ReadOptions, Sheet, TableFile
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.words import (
    cell_text,
    encoding_title,
    known_separators,
    sample_text,
    separator_title,
)
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    isolate,
    muted_label,
    number,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_HEADING_LINES = 12
"""The titles are looked for in so many lines."""

_LINE_CHARACTERS = 44
_NAMES_SHOWN = 3
_NAME_CHARACTERS = 40
_LINES_SEARCHED = 2_000
_CHARACTERS = 19
"""The width of a choice."""


class SourcePanel(QWidget):
    """The choices about the source as a whole. Encoding and separator are hidden until they are
    wanted, or until the encoding is only a guess."""

    kind_chosen = Signal(str)
    """The name of the resource kind that the rows are."""

    options_chosen = Signal(object)
    """The ReadOptions with which the file has to be read again."""

    heading_chosen = Signal(object)
    """The index of the row with the titles, or None."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._has_text_options = False
        self.kind_box = self._box("importKind", _("The rows are"))
        self.sheet_box = self._box("importSheet", _("Sheet"))
        self.heading_box = self._box("importHeading", _("The titles are in"))
        self.encoding_box = self._box("importEncoding", _("Letters are written in"))
        self.separator_box = self._box("importSeparator", _("Columns are separated by"))
        self.text_button = QPushButton(_("Encoding and separator…"), self)
        self.text_button.setObjectName("importTextOptions")
        self.text_button.setAutoDefault(False)
        set_kind(self.text_button, "link")
        self.text_button.clicked.connect(self._show_text_options)
        self.kind_note = FieldNote(self.kind_box, icons)
        self.note = FieldNote(self.encoding_box, icons)

        fields = QWidget(self)
        flow = FlowLayout(fields, Spacing.M)
        self._fields = {}
        for box in self._boxes():
            self._fields[box] = self._labelled(box, fields)
            flow.addWidget(self._fields[box])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(fields)
        column.addWidget(self.kind_note)
        column.addWidget(self.note)
        column.addWidget(self.text_button, 0, Qt.AlignmentFlag.AlignLeft)

        self.kind_box.activated.connect(
            lambda _at: self.kind_chosen.emit(self.kind_box.currentData())
        )
        self.heading_box.activated.connect(
            lambda _at: self.heading_chosen.emit(self.heading_box.currentData())
        )
        for box in (self.sheet_box, self.encoding_box, self.separator_box):
            box.activated.connect(lambda _at: self.options_chosen.emit(self.options()))

    def set_kinds(
        self, kinds: Sequence[ResourceKind], current: ResourceKind, vertical: Vertical
    ) -> None:
        self.kind_box.clear()
        for kind in kinds:
            self.kind_box.addItem(vertical.many(kind.name), kind.name)
        self.kind_box.setCurrentIndex(self.kind_box.findData(current.name))

    def show_better_kind(self, kind: ResourceKind | None, vertical: Vertical) -> None:
        """Say that the titles are those of another kind; None hides the note."""
        if kind is None:
            self.kind_note.clear()
            return
        self.kind_note.show_note(
            _("These titles look like {many}. Check what the rows are.").format(
                many=isolate(vertical.many(kind.name))
            ),
            Tone.WARNING,
        )

    def set_file(self, file: TableFile) -> None:
        """Offer the choices that this file has."""
        self._fill(self.sheet_box, [(name, name) for name in file.sheet_names], file.sheet_name)
        encodings = dict.fromkeys(filter(None, (*file.encodings, file.encoding)))
        self._fill(
            self.encoding_box, [(encoding_title(each), each) for each in encodings], file.encoding
        )
        separators = dict.fromkeys(filter(None, (*known_separators(), file.separator)))
        self._fill(
            self.separator_box,
            [(separator_title(each), each) for each in separators],
            file.separator,
        )
        self._fields[self.sheet_box].setVisible(len(file.sheet_names) > 1)
        are_wanted = file.is_encoding_guessed or self._has_text_options
        self._set_text_options_visible(
            visible=bool(file.encoding) and are_wanted, possible=bool(file.encoding)
        )
        self._show_encoding_note(file)

    def set_heading(self, sheet: Sheet, heading: int | None) -> None:
        """Offer the first lines of `sheet` as the one with the titles."""
        items: list[tuple[str, int | None]] = []
        for row, line in zip(sheet.rows[:_HEADING_LINES], sheet.lines, strict=False):
            cells = [text for text in map(cell_text, row) if text]
            text = shortened(", ".join(cells), _LINE_CHARACTERS)
            title = _("Line {line}: {cells}").format(line=number(line), cells=text)
            if cells:
                items.append((title, len(items)))
            else:
                items.append(("", len(items)))
        shown: list[tuple[str, int | None]] = [item for item in items if item[0]]
        if heading is not None and heading >= len(items):
            line = sheet.lines[heading]
            shown.append((_("Line {line}").format(line=number(line)), heading))
        shown.append((_("No line: there are no titles"), None))
        self._fill(self.heading_box, shown, heading)

    def options(self) -> ReadOptions:
        """What is chosen, as it is shown."""
        return ReadOptions(
            sheet=self.sheet_box.currentData(),
            encoding=self.encoding_box.currentData(),
            separator=self.separator_box.currentData(),
        )

    def _boxes(self) -> tuple[CalmComboBox, ...]:
        return (
            self.kind_box,
            self.sheet_box,
            self.heading_box,
            self.encoding_box,
            self.separator_box,
        )

    def _box(self, name: str, title: str) -> CalmComboBox:
        box = CalmComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(title)
        box.setSizeAdjustPolicy(box.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_CHARACTERS)
        return box

    def _labelled(self, box: CalmComboBox, parent: QWidget) -> QWidget:
        field = QWidget(parent)
        label = muted_label(box.accessibleName(), parent=field)
        label.setBuddy(box)
        column = QVBoxLayout(field)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addWidget(label)
        column.addWidget(box)
        return field

    def _fill(
        self, box: CalmComboBox, items: Iterable[tuple[str, object]], current: object
    ) -> None:
        box.clear()
        for text, value in items:
            box.addItem(text, value)
            if value == current and type(value) is type(current):
                box.setCurrentIndex(box.count() - 1)
        box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + Spacing.XL)

    def _show_text_options(self) -> None:
        self._has_text_options = True
        self._set_text_options_visible(visible=True, possible=True)
        self.encoding_box.setFocus()

    def _set_text_options_visible(self, *, visible: bool, possible: bool) -> None:
        for box in (self.encoding_box, self.separator_box):
            self._fields[box].setVisible(visible)
        self.text_button.setVisible(possible and not visible)

    def _show_encoding_note(self, file: TableFile) -> None:
        if not file.is_encoding_guessed:
            self.note.clear()
            return
        names = tuple(_texts_with_letters(file.sheet))
        encoding = encoding_title(file.encoding)
        self.note.show_note(
            _(
                "The file doesn’t say how its letters are written. It looks like {encoding}. Do "
                "these look right? {names}"
            ).format(encoding=encoding, names=sample_text(names))
            if names
            else _(
                "The file doesn’t say how its letters are written. It looks like {encoding}."
            ).format(encoding=encoding),
            Tone.WARNING,
        )


def _texts_with_letters(sheet: Sheet) -> Iterator[str]:
    """The first cells that another encoding would show differently."""
    found: dict[str, None] = {}
    for row in sheet.rows[:_LINES_SEARCHED]:
        for cell in row:
            if isinstance(cell, str) and not cell.isascii() and cell not in found:
                found[cell] = None
                yield shortened(cell, _NAME_CHARACTERS)
                if len(found) == _NAMES_SHOWN:
                    return
