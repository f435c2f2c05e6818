"""Scenarios in which the program crashes or fails. See drive_program.

Usage: ``python -m tests.support.drive_crashes SCENARIO [the program's arguments]``.
"""

from __future__ import annotations

import os
import signal
import sys

from PySide6.QtCore import QTimer

from seam_portal_desktop.ui.help.crash_dialog import CrashDialog
from tests.support.drive_program import run, write_message
from tests.support.program import Program, press, until, visible_children, visible_texts

SECRET = "seam_test_not_a_real_key"


async def die(program: Program) -> None:
    """Crash as native code does."""
    write_message("dying")
    os.kill(os.getpid(), signal.SIGSEGV)


async def write_reports(program: Program) -> None:
    """Write which problems are reported."""
    await program.settled()
    scope = program.controller.scope
    await until(lambda: not scope.is_running("problem report"), "problems are reported")
    reports = visible_children(program.window, CrashDialog)
    write_message(
        "reports",
        reports=[report.report for report in reports],
        texts=[*map(visible_texts, reports)],
    )


async def fail(program: Program) -> None:
    """Fail in a task, in a slot and repeatedly in a timer; write what is reported."""

    async def fail_in_a_task() -> None:
        raise RuntimeError(f"on purpose, in a task: {SECRET}")

    def fail_in_a_slot() -> None:
        raise RuntimeError(f"on purpose, in a slot: {SECRET}")

    program.controller.scope.start(fail_in_a_task())
    dialog = await program.dialog(CrashDialog)
    write_message("shown", report=dialog.report, modal=dialog.isModal())
    timer = QTimer(program.window, interval=0)
    timer.timeout.connect(fail_in_a_slot)
    timer.start()
    await until(
        lambda: any("more problems since" in text for text in visible_texts(dialog)), "it counts"
    )
    await program.dialog(CrashDialog)
    press(dialog, "Close")
    await until(lambda: not visible_children(program.window, CrashDialog), "it is closed")
    timer.stop()
    write_message("quiet", dialogs=len(visible_children(program.window, CrashDialog)))


if __name__ == "__main__":
    sys.exit(run({scenario.__name__: scenario for scenario in (die, write_reports, fail)}))
