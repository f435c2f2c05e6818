"""The main job and its failures, with somebody who looks for secrets at every step.

Usage: as `tests.support.drive_program`. The secrets that were met go to the file that the
variable SECRETS_FILE names, for the test to look for them in what the program leaves behind.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.sandbox.server import SandboxServer
from tests.support.drive_program import connect, run, say
from tests.support.program import CREATE, Program, links_of, press, twins_of, type_into, until
from tests.support.secret_search import leaks, leaks_in_files, leaks_in_objects, secrets_of


def look(step: str, secrets: dict[str, str], *allowed: str) -> None:
    """Say what is found in memory's objects and on the disk; `allowed` may be found."""
    data_dir = Path(sys.argv[sys.argv.index("--data-dir") + 1])
    found = {*leaks_in_objects(secrets), *leaks_in_files(data_dir, secrets)}
    say(
        "looked",
        step=step,
        found=sorted(found - set(allowed)),
        allowed=sorted(found & set(allowed)),
    )


def note_down(secrets: dict[str, str]) -> None:
    Path(os.environ["SECRETS_FILE"]).write_text(json.dumps(secrets), "utf-8")


async def main_job(program: Program) -> None:
    sandbox = SandboxServer()
    sandbox.start()
    program.sandbox = sandbox
    try:
        await _main_job(program, sandbox)
    finally:
        sandbox.stop()


def _secrets(sandbox: SandboxServer) -> tuple[dict[str, str], dict[str, str]]:
    """Those of the customer's link, and these together with those of its twin."""
    (link,), (safe_preview,) = links_of(sandbox), twins_of(sandbox)
    of_link, of_twin = (
        secrets_of(sandbox.api_key, sandbox.state.url_of(made)) for made in (link, safe_preview)
    )
    return of_link, of_link | {f"{name} of the twin": text for name, text in of_twin.items()}


async def _main_job(program: Program, sandbox: SandboxServer) -> None:
    window, detail = program.window, program.window.detail
    await connect(program)
    await program.create("harbor-hotel")
    await until(lambda: window.preview.is_loaded, "the page is painted")
    of_link, secrets = _secrets(sandbox)
    url = of_link["address"]
    note_down(secrets)
    await until(lambda: program.row("harbor-hotel").previewed_at, "it counts as previewed")
    look("previewed", secrets)

    press(detail, "Show the link")
    await until(lambda: detail.details.link.is_revealed, "the link is shown")
    line = "_ShownLink"
    shown = [f"{name} in {line}.{place}" for name in of_link for place in ("text", "displayText")]
    shown += [f"{name} in {line}'s accessible text" for name in of_link]
    look("revealed", secrets, *shown)
    press(detail, "Hide the link")
    look("hidden", secrets)

    press(detail, "Copy link")
    await until(lambda: QGuiApplication.clipboard().text() == url, "the link is copied")
    look("copied", secrets)
    press(detail, "Mark as sent…")
    press(detail, "Email")
    press(detail, "Save")
    await until(lambda: program.row("harbor-hotel").sent, "it is marked as sent")

    for status in (401, 500):
        quoting = {"error": {"type": "odd", "message": f"{sandbox.api_key} at {url}"}, "ok": False}
        sandbox.faults.next_answer(status=status, body=quoting, path=CREATE)
        dialog = await program.fail_to_create(f"customer-{status}")
        look(f"after {status}", secrets)
        dialog.reject()
    dialog = await program.open_connect()
    type_into(dialog.credential.edit, sandbox.api_key)
    dialog.reject()
    await until(lambda: not program.dialogs(), "the dialog is closed")

    async def fail() -> None:
        raise RuntimeError(f"on purpose, in a task: {sandbox.api_key} {url}")

    def fail_in_a_slot() -> None:
        raise RuntimeError(f"on purpose, in a slot: {sandbox.api_key} {url}")

    program.controller.scope.start(fail())
    QTimer.singleShot(0, fail_in_a_slot)
    lost = asyncio.ensure_future(fail())
    lost.add_done_callback(lambda _task: fail_in_a_slot())
    await until(program.error, "the status area says it")
    await asyncio.sleep(0.1)
    await until(lost.done)
    look("after bugs", secrets)
    details = program.error()
    assert details is not None
    assert not leaks((details.details() + str(details)).encode(), secrets)
    titles = [widget.windowTitle() for widget in QApplication.topLevelWidgets()]
    say("titles", titles=titles)


if __name__ == "__main__":
    sys.exit(run({"main_job": main_job}))
