"""Stays are cancelled and people removed in the real window, against a sandbox."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.request import CustomerData, Guest, PortalRequest, Reservation
from seam_portal_desktop.ui.lifecycle.removal.dialog import RemoveDataDialog
from seam_portal_desktop.ui.lifecycle.removal.question_dialog import RemovalQuestionDialog
from seam_portal_desktop.ui.shell.command_palette import CommandPalette
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.program import (
    Program,
    connected_program,
    is_gone,
    press_enter,
    type_into,
    until_shows,
)
from tests.support.sqlite_ledger import failing
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

DELETE = "/customers/delete_data"
REQUEST = PortalRequest(
    customer_data=CustomerData(
        customer_key="harbor-hotel",
        guests=(
            Guest(guest_key="g-1", name="Anna Example"),
            Guest(guest_key="g-2", name="Ben Sample"),
        ),
        reservations=(
            Reservation(
                reservation_key="R-1",
                guest_key="g-1",
                starts_at="2030-01-01T15:00:00Z",
                ends_at="2030-01-03T10:00:00Z",
            ),
            Reservation(reservation_key="R-2", guest_key="g-2"),
        ),
    )
)


async def open_dialog(program: Program) -> RemoveDataDialog:
    program.window.actions_.remove_data.trigger()
    return await program.dialog(RemoveDataDialog)


async def with_stay(program: Program) -> RemoveDataDialog:
    """The dialog for a customer whose portal was made with data, with all of it offered."""
    connection = program.session.services.workspaces.current
    record = await program.session.services.creation.create(connection, REQUEST)
    await until(lambda: program.keys() == ["harbor-hotel"], "the portal is listed")
    assert program.window.pane.table.select(record.portal_id)
    await until(program.selected, "it is selected")
    dialog = await open_dialog(program)
    await until(lambda: dialog.model.rowCount() == 4, "what was sent is offered")
    return dialog


def resources(sandbox) -> dict[str, set[str]]:
    (customer,) = sandbox.state.customers()
    return {kind: set(found) for kind, found in customer.resources.items()}


async def test_a_stay_and_a_person_are_removed_by_keyboard(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        dialog = await with_stay(program)
        assert dialog.table.hasFocus()
        dialog.table.selectRow(0)
        QTest.keyClick(dialog.table, Qt.Key.Key_Space)
        QTest.keyClicks(dialog.filter, "g-1")
        dialog.table.setFocus()
        dialog.table.selectAll()
        QTest.keyClick(dialog.table, Qt.Key.Key_Space)
        QTest.keyClick(dialog.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        question = await program.dialog(RemovalQuestionDialog)
        assert question.submit_button.text() == "Cancel 1 stay and remove 1 person"
        assert sandbox.state.requests(DELETE) == []
        question.submit_button.setFocus()
        QTest.keyClick(question.submit_button, Qt.Key.Key_Space)
        await until(lambda: is_gone(question) and is_gone(dialog), "it is done")
        assert "accepted the removal of 1 stay and 1 person" in program.message()
        program.window.actions_.show_activity.trigger()
        await until_shows(program.window.portal, "Asked Seam to remove customer data: 1 stay")
        (request,) = sandbox.state.requests(DELETE)
        assert request.method == "DELETE"
        assert request.body == {"reservation_keys": ["R-1"], "guest_keys": ["g-1"]}
        assert resources(sandbox) == {"reservations": {"R-2"}, "guests": {"g-2"}}


async def test_the_palette_finds_it_and_keys_are_pasted_without_a_customer(tmp_path, sandbox):
    sandbox.state.push_data(
        {"customer_key": "inn", "reservations": [{"reservation_key": f"r-{n}"} for n in range(4)]}
    )
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        program.window.activateWindow()
        await until(program.window.isActiveWindow, "the window has the keyboard")
        QTest.keyClick(program.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = await program.dialog(CommandPalette)
        field = palette.findChild(QLineEdit)
        QTest.keyClicks(field, "cancel reservation")
        press_enter(field)
        dialog = await program.dialog(RemoveDataDialog)
        QGuiApplication.clipboard().setText("r-1\r\n\r\nr-3\r\n")
        dialog.keys.setFocus()
        QTest.keyClick(dialog.keys, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        dialog.submit_button.click()
        question = await program.dialog(RemovalQuestionDialog)
        assert "r-1" in question.warning.label.text()
        question.submit_button.click()
        await until(lambda: is_gone(dialog), "it is done")
        assert resources(sandbox) == {"reservations": {"r-0", "r-2"}}


async def test_a_lost_answer_may_have_removed_it_and_sending_again_does_no_harm(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        dialog = await with_stay(program)
        dialog.model.toggle([0])
        dialog.submit_button.click()
        question = await program.dialog(RemovalQuestionDialog)
        sandbox.faults.next_drop(path=DELETE, after_effect=True)
        question.submit_button.click()
        error = await until(lambda: question.error_card.error, "the answer is lost")
        assert error.outcome_unknown
        assert "Trying again does no harm" in error.message
        question.submit_button.click()
        await until(lambda: is_gone(dialog), "the second call is answered")
        assert resources(sandbox)["reservations"] == {"R-2"}


async def test_a_refusal_is_shown_and_what_was_chosen_stays(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        dialog = await with_stay(program)
        dialog.model.toggle([0])
        dialog.submit_button.click()
        question = await program.dialog(RemovalQuestionDialog)
        sandbox.faults.next_answer(status=403, path=DELETE)
        question.submit_button.click()
        error = await until(lambda: question.error_card.error, "it is refused")
        assert not error.outcome_unknown
        question.dismiss_button.click()
        await until(lambda: is_gone(question), "the question is closed")
        assert len(dialog.model.ticked()) == 1
        dialog.dismiss_button.click()


async def test_cancelling_while_seam_thinks_says_that_it_may_be_removed(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        dialog = await with_stay(program)
        dialog.model.toggle([0])
        dialog.submit_button.click()
        question = await program.dialog(RemovalQuestionDialog)
        sandbox.faults.hold(path=DELETE)
        question.submit_button.click()
        await until(lambda: sandbox.state.requests(DELETE), "Seam has the call")
        QTest.keyClick(question, Qt.Key.Key_Escape)
        error = await until(lambda: question.error_card.error, "it is cancelled")
        assert "may have been removed" in error.message
        sandbox.faults.clear()
        question.dismiss_button.click()
        dialog.dismiss_button.click()


async def test_another_customer_is_chosen_and_the_first_ones_data_is_gone(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        dialog = await with_stay(program)
        dialog.model.toggle([0])
        type_into(dialog.customer.key, "old-mill")
        assert dialog.model.rowCount() == 0, "the first one's data goes at once"
        assert not dialog.submit_button.isEnabled()
        await until(lambda: "Nothing was sent" in dialog.table.empty.text(), "it was looked for")
        dialog.dismiss_button.click()


async def test_a_ledger_that_fails_is_told_and_seam_is_not_asked(tmp_path, sandbox):
    error = LedgerError("The disk is full.", "Make room.")
    async with connected_program(tmp_path, sandbox, pages=False) as program:
        dialog = await with_stay(program)
        dialog.model.toggle([0])
        dialog.submit_button.click()
        question = await program.dialog(RemovalQuestionDialog)
        with failing(program.session.services.ledger, error, "record_event"):
            question.submit_button.click()
            await until(lambda: question.error_card.error is error, "the reason is shown")
        assert sandbox.state.requests(DELETE) == []
        question.dismiss_button.click()
        with failing(program.session.services.ledger, error, "find"):
            type_into(dialog.customer.key, "harbor")
            await until(lambda: dialog.error_card.error is error, "the reason is shown")
        assert dialog.model.rowCount() == 0
        dialog.dismiss_button.click()
