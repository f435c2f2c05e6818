"""Runs the program's event loop without the program, and ends it in the given way.

Usage: ``python -m tests.support.run_loop WAY``; prints one word a line for each thing that happens.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from seam_portal_desktop import runtime


def write(word: object) -> None:
    print(word, flush=True)  # noqa: T201 - read by the test


async def stay() -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        write("cancelled")
        raise


async def refuse_to_go() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.01)
        write("tidied")


async def main(way: str, app: runtime.Application, stop: runtime.StopSignal) -> int:
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    window.show()
    background = [asyncio.ensure_future(stay()), asyncio.ensure_future(refuse_to_go())]
    await asyncio.sleep(0)
    if way == "close":
        QTimer.singleShot(0, window.close)
    elif way == "hide and quit twice":
        window.hide()
        app.quit_requested.emit()
        app.quit_requested.emit()
    elif way == "quit event":
        QCoreApplication.postEvent(app, QEvent(QEvent.Type.Quit))
    elif way == "app.quit":
        QTimer.singleShot(0, app.quit)
    elif way in ("SIGTERM", "SIGINT"):
        os.kill(os.getpid(), getattr(signal, way))
    elif way == "error":
        raise ValueError("main failed")
    elif way == "wait":
        write("waiting")
    await stop.wait()
    await stop.wait()  # it stays set
    write("stopped")
    assert not any(task.done() for task in background)
    return 7


if __name__ == "__main__":
    application = runtime.create_application(sys.argv[:1])
    code = runtime.run(application, lambda stop: main(sys.argv[1], application, stop))
    write("returned")
    sys.exit(code)
