"""Runs the demo, opens every surface, and writes the texts that are shown.

Usage: ``python -m tests.support.drive_translated open_everything --demo --data-dir FOLDER``. With
PICTURES set, each surface is also saved there as a picture.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QRadioButton,
    QTabBar,
    QWidget,
)

from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.import_data.dialog import ImportDialog, ImportStep
from seam_portal_desktop.ui.toolkit.fold import Fold
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel
from tests.support.drive_program import run, select_live, write_message
from tests.support.program import Program, is_gone
from tests.support.until import until

# Actions that end the session, start other programs, or show a dialog of Qt's.
NOT_TRIGGERED = {
    "quit", "try_demo", "leave_demo", "open_in_browser", "save_screenshot", "save_document",
    "attach_screenshot", "attach_document", "self_test", "software_rendering", "copy_diagnostics",
    "save_diagnostics", "check_outcome", "remove_workspace", "add_returned_mail", "demo_mailbox",
}  # fmt: skip
OPEN_DIALOGS = {
    "new_portal", "connect_workspace", "duplicate", "reservation_link", "update_data",
    "remove_data", "revoke", "export_portals", "delete", "check_updates", "about", "send",
}  # fmt: skip
_ROWS = 15
IMPORTED_FILE = "stays.csv"
IMPORTED = """reservation_key,guest_key,starts_at,nothing
r-1,g-1,03/04/2026 15:00,1
r-2,g-2,#N/A,2
"""
"""A file for the import that asks about its dates, with a column and a cell to be left out."""


def texts_of_model(model: QAbstractItemModel) -> Iterator[str]:
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.AccessibleDescriptionRole,
    )
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(), _ROWS)):
            for role in roles:
                value = model.index(row, column).data(role)
                if isinstance(value, str):
                    yield value


def texts_of_action(action: QAction) -> Iterator[str]:
    yield from (action.text(), action.toolTip(), action.statusTip())
    menu = action.menu()
    if isinstance(menu, QMenu):
        for inner in menu.actions():
            yield from texts_of_action(inner)


def texts_of_widget(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    match widget:
        case ElidedLabel():
            yield widget.full_text()
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QLineEdit() | QPlainTextEdit():
            yield widget.placeholderText()
        case QComboBox():
            yield from (widget.itemText(index) for index in range(widget.count()))
        case QTabBar():
            yield from (widget.tabText(index) for index in range(widget.count()))
        case QAbstractItemView() if widget.model() is not None:
            yield from texts_of_model(widget.model())
    for action in widget.actions():
        yield from texts_of_action(action)


def shown_texts() -> list[str]:
    """What is written in all visible windows, for the eyes and for a screen reader."""
    found: dict[str, None] = {}
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            found[window.windowTitle()] = None
            for widget in [window, *window.findChildren(QWidget)]:
                if widget.isVisible():
                    found |= dict.fromkeys(texts_of_widget(widget))
    return [text for text in found if text]


async def write_surface(name: str, widget: QWidget) -> None:
    if folder := os.environ.get("PICTURES"):
        for _turn in range(5):
            await asyncio.sleep(0.05)  # only a picture needs the layout's last turn
        widget.grab().save(str(Path(folder) / f"{name}.png"))
    write_message("surface", name=name, texts=shown_texts())


async def write_dialog(name: str, dialog: QDialog) -> None:
    """The dialog when it knows what it shows, and each of its folded parts."""
    if isinstance(dialog, FormDialog):
        await until(lambda: not dialog.is_busy, f"{name} has its answer")
    await write_surface(name, dialog)
    for index, fold in enumerate(dialog.findChildren(Fold)):
        if fold.isVisible():
            fold.header.click()
            await write_surface(f"{name} {index}", dialog)
            fold.header.click()
    if isinstance(dialog, NewPortalDialog):
        await write_import(name, dialog)
        dialog.views.show_json()
        await write_surface(f"{name} as JSON", dialog)


async def write_import(name: str, dialog: NewPortalDialog) -> None:
    """Each step of the import, with something to choose in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, IMPORTED_FILE)
        path.write_text(IMPORTED, "utf-8")  # noqa: ASYNC240 - it is small
        dialog.data.kinds.set_current_kind("reservations")
        dialog.data.toolbar.file_chosen.emit(str(path))
        (imported,) = dialog.findChildren(ImportDialog)
        await until(lambda: imported.step is ImportStep.COLUMNS, "the columns are shown")
        imported.columns.source.text_button.click()
        imported.columns.list.go_to(0)
        await write_surface(f"{name} import columns", imported)
        imported.submit()
        await until(lambda: imported.step is ImportStep.QUESTIONS, "the questions are shown")
        await write_surface(f"{name} import questions", imported)
        imported.questions.cards[0].findChildren(QRadioButton)[0].click()
        await until(imported.submit_button.isEnabled, "the answer is taken")
        imported.submit()
        await until(lambda: imported.step is ImportStep.REVIEW, "the review is shown")
        await write_surface(f"{name} import review", imported)
        imported.reject()
        await until(partial(is_gone, imported), "the import closes")


async def write_action(program: Program, name: str, action: QAction) -> None:
    """What the action opens, and the window after it."""
    if action.isCheckable():
        return
    action.trigger()
    await program.settled()
    if name in OPEN_DIALOGS:
        await until(program.dialogs, f"{name} opens a dialog")
    for dialog in program.dialogs():
        await write_dialog(name, dialog)
        dialog.reject()
        await until(partial(is_gone, dialog), f"{name} closes its dialog")
    await write_surface(f"after {name}", program.window)


async def open_everything(program: Program) -> None:
    window, actions = program.window, program.window.actions_
    await write_surface("window", window)
    await select_live(program)
    await until(lambda: window.preview.is_loaded, "the page is painted")
    await until(window.preview.checks.button.isEnabled, "the page is checked")
    window.preview.checks.button.click()
    await write_surface("checks", window)
    window.preview.checks.button.click()
    for name, action in vars(actions).items():
        if name not in NOT_TRIGGERED and isinstance(action, QAction) and action.isEnabled():
            await write_action(program, name, action)
    window.actions_.command_palette.trigger()  # it was opened; close it
    for row in range(window.pane.model.rowCount()):
        window.pane.table.selectRow(row)
        await program.settled()
        await write_surface(f"row {row}", window)
    window.pane.table.selectAll()
    await program.settled()
    await write_surface("several", window)
    write_message("done")


if __name__ == "__main__":
    sys.exit(run({open_everything.__name__: open_everything}))
