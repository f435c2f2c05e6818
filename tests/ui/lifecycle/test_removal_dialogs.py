"""The dialogs that remove customer data."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.domain.errors import NetworkError
from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.removal.sent import sent_resources
from seam_portal_desktop.domain.removal.words import action_text
from seam_portal_desktop.domain.request import CustomerData, Guest, Reservation
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.services.data_removal import RemovalSummary
from seam_portal_desktop.ui.lifecycle.removal.dialog import RemoveDataDialog
from seam_portal_desktop.ui.lifecycle.removal.question_dialog import RemovalQuestionDialog
from seam_portal_desktop.ui.lifecycle.removal.wording import RemovalEntry, warnings
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel

ANNA, BEN = RemovalKey("guests", "g-1"), RemovalKey("guests", "g-2")
FIRST, SECOND = RemovalKey("reservations", "r-1"), RemovalKey("reservations", "r-2")
ROOM = RemovalKey("rooms", "12")
SENT = sent_resources(
    [
        CustomerData(
            customer_key="harbor-hotel",
            guests=(
                Guest(guest_key="g-1", name="Anna Example"),
                Guest(guest_key="g-2", name="Ben Sample"),
            ),
            reservations=(
                Reservation(
                    reservation_key="r-1", guest_key="g-1", starts_at="2026-03-14T15:00:00Z"
                ),
                Reservation(reservation_key="r-2", guest_key="g-1"),
            ),
        )
    ]
)


@pytest.fixture
def icons(theme):
    return Icons(theme)


@pytest.fixture
def dialog(qtbot, theme, icons):
    dialog = RemoveDataDialog(theme, icons)
    dialog.set_workspace("Acme", WorkspaceKind.PRODUCTION, demo=False)
    dialog.customer.key.setText("harbor-hotel")
    dialog.show_sent(SENT)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def ticked(dialog: RemoveDataDialog) -> set[RemovalKey]:
    return {entry.removal for entry in dialog.model.ticked()}


def rows(dialog: RemoveDataDialog) -> list[list[str]]:
    model = dialog.model
    return [
        [model.index(row, column).data() for column in range(3)] for row in range(model.rowCount())
    ]


def test_what_was_sent_is_offered_and_nothing_is_ticked(dialog):
    assert [row[1] for row in rows(dialog)] == ["r-1", "r-2", "g-1", "g-2"]
    assert rows(dialog)[0] == ["Reservation", "r-1", "Anna Example"]
    assert ticked(dialog) == set()
    assert not dialog.submit_button.isEnabled()


def test_rows_are_ticked_by_keyboard_and_the_end_is_named(dialog, qtbot):
    dialog.table.setFocus()
    dialog.table.selectRow(0)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticked(dialog) == {FIRST, SECOND}
    assert "r-1" in dialog.ends.text()
    assert "r-2" in dialog.ends.text()
    assert dialog.submit_button.text() == "Review 2 removals…"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticked(dialog) == set()
    assert not dialog.ends.isVisible()


def test_a_column_of_a_spreadsheet_is_pasted(dialog, qtbot):
    QGuiApplication.clipboard().setText("r-1\r\n\r\nr-999\r\n")
    dialog.keys.setFocus()
    qtbot.keyClick(dialog.keys, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.keys, Qt.Key.Key_Tab)
    qtbot.keyClick(dialog.add_button, Qt.Key.Key_Space)
    assert ticked(dialog) == {FIRST, RemovalKey("reservations", "r-999")}
    assert rows(dialog)[0] == ["Reservation", "r-999", "Not sent from here"]
    assert len(rows(dialog)) == 5
    assert "r-999" in dialog.warning.label.text()
    assert "letter by letter" in dialog.warning.label.text()
    assert dialog.keys.toPlainText() == ""


def test_a_second_paste_does_not_join_two_keys(dialog, qtbot):
    dialog.keys.setFocus()
    for text in ("r-1", "r-2\nr-3"):
        QGuiApplication.clipboard().setText(text)
        qtbot.keyClick(dialog.keys, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    dialog.add_button.click()
    assert {each.key for each in ticked(dialog)} == {"r-1", "r-2", "r-3"}


def test_a_key_of_another_kind_is_called_out(dialog):
    dialog.kind.setCurrentIndex(dialog.kind.findData("bookings"))
    dialog.keys.setPlainText("r-1")
    dialog.add_button.click()
    assert rows(dialog)[0] == ["Booking", "r-1", "Sent with another kind: Reservation"]


def test_an_invisible_character_is_shown_and_cleaned_up(dialog):
    dialog.keys.setPlainText("r-\u200b1\nr-999")
    dialog.add_button.click()
    assert rows(dialog)[0][1] == "r-‹U+200B›1"
    assert "zero width space" in dialog.warning.label.text()
    assert dialog.clean_button.text() == "Clean up 1 key"
    dialog.clean_button.click()
    assert {each.key for each in ticked(dialog)} == {"r-1", "r-999"}
    assert FIRST in ticked(dialog)
    assert dialog.clean_button.isHidden()


def test_a_key_in_other_capitals_is_called_out(dialog):
    dialog.keys.setPlainText("R-1")
    dialog.add_button.click()
    assert "only in capital letters" in dialog.warning.label.text()
    dialog.clean_button.click()
    assert ticked(dialog) == {FIRST}


def test_thousands_of_stays_are_filtered_and_ticked_at_once(dialog):
    stays = tuple(
        Reservation(
            reservation_key=f"s-{number}",
            name=f"Guest {number}",
            starts_at="2026-03-14T15:00:00Z",
            ends_at="2026-03-16T11:00:00Z",
        )
        for number in range(5000)
    )
    dialog.show_sent(sent_resources([CustomerData(customer_key="inn", reservations=stays)]))
    dialog.filter.setText("guest 499")
    assert dialog.model.rowCount() == 11
    dialog.filter.clear()
    dialog.model.toggle(range(dialog.model.rowCount()))
    assert len(ticked(dialog)) == 5000


def test_keys_that_are_still_in_the_field_are_asked_about_too(dialog, qtbot):
    dialog.model.add([ANNA])
    dialog.keys.setPlainText("r-2")
    with qtbot.waitSignal(dialog.review_requested) as asked:
        dialog.submit_button.click()
    assert [entry.removal for entry in asked.args[0]] == [ANNA, SECOND]


def test_several_columns_are_refused_and_nothing_is_asked(dialog, qtbot):
    dialog.keys.setPlainText("r-1\nr-2\tAnna")
    with qtbot.assertNotEmitted(dialog.review_requested):
        dialog.submit_button.click()
    assert "Line 2" in dialog.keys_note.label.text()
    assert dialog.keys.toPlainText() == "r-1\nr-2\tAnna"


def test_a_ticked_row_is_shown_whatever_the_filter_is(dialog, qtbot):
    dialog.model.add([ANNA])
    qtbot.keyClicks(dialog.filter, "ben")
    assert [row[1] for row in rows(dialog)] == ["g-1", "g-2"]
    dialog.filter.setText("nothing has this")
    assert [row[1] for row in rows(dialog)] == ["g-1"]


def test_another_customer_takes_the_ticks_of_the_first_away(dialog):
    dialog.model.add([RemovalKey("rooms", "77")])
    dialog.model.toggle([2])
    assert len(ticked(dialog)) == 2
    dialog.show_sent([])
    assert ticked(dialog) == {RemovalKey("rooms", "77")}


def test_stays_that_lose_their_person_are_named(dialog):
    dialog.model.add([ANNA, SECOND])
    assert "r-1" in dialog.warning.label.text()
    dialog.model.add([FIRST])
    assert dialog.warning.isHidden()


def test_a_spaces_key_may_match_a_space_that_is_no_customer_data(dialog):
    dialog.model.add([RemovalKey("spaces", "lobby")])
    assert "without customer data" in dialog.warning.label.text()


def test_without_anything_the_table_says_why(dialog):
    dialog.show_sent([])
    assert dialog.table.empty.isVisible()
    assert "Add keys above" in dialog.table.empty.text()


@pytest.mark.parametrize(
    ("removals", "text"),
    [
        ([FIRST], "Cancel 1 stay"),
        ([ANNA, BEN], "Remove 2 people"),
        ([FIRST, SECOND, ANNA], "Cancel 2 stays and remove 1 person"),
        ([ROOM, ANNA], "Remove 1 person and 1 place"),
        ([FIRST, ROOM, ANNA, BEN], "Cancel 1 stay and remove 2 people and 1 place"),
    ],
)
def test_the_button_names_what_ends(removals, text):
    groups = [removal.group for removal in removals]
    assert action_text(groups, is_production=False) == text
    assert action_text(groups, is_production=True) == f"{text} in PRODUCTION"


@pytest.fixture
def question(qtbot, dialog):
    dialog.model.add([FIRST, ANNA, RemovalKey("reservations", "r-999")])
    entries = dialog.model.ticked()
    question = RemovalQuestionDialog(
        entries, warnings(entries, dialog.model.sent), dialog.theme, dialog.icons, dialog
    )
    question.set_workspace("Acme", WorkspaceKind.PRODUCTION, demo=False)
    question.open()
    qtbot.waitExposed(question)
    question.activateWindow()
    return question


def test_enter_and_escape_remove_nothing(question, qtbot):
    with qtbot.assertNotEmitted(question.remove_requested):
        qtbot.keyClick(question.focusWidget(), Qt.Key.Key_Return)
    assert not question.isVisible()


def test_the_question_names_everything_and_the_red_button_asks(question, qtbot):
    shown = " ".join(
        [
            *(label.full_text() for label in question.listed.findChildren(ElidedLabel)),
            question.warning.label.text(),
        ]
    )
    assert "Anna Example" in shown
    assert "r-999" in shown
    assert question.submit_button.text() == "Cancel 2 stays and remove 1 person in PRODUCTION"
    assert question.submit_button.property("kind") == "danger"
    assert not question.submit_button.isDefault()
    with qtbot.waitSignal(question.remove_requested):
        question.submit_button.setFocus()
        qtbot.keyClick(question.submit_button, Qt.Key.Key_Space)
    assert set(question.to_remove) == {FIRST, ANNA, RemovalKey("reservations", "r-999")}


def test_a_second_press_asks_for_nothing_more(question):
    asked = []
    question.remove_requested.connect(lambda: asked.append(question.to_remove))
    question.submit()
    question.submit()
    assert len(asked) == 1


def test_a_partial_result_tells_each_and_offers_the_rest(question):
    error = NetworkError("No answer came.", "Check the network.", outcome_unknown=True)
    question.set_busy(busy=True)
    question.show_result(RemovalSummary((FIRST,), (ANNA,), (), (), (error,)))
    assert question.to_remove == (ANNA,)
    assert question.submit_button.text() == "Remove 1 person in PRODUCTION"
    assert question.error_card.error is error
    values = [label.full_text() for label in question.listed.findChildren(ElidedLabel)]
    assert values == ["May be removed: no answer", "Confirmed by Seam"]
    assert question.dismiss_button.text() == "Close"
    assert question.dismiss_button.isDefault()


def test_after_cancelling_it_says_that_it_may_be_removed(question):
    question.set_busy(busy=True)
    question.show_result(RemovalSummary((), (FIRST,), (), (ANNA,), ()))
    assert "may have been removed" in question.error_card.error.message
    assert question.error_card.error.outcome_unknown


def test_many_keys_are_counted_beyond_the_first_hundred(qtbot, theme, icons):
    entries = [RemovalEntry(RemovalKey("reservations", f"r-{number}")) for number in range(130)]
    question = RemovalQuestionDialog(entries, [], theme, icons)
    qtbot.addWidget(question)
    question.show()
    assert question.submit_button.text() == "Cancel 130 stays"
    assert len(question.listed.findChildren(ElidedLabel)) == 101
