"""The whole program, with something wrong inside it. See drive_program.

Usage: ``python -m tests.support.drive_crashes SCENE [the program's arguments]``.
"""

from __future__ import annotations

import os
import signal
import sys

from PySide6.QtCore import QTimer

from seam_portal_desktop.ui.help.crash_dialog import CrashDialog
from tests.support.drive_program import run, say
from tests.support.program import Program, press, texts, until, visible

SECRET = "seam_test_not_a_real_key"


async def die(program: Program) -> None:
    """End as a crash of native code does."""
    say("dying")
    os.kill(os.getpid(), signal.SIGSEGV)


async def look(program: Program) -> None:
    """Say which problem is reported, if there is one, and leave."""
    await program.settled()
    scope = program.controller.scope
    await until(lambda: not scope.is_running("problem report"), "whatever is to be said is said")
    reports = visible(program.window, CrashDialog)
    say("reports", reports=[report.report for report in reports], texts=[*map(texts, reports)])


async def fail(program: Program) -> None:
    """Fail in a task, in a slot, and again and again in a loop; then look at what is reported."""

    async def fail_in_a_task() -> None:
        raise RuntimeError(f"on purpose, in a task: {SECRET}")

    def fail_in_a_slot() -> None:
        raise RuntimeError(f"on purpose, in a slot: {SECRET}")

    program.controller.scope.start(fail_in_a_task())
    dialog = await program.dialog(CrashDialog)
    say("shown", report=dialog.report, modal=dialog.isModal())
    timer = QTimer(program.window, interval=0)
    timer.timeout.connect(fail_in_a_slot)
    timer.start()
    await until(lambda: any("more problems since" in text for text in texts(dialog)), "it counts")
    await program.dialog(CrashDialog)
    press(dialog, "Close")
    await until(lambda: not visible(program.window, CrashDialog), "it is closed")
    timer.stop()
    say("quiet", dialogs=len(visible(program.window, CrashDialog)))


if __name__ == "__main__":
    sys.exit(run({scene.__name__: scene for scene in (die, look, fail)}))
