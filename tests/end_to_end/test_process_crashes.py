"""Crashes and bugs of the program are reported at its next start, or at once."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support.drive_crashes import SECRET
from tests.support.processes import start

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
