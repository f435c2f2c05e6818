"""Crashes and bugs of the program are reported at its next start, or at once."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.drive_crashes import SECRET
from tests.support.processes import ROOT, FinishedProcess, RunningProcess, environment, start

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")
DRIVER = "tests.support.drive_crashes"


def test_a_crash_is_reported_once_at_the_next_start(tmp_path):
    with start(DRIVER, "die", "--data-dir", tmp_path, home=tmp_path) as program:
        assert program.wait_for_exit().code == -signal.SIGSEGV
    results = []
    for _ in range(2):
        with start(DRIVER, "write_reports", "--data-dir", tmp_path, home=tmp_path) as program:
            ended = program.wait_for_exit()
        assert (ended.code, ended.err) == (0, "")
        results.append(ended.messages("reports")[0])
    (report,) = results[0]["reports"]
    assert report.startswith("Seam Portal Desktop: ")
    assert "Fatal Python error: Segmentation fault" in report
    assert "drive_crashes.py" in report
    assert "The program ended unexpectedly the last time" in results[0]["texts"][0]
    assert results[1]["reports"] == []


def test_a_bug_is_reported_once_and_without_secrets(tmp_path):
    with start(DRIVER, "fail", "--data-dir", tmp_path, home=tmp_path) as program:
        ended = program.wait_for_exit()
    assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])
    (shown,) = ended.messages("shown")
    assert "RuntimeError: on purpose, in a task: seam_[hidden]" in shown["report"]
    assert SECRET not in shown["report"]
    assert not shown["modal"]
    assert ended.messages("quiet") == [{"kind": "quiet", "dialogs": 0}]


def run_with_core_dumps(folder: Path, *command: str) -> FinishedProcess:
    """Run Python in `folder`, where a crash would leave a core file."""
    script = 'ulimit -c unlimited && cd "$HOME" && exec "$0" "$@"'
    variables = environment(folder, PYTHONPATH=str(ROOT))
    shell = ["bash", "-c", script, sys.executable, *command]
    with RunningProcess(shell, variables) as program:
        return program.wait_for_exit()


def test_a_crash_leaves_no_core_file(tmp_path):
    for folder in ("any", "ours"):
        (tmp_path / folder).mkdir()
    crash = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    run_with_core_dumps(tmp_path / "any", "-c", crash)
    if not list((tmp_path / "any").glob("core*")):
        pytest.skip("this computer writes core files elsewhere, or none")
    ours = tmp_path / "ours"
    ended = run_with_core_dumps(ours, "-m", DRIVER, "die", "--data-dir", str(ours / "data"))
    assert ended.messages("dying")
    assert ended.code == -signal.SIGSEGV
    assert list(ours.glob("core*")) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_of_the_program_may_dump_its_memory(tmp_path):
    """1 byte, not 0: Linux pipes a dump to a program whatever the limit is, but for 1."""
    arguments = ("preview", "--demo", "--data-dir", tmp_path)
    with start("tests.support.drive_program", *arguments, home=tmp_path) as program:
        program.next_message("loaded")
        limits = program.core_limits()
        assert any("QtWebEngine" in name for name, _ in limits), limits
        assert {limit for _, limit in limits} == {"1 1"}, limits
        program.write_line("close")
        assert program.wait_for_exit().code == 0
