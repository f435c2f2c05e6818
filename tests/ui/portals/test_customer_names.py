"""The name and the tags of a customer in the table: painted, spoken, in the tooltip, typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.ui.portals.model import COLUMNS, PortalTableModel
from seam_portal_desktop.ui.portals.table import PortalTable
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.portal_rows import SettableClock, created, page

Role = Qt.ItemDataRole
KEY_COLUMN = COLUMNS.index(PortalColumn.CUSTOMER_KEY)
UUID = "3f2b1c9e-9d0a-4c7e-8a51-0b9b6a1f22d4"


@pytest.fixture
def table(qtbot, theme):
    table = PortalTable(PortalTableModel(SettableClock()), theme, Icons(theme))
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    return table


def picture(table: PortalTable, width: int, key: str, name: str) -> QImage:
    """The key's cell, `width` wide, of a row with this key and name."""
    table.model().set_page(page(created("p1", key, customer_name=name)))
    table.horizontalHeader().resizeSection(KEY_COLUMN, width)
    cell = table.visualRect(table.model().index(0, KEY_COLUMN))
    return table.viewport().grab(cell).toImage()


def ink(image: QImage) -> list[int]:
    """The columns of pixels that aren't empty, above the line below the row."""
    empty = image.pixel(image.width() - 1, 2)
    return [
        x
        for x in range(image.width())
        if any(image.pixel(x, y) != empty for y in range(image.height() - 2))
    ]


def test_the_name_is_painted_after_the_key(table):
    key, both = (picture(table, 400, "inn", name) for name in ("", "Harbor Hotel"))
    assert ink(both)[: len(ink(key))] == ink(key)
    assert ink(both)[-1] > ink(key)[-1] + 40


def test_a_key_that_fits_is_not_cut_for_a_name(table):
    whole = table.itemDelegate().width_of(KEY_COLUMN, "harbor-hotel")
    for more in (0, 20):
        assert picture(table, whole + more, "harbor-hotel", "Harbor Hotel") == picture(
            table, whole + more, "harbor-hotel", ""
        )


@pytest.mark.parametrize("name", ["Harbor Hotel", "x" * 300, "فندق الميناء", "👩\u200d👧 🏡 Özil"])
@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_a_key_that_does_not_fit_makes_room_and_nothing_leaves_the_cell(table, name, direction):
    table.setLayoutDirection(direction)
    key, both = (picture(table, 220, UUID, each) for each in ("", name))
    assert both != key
    for x in (0, 1, both.width() - 2, both.width() - 1):
        assert x not in ink(both)


def test_a_screen_reader_hears_the_name_after_the_key(table):
    row = created("p1", "inn", customer_name="Harbor Hotel", tags=("vip",))
    table.model().set_page(page(row))
    spoken = table.model().headerData(0, Qt.Orientation.Vertical, Role.AccessibleTextRole)
    assert spoken.startswith("inn, Harbor Hotel, Active, ")
    cell = table.model().index(0, KEY_COLUMN).data(Role.AccessibleTextRole)
    assert cell == "Customer: inn, Harbor Hotel"


def test_the_tooltip_has_both_and_the_tags_and_no_markup(table):
    row = created("p1", "inn", customer_name="<b>Harbor", tags=("vip", "مهم"))
    table.model().set_page(page(row))
    tooltip = table.model().index(0, KEY_COLUMN).data(Role.ToolTipRole)
    lines = tooltip.replace("\u2068", "").replace("\u2069", "").split("<br>")
    assert lines == ["inn", "&lt;b&gt;Harbor", "Tags: vip, مهم"]


def test_typing_goes_to_the_next_key_or_name(table):
    rows = [
        created("p1", "inn"),
        created("p2", "cust-1", customer_name="Harbor Hotel"),
        created("p3", "harbor-inn"),
    ]
    table.model().set_page(page(*rows))
    table.selectRow(0)
    for letters, row in (("h", 1), ("h", 2), ("h", 1)):
        table.keyboardSearch("")
        table._typed_at.invalidate()
        table.keyboardSearch(letters)
        assert table.currentIndex().row() == row
