"""A start while another process has the data: on another display, on another computer, silent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.support.processes import DRIVER, ROOT, start
from tests.ui.shell.test_single_instance import HOLD

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

SECOND = "tests.support.drive_second_start"
ANOTHER_COMPUTER = b"1\npython3\nfront-desk-2\nanother-machine\nanother-boot\n"
MOVE = "Close it there and open it here"


@pytest.fixture
def first(tmp_path):
    with start(DRIVER, "stay", "--data-dir", tmp_path, home=tmp_path, DISPLAY=":91") as program:
        program.next_message("ready")
        yield program


@pytest.fixture
def begin(tmp_path):
    def begin(**changes: str):
        return start(SECOND, "stay", "--data-dir", tmp_path, home=tmp_path, **changes)

    return begin


def end(program) -> None:
    program.send_signal(signal.SIGTERM)
    assert program.wait_for_exit().code == 0


def test_the_display_of_the_open_window_is_named(first, begin):
    with begin(DISPLAY=":92") as second:
        box = second.next_message("in use")
        assert box["text"].startswith("Seam Portal Desktop is already open on display :91 since ")
        assert box["buttons"] == ["Show it there", MOVE, "Quit"]
        second.write_line("Quit")
        assert second.wait_for_exit().code == 0
    with begin(DISPLAY=":92") as second:
        second.next_message("in use")
        second.write_line("Show it there")
        assert second.wait_for_exit().code == 0
        # The first one that was raised: neither the box nor Quit did it.
        assert first.next_message("raised")["visible"]
    end(first)


@pytest.mark.parametrize("display", [":91", ":91.0"])
def test_on_the_same_display_the_window_is_raised(first, begin, display):
    with begin(DISPLAY=display) as second:
        ended = second.wait_for_exit()
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    first.next_message("raised")
    end(first)


def test_the_program_moves_to_this_display(first, begin):
    with begin(DISPLAY=":91.1") as second:
        second.next_message("in use")
        second.write_line(MOVE)
        second.next_message("ready")
        ended = first.wait_for_exit()
        assert (ended.code, ended.err) == (0, "")
        end(second)


def test_a_link_that_is_not_saved_is_never_lost_by_moving(tmp_path, sandbox, begin):
    with start(
        DRIVER,
        "lose_a_link",
        "--data-dir",
        tmp_path,
        home=tmp_path,
        DISPLAY=":91",
        SANDBOX_ENDPOINT=sandbox.endpoint,
        SANDBOX_KEY=sandbox.api_key,
    ) as first:
        first.next_message("keyring")
        first.next_message("ready")
        with begin(DISPLAY=":92") as second:
            second.next_message("in use")
            second.write_line(MOVE)
            box = second.next_message("in use")
            assert "perhaps a link isn’t saved there yet" in box["text"]
            assert box["buttons"] == ["Show it there", "Quit"]
            second.write_line("Quit")
            assert second.wait_for_exit().code == 0
        # Its own user is still warned once.
        first.write_line("close")
        closed = first.next_message("closed")
        assert closed["visible"]
        assert "stayed open when it was to be opened elsewhere" in closed["before"]
        first.write_line("close")
        assert not first.next_message("closed")["visible"]


def test_a_first_program_that_hangs_meanwhile_is_not_shown_in_vain(first, begin):
    with begin(DISPLAY=":92") as second:
        second.next_message("in use")
        first.send_signal(signal.SIGSTOP)
        second.write_line("Show it there")
        box = second.next_message("in use")
        assert "runs already but does not answer" in box["text"]
        first.send_signal(signal.SIGCONT)
        second.write_line("Quit")
        assert second.wait_for_exit().code == 1
    end(first)


def test_when_the_first_program_ends_meanwhile_the_second_opens(first, begin):
    with begin(DISPLAY=":92") as second:
        second.next_message("in use")
        end(first)
        second.write_line("Show it there")
        second.next_message("ready")
        end(second)


def test_the_lock_of_another_computer_on_a_disk_of_this_one_is_of_the_past(tmp_path, begin):
    """A restored home, a cloned disk, a changed machine id."""
    (tmp_path / "instance.lock").write_bytes(ANOTHER_COMPUTER)
    with begin() as program:
        program.next_message("ready")
        program.send_signal(signal.SIGTERM)
        ended = program.wait_for_exit()
        assert (ended.code, ended.err) == (0, "")


def test_on_a_network_drive_the_user_decides(tmp_path, begin):
    lock = tmp_path / "instance.lock"
    lock.write_bytes(ANOTHER_COMPUTER)
    with begin(NETWORK_DRIVE="1") as program:
        box = program.next_message("in use")
        assert box["text"].startswith("Your data is open on front-desk-2 since ")
        assert "links can get lost" in box["text"]
        assert box["buttons"] == ["Try again", "Quit"]
        program.write_line("Quit")
        assert program.wait_for_exit().code == 1
    assert lock.read_bytes() == ANOTHER_COMPUTER
    with begin(NETWORK_DRIVE="1") as program:
        program.next_message("in use")
        program.write_line("confirm")
        assert "Open it here" in program.next_message("in use")["buttons"]
        program.write_line("Open it here")
        program.next_message("ready")
        end(program)


@pytest.fixture
def silent(tmp_path):
    """A process that has the lock and answers nobody."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "instance.lock")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.communicate()


def test_a_silent_program_is_named_and_can_be_waited_for(silent, begin):
    with begin() as program:
        box = program.next_message("in use")
        assert "runs already but does not answer" in box["text"]
        assert f"process {silent.pid} has had your data open since " in box["text"]
        assert box["buttons"] == ["Try again", "Quit"]
        silent.kill()
        silent.wait()
        program.write_line("Try again")
        program.next_message("ready")
        end(program)


def test_a_lock_that_is_held_is_never_taken_over(tmp_path, silent, begin):
    """Its file names another computer, but the process that holds it lives."""
    (tmp_path / "instance.lock").write_bytes(ANOTHER_COMPUTER)
    with begin(NETWORK_DRIVE="1") as program:
        program.next_message("in use")
        program.write_line("confirm")
        program.next_message("in use")
        program.write_line("Open it here")
        box = program.next_message("in use")
        assert "still runs there" in box["text"]
        assert box["buttons"] == ["Try again", "Quit"]
        program.write_line("Quit")
        assert program.wait_for_exit().code == 1
