"""The program's command line and its plainest starts and ends, from outside."""

from __future__ import annotations

import os
import signal

import pytest

from seam_portal_desktop import __version__
from tests.support.processes import PROGRAM, start, until


@pytest.mark.parametrize(
    ("arguments", "code", "out", "err"),
    [
        (["--help"], 0, "usage: seam-portal-desktop", ""),
        (["--version"], 0, f"seam-portal-desktop {__version__}\n", ""),
        (["--nonsense"], 2, "", "usage: seam-portal-desktop"),
        (["a.txt"], 2, "", "usage: seam-portal-desktop"),
        (["--report", "r.json"], 2, "", "usage: seam-portal-desktop"),
        (["--demo", "--screenshot", "s.png"], 2, "", "usage: seam-portal-desktop"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_help_and_version_need_no_display(tmp_path, arguments, code, out, err):
    with start(PROGRAM, *arguments, home=tmp_path, QT_QPA_PLATFORM="there is none") as program:
        ended = program.wait_for_exit()
    assert ended.code == code
    assert ended.out.startswith(out)
    assert bool(ended.out) is bool(out)
    assert ended.err.startswith(err)
    assert bool(ended.err) is bool(err)
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == [], "nothing was written"


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_plain_start_ends_on_a_signal_and_leaves_its_files_private(tmp_path, number):
    data = tmp_path / "kept" / "here"
    with start(PROGRAM, "--data-dir", data, home=tmp_path / "home") as program:
        until((data / "ledger.sqlite3-wal").exists, "the ledger is open")
        program.send_signal(number)
        ended = program.wait_for_exit(within=20)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    left = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    assert left == {
        "ledger.sqlite3",
        "ledger.sqlite3-known",
        "preferences.json",
        "logs/seam-portal-desktop.log",
        "logs/seam-portal-desktop.crash.log",
    }
    assert data.stat().st_mode & 0o077 == 0
    assert not (tmp_path / "home").exists(), "--data-dir keeps everything"


def test_without_data_dir_the_systems_folder_is_used(tmp_path):
    with start(PROGRAM, home=tmp_path, XDG_DATA_HOME=str(tmp_path / "share")) as program:
        ledger = tmp_path / "share" / "seam-portal-desktop" / "ledger.sqlite3-wal"
        until(ledger.exists, "the ledger is open")
        program.send_signal(signal.SIGTERM)
        assert program.wait_for_exit().code == 0


@pytest.mark.parametrize("place", ["a file", "below a file", "no permission"])
def test_a_data_directory_that_cannot_be_used_is_explained(tmp_path, place):
    blocker = tmp_path / "notes.txt"
    blocker.write_text("mine")
    data = {"a file": blocker, "below a file": blocker / "data"}.get(place, "/proc/seam-data")
    with start(PROGRAM, "--data-dir", data, home=tmp_path) as program:
        until(lambda: program.err, "it prints something")
        until(lambda: program.handles(signal.SIGTERM), "the message box is there")
        assert program.is_alive, "it waits for whoever started the program from an icon"
        program.send_signal(signal.SIGTERM)
        ended = program.wait_for_exit()
    assert ended.code == 1
    assert ended.out == ""
    (line,) = (line for line in ended.err.splitlines() if "propagateSizeHints" not in line)
    assert str(data) in line
    assert "--data-dir" in line
    assert blocker.read_text() == "mine"


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="needs a home that refuses everybody")  # noqa: PTH112
def test_a_read_only_home_is_no_problem_with_another_data_directory(tmp_path):
    with start(PROGRAM, "--data-dir", tmp_path, home=tmp_path, HOME="/proc/nowhere") as program:
        until((tmp_path / "ledger.sqlite3-wal").exists, "the ledger is open")
        program.send_signal(signal.SIGTERM)
        ended = program.wait_for_exit()
    assert (ended.code, ended.err) == (0, "")
