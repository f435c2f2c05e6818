from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.query import PortalColumn, PortalQuery
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.ui.portals.empty_state import SkeletonRows
from seam_portal_desktop.ui.portals.filters.search_terms import SearchTerms, parse_search
from seam_portal_desktop.ui.portals.pane import PaneState, PortalsPane
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.portal_rows import SettableClock, created, page

ACTIVE = frozenset({PortalStatus.ACTIVE})


@pytest.fixture
def pane(qtbot, qapp):
    theme = Theme(qapp)
    pane = PortalsPane(theme, Icons(theme), SettableClock())
    qtbot.addWidget(pane)
    pane.resize(640, 480)
    pane.show()
    yield pane
    theme.deleteLater()


def buttons(pane):
    return {
        button.text(): button for button in pane.findChildren(QPushButton) if button.isVisible()
    }


def shown_texts(pane):
    return [label.text() for label in pane.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize(
    ("state", "button", "signal"),
    [
        (PaneState.NO_WORKSPACE, "Connect a workspace", "connect_requested"),
        (PaneState.NO_WORKSPACE, "Try the demo", "demo_requested"),
        (PaneState.EMPTY, "New portal", "new_requested"),
        (PaneState.NO_MATCH, "Clear search and filters", "clear_requested"),
    ],
)
def test_a_list_without_rows_offers_a_next_step(pane, qtbot, state, button, signal):
    pane.set_state(state)
    with qtbot.waitSignal(getattr(pane, signal)):
        qtbot.keyClick(buttons(pane)[button], Qt.Key.Key_Space)
    assert not pane.table.isVisible()


def test_an_error_is_shown_as_plain_text_with_a_button_to_try_again(pane, qtbot):
    pane.set_error(LedgerError("The list could not be read", "<b>The file</b> is locked."))
    assert "<b>The file</b> is locked." in shown_texts(pane)
    labels = [label for label in pane.findChildren(QLabel) if label.isVisible()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    with qtbot.waitSignal(pane.retry_requested):
        buttons(pane)["Try again"].click()
    pane.set_error(LedgerError("Something else", "Another sentence."))
    assert "Something else" in shown_texts(pane)


def skeletons(pane):
    return [widget for widget in pane.findChildren(SkeletonRows) if widget.isVisible()]


def test_loading_shows_a_skeleton_only_when_it_takes_a_while(pane, qtbot):
    pane.set_state(PaneState.LOADING)
    assert not skeletons(pane)
    qtbot.waitUntil(lambda: bool(skeletons(pane)))
    pane.model.set_page(page(created("a")))
    pane.set_state(PaneState.READY)
    assert pane.table.isVisible()

    pane.model.set_page(page())
    pane.set_state(PaneState.LOADING)
    pane.set_state(PaneState.EMPTY)
    qtbot.wait(250)  # longer than the skeleton's delay: that nothing comes can't be waited for
    assert not skeletons(pane)


def test_loading_keeps_the_shown_rows(pane, qtbot):
    pane.model.set_page(page(created("a")))
    pane.set_state(PaneState.READY)
    pane.set_state(PaneState.LOADING)
    qtbot.wait(250)  # longer than the skeleton's delay
    assert pane.table.isVisible()


def test_the_query_follows_chips_search_and_header(pane, qtbot):
    assert pane.query("ws") == PortalQuery("ws")
    with qtbot.waitSignal(pane.query_changed):
        pane.filter_bar.chip(ACTIVE).click()
    assert pane.query("ws") == PortalQuery("ws", statuses=ACTIVE)
    pane.set_search(parse_search("harbor"))
    header = pane.table.horizontalHeader()
    with qtbot.waitSignal(pane.query_changed):
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    assert pane.query("ws") == PortalQuery(
        "ws", "harbor", ACTIVE, PortalColumn.CUSTOMER_KEY, descending=False
    )


def test_typed_statuses_replace_those_of_chips_and_vice_versa(pane, qtbot):
    expired = frozenset({PortalStatus.EXPIRED})
    pane.filter_bar.chip(ACTIVE).click()
    pane.set_search(parse_search("harbor status:expired"))
    assert pane.query("ws").statuses == expired
    assert pane.filter_bar.chip(expired).isChecked()
    with qtbot.waitSignals([pane.words_replaced, pane.query_changed]):
        pane.filter_bar.chip(ACTIVE).click()
    assert pane.query("ws").statuses == ACTIVE
    assert pane.query("ws").text == "harbor"


def test_removing_the_status_from_the_search_shows_all_rows(pane):
    pane.set_search(parse_search("status:expired"))
    pane.set_search(parse_search(""))
    assert pane.query("ws").statuses == frozenset()


def test_clearing_filters_emits_nothing(pane):
    emitted = []
    pane.query_changed.connect(lambda *args: emitted.append(args))
    pane.set_search(parse_search("harbor status:expired"))
    pane.set_terms(SearchTerms())
    assert pane.query("ws") == PortalQuery("ws")
    assert emitted == []


def test_the_welcome_fits_a_narrow_pane_with_large_text(pane, qapp):
    font, larger = qapp.font(), qapp.font()
    larger.setPointSizeF(font.pointSizeF() * 2)
    try:
        qapp.setFont(larger)
        pane.resize(440, 700)
        pane.set_state(PaneState.NO_WORKSPACE)
        QApplication.processEvents()
        assert len(buttons(pane)) == 2
        for button in buttons(pane).values():
            assert button.width() >= button.sizeHint().width()
            assert pane.rect().contains(button.mapTo(pane, button.rect().bottomRight()))
    finally:
        qapp.setFont(font)


def test_switching_the_scheme_repaints_everything_that_is_shown(pane, qapp):
    theme = Theme(qapp)
    before = qapp.styleSheet(), qapp.palette()
    try:
        for state in (PaneState.READY, PaneState.NO_WORKSPACE, PaneState.NO_MATCH):
            pane.model.set_page(page(created("a")))
            pane.set_state(state)
            shades = []
            for scheme in (Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
                theme.force_scheme(scheme)
                QApplication.processEvents()
                image = pane.grab().toImage()
                shades.append(image.pixelColor(image.width() - 20, image.height() - 20))
            assert shades[0].lightnessF() > 0.9, state
            assert shades[1].lightnessF() < 0.2, state
    finally:
        qapp.setStyleSheet(before[0])
        qapp.setPalette(before[1])


def test_tab_goes_in_reading_order_from_the_chips_to_the_table(pane):
    stops, stop = [], pane
    while (stop := stop.nextInFocusChain()) is not pane:
        stops.append(stop)
    chips = [stops.index(chip) for chip in pane.filter_bar.findChildren(QAbstractButton)]
    assert stops.index(pane.filter_bar.chip(ACTIVE)) < stops.index(pane.filter_bar.add_button)
    assert chips
    assert max(chips) < stops.index(pane.table)
