"""The one run of Qt's event loop, and two bugs of the platform that corrupt or crash."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QtMsgType, qInstallMessageHandler

from seam_portal_desktop import runtime

ROOT = Path(__file__).parents[1]


def test_qt_calls_do_not_consume_none(qapp):
    """PySide6 6.12.0 on Python 3.11 drops a reference to None in each such call, and aborts."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("name")
    assert abs(sys.getrefcount(None) - before) < 100


class Knot:
    """Cyclic garbage that records the thread it is collected on."""

    threads: list[int]

    def __init__(self, threads: list[int]) -> None:
        self.itself = self
        self.threads = threads

    def __del__(self) -> None:
        self.threads.append(threading.get_ident())


@pytest.fixture
def collecting(qapp, monkeypatch):
    """The program's way of collecting; Python's own is restored."""
    was_enabled = gc.isenabled()
    gc.enable()
    monkeypatch.setattr(runtime, "_GARBAGE_INTERVAL_MS", 5)
    owner = QObject()
    runtime.collect_garbage_on_this_thread(owner)
    yield
    owner.deleteLater()
    (gc.enable if was_enabled else gc.disable)()


def test_garbage_is_collected_on_the_gui_thread_and_no_other(collecting, qtbot):
    assert not gc.isenabled()
    threads: list[int] = []

    def litter() -> None:
        for _ in range(3000):
            Knot(threads)

    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    assert threads == [], "the thread that allocated did not collect"
    qtbot.waitUntil(lambda: len(threads) == 3000, timeout=5000)
    assert set(threads) == {threading.get_ident()}


def test_a_little_garbage_is_left_for_later(collecting, qtbot):
    """Collecting is slow, so it waits for Python's thresholds."""
    gc.collect()
    knot = Knot([])
    gone = weakref.ref(knot)
    del knot
    qtbot.wait(50)
    assert gone() is not None
    gc.collect()
    assert gone() is None


def run_loop(way: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.support.run_loop", way],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    "way", ["close", "hide and quit twice", "quit event", "app.quit", "SIGTERM", "SIGINT"]
)
def test_every_way_to_end_stops_the_loop_once_and_leaves_no_task(way):
    done = run_loop(way)
    assert done.stdout.split() == ["stopped", "cancelled", "tidied", "returned"], done.stderr
    assert done.stderr == ""
    assert done.returncode == 7


def test_a_signal_from_outside_ends_an_idle_loop():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.run_loop", "wait"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=10)[0].split()[0] == "stopped"
        assert process.returncode == 7
    finally:
        process.kill()
        process.wait()


COPY_AND_END = """
import sys
from seam_portal_desktop import runtime
from seam_portal_desktop.ui.toolkit.labels import copy_text
app = runtime.create_application(sys.argv[:1])

async def main(_stop):
    copy_text("a copied text")
    return 0

code = runtime.run(app, main)
print(app.clipboard().text(), flush=True)
sys.exit(code)
"""


def test_a_copied_text_does_not_crash_the_end():
    done = subprocess.run(
        [sys.executable, "-c", COPY_AND_END],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "a copied text")


def test_a_failing_main_still_cancels_its_tasks():
    done = run_loop("error")
    assert done.stdout.split() == ["cancelled", "tidied"]
    assert done.stderr.rstrip().endswith("ValueError: main failed")
    assert done.returncode == 1


COOKIES = "--disable-features=AsyncSetCookie"

ENVIRONMENT = """
import json, os, sys
from seam_portal_desktop import runtime
runtime.prepare_environment(software_rendering=sys.argv[1] == "software")
from PySide6.QtCore import QCoreApplication, Qt
wanted = ("QTWEBENGINE_CHROMIUM_FLAGS", "QT_QUICK_BACKEND", "LIBGL_ALWAYS_SOFTWARE",
    "QTWEBENGINE_REMOTE_DEBUGGING")
attributes = (Qt.AA_ShareOpenGLContexts, Qt.AA_UseSoftwareOpenGL)
print(json.dumps([[os.environ.get(name) for name in wanted],
    [QCoreApplication.testAttribute(one) for one in attributes],
    [name for name in sys.modules if "WebEngine" in name or name in ("asyncio", "qasync")]]))
"""


@pytest.mark.parametrize(
    ("given", "rendering", "expected"),
    [
        ("", "hardware", [[f"--log-level=3 {COOKIES}", None, None, None], [True, False], []]),
        (
            "",
            "software",
            [[f"--log-level=3 {COOKIES} --disable-gpu", "software", "1", None], [True, True], []],
        ),
        (
            "--log-level=0 --disable-features=X --enable-features=Y --remote-debugging-port=9222",
            "hardware",
            [
                [
                    f"--log-level=0 {COOKIES.replace('=', '=X,')} --enable-features=Y",
                    None,
                    None,
                    None,
                ],
                [True, False],
                [],
            ],
        ),
    ],
)
def test_the_environment_is_set_before_anything_heavy(given, rendering, expected):
    import json

    kept = {name: value for name, value in os.environ.items() if name != "QT_QUICK_BACKEND"}
    done = subprocess.run(
        [sys.executable, "-c", ENVIRONMENT, rendering],
        cwd=ROOT,
        env=kept | {"QTWEBENGINE_CHROMIUM_FLAGS": given, "QTWEBENGINE_REMOTE_DEBUGGING": "9222"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert json.loads(done.stdout) == expected


@pytest.mark.parametrize(
    ("uid", "disabled", "obstacle"),
    [(0, None, True), (0, "1", False), (0, "0", True), (1000, None, False), (1000, "1", False)],
)
def test_root_gets_no_preview_unless_its_sandbox_is_off(monkeypatch, uid, disabled, obstacle):
    monkeypatch.setattr(os, "geteuid", lambda: uid, raising=False)
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    if disabled is not None:
        monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", disabled)
    assert (runtime.web_engine_obstacle() is not None) is obstacle


@pytest.fixture
def qt_messages(caplog):
    """Qt's messages in the log; pytest-qt's handler is restored."""
    previous = qInstallMessageHandler(None)
    runtime.send_qt_messages_to_log(lambda: None)
    caplog.set_level(logging.DEBUG)

    def send(kind: QtMsgType, text: str) -> list[tuple[str, int, str]]:
        from PySide6.QtCore import qCritical, qDebug, qWarning

        says = {QtMsgType.QtDebugMsg: qDebug, QtMsgType.QtWarningMsg: qWarning}
        caplog.clear()
        says.get(kind, qCritical)(text)
        return caplog.record_tuples

    yield send
    qInstallMessageHandler(previous)


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (QtMsgType.QtDebugMsg, logging.DEBUG),
        (QtMsgType.QtWarningMsg, logging.WARNING),
        (QtMsgType.QtCriticalMsg, logging.WARNING),
    ],
)
def test_qt_messages_go_to_the_log(qt_messages, kind, level):
    assert qt_messages(kind, "100 % broken") == [("qt.default", level, "100 % broken")]


@pytest.mark.parametrize(
    "noise",
    [
        "Failed to create RHI (backend 2)",
        "QRhiGles2: Failed to create temporary context",
        "GPUInfo not initialized on GpuInfoUpdate",
        "This plugin does not support propagateSizeHints()",
        "Sandboxing disabled by user.",
    ],
)
def test_messages_of_healthy_machines_are_dropped(qt_messages, noise):
    assert qt_messages(QtMsgType.QtWarningMsg, noise) == []


def test_a_lost_graphics_device_is_reported(qt_messages):
    assert qt_messages(QtMsgType.QtWarningMsg, "QRhiD3D11: Device loss detected in Present()")
