"""A large paste is read in a thread. It never lands elsewhere than where it was pasted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.ui.create.test_create_data import fill
from tests.ui.create.test_table_paste import GUESTS, data, paste, said, select
from tests.ui.import_data.test_import_path import driver, opened, start, write

__all__ = ["data", "driver"]

LONG = "\n".join(["A" * 49_000] * 3)


@pytest.mark.parametrize("leave", ["kind", "cell"])
def test_a_large_paste_is_dropped_when_the_user_goes_elsewhere(data, qtbot, leave):
    fill(data, guests=GUESTS)
    select(data, range(1), "name")
    paste(data, qtbot, LONG)
    if leave == "kind":
        data.kinds.set_current_kind("rooms")
    else:
        data.table.go_to(2, 0)
    said(data, qtbot, "Nothing was pasted")
    assert not data.model.rows("rooms")
    assert [row["name"] for row in data.model.rows("guests")] == ["Guest 1", "Guest 2", "Guest 3"]


@pytest.mark.anyio
async def test_what_is_typed_in_a_cell_is_kept_when_an_import_begins(driver, tmp_path):
    dialog = await opened(driver, "guests")
    table = dialog.data.table
    dialog.data.model.apply_rows("test", GUESTS, {})
    table.setFocus()
    table.go_to(0, 1)
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "Typed")
    imported = await start(dialog, write(tmp_path, "guest_key,name\ng-2,Ben\n"))
    assert dialog.data.model.rows("guests")[0]["name"] == "Typed"
    imported.reject()
