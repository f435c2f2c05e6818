"""Does the main job and searches for secrets after every step.

Usage: as `tests.support.drive_program`. The secrets are written to the file SECRETS_FILE, so that
the test can search for them in the program's files and output.
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

from seam_portal_desktop.paths import app_paths
from seam_portal_desktop.sandbox.server import SandboxServer
from tests.support.drive_program import connect, run, write_message
from tests.support.program import (
    CREATE,
    Program,
    links_of,
    press,
    safe_previews_of,
    type_into,
    until,
)
from tests.support.secret_search import leaks, leaks_in_files, leaks_in_objects, secrets_of


def _data_dir() -> Path:
    return Path(sys.argv[sys.argv.index("--data-dir") + 1])


def _log() -> str:
    return app_paths(_data_dir()).log.read_text("utf-8")


def search(step: str, secrets: dict[str, str], *allowed: str) -> None:
    """Write which secrets are in objects and files; `allowed` may be there."""
    found = {*leaks_in_objects(secrets), *leaks_in_files(_data_dir(), secrets)}
    write_message(
        "searched",
        step=step,
        found=sorted(found - set(allowed)),
        allowed=sorted(found & set(allowed)),
    )


def write_secrets(secrets: dict[str, str]) -> None:
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
    """Two sets: the link's secrets, and those of the link and its safe preview together."""
    (link,), (safe_preview,) = links_of(sandbox), safe_previews_of(sandbox)
    of_link, of_safe_preview = (
        secrets_of(sandbox.api_key, sandbox.state.url_of(made)) for made in (link, safe_preview)
    )
    return of_link, of_link | {
        f"{name} of the safe preview": text for name, text in of_safe_preview.items()
    }


async def _main_job(program: Program, sandbox: SandboxServer) -> None:
    window, detail = program.window, program.window.portal
    await connect(program)
    await program.create("harbor-hotel")
    await until(lambda: window.preview.is_loaded, "the page is painted")
    of_link, secrets = _secrets(sandbox)
    url = of_link["address"]
    write_secrets(secrets)
    await until(lambda: program.row("harbor-hotel").previewed_at, "it counts as previewed")
    search("previewed", secrets)

    press(detail, "Show the link")
    await until(lambda: detail.details.link.is_revealed, "the link is shown")
    line = "_ShownLink"
    shown = [f"{name} in {line}.{place}" for name in of_link for place in ("text", "displayText")]
    shown += [f"{name} in {line}'s accessible text" for name in of_link]
    search("revealed", secrets, *shown)
    press(detail, "Hide the link")
    search("hidden", secrets)

    press(detail, "Copy link")
    await until(lambda: QGuiApplication.clipboard().text() == url, "the link is copied")
    search("copied", secrets)
    program.window.actions_.mark_sent.trigger()
    press(detail, "Email")
    press(detail, "Save")
    await until(lambda: program.row("harbor-hotel").sent, "it is marked as sent")

    for status in (401, 500):
        quoting = {"error": {"type": "odd", "message": f"{sandbox.api_key} at {url}"}, "ok": False}
        sandbox.faults.next_answer(status=status, body=quoting, path=CREATE)
        dialog = await program.fail_to_create(f"customer-{status}")
        search(f"after {status}", secrets)
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
    await until(program.error, "the error is shown")
    await until(lambda: _log().count("RuntimeError: on purpose, in a slot") == 2, "both are logged")
    search("after bugs", secrets)
    details = program.error()
    assert details is not None
    assert not leaks((details.details() + str(details)).encode(), secrets)
    titles = [widget.windowTitle() for widget in QApplication.topLevelWidgets()]
    write_message("titles", titles=titles)


if __name__ == "__main__":
    sys.exit(run({"main_job": main_job}))
