"""The QApplication and the one run of its event loop."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from seam_portal_desktop import __version__
from seam_portal_desktop.paths import APP_NAME

if TYPE_CHECKING:
    import asyncio

    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtGui import QFileOpenEvent

DISPLAY_NAME = "Seam Portal Desktop"


# Chromium 140 can tell that a public page reaches for an address of this machine or network, also
# by way of a name that leads there, or of a redirect. It is what later versions do by themselves,
# with a question that nobody here would be shown: it is answered no. Frames are left to the
# preview's own rules: a host page that is made without a request counts as public, and the portal
# in its frame may be the demo's, on this machine.
_NETWORK_CHECKS = (
    "LocalNetworkAccessChecks:LocalNetworkAccessChecksWarn/false",
    "LocalNetworkAccessChecksWebRTC",
    "LocalNetworkAccessForSubframeNavigationsWarningOnly",
)


class Application(QApplication):
    """A QApplication that asks to end instead of ending.

    Under qasync neither ``quit()`` nor ``aboutToQuit`` works, so every wish to end (the last
    window closed, Cmd+Q, the session's end) arrives as `quit_requested`.
    """

    quit_requested = Signal()
    address_opened = Signal(str)
    """An address that macOS wants opened; elsewhere it is an argument (see `options`)."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self.setQuitOnLastWindowClosed(False)
        self.lastWindowClosed.connect(self.quit_requested)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Quit:
            self.quit_requested.emit()
            return True
        if event.type() is QEvent.Type.FileOpen:
            self.address_opened.emit(cast("QFileOpenEvent", event).url().toString())
            return True
        return super().event(event)


def prepare_environment(*, software_rendering: bool) -> None:
    """Set what Qt and Chromium read before there is an application."""
    # A port through which every program of this machine could take over a page that is logged in.
    os.environ.pop("QTWEBENGINE_REMOTE_DEBUGGING", None)
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    flags = [flag for flag in flags if not flag.startswith("--remote-debugging")]
    if not any(flag.startswith("--log-level") for flag in flags):
        flags.append("--log-level=3")  # Chromium's own lines mean nothing to users
    # A page that sets cookies in a loop otherwise fills a queue in this very process faster than
    # it is emptied (measured: 160 MB a second), and the next page waits behind it.
    _add_feature(flags, "--disable-features=", "AsyncSetCookie")
    for feature in _NETWORK_CHECKS:
        _add_feature(flags, "--enable-features=", feature)
    if software_rendering:
        flags.append("--disable-gpu")
        os.environ["QT_QUICK_BACKEND"] = "software"
        os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_UseSoftwareOpenGL)
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)
    # WebEngine is imported long after the application exists and needs this before it.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


def _add_feature(flags: list[str], option: str, name: str) -> None:
    """Add `name` to an option's list; of several such flags Chromium only reads the last one."""
    for place, flag in enumerate(flags):
        if flag.startswith(option):
            flags[place] = f"{flag},{name}"
            return
    flags.append(f"{option}{name}")


def web_engine_obstacle() -> str | None:
    """Why the embedded browser must not be started at all, or None when it may.

    Chromium ends the whole process when it is started by root with its sandbox on.
    """
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") != "1":
        return "The preview can't run as the root user. Start the program as an ordinary user."
    return None


def create_application(arguments: Sequence[str]) -> Application:
    """The application, in the platform's own style or on Linux in Fusion (see `Theme`)."""
    # An argument, because asking for a style in Python loads hundreds of enum members.
    style = ["-style", "fusion"] if sys.platform.startswith("linux") else []
    app = Application([*arguments, *style])
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName(DISPLAY_NAME)
    app.setApplicationVersion(__version__)
    QGuiApplication.setDesktopFileName(APP_NAME)
    return app


def set_default_locale() -> None:
    """Choose a locale where the system has none: a bare one says "C", whose dates nobody writes.

    Call it before anything with numbers or dates is made. Loading QLocale delays the first paint.
    """
    from PySide6.QtCore import QLocale

    if QLocale.system().language() is QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


_EXPOSE_PATIENCE_MS = 200


def wait_until_painted(window: QWidget) -> None:
    """Return once `window` is painted as it is now. Only for the time before the event loop runs.

    Window managers show a new window when they like, so this waits for that, but not for long: a
    window may start minimised.
    """
    patience = QTimer(singleShot=True)
    patience.start(_EXPOSE_PATIENCE_MS)
    while patience.isActive() and not window.windowHandle().isExposed():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QCoreApplication.processEvents()
    QCoreApplication.processEvents()  # what the first round asked for


_GARBAGE_INTERVAL_MS = 2_000


def collect_garbage_on_this_thread(app: Application) -> None:
    """Look for cyclic garbage on the GUI thread alone.

    Python otherwise collects on whichever thread happens to allocate, and deletes Qt's objects
    there: 'Timers cannot be stopped from another thread', then a segmentation fault.
    """
    gc.disable()
    thresholds = gc.get_threshold()

    def collect() -> None:
        counts = gc.get_count()
        due = [age for age in (2, 1, 0) if counts[age] > thresholds[age]]
        if due:
            gc.collect(due[0])

    timer = QTimer(app)
    timer.timeout.connect(collect)
    timer.start(_GARBAGE_INTERVAL_MS)


# What graphics drivers and a missing session bus say on healthy machines, and the engine where its
# sandbox was turned off on purpose. A graphics device lost while the program runs is no noise.
_QT_NOISE = (
    r"RHI|QRhi\w*: Failed to create|GPUInfo|Vulkan|vkCreateInstance|GLX|EGL|libva"
    r"|propagateSizeHints|Sandboxing disabled by user"
)


# What is said on standard Qt builds when a page can't be drawn at all, or no longer. (Seen without
# GLX and EGL, with a driver that isn't there and with Vulkan asked for: the page stays black.)
_GRAPHICS_FAILURE = (
    r"Failed to get a QRhi|with no rhi|[Gg]raphics device lost|[Dd]evice loss detected"
)


def send_qt_messages_to_log(on_graphics_failure: Callable[[], None]) -> None:
    """Let Qt's own warnings reach the log (and so its redaction) instead of standard error.

    `on_graphics_failure` is called, on whatever thread, when Qt says that it can't draw pages.
    """
    import logging
    import re

    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}

    def write(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if not re.search(_QT_NOISE, message):
            level = levels.get(kind, logging.WARNING)
            logging.getLogger(f"qt.{context.category or 'default'}").log(level, "%s", message)
        if re.search(_GRAPHICS_FAILURE, message):
            on_graphics_failure()

    qInstallMessageHandler(write)


class StopSignal(QObject):
    """Set once, by whatever wants the program to end; awaited by the program's main coroutine."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        import asyncio

        self._event = asyncio.Event()
        app.quit_requested.connect(self.set)

    def set(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()


def run(app: Application, main: Callable[[StopSignal], Coroutine[Any, Any, int]]) -> int:
    """Run `main` on the one event loop of this process and return its exit code.

    A second run after WebEngine was used crashes the process (QTBUG: exec() re-entered), so
    everything that is left over is cancelled inside this one.
    """
    import asyncio

    import qasync

    async def supervised() -> int:
        loop = asyncio.get_running_loop()
        stop = StopSignal(app)
        _stop_on_signals(loop, stop)
        try:
            return await main(stop)
        finally:
            left_over = asyncio.all_tasks() - {asyncio.current_task()}
            for task in left_over:
                task.cancel()
            await asyncio.gather(*left_over, return_exceptions=True)

    with qasync.QEventLoop(app) as loop:
        return int(loop.run_until_complete(supervised()))


def _stop_on_signals(loop: asyncio.AbstractEventLoop, stop: StopSignal) -> None:
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(number, stop.set)
