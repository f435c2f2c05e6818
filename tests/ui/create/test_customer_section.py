"""The customer’s key in the New portal dialog: typing, completing, searching."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.customers import KnownCustomer, KnownCustomers
from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.ui.toolkit.theme import Tone
from tests.support.dialog_driver import log_requests, sent
from tests.support.portal_rows import NOW


def known(*keys: str) -> KnownCustomers:
    return KnownCustomers(KnownCustomer(key) for key in keys)


def listed_keys(dialog) -> list[str]:
    """The keys in the list of known customers."""
    model = dialog.customer.key.completer().popup().model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@pytest.fixture
def dialog(dialog):
    dialog.customer.set_customers(known("harbor-hotel", "casa-verde", "Old-Mill"), lambda: NOW)
    return dialog


def test_typing_a_key_and_enter_is_all_it_takes(dialog, qtbot):
    log = log_requests(dialog)
    qtbot.keyClicks(dialog.customer.key, "a-new-customer")
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)

    assert log == ["create"]
    assert sent(dialog) == {"customer_data": {"customer_key": "a-new-customer"}}


def test_enter_creates_though_completions_are_offered(dialog, qtbot):
    log = log_requests(dialog)
    qtbot.keyClicks(dialog.customer.key, "ar")
    popup = dialog.customer.key.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    assert log == ["create"]
    assert sent(dialog)["customer_data"]["customer_key"] == "ar"


def test_completion_finds_the_middle_of_a_key_whatever_its_case(dialog):
    dialog.customer.key.setFocus()
    QTest.keyClicks(dialog.customer.key, "MILL")

    assert listed_keys(dialog) == ["Old-Mill"]
    assert dialog.customer.key.completer().popup().isVisible()


def named(dialog) -> None:
    details = CustomerDetails("Grand Hôtel <b>Verona</b>", ("VIP", "long stay"))
    customers = (KnownCustomer("cust-8841", details=details), KnownCustomer("old-mill"))
    dialog.customer.set_customers(KnownCustomers(customers), lambda: NOW)
    dialog.customer.key.setFocus()


@pytest.mark.parametrize("typed", ["verona", "VI", "long s", "884"])
def test_completion_finds_a_name_and_a_tag_and_writes_the_key(dialog, qtbot, typed):
    named(dialog)
    QTest.keyClicks(dialog.customer.key, typed)
    popup = dialog.customer.key.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    assert listed_keys(dialog) == ["cust-8841"]
    assert dialog.customer.key.text() == typed

    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert dialog.customer.customer_key() == "cust-8841"


def test_another_letter_after_a_row_was_reached_lists_what_matches_now(dialog, qtbot):
    named(dialog)
    QTest.keyClicks(dialog.customer.key, "l")
    popup = dialog.customer.key.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    assert listed_keys(dialog) == ["cust-8841", "old-mill"]
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    dialog.customer.key.setText("l")
    QTest.keyClicks(dialog.customer.key, "d")
    assert listed_keys(dialog) == ["old-mill"]


def test_a_row_says_name_and_tags_and_its_tooltip_has_no_markup(dialog):
    named(dialog)
    QTest.keyClicks(dialog.customer.key, "ver")
    index = dialog.customer.key.completer().popup().model().index(0, 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("cust-8841, Grand Hôtel <b>Verona</b>, No active link · ")
    assert "&lt;b&gt;Verona" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_nothing_can_be_created_without_a_key(dialog, qtbot):
    log = log_requests(dialog)
    for typed in ("", "   "):
        dialog.customer.key.setText(typed)
        assert not dialog.submit_button.isEnabled()
        qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)
    assert log == []
    assert dialog.customer.note.tone is Tone.DANGER


def test_spaces_around_a_key_are_removed_with_a_note(dialog):
    dialog.customer.key.setText("  harbor-hotel ")

    assert sent(dialog)["customer_data"]["customer_key"] == "harbor-hotel"
    assert "spaces" in dialog.customer.note.label.text()
    dialog.customer.key.setText("harbor-hotel")
    assert "spaces" not in dialog.customer.note.label.text()


def test_a_key_that_differs_in_capitals_only_gets_a_warning(dialog):
    dialog.customer.key.setText("old-mill")
    assert "Old-Mill" in dialog.customer.note.label.text()
    dialog.customer.key.setText("Old-Mill")
    assert dialog.customer.note.tone is None


def test_spaces_around_a_key_of_a_request_stay(dialog):
    dialog.fill(decode_request('{"customer_data": {"customer_key": " k "}}'))
    assert dialog.wire() == {"customer_data": {"customer_key": " k "}}
    dialog.customer.key.setText(" k2 ")
    assert dialog.wire() == {"customer_data": {"customer_key": "k2"}}


def test_customers_are_searched_when_typing_pauses(dialog, qtbot):
    with qtbot.waitSignal(dialog.customer.search_requested) as asked:
        qtbot.keyClicks(dialog.customer.key, "harb")
    assert asked.args == ["harb"]
    dialog.customer.set_remote_customers(["harbor-hotel", "harbor-inn"])
    popup = dialog.customer.key.completer().popup()
    assert popup.isVisible()
    assert listed_keys(dialog) == ["harbor-hotel", "harbor-inn"]
    qtbot.keyClick(popup, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("pasted", "named", "cleaned"),
    [
        ("harbor\u200b-hotel", "zero width space (U+200B)", "harbor-hotel"),
        ("\u200eharbor-hotel", "left-to-right mark (U+200E)", "harbor-hotel"),
        ("harbor-hotel\ufeff", "byte order mark (U+FEFF)", "harbor-hotel"),
        ("har\u00adbor-hotel", "soft hyphen (U+00AD)", "harbor-hotel"),
        ("harbor\thotel", "a tab after “harbor”", "harbor hotel"),
        ("cafe\u0301", "unusual form", "caf\u00e9"),
        ("h\u0430rbor-hotel", "isn’t a Latin letter", "harbor-hotel"),
    ],
)
def test_a_key_that_is_not_what_it_looks_like_is_called_out_and_cleaned_by_one_press(
    dialog, qtbot, pasted, named, cleaned
):
    section = dialog.customer
    QGuiApplication.clipboard().setText(pasted)
    qtbot.keyClick(section.key, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert section.customer_key() == pasted, "nothing changes without a press"
    assert section.note.tone is Tone.WARNING
    assert named in section.note.label.text()
    assert section.key.accessibleDescription() == section.note.label.text()
    section.clean_button.setFocus()
    qtbot.keyClick(section.clean_button, Qt.Key.Key_Space)
    assert section.key.text() == cleaned
    assert section.clean_button.isHidden()
    assert section.note.tone is not Tone.WARNING
    section.key.undo()
    assert section.key.text() == pasted
    QGuiApplication.clipboard().clear()


def test_a_tab_around_the_key_is_left_out_and_that_is_said(dialog):
    dialog.customer.key.setText("harbor-hotel\t\n")
    assert dialog.customer.customer_key() == "harbor-hotel"
    assert "tabs and line breaks" in dialog.customer.note.label.text()
    assert dialog.customer.clean_button.isHidden()
