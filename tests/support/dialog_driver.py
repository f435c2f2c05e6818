"""Fills the New portal dialog in as a user does, with keys and clicks, from a request's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QWidget,
)

from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.domain.request.resources import Cell, Column
from seam_portal_desktop.domain.tables.cells import format_cell
from seam_portal_desktop.ui.create.data.metadata_dialog import MetadataDialog
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.controls import (
    Control,
    LineControl,
    MenuControl,
    ParagraphControl,
    SegmentsControl,
)
from seam_portal_desktop.ui.create.form.form_section import unfold_parents
from seam_portal_desktop.ui.create.form.profile_control import ProfileControl
from seam_portal_desktop.ui.create.form.settings import ACCEPTED_PROVIDERS, EXCLUDED_PROVIDERS
from seam_portal_desktop.ui.create.form.token_list import ListControl
from seam_portal_desktop.ui.toolkit.fold import Fold

_PROVIDER_MODES = {ACCEPTED_PROVIDERS: "only", EXCLUDED_PROVIDERS: "all_but"}


class NoWayToSetError(AssertionError):
    """The dialog has no control for a path of the request."""


class DialogDriver:
    """The dialog must be shown, and empty except for what this driver enters."""

    def __init__(self, dialog: NewPortalDialog) -> None:
        self._dialog = dialog

    def enter(self, body: Mapping[str, Any]) -> None:
        for path, value in _leaves(body):
            self._set(path, value)

    def _set(self, path: str, value: Any) -> None:
        root, _, rest = path.partition(".")
        if path == "customer_data.customer_key":
            type_text(self._dialog.customer.key, value)
        elif root == "customer_data":
            self._rows(rest, value)
        elif root == "customer_resources_filters":
            self._filters(value)
        elif root in ("landing_page", "deep_link"):
            self._opens_at(root, value)
        else:
            self._setting(path, value)

    def _setting(self, path: str, value: Any) -> None:
        if path.startswith("features.manage_devices"):
            # It is deprecated. The dialog has it only if it was opened with a request that sets it.
            self._dialog.fill(decode_request('{"features": {"manage_devices": {}}}'))
        if path in _PROVIDER_MODES:
            providers = self._dialog.features.providers
            unfold(providers)
            self._click(providers.mode.control, _PROVIDER_MODES[path])
        control = self._dialog.findChild(Control, path)
        if control is None:
            raise NoWayToSetError(path)
        unfold(control)
        match control:
            case SegmentsControl():
                self._click(control, value)
            case MenuControl():
                choose(control.box, value)
            case ListControl():
                for each in value:
                    type_text(control.edit, each)
                    QTest.keyClick(control.edit, Qt.Key.Key_Return)
            case LineControl() | ParagraphControl() | ProfileControl():
                control.edit.selectAll()
                type_text(control.edit, value)
            case _:
                raise NoWayToSetError(path)

    def _click(self, control: Control, value: Any) -> None:
        assert isinstance(control, SegmentsControl)
        try:
            button = control.segments.button(value)
        except StopIteration:
            raise NoWayToSetError(f"{control.setting.path}: {value}") from None
        assert button.isVisible()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())

    def _opens_at(self, root: str, value: Mapping[str, Any]) -> None:
        section = self._dialog.opens_at
        unfold(section)
        self._click(section.mode.control, root)
        if root == "landing_page":
            ((kind, key),) = value["manage"].items()
            field = section.landing
        else:
            kind, key = (
                value["resource_type"],
                next(each for name, each in value.items() if name != "resource_type"),
            )
            field = section.deep_link
        choose(field.kind, kind)
        type_text(field.key, key)

    def _filters(self, filters: list[Mapping[str, Any]]) -> None:
        section = self._dialog.filters
        unfold(section)
        for each in filters:
            QTest.mouseClick(section.add_button, Qt.MouseButton.LeftButton)
            row = section.rows[-1]
            QApplication.processEvents()
            type_text(row.name, each["field"])
            if isinstance(each["value"], bool):
                choose(row.kind, "yes" if each["value"] else "no")
            else:
                type_text(row.text, each["value"])

    def _rows(self, kind: str, rows: list[Mapping[str, Any]]) -> None:
        data = self._dialog.data
        unfold(data)
        self._choose_kind(kind)
        columns = {column.dotted: column for column in data.model.columns}
        for number, row in enumerate(rows):
            for path, value in _cells(row, columns):
                if path not in columns:
                    raise NoWayToSetError(f"customer_data.{kind}.{path}")
                self._cell(number, columns[path], value)

    def _choose_kind(self, kind: str) -> None:
        kinds = self._dialog.data.kinds
        kinds.setFocus()
        names = [kinds.item(at).data(Qt.ItemDataRole.UserRole) for at in range(kinds.count())]
        if kind not in names:
            raise NoWayToSetError(f"customer_data.{kind}")
        QTest.keyClick(kinds, Qt.Key.Key_Home)
        for _ in range(names.index(kind)):
            QTest.keyClick(kinds, Qt.Key.Key_Down)

    def _cell(self, row: int, column: Column, value: Any) -> None:
        table, model = self._dialog.data.table, self._dialog.data.model
        index: QModelIndex = model.index(row, list(model.columns).index(column))
        table.setFocus()
        table.setCurrentIndex(index)
        if column.cell is Cell.METADATA:
            QTest.keyClick(table, Qt.Key.Key_Return)
            self._metadata(value)
        elif value is None:
            table.send_null.trigger()
        else:
            text = format_cell(column.cell, value)
            type_text(table, text[0])
            editor = QApplication.focusWidget()
            type_text(editor, text[1:])
            QTest.keyClick(editor, Qt.Key.Key_Return)
            QApplication.processEvents()

    def _metadata(self, metadata: Mapping[str, Any]) -> None:
        QApplication.processEvents()
        (dialog,) = (each for each in self._dialog.findChildren(MetadataDialog) if each.isVisible())
        for number, (name, value) in enumerate(metadata.items()):
            if number:
                QTest.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
                QApplication.processEvents()
            row = dialog.rows[number]
            type_text(row.name, name)
            if isinstance(value, str):
                type_text(row.text, value)
            else:
                choose(row.kind, {True: "yes", False: "no", None: "remove"}[value])
        QTest.mouseClick(dialog.done_button, Qt.MouseButton.LeftButton)
        # The offscreen platform has no window manager that would do so.
        self._dialog.activateWindow()
        QApplication.processEvents()


def sent(dialog: NewPortalDialog) -> dict[str, Any]:
    """The request that the dialog would send."""
    wire: dict[str, Any] = msgspec.to_builtins(dialog.request())
    return wire


def log_requests(dialog: NewPortalDialog) -> list[str]:
    """A list that gets 'create' and 'cancel' when the dialog requests them."""
    log: list[str] = []
    dialog.create_requested.connect(lambda: log.append("create"))
    dialog.cancel_requested.connect(lambda: log.append("cancel"))
    return log


def shown_texts(parent: QWidget) -> str:
    """The texts of all visible labels, one on a line."""
    labels = parent.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisibleTo(parent))


def segment(dialog: NewPortalDialog, path: str, value: object) -> QRadioButton:
    """The segment of a setting's control, unfolded and ready to be clicked."""
    control = dialog.findChild(SegmentsControl, path)
    assert control is not None
    unfold_parents(control)
    return control.segments.button(value)


def unfold(widget: QWidget) -> None:
    """Unfold every folded part that contains `widget`, the outermost first."""
    folds = []
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, Fold):
            folds.append(parent)
        parent = parent.parentWidget()
    for fold in reversed(folds):
        if not fold.header.isChecked():
            fold.header.click()
    QApplication.processEvents()


def choose(box: QComboBox, value: object) -> None:
    """Go to the entry with the arrow keys."""
    place = box.findData(value)
    if place < 0:
        raise NoWayToSetError(f"{box.accessibleName()}: {value}")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == value


def type_text(widget: QWidget, text: str) -> None:
    """Type any text; QTest only has the keys of a Latin keyboard."""
    assert widget.isVisible()
    assert not isinstance(widget, QPushButton)
    for character in text:
        key = Qt.Key.Key_Return if character == "\n" else Qt.Key.Key_unknown
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, character)
            QApplication.sendEvent(widget, event)


def _leaves(body: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """The paths with their values. A list stays one value, as does what one control sets."""
    found: list[tuple[str, Any]] = []
    for name, value in body.items():
        path = f"{above}{name}"
        whole = path in ("landing_page", "deep_link") or not isinstance(value, Mapping)
        found += [(path, value)] if whole else _leaves(value, f"{path}.")
    return found


def _cells(
    row: Mapping[str, Any], columns: Mapping[str, Column], above: str = ""
) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in row.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping) and path not in columns:
            found += _cells(value, columns, f"{path}.")
        else:
            found.append((path, value))
    return found
