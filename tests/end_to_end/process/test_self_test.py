"""The program's self-test succeeds on every platform and finds broken steps."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[3]

STEPS = [
    "find the keyring backends",
    "find the certificate store",
    "find the libraries that are loaded late",
    "find the pictures",
    "find the translations",
    "open the window and the ledger",
    "start the sandbox",
    "connect a workspace",
    "create a portal",
    "render the preview",
    "find the page's process in its sandbox",
    "copy the link",
    "mark as sent",
    "send a message",
    "take a screenshot",
    "restart the ledger and read the link",
    "remove the workspace",
    "close",
]

# Each fault breaks one step. The driver sets it before the first step.
FAULTS = {
    "connect a workspace": "sandbox.faults.next_answer(status=401)",
    "create a portal": "sandbox.faults.next_answer(status=500, path='/customers/create_portal')",
    "render the preview": "sandbox.page_faults.next_answer(status=500)",
}

_DRIVER = """
import sys
from seam_portal_desktop.bootstrap import self_test
real, timed = self_test.start_sandbox, self_test._timed
async def run_step(name, work):
    self_test.STEP_TIMEOUT_SECONDS = 1 if name == {step!r} else 30
    return await timed(name, work)
self_test._timed = run_step
def broken(**options):
    sandbox = real(**options)
    {fault}
    return sandbox
self_test.start_sandbox = broken
from seam_portal_desktop.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def run(command, tmp_path, **environment):
    report = tmp_path / "report.json"
    result = subprocess.run(
        [*command, "--self-test", "--report", str(report)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert report.exists(), result.stderr
    return result, json.loads(report.read_text("utf-8"))


def program(*arguments):
    return [sys.executable, "-m", "seam_portal_desktop", *arguments]


def test_every_step_succeeds_offscreen_and_no_secret_is_printed(tmp_path):
    picture = tmp_path / "window.png"
    result, report = run(program("--screenshot", str(picture)), tmp_path)
    assert result.returncode == 0, report
    assert report["ok"] is True
    assert [step["name"] for step in report["steps"]] == STEPS
    assert all(step["ok"] and step["ms"] >= 0 for step in report["steps"])
    assert report["versions"]["PySide6"]
    assert report["platform"]["qt"] == "offscreen"
    assert report["keyring"] == "none, kept in memory"
    image = QImage(str(picture))
    assert image.width() >= 700
    assert "seam_" not in result.stdout + result.stderr + json.dumps(report["steps"])


@pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs Xvfb")
def test_the_self_test_succeeds_on_a_virtual_screen(tmp_path):
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1280x900x24"]
    result, report = run([*screen, *program()], tmp_path, QT_QPA_PLATFORM="xcb")
    assert result.returncode == 0, report
    assert report["platform"]["qt"] == "xcb"


def test_the_self_test_succeeds_with_software_rendering(tmp_path):
    result, report = run(program("--software-rendering"), tmp_path)
    assert result.returncode == 0, report


@pytest.mark.parametrize("step", FAULTS)
def test_a_broken_step_fails_the_self_test(step, tmp_path):
    driver = tmp_path / "driver.py"
    driver.write_text(_DRIVER.format(fault=FAULTS[step], step=step), "utf-8")
    result, report = run([sys.executable, str(driver)], tmp_path, PYTHONPATH=str(ROOT))
    assert result.returncode == 1
    assert report["ok"] is False
    failed = [found for found in report["steps"] if not found["ok"]]
    assert [found["name"] for found in failed] == [step]
    assert failed[0]["error"]
    # Steps after the broken one are left out, except closing.
    assert [found["name"] for found in report["steps"]] == [
        *STEPS[: STEPS.index(step) + 1],
        "close",
    ]


def test_the_self_test_changes_no_user_file(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "preferences.json").write_text('{"version": 1, "connections": []}', "utf-8")
    result, _ = run(program("--data-dir", str(kept)), tmp_path)
    assert result.returncode == 0, result.stderr
    assert [path.name for path in kept.iterdir()] == ["preferences.json"]
    text = (kept / "preferences.json").read_text("utf-8")
    assert text == '{"version": 1, "connections": []}'
