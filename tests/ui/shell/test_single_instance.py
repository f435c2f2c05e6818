"""One process per data directory, also after a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from seam_portal_desktop.ui.shell import single_instance
from seam_portal_desktop.ui.shell.single_instance import InstanceLock

ROOT = Path(__file__).parents[3]

HOLD = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from seam_portal_desktop.ui.shell.single_instance import InstanceLock
app = QCoreApplication([])
lock = InstanceLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.readline()
"""

ASK = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from seam_portal_desktop.ui.shell.single_instance import InstanceLock
app = QCoreApplication([])
lock = InstanceLock(Path(sys.argv[1]))
if lock.acquire():
    print("first")
else:
    answer = lock.raise_other()
    print("alone" if answer is None else "raised" if answer.raised else f"on {answer.display}")
"""


@pytest.fixture
def lock_file(tmp_path, qapp) -> Path:
    return tmp_path / "instance.lock"


@pytest.fixture
def holder(lock_file):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock_file)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def first(lock_file):
    lock = InstanceLock(lock_file)
    assert lock.acquire()
    yield lock
    lock.release()


@pytest.fixture
def owner():
    parent = QObject()
    yield parent
    parent.deleteLater()


def ask(lock_file: Path) -> subprocess.Popen[str]:
    """A second start in a process of its own: it waits while this one has to answer."""
    return subprocess.Popen(
        [sys.executable, "-c", ASK, str(lock_file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def answer(asking: subprocess.Popen[str], qtbot) -> str:
    qtbot.waitUntil(lambda: asking.poll() is not None, timeout=10_000)
    return asking.communicate()[0]


def test_the_first_gets_it_and_the_second_does_not(first, lock_file):
    second = InstanceLock(lock_file)
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    assert not lock_file.exists()


def test_a_living_process_keeps_it(holder, lock_file):
    assert not InstanceLock(lock_file).acquire()
    assert not InstanceLock(lock_file).acquire(), "asking took nothing away"


def test_a_killed_process_does_not_hold_it(holder, lock_file):
    holder.kill()
    holder.wait()
    assert lock_file.exists(), "it could not tidy up"
    lock = InstanceLock(lock_file)
    assert lock.acquire()
    lock.release()


@pytest.mark.parametrize("left", [b"", b"\0" * 64, b"garbage\n"])
def test_a_lock_file_that_a_power_cut_emptied_does_not_block(lock_file, left):
    lock_file.write_bytes(left)
    lock = InstanceLock(lock_file)
    assert lock.acquire()
    assert not InstanceLock(lock_file).acquire()
    lock.release()


@pytest.mark.skipif(os.name != "posix", reason="Windows refuses to write to a held lock file")
def test_a_damaged_lock_file_is_not_taken_from_a_living_process(holder, lock_file):
    lock_file.write_bytes(b"")
    assert not InstanceLock(lock_file).acquire()


ANOTHER_COMPUTER = b"1\npython3\nanother-computer\nanother-id\nanother-boot\n"


@pytest.fixture
def network_drive(monkeypatch):
    monkeypatch.setattr(single_instance, "_LOCAL_DISKS", frozenset())


def test_a_lock_of_another_computer_on_a_shared_drive_is_respected(lock_file, network_drive):
    lock_file.write_bytes(ANOTHER_COMPUTER)
    lock = InstanceLock(lock_file)
    assert not lock.acquire()
    holder = lock.holder()
    assert (holder.process, holder.host, holder.is_elsewhere) == (1, "another-computer", True)
    assert lock.take_over(), "when the user says so"
    lock.release()


def test_a_lock_of_another_computer_on_a_disk_of_this_one_is_of_the_past(lock_file):
    lock_file.write_bytes(ANOTHER_COMPUTER)
    lock = InstanceLock(lock_file)
    assert lock.acquire()
    lock.release()


@pytest.mark.skipif(os.name != "posix", reason="Windows refuses to write to a held lock file")
def test_a_held_lock_is_never_taken_over(holder, lock_file):
    """Not even if its file names another computer, as after a change of the machine's id."""
    lock_file.write_bytes(ANOTHER_COMPUTER)
    lock = InstanceLock(lock_file)
    assert not lock.acquire()
    assert not lock.take_over()


@pytest.mark.parametrize("left", [b"x", b"\xff\xfe\n" * 9, b"1\n\n\n\n\n", b"9" * 5000])
def test_a_strange_lock_file_is_read(lock_file, left, network_drive):
    lock_file.write_bytes(left)
    holder = InstanceLock(lock_file).holder()
    assert isinstance(holder.process, int)
    assert holder.since is not None


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs a place that refuses everybody")
@pytest.mark.parametrize("obstacle", ["no folder", "read-only"])
def test_an_unusable_directory_is_an_error_not_a_second_process(lock_file, obstacle):
    if obstacle == "no folder":
        lock_file = lock_file.parent / "missing" / "instance.lock"
    else:
        lock_file = Path("/proc/instance.lock")  # where not even root may write
    with pytest.raises(OSError, match="data directory"):
        InstanceLock(lock_file).acquire()


def test_a_second_start_raises_the_first(first, lock_file, owner, qtbot):
    listener = first.listen(owner)
    with qtbot.waitSignal(listener.raise_requested, timeout=5000):
        asking = ask(lock_file)
    assert answer(asking, qtbot) == "raised\n"
    listener.close()


def test_a_second_start_on_another_display_is_told_where_the_first_is(
    first, lock_file, owner, qtbot, monkeypatch
):
    listener = first.listen(owner)
    monkeypatch.setenv("DISPLAY", ":7")
    asking = ask(lock_file)
    monkeypatch.setenv("DISPLAY", ":8")
    with qtbot.assertNotEmitted(listener.raise_requested):
        assert answer(asking, qtbot) == "on display :8\n"
    listener.close()


@pytest.mark.parametrize("line", [b"raise\n", b"show 1\n", b"[]\n", b"{\n", b'{"displays": 5}\n'])
def test_what_other_versions_ask_is_answered(first, owner, qtbot, monkeypatch, line):
    from PySide6.QtNetwork import QLocalSocket

    monkeypatch.delenv("DISPLAY", raising=False)
    listener = first.listen(owner)
    socket = QLocalSocket()
    with qtbot.waitSignal(listener.raise_requested, timeout=5000):
        socket.connectToServer(first._name())
        socket.write(line)
    qtbot.waitUntil(socket.canReadLine, timeout=5000)
    socket.abort()
    listener.close()


def test_many_second_starts_each_get_an_answer(first, lock_file, owner, qtbot):
    listener = first.listen(owner)
    raised = []
    listener.raise_requested.connect(lambda: raised.append(1))
    asking = [ask(lock_file) for _ in range(3)]
    assert [answer(one, qtbot) for one in asking] == ["raised\n"] * 3
    qtbot.waitUntil(lambda: len(raised) == 3, timeout=5000)
    listener.close()


def test_the_same_directory_by_another_name_is_the_same(first, lock_file, owner, qtbot):
    alias = lock_file.parent.parent / f"{lock_file.parent.name}-alias"
    alias.symlink_to(lock_file.parent, target_is_directory=True)
    listener = first.listen(owner)
    assert answer(ask(alias / "instance.lock"), qtbot) == "raised\n"
    listener.close()


def test_another_directory_is_another_program(first, tmp_path, owner, qtbot, monkeypatch):
    monkeypatch.setattr(single_instance, "_CONNECT_SECONDS", 0.2)
    listener = first.listen(owner)
    (tmp_path / "other").mkdir()
    other = InstanceLock(tmp_path / "other" / "instance.lock")
    assert other.acquire()
    with qtbot.assertNotEmitted(listener.raise_requested):
        assert other.raise_other() is None
    other.release()
    listener.close()


def test_a_first_that_is_still_starting_is_waited_for(first, lock_file, owner, qtbot):
    asking = ask(lock_file)
    qtbot.wait(700)  # the first has no listener yet
    assert asking.poll() is None
    listener = first.listen(owner)
    assert answer(asking, qtbot) == "raised\n"
    listener.close()


def test_without_an_answer_it_returns_false(lock_file, monkeypatch):
    monkeypatch.setattr(single_instance, "_CONNECT_SECONDS", 0.2)
    assert InstanceLock(lock_file).raise_other() is None


def test_the_socket_of_a_crashed_first_is_taken_over(first, lock_file, owner, qtbot):
    """The file of a killed process's socket stays and would refuse a new server."""
    import socket
    import tempfile

    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("Windows has named pipes, which leave nothing behind")
    path = Path(tempfile.gettempdir()) / first._name()
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    listener = first.listen(owner)
    assert answer(ask(lock_file), qtbot) == "raised\n"
    listener.close()
    assert not path.exists()
