"""What the real program says of its own failures, in processes of their own."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support.drive_crashes import SECRET
from tests.support.processes import start

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")
DRIVER = "tests.support.drive_crashes"


def test_a_crash_is_reported_at_the_next_start_and_once(tmp_path):
    with start(DRIVER, "die", "--data-dir", tmp_path, home=tmp_path) as program:
        assert program.ended().code == -signal.SIGSEGV
    told = []
    for _ in range(2):
        with start(DRIVER, "look", "--data-dir", tmp_path, home=tmp_path) as program:
            ended = program.ended()
        assert (ended.code, ended.err) == (0, "")
        told.append(ended.said("reports")[0])
    (report,) = told[0]["reports"]
    assert report.startswith("Seam Portal Desktop: ")
    assert "Fatal Python error: Segmentation fault" in report
    assert "drive_crashes.py" in report
    assert "The program ended unexpectedly the last time" in told[0]["texts"][0]
    assert told[1]["reports"] == []


def test_a_bug_is_reported_without_secrets_and_not_in_a_loop(tmp_path):
    with start(DRIVER, "fail", "--data-dir", tmp_path, home=tmp_path) as program:
        ended = program.ended()
    assert (ended.code, ended.err, ended.said("failed")) == (0, "", [])
    (shown,) = ended.said("shown")
    assert "RuntimeError: on purpose, in a task: seam_[hidden]" in shown["report"]
    assert SECRET not in shown["report"]
    assert not shown["modal"]
    assert ended.said("quiet") == [{"said": "quiet", "dialogs": 0}]
