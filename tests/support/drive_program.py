"""The whole program, started as users start it, with somebody at the controls.

Usage: ``python -m tests.support.drive_program SCENE [the program's arguments]``. What the scene
says goes to standard output, one JSON object a line; what it is told comes from standard input.
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
from seam_portal_desktop.bootstrap import open_session
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.ui.shell.main_window import MainWindow
from tests.support.program import Program, is_gone, press, press_enter, texts, until

Scene = Callable[[Program], Awaitable[None]]


def say(kind: str, **facts: Any) -> None:
    sys.stdout.write(json.dumps({"said": kind, **facts}) + "\n")
    sys.stdout.flush()


def digest(text: str) -> str:
    """For comparing secrets without showing them."""
    return hashlib.sha256(text.encode()).hexdigest()


_told: asyncio.Queue[str] = asyncio.Queue()


def _listen(loop: asyncio.AbstractEventLoop) -> None:
    for line in sys.stdin:
        loop.call_soon_threadsafe(_told.put_nowait, line.strip())


def leave(way: str) -> None:
    """End the program in one of the ways that there are."""
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
    """Select a row whose link works, as soon as there is one."""
    live = await until(
        lambda: [row for row in program.rows() if row.is_live(system_clock())], "there are rows"
    )
    assert program.window.pane.table.select(live[0].portal_id)


async def connect(program: Program) -> None:
    """Connect the test's sandbox; where there is no keyring, for this run."""
    dialog = await program.check_credential()
    await until(dialog.workspace_card.isVisible, "the workspace is shown")
    press_enter(dialog.name.edit)
    await until(lambda: is_gone(dialog) or dialog.error_card.error, "the keyring answered")
    if not is_gone(dialog):
        say("keyring", text=str(dialog.error_card.error))
        press(dialog, "Use for this run only")
        await until(lambda: is_gone(dialog), "it is connected")
    await program.settled()


async def tell_links(program: Program) -> None:
    """Say what the table and the ledger hold."""
    links = {}
    for row in program.rows():
        if row.has_url:
            url = await program.session.services.portals.url_of(row.portal_id)
            links[row.customer_key] = digest(url.reveal())
    statuses = {row.customer_key: row.status(system_clock()).value for row in program.rows()}
    say("table", statuses=statuses, links=links)


# Scenes ----------------------------------------------------------------------------------------


async def look(program: Program) -> None:
    """Say what is to be seen, and leave."""
    await program.settled()
    say("look", banners=program.banners(), texts=texts(program.window))


async def stay(program: Program) -> None:
    """Minimised, until it is ended from outside; say when the window is raised."""
    raise_window = program.window.raise_to_front

    def raised() -> None:
        raise_window()
        window = program.window
        say("raised", minimised=window.isMinimized(), visible=window.isVisible())

    program.window.raise_to_front = raised
    say("ready")
    await asyncio.Event().wait()


async def preview(program: Program) -> None:
    """Leave with a loaded page in the preview, in the way that it is told."""
    await select_live(program)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    say("loaded")
    leave(await _told.get())


async def half_loaded(program: Program) -> None:
    """Leave in the middle of loading a page."""
    await select_live(program)
    await until(lambda: program.window.preview.first.web is not None, "the engine is started")
    leave(await _told.get())


async def start_graphics(program: Program) -> None:
    """Say when the engine's start begins, and say no more: somebody kills it there."""
    engine = program.window.preview.engine
    engine.starting.connect(lambda: (say("starting"), signal.pause()))
    engine.begin()
    await asyncio.Event().wait()


async def see_graphics(program: Program) -> None:
    """Load a page; say how it is drawn and what the banners say about it."""
    await select_live(program)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    say(
        "drawn",
        banners=program.banners(),
        software=program.window.actions_.software_rendering.isChecked(),
        flags=os.environ["QTWEBENGINE_CHROMIUM_FLAGS"],
    )


async def go_back_to_hardware(program: Program) -> None:
    press(program.window, "Use the graphics card again")
    say("look", banners=program.banners(), texts=texts(program.window))


async def lose_graphics(program: Program) -> None:
    """Select a portal on a machine that can't draw it; restart when that is offered."""
    await select_live(program)
    await until(lambda: "Restart now" in texts(program.window), "a restart is offered")
    say("look", banners=program.banners(), texts=texts(program.window))
    press(program.window, "Restart now")
    await asyncio.Event().wait()


async def come_back_online(program: Program) -> None:
    """Look at a portal whose server is gone, until it is there again."""
    await connect(program)
    await program.create("harbor-hotel")
    preview = program.window.preview
    await until(lambda: preview.is_loaded, "the page is painted")
    say("online")
    await _told.get()
    preview.reload()
    await until(lambda: "Try now" in texts(preview), "it is tried again")
    say("offline", texts=texts(preview))
    await until(lambda: preview.is_loaded, "the page is back")
    say("online")


async def leave_demo(program: Program) -> None:
    """From the demo with a page open to the real session, and then out."""
    await select_live(program)
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    program.window.actions_.leave_demo.trigger()
    await asyncio.Event().wait()


async def create(program: Program) -> None:
    """Connect, create a portal and say its link's digest."""
    await connect(program)
    await program.create("harbor-hotel")
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    await until(lambda: program.row("harbor-hotel").previewed_at, "it counts as previewed")
    await tell_links(program)
    say("look", banners=program.banners(), texts=texts(program.window))


async def keep_preview(program: Program) -> None:
    """Connect, create a portal and stay with its safe preview until it is ended from outside."""
    await connect(program)
    await program.create("harbor-hotel")
    await until(lambda: program.window.preview.is_loaded, "the page is painted")
    say("loaded")
    leave(await _told.get())


async def ask_and_wait(program: Program) -> None:
    """Connect, ask for a portal and wait for an answer that doesn't come."""
    await connect(program)
    dialog = await program.open_create("harbor-hotel")
    press_enter(dialog.customer.key)
    await until(lambda: dialog.is_busy, "Seam is asked")
    say("asked")
    await asyncio.Event().wait()


async def find_again(program: Program) -> None:
    """Say what became of the links of an earlier run."""
    await program.settled()
    await tell_links(program)


async def find_unknown(program: Program) -> None:
    """Say what is offered for a portal of which nobody knows whether it was made."""
    await program.settled()
    await tell_links(program)
    await program.select("harbor-hotel")
    say("detail", texts=texts(program.window.detail))
    press(program.window.detail, "Create again")
    dialog = await until(program.dialogs, "the dialog is open")
    await until(dialog[0].customer.customer_key, "it is filled in")
    say("again", customer_key=dialog[0].customer.customer_key())
    dialog[0].reject()
    press(program.window.detail, "Check with Seam")
    await until(program.message, "Seam answered")
    say("checked", message=program.message(), texts=texts(program.window.detail))


SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        look,
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
        find_again,
        find_unknown,
    )
}


async def play(scene: Scene, session: open_session.OpenSession) -> None:
    threading.Thread(
        target=_listen, args=(asyncio.get_running_loop(),), name="told", daemon=True
    ).start()
    sandbox = SimpleNamespace(
        endpoint=os.environ.get("SANDBOX_ENDPOINT", ""), api_key=os.environ.get("SANDBOX_KEY", "")
    )
    try:
        await scene(Program(session, sandbox, pages=True))
    except Exception:  # noqa: BLE001 - the test shows it
        say("failed", traceback=traceback.format_exc())
    leave("quit")


def run(scenes: dict[str, Scene]) -> int:
    """Start the program with the scene and the arguments of the command line."""
    scene = scenes[sys.argv[1]]
    playing: list[asyncio.Task[None]] = []

    class Driven(open_session.OpenSession):
        async def open(self) -> None:
            await super().open()
            if not playing:
                playing.append(asyncio.ensure_future(play(scene, self)))
            elif scene is leave_demo:
                say("other session", is_demo=self.window.is_demo)

    open_session.OpenSession = Driven
    return main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(run(SCENES))
