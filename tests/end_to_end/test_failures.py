"""Failures while a link is made: what is shown and recorded, and that the next try works."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import QPoint
from uvicorn.protocols.http.h11_impl import H11Protocol

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from seam_portal_desktop.adapters.seam.transport import Limits
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import Outcome
from seam_portal_desktop.sandbox.faults import Faults
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from seam_portal_desktop.ui.create.form.controls import SegmentsControl
from tests.support.program import (
    CREATE,
    Program,
    button,
    connected_program,
    is_gone,
    open_program,
    press,
    press_enter,
    shows,
    until_error,
    until_shows,
    visible_texts,
)
from tests.support.seam_answers import error_answer, portal_answer
from tests.support.until import until

pytestmark = pytest.mark.anyio

PORTAL_HOST = "portal.example"
FAILED, UNKNOWN = Outcome.FAILED, Outcome.UNKNOWN
IMPATIENT = Limits(connect=5, read=0.3, overall=5)


def impatient(endpoint, credential):
    return HttpSeamGateway(endpoint, credential, IMPATIENT)


def status(code: int, kind: str, **headers: str) -> Callable[[Faults], None]:
    return lambda faults: faults.next_answer(
        status=code, body=error_answer(kind), headers=headers, path=CREATE
    )


def without_url(faults: Faults) -> None:
    body = portal_answer()
    del body["customer_portal"]["url"]
    faults.next_answer(status=200, body=body, path=CREATE, after_effect=True)


@dataclass(frozen=True)
class Case:
    """`title` is the title of the message; HOST stands for the sandbox's address."""

    name: str
    break_it: Callable[[Faults], None]
    outcome: Outcome
    shows: str
    advice: str = ""

    def __str__(self) -> str:
        return self.name


CASES = [
    Case("401", status(401, "unauthorized"), FAILED, "Seam did not accept the API key."),
    Case("403", status(403, "forbidden"), FAILED, "This API key may not do this."),
    Case("404", status(404, "not_found"), FAILED, "Seam did not find what the request names."),
    Case(
        "409",
        status(409, "conflict"),
        FAILED,
        "The request clashes with something that Seam has already.",
    ),
    Case(
        "429",
        status(429, "too_many_requests", **{"Retry-After": "30"}),
        FAILED,
        "Seam gets too many calls from this workspace.",
        "Wait 30 seconds, then try again.",
    ),
    Case("500", status(500, "internal_server_error"), UNKNOWN, "Seam itself failed."),
    Case(
        "408",
        status(408, "request_timeout"),
        UNKNOWN,
        "The call was given up before Seam answered.",
    ),
    Case(
        "499",
        lambda faults: faults.next_html(status=499, path=CREATE),
        UNKNOWN,
        "The call was given up before Seam answered.",
    ),
    Case(
        "502",
        lambda faults: faults.next_html(path=CREATE),
        UNKNOWN,
        "Seam can't be used at the moment.",
    ),
    Case(
        "HTML",
        lambda faults: faults.next_html(status=200, path=CREATE),
        UNKNOWN,
        "A web page came back instead of Seam's answer.",
    ),
    Case(
        "truncated JSON",
        lambda faults: faults.next_truncated(path=CREATE),
        UNKNOWN,
        "Seam's answer was cut off.",
    ),
    Case("no url", without_url, UNKNOWN, "Seam's answer lacks something.", "customer_portal.url"),
    Case(
        "stall",
        lambda faults: faults.hold(path=CREATE),
        UNKNOWN,
        "Seam took too long to answer.",
    ),
    Case(
        "dropped after the effect",
        lambda faults: faults.next_drop(path=CREATE, after_effect=True),
        UNKNOWN,
        "The connection to HOST broke.",
    ),
]


def restarted(stopped: SandboxServer) -> SandboxServer:
    """A sandbox on the port that the other one left, with the same API key."""
    port = int(stopped.endpoint.rpartition(":")[2])
    server = SandboxServer(SandboxConfig(port=port))
    object.__setattr__(server._credentials, "api_key", stopped.api_key)
    server.start()
    return server


async def check_failure(program: Program, title: str, advice: str, outcome: Outcome) -> None:
    """Let a creation fail; check the dialog and the recorded row."""
    dialog = await program.open_create("harbor-hotel")
    for path in ("features.organize.exclude", "read_only"):
        dialog.findChild(SegmentsControl, path).segments.button(True).click()
    request = dialog.request()
    press_enter(dialog.customer.key)
    error = await until_error(dialog)
    await program.settled()

    assert error.title == title
    assert shows(dialog, title), visible_texts(dialog)
    assert advice in error.message
    assert dialog.isVisible()
    assert not dialog.is_busy
    assert dialog.request() == request, "the form keeps its values"
    assert dialog.submit_button.isEnabled()
    again = "Create again" if outcome is UNKNOWN else "Create"
    assert dialog.submit_button.text() == again
    assert program.sandbox.api_key not in "".join([*visible_texts(dialog), error.details()])

    row = program.row("harbor-hotel")
    assert row.outcome is outcome
    assert (row.failure.title, row.failure.message) == (error.title, error.message)
    assert row.seam_request_id == error.seam_request_id
    assert await program.session.services.ledger.request_of(row.portal_id) == request


async def check_usable(program: Program) -> None:
    """Check that the open dialog creates the portal now, and that a new dialog works too."""
    (dialog,) = program.dialogs()
    dialog.submit_button.click()
    await until(lambda: is_gone(dialog), "the second creation succeeds")
    await program.selected_alone("harbor-hotel")
    outcomes = [row.outcome for row in program.rows()]
    assert outcomes[0] is Outcome.CREATED
    assert len(outcomes) == 2, "the failed creation stays in the list"
    await program.create("old-mill")
    assert program.error() is None


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_failed_creation_is_explained_recorded_and_survived(case, tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox, create_gateway=impatient) as program:
        case.break_it(sandbox.faults)
        title = case.shows.replace("HOST", "127.0.0.1:" + sandbox.endpoint.rpartition(":")[2])
        await check_failure(program, title, case.advice, case.outcome)
        sandbox.faults.clear()
        await check_usable(program)


@pytest.mark.parametrize("what", ["customer", "workspace"])
async def test_a_link_of_somebody_else_is_explained_recorded_and_never_shown(
    tmp_path, sandbox, what
):
    async with connected_program(tmp_path, sandbox) as program:
        changes = {"customer": {"customer_key": "casa-verde"}, "workspace": {"workspace_id": "w-2"}}
        theirs = {"customer_key": "harbor-hotel", "workspace_id": sandbox.workspace_id}
        body = portal_answer(**(theirs | changes[what]))
        sandbox.faults.next_answer(status=200, body=body, path=CREATE)
        title = f"Seam's answer is for another {what}."
        await check_failure(program, title, "Seam Console", UNKNOWN)
        assert not program.window.actions_.copy_link.isEnabled()
        assert not shows(program.window.portal, PORTAL_HOST)
        await check_usable(program)


async def test_a_refused_connection_is_explained_recorded_and_survived(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        await asyncio.to_thread(sandbox.stop)
        host = sandbox.endpoint.removeprefix("http://")
        await check_failure(program, f"{host} refused the connection.", "Nothing listens", FAILED)
        back = await asyncio.to_thread(restarted, sandbox)
        try:
            await check_usable(program)
        finally:
            await asyncio.to_thread(back.stop)


async def test_a_refused_field_is_explained_at_the_field(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.next_answer(
            status=400,
            body=error_answer(
                "invalid_input",
                "Invalid input",
                {"customer_data": {"customer_key": {"_errors": ["No slashes, please"]}}},
            ),
            path=CREATE,
        )
        dialog = await program.fail_to_create("harbor/hotel")
        assert shows(dialog.customer.note, "No slashes, please")
        assert dialog.customer.key.property("invalid") is True
        assert program.row("harbor/hotel").outcome is FAILED
        assert dialog.customer.key.mapTo(dialog, QPoint()).y() > 0

        dialog.customer.key.setText("harbor-hotel")
        assert not shows(dialog.customer.note, "No slashes, please")
        press_enter(dialog.customer.key)
        await program.selected_alone("harbor-hotel")


def connections(sandbox: SandboxServer) -> tuple[H11Protocol, ...]:
    """The sandbox's open connections."""
    return tuple(sandbox._server.server_state.connections)


async def test_cancel_closes_the_connection_and_the_row_becomes_unknown(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.hold(path=CREATE)
        dialog = await program.open_create("harbor-hotel")
        press_enter(dialog.customer.key)
        await until(lambda: sandbox.state.requests(CREATE), "the call has arrived")
        (held,) = [each for each in connections(sandbox) if each.scope["path"] == CREATE]

        press(dialog, "Cancel")
        await until(lambda: held not in connections(sandbox), "the connection is closed")
        await until_error(dialog)
        await program.settled()
        assert dialog.customer.customer_key() == "harbor-hotel"
        assert dialog.submit_button.text() == "Create again"
        assert program.row("harbor-hotel").outcome is UNKNOWN

        sandbox.faults.release()
        press(dialog, "Close")
        await program.create("old-mill")


async def test_escape_cancels_before_it_closes(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.hold(path=CREATE)
        dialog = await program.open_create("harbor-hotel")
        press_enter(dialog.customer.key)
        await until(lambda: sandbox.state.requests(CREATE), "the call has arrived")
        dialog.reject()
        await until_error(dialog)
        assert dialog.isVisible()
        sandbox.faults.release()
        dialog.reject()
        await until(lambda: is_gone(dialog), "the second Escape closes")


async def test_closing_the_program_during_the_call_leaves_an_unknown_row(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.hold(path=CREATE)
        dialog = await program.open_create("harbor-hotel")
        press_enter(dialog.customer.key)
        await until(lambda: sandbox.state.requests(CREATE), "the call has arrived")
    sandbox.faults.release()
    async with open_program(tmp_path, sandbox) as program:
        assert program.row("harbor-hotel").outcome is UNKNOWN


def let_minutes_pass(sandbox: SandboxServer) -> None:
    """Until then Seam may still make the link."""
    sandbox.state.clock = lambda: system_clock() + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("was_made", "outcome", "title"),
    [
        (True, UNKNOWN, "A link was probably made, but its address never arrived here."),
        (False, FAILED, "Seam has no link of this request."),
    ],
    ids=["a link exists", "no link exists"],
)
async def test_an_unknown_portal_can_be_checked_with_seam(
    was_made, outcome, title, tmp_path, sandbox
):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.next_drop(path=CREATE, after_effect=was_made)
        (await program.fail_to_create("harbor-hotel")).dismiss_button.click()
        await program.select("harbor-hotel")
        detail = program.window.portal
        assert shows(detail, "A link may exist")

        let_minutes_pass(sandbox)
        press(detail, "Check with Seam")
        await until(lambda: program.message() == title, "Seam's answer is shown")
        await program.settled()
        row = program.row("harbor-hotel")
        assert (row.outcome, row.failure.title) == (outcome, title)
        assert button(detail, "Create again").isEnabled()

        press(detail, "Create again")
        await until(program.dialogs, "the form is open, filled as before")
        (dialog,) = program.dialogs()
        await until(lambda: dialog.customer.customer_key() == "harbor-hotel", "it is filled")
        dialog.submit_button.click()
        await until(
            lambda: [row.outcome for row in program.rows()] == [Outcome.CREATED, outcome],
            "the link is made",
        )


async def test_a_second_try_that_worked_is_not_taken_for_the_first(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.next_drop(path=CREATE, after_effect=False)
        dialog = await program.fail_to_create("harbor-hotel")
        press(dialog, "Create again")
        await until(lambda: len(program.rows()) == 2, "the second try is recorded")
        table = program.window.pane.table
        await until(lambda: table.selected_ids() == [program.rows()[0].portal_id], "it worked")
        assert program.rows()[0].outcome is Outcome.CREATED
        first = program.rows()[1]
        assert first.outcome is UNKNOWN
        table.select(first.portal_id)
        await until_shows(program.window.portal, "Check with Seam")
        let_minutes_pass(sandbox)
        press(program.window.portal, "Check with Seam")
        title = "Seam has no link of this request."
        await until(lambda: program.message() == title, "Seam's answer is shown")
        await program.settled()
        assert [row.outcome for row in program.rows()] == [Outcome.CREATED, FAILED]


async def test_a_failed_check_changes_nothing_and_shows_why(tmp_path, sandbox):
    async with connected_program(tmp_path, sandbox) as program:
        sandbox.faults.next_drop(path=CREATE, after_effect=True)
        (await program.fail_to_create("harbor-hotel")).dismiss_button.click()
        before = await program.select("harbor-hotel")
        sandbox.faults.next_answer(
            status=401, body=error_answer("unauthorized"), path="/client_sessions/list"
        )
        press(program.window.portal, "Check with Seam")
        await until(program.error, "the error is shown")
        assert program.error().title == "Seam did not accept the API key."
        await program.settled()
        assert program.row("harbor-hotel") == before


async def test_a_link_that_the_ledger_could_not_save_can_be_saved_later(
    tmp_path, sandbox, monkeypatch
):
    async with connected_program(tmp_path, sandbox) as program:
        ledger = program.session.ledger

        async def full(_portal_id, _created):
            raise LedgerError("The ledger could not be written.", "The disk is full.")

        with monkeypatch.context() as disk:
            disk.setattr(ledger, "record_created", full)
            dialog = await program.open_create("harbor-hotel")
            press_enter(dialog.customer.key)
            await until(program.error, "the error is shown")
            assert program.error().title == "The link was made but could not be saved."
            await program.settled()
            assert is_gone(dialog)
            await program.select("harbor-hotel")
            press(program.window.portal, "Show the link")
            url = sandbox.state.url_of(sandbox.state.portals()[0])
            await until_shows(program.window.portal, url)
            press(program.window.status_area, "Try again")
            await until(program.error, "it fails again, and stays in view")
        press(program.window.status_area, "Try again")
        await until(lambda: program.message() == "The link is saved.", "it is saved")
        await program.settled()
        assert program.row("harbor-hotel").outcome is Outcome.CREATED
        assert program.error() is None
        assert (await ledger.url_of(program.row("harbor-hotel").portal_id)).reveal() == url


async def test_two_links_are_saved_once_if_both_errors_are_answered(tmp_path, sandbox, monkeypatch):
    reasons = ["The disk is full.", "The quota is used up."]  # equal errors are shown once
    async with connected_program(tmp_path, sandbox) as program:

        async def full(_portal_id, _created):
            raise LedgerError("The ledger could not be written.", reasons.pop(0))

        with monkeypatch.context() as disk:
            disk.setattr(program.session.ledger, "record_created", full)
            for key in "harbor-hotel", "casa-verde":
                dialog = await program.open_create(key)
                press_enter(dialog.customer.key)
                await until(partial(is_gone, dialog), "the link isn't saved")
                await program.settled()
        for _ in range(2):
            press(program.window.status_area, "Try again")
        await until(lambda: program.message() == "2 links are saved.", "they are saved")
        await program.settled()
        assert program.error() is None
        assert program.message() == "2 links are saved."
        assert [row.outcome for row in program.rows()] == [Outcome.CREATED] * 2


async def test_closing_and_the_demo_ask_before_an_unsaved_link_is_lost(
    tmp_path, sandbox, monkeypatch
):
    async with open_program(tmp_path, sandbox) as program:
        await program.connect()

        async def full(_portal_id, _created):
            raise LedgerError("The ledger could not be written.", "The disk is full.")

        window, strip = program.window, program.window.status_area
        with monkeypatch.context() as disk:
            disk.setattr(program.session.ledger, "record_created", full)
            dialog = await program.open_create("harbor-hotel")
            press_enter(dialog.customer.key)
            await until(program.error, "the link isn't saved")
            await until(lambda: is_gone(dialog))
            await program.settled()

            window.actions_.try_demo.trigger()
            assert program.error().title == "1 link isn’t saved yet."
            assert not program.session.other_mode.done()
            window.actions_.quit.trigger()
            assert window.isVisible()
            assert program.error().title == "1 link isn’t saved yet."
            assert program.session.services.creation.unsaved_count == 1
            window.close()
            assert not window.isVisible(), "closing again means it"
            window.show()
            window.actions_.try_demo.trigger()
            press(strip, "Enter the demo")
            assert program.session.other_mode.done()
        window.status_area.errors.dismiss()


async def test_an_unsaved_link_can_be_saved_when_closing_asks(tmp_path, sandbox, monkeypatch):
    async with open_program(tmp_path, sandbox) as program:
        await program.connect()

        async def full(_portal_id, _created):
            raise LedgerError("The ledger could not be written.", "The disk is full.")

        with monkeypatch.context() as disk:
            disk.setattr(program.session.ledger, "record_created", full)
            dialog = await program.open_create("harbor-hotel")
            press_enter(dialog.customer.key)
            await until(program.error, "the link isn't saved")
            await until(lambda: is_gone(dialog))
            await program.settled()
        program.window.close()
        press(program.window.status_area, "Try again")
        await until(lambda: program.message() == "The link is saved.", "it is saved")
        program.window.close()
        assert not program.window.isVisible()


async def test_without_a_recorded_intent_seam_is_not_called(tmp_path, sandbox, monkeypatch):
    async with open_program(tmp_path, sandbox) as program:
        await program.connect()

        async def full(_portal, _request):
            raise LedgerError("The ledger could not be written.", "The disk is full.")

        monkeypatch.setattr(program.session.ledger, "record_intent", full)
        dialog = await program.fail_to_create("harbor-hotel")
        assert dialog.error_card.error.message == "The disk is full."
        assert dialog.submit_button.text() == "Create"
        assert sandbox.state.requests(CREATE) == []
        assert program.rows() == []
