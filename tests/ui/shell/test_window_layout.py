from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.domain.portal.query import RecordPage
from seam_portal_desktop.paths import app_paths
from seam_portal_desktop.ui.portal.panel import PortalTab
from seam_portal_desktop.ui.portals.pane import PaneState
from seam_portal_desktop.ui.shell.main_window import _first_size
from seam_portal_desktop.ui.toolkit.icons import Icons
from tests.support.portal_rows import NOW, created

WIDE, NARROW = QSize(1280, 720), QSize(1000, 700)


@pytest.fixture
def window(tmp_path, theme, qtbot):
    """The demo's window with one portal, without its controllers."""
    session = Session(SessionMode.DEMO, app_paths(tmp_path).demo, theme, Icons(theme))
    window = session.window
    qtbot.addWidget(window)
    window.resize(WIDE)
    window.show()
    session.add_list()
    session.complete()
    window.pane.model.set_page(RecordPage((created("one"),), 0, 1))
    window.pane.set_state(PaneState.READY)
    window.search_box.setEnabled(True)
    window.portal.show_portal(created("one"), NOW)
    return window


def parts(window) -> tuple[bool, bool]:
    return window.pane.isVisible(), window.portal.isVisible()


def escape(widget) -> None:
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, key)


def test_list_and_portal_have_the_full_height_beside_each_other(window):
    assert parts(window) == (True, True)
    assert window.pane.height() == window.portal.height()
    assert window.pane.height() > 0.75 * window.height()


def test_a_narrow_window_shows_the_list_and_a_page_for_the_portal(window, qtbot):
    window.resize(NARROW)
    assert parts(window) == (True, False)
    qtbot.waitUntil(lambda: window.pane.width() == window.width())

    window.open_portal()
    assert parts(window) == (False, True)
    qtbot.waitUntil(lambda: window.portal.width() == window.width())
    assert window.portal.header.back.isVisibleTo(window.portal.header)

    escape(window.portal)
    assert parts(window) == (True, False)
    assert window.focusWidget() is window.pane.table


def test_a_wider_window_shows_both_again_with_their_sizes(window):
    sizes = window._columns.sizes()
    window.resize(NARROW)
    window.open_portal()
    window.resize(WIDE)
    assert parts(window) == (True, True)
    assert window._columns.sizes() == sizes
    assert window.portal.header.back.isHidden()


def test_the_search_leaves_the_page_of_a_narrow_window(window):
    window.resize(NARROW)
    window.open_portal()
    assert not window.search_box.isVisible()
    window.actions_.focus_search.trigger()
    assert window.focusWidget() is window.search_box
    assert parts(window) == (True, False)


@pytest.mark.parametrize("leave", ["key", "action", "back"])
def test_focus_mode_gives_the_portal_the_window_until_it_is_left(window, leave):
    window.actions_.focus_mode.trigger()
    assert parts(window) == (False, True)
    assert not window.menuBar().isVisible()
    assert not window.search_box.isVisible()
    assert window.status_area.isVisible()

    if leave == "key":
        escape(window.portal)
    elif leave == "action":
        window.actions_.focus_mode.trigger()
    else:
        window.portal.header.back.click()
    assert parts(window) == (True, True)
    assert window.menuBar().isVisible()
    assert not window.actions_.focus_mode.isChecked()
    assert window.focusWidget() is window.pane.table


def test_space_in_the_list_starts_the_focus_mode(window, qtbot):
    qtbot.keyClick(window.pane.table, Qt.Key.Key_Space)
    assert parts(window) == (False, True)


def test_without_a_selected_portal_the_focus_mode_ends(window):
    window.on_selection([created("one")])
    window.actions_.focus_mode.trigger()
    window.on_selection([])
    assert parts(window) == (True, True)
    assert not window.actions_.focus_mode.isEnabled()


def test_the_portal_can_be_hidden_and_comes_back_when_it_is_opened(window):
    window.actions_.toggle_portal.trigger()
    assert parts(window) == (True, False)
    window.open_portal()
    assert parts(window) == (True, True)
    assert window.actions_.toggle_portal.isChecked()


def test_each_page_has_an_action(window):
    actions, pages = window.actions_, window.portal._pages
    for action, tab in (
        (actions.show_details, PortalTab.DETAILS),
        (actions.show_activity, PortalTab.ACTIVITY),
        (actions.show_preview, PortalTab.PREVIEW),
    ):
        action.trigger()
        assert window.portal.tab is tab
        assert pages.currentIndex() == tab
        assert window.preview.toolbar.isVisibleTo(window.portal) is (tab is PortalTab.PREVIEW)


def test_a_portal_without_a_link_shows_details_and_the_next_one_its_preview_again(window):
    live, dead = created("one"), created("two")
    window.portal.show_portal(live, NOW)
    assert window.portal.tab is PortalTab.PREVIEW
    window.portal.show_portal(dead, dead.expires_at)
    assert window.portal.tab is PortalTab.DETAILS
    assert not window.portal.tabs.isTabEnabled(PortalTab.PREVIEW)
    window.portal.show_portal(live, NOW)
    assert window.portal.tab is PortalTab.PREVIEW


def test_the_preview_has_a_window_of_its_own_and_comes_back(window):
    action, preview = window.actions_.preview_window, window.preview
    action.trigger()
    own = preview.window()
    assert own is not window
    assert preview.isVisible()
    assert preview.toolbar.window() is own
    assert window.portal.bring_back.isVisibleTo(window.portal)

    window.actions_.show_details.trigger()
    assert preview.isVisible()
    assert preview.toolbar.isVisible()

    own.close()
    assert preview.window() is window
    assert not action.isChecked()
    window.actions_.show_preview.trigger()
    assert preview.isVisibleTo(window.portal)


def test_the_windows_shortcuts_work_in_the_previews_window(window):
    window.actions_.preview_window.trigger()
    assert window.actions_.copy_link in window.preview.window().actions()


def test_a_closed_window_takes_the_preview_back(window):
    window.actions_.preview_window.trigger()
    window.close()
    assert window.preview.window() is window


@pytest.mark.parametrize("screen", [(1920, 1080), (1366, 768), (1024, 768), (960, 540)])
def test_the_first_size_fits_the_screen(window, monkeypatch, screen):
    available = SimpleNamespace(availableSize=lambda: QSize(*screen))
    monkeypatch.setattr(type(window), "screen", lambda _self: available)
    size = _first_size(window)
    assert size.width() < screen[0]
    assert size.height() < screen[1]
