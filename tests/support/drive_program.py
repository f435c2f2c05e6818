"""Runs the whole program as users start it, and drives it by a scenario.

Usage: ``python -m tests.support.drive_program SCENARIO [the program's arguments]``. The scenario
writes messages to standard output, one JSON object a line, and reads lines from standard input.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QApplication

from seam_portal_desktop.__main__ import main
from seam_portal_desktop.adapters.files import policy_source
from seam_portal_desktop.bootstrap import open_session
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.portals.pane import PaneState
from seam_portal_desktop.ui.shell.main_window import MainWindow
from tests.support.program import (
    Program,
    is_gone,
    press,
    press_enter,
    shows,
    until,
    visible_texts,
)

Scenario = Callable[[Program], Awaitable[None]]


def write_message(kind: str, **facts: Any) -> None:
    sys.stdout.write(json.dumps({"kind": kind, **facts}) + "\n")
    sys.stdout.flush()


def digest(text: str) -> str:
    """A hash, for comparing secrets without printing them."""
    return hashlib.sha256(text.encode()).hexdigest()


_lines: asyncio.Queue[str] = asyncio.Queue()


def _read_lines(loop: asyncio.AbstractEventLoop) -> None:
    for line in sys.stdin:
        loop.call_soon_threadsafe(_lines.put_nowait, line.strip())


def end_program(way: str) -> None:
    """End the program: "close", "quit" or the name of a signal."""
    app = QApplication.instance()
    if way == "close":
        for window in app.topLevelWidgets():
            if isinstance(window, MainWindow):
                window.close()
    elif way.startswith("SIG"):
        os.kill(os.getpid(), getattr(signal, way))
    else:
        app.quit()


async def select_live(program: Program) -> None:
    """Select the first row whose link works."""
    live = await until(
        lambda: [row for row in program.rows() if row.is_live(system_clock())], "there are rows"
    )
    assert program.window.pane.table.select(live[0].portal_id)


async def connect(program: Program) -> None:
    """Connect the test's sandbox; without a keyring for this run only."""
    dialog = await program.check_credential()
    await until(dialog.workspace_card.isVisible, "the workspace is shown")
    press_enter(dialog.name.edit)
    await until(lambda: is_gone(dialog) or dialog.error_card.error, "the keyring has answered")
    if not is_gone(dialog):
        write_message("keyring", text=str(dialog.error_card.error))
        press(dialog, "Keep until I quit")
        await until(lambda: is_gone(dialog), "it is connected")
    await program.settled()


async def write_links(program: Program) -> None:
    """Write statuses and digests of links."""
    links = {}
    for row in program.rows():
        if row.has_url:
            url = await program.session.services.portals.url_of(row.portal_id)
            links[row.customer_key] = digest(url.reveal())
    statuses = {row.customer_key: row.status(system_clock()).value for row in program.rows()}
    write_message("table", statuses=statuses, links=links)


# Scenarios ----------------------------------------------------------------------------------------


async def write_window(program: Program) -> None:
    """Write which texts and banners are visible."""
    await program.settled()
    write_message("window", banners=program.banners(), texts=visible_texts(program.window))


async def stay(program: Program) -> None:
    """Run until ended from outside; write when the window is raised."""
    raise_window = program.window.raise_to_front

    def raised() -> None:
        raise_window()
        window = program.window
        write_message("raised", minimised=window.isMinimized(), visible=window.isVisible())

    program.window.raise_to_front = raised
    write_message("ready")
    await asyncio.Event().wait()


async def preview(program: Program) -> None:
    """End with a loaded page, in the way that standard input names."""
    await select_live(program)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    write_message("loaded")
    end_program(await _lines.get())


async def half_loaded(program: Program) -> None:
    """End while a page loads."""
    await select_live(program)
    await until(lambda: program.window.preview.first.web is not None, "the engine is started")
    end_program(await _lines.get())


async def start_graphics(program: Program) -> None:
    """Stop where the engine's start begins, to be killed there."""
    engine = program.window.preview.engine
    engine.starting.connect(lambda: (write_message("starting"), signal.pause()))
    engine.begin()
    await asyncio.Event().wait()


async def see_graphics(program: Program) -> None:
    """Load a page; write how it is rendered and which banners are shown."""
    await select_live(program)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    write_message(
        "drawn",
        banners=program.banners(),
        software=program.window.actions_.software_rendering.isChecked(),
        flags=os.environ["QTWEBENGINE_CHROMIUM_FLAGS"],
    )


async def go_back_to_hardware(program: Program) -> None:
    press(program.window, "Use the graphics card again")
    write_message("window", banners=program.banners(), texts=visible_texts(program.window))


async def lose_graphics(program: Program) -> None:
    """Select a portal where graphics don't work; restart when a restart is offered."""
    await select_live(program)
    await until(lambda: "Restart now" in visible_texts(program.window), "a restart is offered")
    write_message("window", banners=program.banners(), texts=visible_texts(program.window))
    press(program.window, "Restart now")
    await asyncio.Event().wait()


async def come_back_online(program: Program) -> None:
    """Show a portal whose server stops and starts again."""
    await connect(program)
    await program.create("harbor-hotel")
    preview = program.window.preview
    await until(lambda: preview.is_loaded, "the page is painted")
    write_message("online")
    await _lines.get()
    preview.reload()
    await until(lambda: "Try now" in visible_texts(preview), "it is tried again")
    write_message("offline", texts=visible_texts(preview))
    await until(lambda: preview.is_loaded, "the page is back")
    write_message("online")


async def leave_demo(program: Program) -> None:
    """Leave the demo for the real session while a page is open."""
    await select_live(program)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    program.window.actions_.leave_demo.trigger()
    await asyncio.Event().wait()


async def create(program: Program) -> None:
    """Connect, create a portal and write its link's digest."""
    await connect(program)
    await program.create("harbor-hotel")
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    await until(lambda: program.row("harbor-hotel").previewed_at, "it counts as previewed")
    await write_links(program)
    write_message("window", banners=program.banners(), texts=visible_texts(program.window))


async def keep_preview(program: Program) -> None:
    """Connect, create a portal and keep its page open until standard input names how to end."""
    await connect(program)
    await program.create("harbor-hotel")
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    write_message("loaded")
    end_program(await _lines.get())


async def ask_and_wait(program: Program) -> None:
    """Connect, request a portal and wait for an answer that never comes."""
    await connect(program)
    dialog = await program.open_create("harbor-hotel")
    press_enter(dialog.customer.key)
    await until(lambda: dialog.is_busy, "Seam is asked")
    write_message("asked")
    await asyncio.Event().wait()


async def type_and_wait(program: Program) -> None:
    """Connect, type a request with a guest, and wait to be killed."""
    await connect(program)
    dialog = await program.open_create("harbor-hotel")
    dialog.data.kinds.set_current_kind("guests")
    dialog.data.table.go_to(0, 0)
    QApplication.clipboard().setText("g-1\tMara Lind")
    dialog.data.table.paste()
    write_message("typed", request=dialog.wire())
    await asyncio.Event().wait()


async def find_draft(program: Program) -> None:
    """Write what New portal offers."""
    await program.settled()
    scope = program.controller.scope
    await until(lambda: not scope.is_running("read drafts"), "the drafts are read")
    dialog = await program.open_create()
    write_message("found", request=dialog.wire(), texts=visible_texts(dialog))


async def lose_a_link(program: Program) -> None:
    """Have a link that can't be saved, and close the window when standard input says so."""
    await connect(program)

    async def full(_portal_id: str, _created: object) -> None:
        raise LedgerError("The ledger could not be written.", "The disk is full.")

    program.session.ledger.record_created = full
    dialog = await program.open_create("harbor-hotel")
    press_enter(dialog.customer.key)
    await until(lambda: program.error() and is_gone(dialog), "the link isn't saved")
    await program.settled()
    write_message("ready")
    for _ in range(2):
        await _lines.get()
        before = str(program.error())
        program.window.close()
        write_message("closed", visible=program.window.isVisible(), before=before)
    await asyncio.Event().wait()


async def find_again(program: Program) -> None:
    """Write statuses and links of an earlier run."""
    await program.settled()
    await write_links(program)


async def find_unknown(program: Program) -> None:
    """Write what is offered for a portal with unknown outcome."""
    await program.settled()
    await write_links(program)
    await program.select("harbor-hotel")
    write_message("detail", texts=visible_texts(program.window.portal))
    press(program.window.portal, "Create again")
    dialog = await until(program.dialogs, "the dialog is open")
    await until(dialog[0].customer.customer_key, "it is filled in")
    write_message("again", customer_key=dialog[0].customer.customer_key())
    dialog[0].reject()
    press(program.window.portal, "Check with Seam")
    await until(program.message, "Seam answered")
    write_message("checked", message=program.message(), texts=visible_texts(program.window.portal))


async def refused(program: Program) -> None:
    """Write why the ledger can't be opened, wait for a line, and try again."""
    window = program.window
    await until(lambda: shows(window, "Another program uses this ledger"), "it is refused")
    write_message("refused", texts=visible_texts(window))
    await _lines.get()
    press(window, "Try again")
    await until(lambda: window.pane.state is PaneState.NO_WORKSPACE, "the list is shown")
    write_message("ready")


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        write_window,
        stay,
        preview,
        start_graphics,
        see_graphics,
        go_back_to_hardware,
        lose_graphics,
        come_back_online,
        half_loaded,
        leave_demo,
        create,
        keep_preview,
        ask_and_wait,
        type_and_wait,
        find_draft,
        lose_a_link,
        find_again,
        find_unknown,
        refused,
    )
}


async def run_scenario(scenario: Scenario, session: open_session.OpenSession) -> None:
    threading.Thread(
        target=_read_lines, args=(asyncio.get_running_loop(),), name="standard input", daemon=True
    ).start()
    sandbox = SimpleNamespace(
        endpoint=os.environ.get("SANDBOX_ENDPOINT", ""), api_key=os.environ.get("SANDBOX_KEY", "")
    )
    try:
        await scenario(Program(session, sandbox, pages=True))
    except Exception:  # noqa: BLE001 - the test prints it
        write_message("failed", traceback=traceback.format_exc())
    end_program("quit")


def run(scenarios: dict[str, Scenario]) -> int:
    """Run the program with the scenario and the arguments of the command line."""
    scenario = scenarios[sys.argv[1]]
    running: list[asyncio.Task[None]] = []

    class Driven(open_session.OpenSession):
        async def open(self) -> None:
            if scenario is refused:  # it doesn't open at first
                running.append(asyncio.ensure_future(run_scenario(scenario, self)))
            await super().open()
            if not running:
                running.append(asyncio.ensure_future(run_scenario(scenario, self)))
            elif scenario is leave_demo:
                write_message("other session", is_demo=self.window.is_demo)

    open_session.OpenSession = Driven
    if url := os.environ.get("LEDGER_URL"):
        policy_source.read_policy = lambda: Policy(ledger_url=Secret(url))
    return main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(run(SCENARIOS))
