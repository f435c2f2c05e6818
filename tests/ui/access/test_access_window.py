"""What a screen reader, the Tab key and the focus do in the window with a portal."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from seam_portal_desktop.ui.portal.panel import PortalTab
from seam_portal_desktop.ui.portals.filters.chip import FilterChip
from tests.support.accessible_tree import (
    node_named,
    problems_of,
    stops_in_wrong_order,
    tab_stops,
    tree_of,
)
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import Program, connected_program, press
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

Role = QAccessible.Role


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def direction(request, qapp):
    qapp.setLayoutDirection(request.param)
    yield request.param
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def spoken(monkeypatch):
    """The texts that were announced, in turn."""
    texts: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: texts.append(event.message()) if hasattr(event, "message") else None,
    )
    return texts


async def with_preview(program: Program) -> None:
    """Create two portals, and wait until the second one's page is checked."""
    program.window.resize(1366, 740)
    await program.create("harbor-hotel")
    await program.create("old-mill")
    await until(lambda: program.window.preview.is_loaded, "the page is loaded")
    await until(program.window.preview.checks.button.isEnabled, "the page is checked")
    await until(lambda: program.row("old-mill").preview_verdict is not None, "the result is saved")
    await program.settled()
    program.window.activateWindow()
    await until(program.window.isActiveWindow, "the window is active")


async def until_focused(widget: QWidget) -> None:
    await until(lambda: QApplication.focusWidget() is widget, f"{widget} has the focus")


async def test_names_roles_and_orders(tmp_path, sandbox, direction):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        window = program.window
        await with_preview(program)
        for tab in PortalTab:
            window.portal.show_tab(tab)
            assert problems_of(window) == [], tab
            assert stops_in_wrong_order(tab_stops(window.switcher)) == [], tab

        window.portal.show_tab(PortalTab.DETAILS)
        assert node_named(window, "Dates").state.expanded
        press(window, "Dates")
        assert node_named(window, "Dates").state.collapsed
        for chip in window.pane.findChildren(FilterChip):
            assert node_named(window, chip.accessibleName()).role is Role.RadioButton

        window.portal.show_tab(PortalTab.PREVIEW)
        assert node_named(window, window.preview.checks.button.accessibleName()).state.collapsed
        choices = [node for node in tree_of(window.preview.toolbar) if node.state.checkable]
        devices = [node for node in choices if node.role is Role.RadioButton]
        assert len(devices) == len(window.preview.preview_actions.devices)
        window.resize(900, 700)
        for page in (window.show_list, window.open_portal):
            page()
            assert problems_of(window) == []
        window.actions_.focus_mode.trigger()
        assert problems_of(window) == []


async def test_a_row_is_spoken_once_and_each_cell_for_itself(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await program.create("harbor-hotel")
        table = QAccessible.queryAccessibleInterface(program.window.pane.table)
        cells = [table.child(index) for index in range(table.childCount())]
        row = [cell for cell in cells if cell.role() is Role.Cell]
        names = [cell.text(QAccessible.Text.Name) for cell in row]
        assert names[:2] == ["Customer: harbor-hotel", "Status: Active"]
        assert "Expires: in 7 days" in names
        assert "Sent: no" in names
        headers = [cell.text(QAccessible.Text.Name) for cell in cells]
        assert "harbor-hotel, Active, expires in 7 days, not sent" in headers


async def test_results_are_announced_once(tmp_path, sandbox, spoken):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        await with_preview(program)
        plain = [text.translate({0x2068: None, 0x2069: None}) for text in spoken]
        assert plain.count("The link for old-mill is created.") == 1
        checked = [text for text in spoken if text.startswith("Checks: ")]
        assert len(checked) == 1 + (program.row("harbor-hotel").preview_verdict is not None)

        program.window.portal.mark_sent_requested.emit(program.row("old-mill").portal_id, None, "")
        await until(lambda: program.row("old-mill").sent, "it is marked as sent")
        await until(lambda: "Marked as sent to old-mill. Undo" in spoken, "it is spoken")
        assert spoken.count("Marked as sent to old-mill. Undo") == 1

        # The server goes on: httpx leaves connections open that have ended while the program ends.
        for _number in range(5):
            program.sandbox.page_faults.next_answer(status=500)
        program.window.preview.reload()
        await until(lambda: program.window.preview.first.web is None, "the page failed")
        message = program.window.preview.first.page_stack.message_page
        title = message.widget().accessibleName()
        assert len([text for text in spoken if text.startswith(title)]) == 1


async def test_the_focus_stays_where_it_can_be_seen(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=True) as program:
        await with_preview(program)
        window, actions = program.window, program.window.actions_
        tabs, table = window.portal.tabs, window.pane.table

        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Return)
        await until_focused(tabs)
        window.preview.toolbar.findChild(QToolButton).setFocus()
        actions.show_details.trigger()
        await until_focused(tabs)
        window.portal.header.copy.setFocus()
        actions.show_activity.trigger()
        await until_focused(window.portal.header.copy)

        tabs.setFocus()
        actions.toggle_portal.trigger()  # F9
        await until_focused(table)
        actions.toggle_portal.trigger()
        tabs.setFocus()
        window.resize(900, 700)
        await until_focused(tabs)
        window.show_list()
        await until_focused(table)
        window.search_box.setFocus()
        window.open_portal()
        await until_focused(tabs)
        window.resize(1366, 740)

        actions.focus_mode.trigger()
        await until_focused(tabs)
        actions.focus_mode.trigger()
        await until_focused(table)

        program.window.portal.mark_sent_requested.emit(program.row("old-mill").portal_id, None, "")
        await until(lambda: program.row("old-mill").sent, "it is marked as sent")
        undo = await until(
            lambda: [
                each
                for each in window.status_area.findChildren(QPushButton)
                if each.text() == "Undo" and each.isVisible()
            ],
            "it can be undone",
        )
        undo[0].setFocus()
        QTest.keyClick(undo[0], Qt.Key.Key_Space)
        await until(lambda: program.row("old-mill").sent is None, "it is undone")
        await until_focused(table)
