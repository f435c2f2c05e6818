from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.ui.portals.model import COLUMNS, PortalTableModel
from seam_portal_desktop.ui.portals.table import PortalTable
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.portal_rows import SettableClock, created, page, sent, unanswered

Key = Qt.Key
KEY_COLUMN = COLUMNS.index(PortalColumn.CUSTOMER_KEY)


@pytest.fixture
def theme(qapp):
    theme = Theme(qapp)
    yield theme
    theme.deleteLater()


@pytest.fixture
def model(qapp):
    return PortalTableModel(SettableClock())


@pytest.fixture
def table(qtbot, theme, model):
    table = PortalTable(model, theme, Icons(theme))
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    return table


def many(count=60):
    return page(*(created(f"p{n}", f"customer-{n:02}") for n in range(count)))


def section(column):
    return COLUMNS.index(column)


def test_a_selection_is_emitted_once_with_the_ids_from_top_to_bottom(table, model, qtbot):
    model.set_page(many(5))
    emitted = []
    table.selection_changed.connect(emitted.append)
    with qtbot.waitSignal(table.selection_changed):
        table.selectRow(3)
        table.selectionModel().select(
            model.index(1, 0),
            QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
        )
    assert emitted == [["p1", "p3"]]


def test_selection_focus_and_scroll_survive_a_refresh(table, model, qtbot):
    model.set_page(many())
    table.select("p30")
    table.verticalScrollBar().setValue(500)
    qtbot.waitSignal(table.selection_changed).wait()
    emitted = []
    table.selection_changed.connect(emitted.append)

    rows = [created("new", "brand-new"), *many().rows]
    model.set_page(page(*rows))
    QApplication.processEvents()
    assert table.selected_ids() == ["p30"]
    assert table.currentIndex().row() == 31
    assert table.verticalScrollBar().value() == 500
    assert emitted == []


def test_a_refresh_without_the_selected_row_empties_the_selection(table, model, qtbot):
    model.set_page(many(3))
    table.select("p1")
    qtbot.waitSignal(table.selection_changed).wait()
    with qtbot.waitSignal(table.selection_changed) as emitted:
        model.set_page(page(created("p7")))
    assert emitted.args == [[]]


def test_another_query_starts_at_the_top(table, model):
    model.set_page(many())
    table.verticalScrollBar().setValue(500)
    table.start_at_top()
    model.set_page(many())
    assert table.verticalScrollBar().value() == 0
    table.verticalScrollBar().setValue(400)
    model.set_page(many())
    assert table.verticalScrollBar().value() == 400


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_enter_activates_the_row(table, model, qtbot, key):
    model.set_page(many(3))
    table.select("p1")
    with qtbot.waitSignal(table.activated_portal) as emitted:
        qtbot.keyClick(table, key)
    assert emitted.args == ["p1"]


def test_delete_copy_home_and_end(table, model, qtbot):
    model.set_page(many())
    table.select("p5")
    with qtbot.waitSignal(table.delete_requested):
        qtbot.keyClick(table, Key.Key_Delete)
    QApplication.clipboard().setText("before")
    with qtbot.waitSignal(table.copy_requested):
        qtbot.keyClick(table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before"
    qtbot.keyClick(table, Key.Key_End)
    assert table.selected_ids() == ["p59"]
    qtbot.keyClick(table, Key.Key_Home)
    assert table.selected_ids() == ["p0"]
    qtbot.keyClick(table, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected_ids() == ["p0", "p1"]
    qtbot.keyClick(table, Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert len(table.selected_ids()) == 60


def test_typing_finds_a_customer_from_any_column(table, model, qtbot):
    model.set_page(page(*(created(key, key) for key in ("harbor", "casa", "Hafen", "hotel"))))
    table.setCurrentIndex(model.index(0, section(PortalColumn.EXPIRES)))
    qtbot.keyClicks(table, "ho")
    assert table.selected_ids() == ["hotel"]


def test_the_same_letter_again_goes_on_to_the_next(table, model, qtbot):
    model.set_page(page(*(created(key, key) for key in ("harbor", "casa", "hotel"))))
    table.select("harbor")
    qtbot.keyClicks(table, "h")
    assert table.selected_ids() == ["hotel"]


def test_clicking_a_header_emits_another_order(table, model, qtbot):
    model.set_page(many(3))
    header = table.horizontalHeader()
    assert table.columns.sort_order() == (PortalColumn.CREATED, True)

    def click(column):
        x = header.sectionViewportPosition(section(column)) + 20
        point = QPoint(x, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=point)

    with qtbot.waitSignal(table.columns.sort_changed) as emitted:
        click(PortalColumn.CUSTOMER_KEY)
    assert emitted.args == [PortalColumn.CUSTOMER_KEY, False]
    with qtbot.waitSignal(table.columns.sort_changed) as emitted:
        click(PortalColumn.CUSTOMER_KEY)
    assert emitted.args == [PortalColumn.CUSTOMER_KEY, True]
    with qtbot.waitSignal(table.columns.sort_changed) as emitted:
        click(PortalColumn.SENT)
    assert emitted.args == [PortalColumn.SENT, True]


def test_the_columns_are_restored_as_they_were_saved(table, qtbot, theme):
    header = table.horizontalHeader()
    header.moveSection(header.visualIndex(section(PortalColumn.STATUS)), 0)
    header.resizeSection(section(PortalColumn.EXPIRES), 222)
    header.setSectionHidden(section(PortalColumn.SENT), True)
    header.setSortIndicator(section(PortalColumn.EXPIRES), Qt.SortOrder.AscendingOrder)
    state = table.columns.save_state()

    other = PortalTable(PortalTableModel(SettableClock()), theme, Icons(theme))
    qtbot.addWidget(other)
    emitted = []
    other.columns.sort_changed.connect(lambda *args: emitted.append(args))
    assert other.columns.restore_state(state)
    other.resize(1200, 300)
    other.show()
    again = other.horizontalHeader()
    assert again.logicalIndex(0) == section(PortalColumn.STATUS)
    assert again.sectionSize(section(PortalColumn.EXPIRES)) == 222
    assert again.isSectionHidden(section(PortalColumn.SENT))
    assert other.columns.sort_order() == (PortalColumn.EXPIRES, False)
    assert emitted == []


def test_grouping_is_restored_and_another_order_ends_it(table):
    emitted = []
    table.columns.grouping_changed.connect(emitted.append)
    table.columns.set_by_customer(True)
    state = table.columns.save_state()
    assert state["by_customer"] is True
    table.horizontalHeader().setSortIndicator(
        section(PortalColumn.EXPIRES), Qt.SortOrder.AscendingOrder
    )
    assert emitted == [True, False]
    for changes, is_grouped in (
        ({"sort": {"name": "sent", "descending": True}}, False),
        ({"by_customer": "yes"}, False),
        ({}, True),
    ):
        assert table.columns.restore_state(state | changes)
        assert table.columns.by_customer is is_grouped


def changed(state, **changes):
    return state | changes


@pytest.mark.parametrize(
    "change",
    [
        lambda state: None,
        lambda state: "AgEAAAD/AAAAAAAAAAE=",
        lambda state: changed(state, arranged=1),
        lambda state: changed(state, columns={}),
        lambda state: changed(state, columns=[*state["columns"], state["columns"][0]]),
        lambda state: changed(state, columns=[{"name": "nothing", "width": 90}]),
        lambda state: changed(state, columns=[{"name": "customer_key", "width": None}]),
        lambda state: changed(state, columns=[{"name": "customer_key", "width": 2**40}]),
        lambda state: changed(state, columns=[{"name": "customer_key", "width": True}]),
        lambda state: changed(state, columns=[["customer_key", 90]]),
        lambda state: changed(state, sort={"name": 3, "descending": True}),
        lambda state: changed(state, sort={"name": "created", "descending": "no"}),
    ],
)
def test_an_invalid_state_changes_nothing(table, change):
    before = table.columns.save_state()
    assert not table.columns.restore_state(change(before))
    assert table.columns.save_state() == before


def test_a_column_that_the_saved_state_does_not_know_is_visible(table):
    state = table.columns.save_state() | {"arranged": True}
    state["columns"] = [each for each in state["columns"] if each["name"] != "sent"]
    assert table.columns.restore_state(state)
    assert not table.horizontalHeader().isSectionHidden(section(PortalColumn.SENT))


def test_unarranged_columns_fit_any_width_and_the_less_important_are_hidden(table, model):
    model.set_page(many(3))
    header = table.horizontalHeader()
    table.resize(1100, 300)
    assert header.hiddenSectionCount() == 0
    assert header.length() == table.viewport().width()
    table.resize(450, 300)
    assert header.isSectionHidden(section(PortalColumn.WORKSPACE_KIND))
    assert not header.isSectionHidden(section(PortalColumn.STATUS))
    assert header.length() <= table.viewport().width()
    table.resize(340, 300)
    assert header.isSectionHidden(section(PortalColumn.PREVIEW))
    assert not header.isSectionHidden(section(PortalColumn.SENT))
    table.resize(1100, 300)
    assert header.hiddenSectionCount() == 0


def test_the_columns_menu_hides_shows_and_resets(table):
    menu = QMenu(table)
    table.columns.fill_menu(menu)
    actions = {action.text(): action for action in menu.actions()}
    assert "Customer" not in actions
    actions["Sent"].trigger()
    assert table.horizontalHeader().isSectionHidden(section(PortalColumn.SENT))
    actions["Arrange columns automatically"].trigger()
    assert not table.horizontalHeader().isSectionHidden(section(PortalColumn.SENT))


def test_the_context_menu_has_the_actions_that_were_set(table, model, qtbot):
    model.set_page(many(3))
    action = QAction("Copy link", table)
    table.set_context_actions([action])
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    table.contextMenuEvent(event)
    assert not table.findChildren(QMenu)
    table.select("p1")
    table.contextMenuEvent(event)
    menu = table.findChild(QMenu)
    assert menu.actions() == [action]
    menu.close()


@pytest.mark.parametrize("direction", Qt.LayoutDirection)
@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_every_kind_of_row_is_painted(table, model, theme, direction, scheme):
    theme.force_scheme(scheme)
    table.setLayoutDirection(direction)
    model.set_page(
        page(
            created("a", "🏨" * 40, sent=sent()),
            created("b", "فندق-الميناء"),
            created("c", "x" * 300),
            unanswered("d", ""),
        )
    )
    table.select("b")
    table.setFocus()
    before = table.grab().toImage()
    table.clearSelection()
    assert table.selected_ids() == []
    assert table.grab().toImage() != before


def test_rows_are_as_high_as_the_font_needs(table, qapp):
    before = table.verticalHeader().defaultSectionSize()
    font = table.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    table.setFont(font)
    assert table.verticalHeader().defaultSectionSize() >= before + table.fontMetrics().height() / 3


def ink(table, row, column):
    """What is drawn in a cell, cut to the drawn part."""
    cell = table.visualRect(table.model().index(row, section(column)))
    image = table.viewport().grab(cell.adjusted(4, 2, -4, -3)).toImage()
    paper = image.pixel(0, 0)
    drawn = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixel(x, y) != paper
    ]
    lefts, tops = zip(*drawn, strict=True)
    corner = QPoint(min(lefts), min(tops))
    return image.copy(QRect(corner, QPoint(max(lefts), max(tops))))


@pytest.fixture
def direction(qapp):
    """Sets the whole program's reading direction for one test."""
    before = qapp.layoutDirection()
    yield qapp.setLayoutDirection
    qapp.setLayoutDirection(before)


def test_times_are_the_same_from_right_to_left(table, model, direction):
    model.set_page(page(created("a")))
    table.clearSelection()
    QApplication.processEvents()
    usual = ink(table, 0, PortalColumn.CREATED)
    direction(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    assert table.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert ink(table, 0, PortalColumn.CREATED) == usual
