from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.ui.portals.filters.chip import RemovableChip
from seam_portal_desktop.ui.portals.filters.filter_bar import ALL, FilterBar, SearchBox
from seam_portal_desktop.ui.portals.filters.search_terms import (
    NEEDS_ATTENTION,
    FilterKind,
    SearchTerms,
    explain_unknown,
    parse_search,
    without_words,
)
from seam_portal_desktop.ui.toolkit.icons import Icons

ACTIVE, EXPIRING = PortalStatus.ACTIVE, PortalStatus.EXPIRING


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", SearchTerms()),
        ("  harbor   hotel ", SearchTerms("harbor hotel")),
        ("harbor status:active", SearchTerms("harbor", frozenset({ACTIVE}))),
        ("STATUS:Active harbor", SearchTerms("harbor", frozenset({ACTIVE}))),
        ("status:active status:expiring", SearchTerms("", frozenset({ACTIVE, EXPIRING}))),
        ("status:active,expiring", SearchTerms("", frozenset({ACTIVE, EXPIRING}))),
        ("status:attention", SearchTerms("", NEEDS_ATTENTION)),
        ("status:", SearchTerms()),
        ("status:exp", SearchTerms()),
        (
            "x status:dead,active",
            SearchTerms("x", frozenset({ACTIVE}), ((FilterKind.STATUS, "dead"),)),
        ),
        ("mystatus:active", SearchTerms("mystatus:active")),
        ("harbor tag:vip", SearchTerms("harbor", filters={FilterKind.TAG: ("vip",)})),
        (
            "TAG:VIP tag:a,b,",
            SearchTerms(
                filters={
                    FilterKind.TAG: (
                        "VIP",
                        "a",
                        "b",
                    )
                }
            ),
        ),
        ('tag:"long  stay" x', SearchTerms("x", filters={FilterKind.TAG: ("long stay",)})),
        ('x tag:"long st', SearchTerms("x", filters={FilterKind.TAG: ("long st",)})),
        ("tag: tag:, mytag:x", SearchTerms("mytag:x")),
    ],
)
def test_typed_text_is_parsed_into_terms(typed, terms):
    assert parse_search(typed) == terms


@given(st.text(max_size=60))
def test_any_text_can_be_typed(typed):
    terms = parse_search(typed)
    assert terms.text == without_words(typed)
    assert parse_search(terms.text).text == terms.text


def test_an_unknown_status_is_explained_with_the_known_ones():
    assert explain_unknown(parse_search("status:dead")).startswith("There is no status “dead”.")
    assert "revoked" in explain_unknown(parse_search("status:dead"))
    assert not explain_unknown(parse_search("status:active"))


@pytest.fixture
def bar(qtbot, theme):
    bar = FilterBar(theme, Icons(theme))
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def box(qtbot, theme):
    box = SearchBox(Icons(theme))
    qtbot.addWidget(box)
    return box


def test_chips_count_the_rows_that_they_list(bar):
    bar.set_counts({ACTIVE: 40, PortalStatus.UNKNOWN: 1, PortalStatus.FAILED: 1})
    assert bar.chip(ALL).accessibleName() == "All, 42 portals"
    assert bar.chip(NEEDS_ATTENTION).accessibleName() == "Needs attention, 2 portals"
    assert bar.chip(frozenset({PortalStatus.REVOKED})).accessibleName() == "Revoked, 0 portals"
    assert bar.chip(frozenset({ACTIVE})).accessibleName() == "Active, 40 portals"


def test_one_chip_at_a_time_and_each_choice_is_emitted_once(bar, qtbot):
    chosen = []
    bar.changed.connect(lambda _: chosen.append(bar.statuses()))
    active = bar.chip(frozenset({ACTIVE}))
    qtbot.mouseClick(active, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(active, Qt.MouseButton.LeftButton)
    assert chosen == [frozenset({ACTIVE})]
    assert not bar.chip(ALL).isChecked()


def test_arrow_keys_go_from_chip_to_chip(bar, qtbot):
    with qtbot.waitActive(bar):
        bar.show()
        bar.activateWindow()
    bar.chip(ALL).setFocus()
    with qtbot.waitSignal(bar.changed) as emitted:
        qtbot.keyClick(bar.chip(ALL), Qt.Key.Key_Right)
    assert emitted.args == [FilterKind.STATUS]
    assert bar.statuses() == {ACTIVE}


def test_statuses_without_a_chip_check_none(bar):
    chosen = []
    bar.changed.connect(chosen.append)
    bar.show_statuses(frozenset({ACTIVE, EXPIRING}))
    assert not any(bar.chip(statuses).isChecked() for statuses in (ALL, frozenset({ACTIVE})))
    assert bar.statuses() == {ACTIVE, EXPIRING}
    bar.show_statuses(frozenset({ACTIVE}))
    assert bar.statuses() == {ACTIVE}
    assert chosen == []


def test_chips_wrap_in_a_narrow_bar(bar):
    bar.set_counts(dict.fromkeys(PortalStatus, 1234))
    bar.show()
    bar.resize(2000, 100)
    QApplication.processEvents()
    assert len({bar.chip(chip).y() for chip in (ALL, NEEDS_ATTENTION)}) == 1
    one_line = bar.heightForWidth(2000)
    bar.resize(240, 400)
    QApplication.processEvents()
    assert bar.heightForWidth(240) >= 3 * one_line
    for statuses in (ALL, NEEDS_ATTENTION, frozenset({PortalStatus.REVOKED})):
        assert bar.rect().contains(bar.chip(statuses).geometry())


def test_a_set_filter_is_a_chip_that_keeps_its_text_whole(bar, qtbot, theme):
    filters = {
        FilterKind.SENT: ("no",),
        FilterKind.CREATED: ("30d",),
        FilterKind.PRESET: ("A preset with a name that is much longer than a chip can be",),
    }
    bar.show_filters(filters)
    bar.resize(380, 300)
    bar.show()
    QApplication.processEvents()
    found = [chip for chip in bar.findChildren(RemovableChip) if chip.isVisible()]
    assert [chip.accessibleName() for chip in found[:2]] == ["Sent: no", "Created: last 30 days"]
    assert "much longer" in found[2].accessibleName()
    for chip in found:
        assert bar.rect().contains(chip.geometry())
        assert chip.width() == chip.sizeHint().width(), "nothing is elided"
        assert "Delete removes" in chip.accessibleDescription()
    assert (bar.saved_button.text(), bar.saved_button.accessibleName()) == ("", "Saved filters")
    bar.resize(900, 300)
    assert bar.saved_button.text() == "Saved"

    changes = []
    bar.changed.connect(changes.append)
    bar.show_filters({**filters, FilterKind.SENT: ("yes",)})
    assert changes == [], "the program set it"
    (sent,) = [chip for chip in bar.findChildren(RemovableChip) if "yes" in chip.accessibleName()]
    qtbot.keyClick(sent, Qt.Key.Key_Backspace)
    assert changes == [FilterKind.SENT]
    assert set(bar.filters()) == {FilterKind.CREATED, FilterKind.PRESET}


def test_typing_emits_after_a_pause_and_enter_at_once(box, qtbot):
    emitted = []
    box.terms_changed.connect(emitted.append)
    with qtbot.waitSignal(box.terms_changed):
        qtbot.keyClicks(box, "har")
    assert emitted == [SearchTerms("har")]
    qtbot.keyClicks(box, "bor")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert emitted[1:] == [SearchTerms("harbor")]


def test_escape_empties_the_box_and_emits(box, qtbot):
    box.setText("harbor")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    with qtbot.waitSignal(box.terms_changed) as emitted:
        qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert emitted.args == [SearchTerms()]


def test_clearing_it_emits_nothing(box, qtbot):
    box.setText("harbor status:active")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    emitted = []
    box.terms_changed.connect(emitted.append)
    box.drop_words({FilterKind.STATUS})
    assert box.text() == "harbor"
    box.clear()
    assert box.text() == ""
    qtbot.wait(200)  # longer than the pause: that nothing comes can't be waited for
    assert emitted == []
    qtbot.keyClicks(box, "harbor")
    with qtbot.waitSignal(box.terms_changed):
        qtbot.keyClick(box, Qt.Key.Key_Return)


def test_an_unknown_status_gets_a_hint_that_goes_away(box, qtbot):
    box.setText("status:dead")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert "dead" in box.accessibleDescription()
    box.setText("status:active")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.accessibleDescription() == ""
