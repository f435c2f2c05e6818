"""The program as a process: ending it, raising its window, two at a time."""

from __future__ import annotations

import json
import os
import signal

import pytest

from tests.support.processes import DRIVER, PROGRAM, start

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")


@pytest.mark.parametrize("way", ["quit", "close", "SIGTERM", "SIGINT"])
def test_leaving_with_a_page_open(tmp_path, way):
    """WebEngine can crash a program at its end, so two of each are tried."""
    one, other = tmp_path / "one", tmp_path / "other"
    with (
        start(DRIVER, "preview", "--demo", "--data-dir", one, home=one) as first,
        start(DRIVER, "preview", "--demo", "--data-dir", other, home=other) as second,
    ):
        for program in (first, second):
            program.next_message("loaded")
            program.write_line(way)
        for program in (first, second):
            ended = program.wait_for_exit(within=20)
            assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("way", ["close", "SIGTERM"])
def test_leaving_while_a_page_loads(tmp_path, way):
    with start(DRIVER, "half_loaded", "--demo", "--data-dir", tmp_path, home=tmp_path) as program:
        program.write_line(way)
        ended = program.wait_for_exit()
    assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])


def test_leaving_the_demo_for_the_real_window(tmp_path):
    with start(DRIVER, "leave_demo", "--demo", "--data-dir", tmp_path, home=tmp_path) as program:
        assert program.next_message("other session") == {"kind": "other session", "is_demo": False}
        program.send_signal(signal.SIGTERM)
        ended = program.wait_for_exit()
    assert (ended.code, ended.err) == (0, "")
    assert (tmp_path / "ledger.sqlite3").exists()


def test_a_second_start_raises_the_first_window(tmp_path):
    with start(DRIVER, "stay", "--data-dir", tmp_path, home=tmp_path) as first:
        first.next_message("ready")
        for _ in range(2):
            with start(PROGRAM, "--data-dir", tmp_path, home=tmp_path) as second:
                ended = second.wait_for_exit()
            assert (ended.code, ended.out, ended.err) == (0, "", "")
            assert first.next_message("raised") == {
                "kind": "raised",
                "minimised": False,
                "visible": True,
            }
        first.send_signal(signal.SIGTERM)
        assert first.wait_for_exit().code == 0


def test_two_data_directories_are_two_programs(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    with (
        start(DRIVER, "stay", "--data-dir", one, home=tmp_path) as first,
        start(DRIVER, "stay", "--data-dir", other, home=tmp_path) as second,
    ):
        first.next_message("ready")
        second.next_message("ready")
        for program in (second, first):
            program.send_signal(signal.SIGTERM)
            assert program.wait_for_exit().code == 0


def test_a_killed_program_does_not_block_the_next_start(tmp_path):
    with start(DRIVER, "stay", "--data-dir", tmp_path, home=tmp_path) as first:
        first.next_message("ready")
        first.kill_all()
    assert (tmp_path / "instance.lock").exists()
    with start(DRIVER, "stay", "--data-dir", tmp_path, home=tmp_path) as second:
        second.next_message("ready")
        with start(PROGRAM, "--data-dir", tmp_path, home=tmp_path) as third:
            assert third.wait_for_exit().code == 0
        second.next_message("raised")
        second.send_signal(signal.SIGTERM)
        assert second.wait_for_exit().code == 0
    assert not (tmp_path / "instance.lock").exists()


@pytest.mark.parametrize(
    ("preferences", "ledger"),
    [
        (b'{"version": 1, "connections": [', b"no database, but long enough for a header" * 40),
        (bytes(range(256)), b"SQLite format 3\0" + b"\xff" * 5000),
    ],
    ids=["text", "torn"],
)
def test_damaged_files_are_kept_and_reported(tmp_path, preferences, ledger):
    damaged = {"preferences.json": preferences, "ledger.sqlite3": ledger}
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
    with start(DRIVER, "write_window", "--data-dir", tmp_path, home=tmp_path) as program:
        ended = program.wait_for_exit()
    assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])
    (seen,) = ended.messages("window")
    for name, content in damaged.items():
        (kept,) = tmp_path.glob(f"{name}.broken-*")
        assert kept.read_bytes() == content
        assert any(kept.name in banner for banner in seen["banners"])
        assert (tmp_path / name).read_bytes() != content, "there is a new file"
    with start(DRIVER, "write_window", "--data-dir", tmp_path, home=tmp_path) as program:
        (seen,) = program.wait_for_exit().messages("window")
    assert not any(".broken-" in banner for banner in seen["banners"]), "it is shown once"


def test_unusable_settings_are_dropped_and_named(tmp_path):
    """Such a file ended every start: in a TypeError, or inside Qt."""
    settings = {
        "version": 1,
        "connections": [],
        "current_connection_id": ["not a text"],
        "window": {"table": "AgEAAAD/", "geometry": {"x": 10**400}, "columns": [0, -1]},
        "options": {"updates": {"tried_at": "0001-01-01T00:00:00+14:00"}},
    }
    (tmp_path / "preferences.json").write_text(json.dumps(settings), "utf-8")
    for expected in (True, False):
        with start(DRIVER, "write_window", "--data-dir", tmp_path, home=tmp_path) as program:
            ended = program.wait_for_exit()
        assert (ended.code, ended.err, ended.messages("failed")) == (0, "", [])
        (seen,) = ended.messages("window")
        assert expected is any(
            text.startswith("Some settings could not be used and have their defaults: ")
            and "the list’s columns" in text
            and "which workspace was open" in text
            for text in seen["texts"]
        )
    log = (tmp_path / "logs" / "seam-portal-desktop.log").read_text("utf-8")
    assert log.count("the check for updates") == 1
