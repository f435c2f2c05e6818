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
from seam_portal_desktop.texts import _, is_right_to_left

if TYPE_CHECKING:
    import asyncio

    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtGui import QFileOpenEvent

DISPLAY_NAME = "Seam Portal Desktop"


class Application(QApplication):
    """A QApplication that emits `quit_requested` instead of ending.

    Under qasync neither ``quit()`` nor ``aboutToQuit`` works. The signal is emitted when the last
    window closes, for Cmd+Q and at the session's end.
    """

    quit_requested = Signal()
    address_opened = Signal(str)
    """An address that macOS opens. Elsewhere it is an argument (see `options`)."""

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
    """Set the variables and attributes that Qt and Chromium read before the application exists."""
    # Through this port every program of this machine could control a page that is logged in.
    os.environ.pop("QTWEBENGINE_REMOTE_DEBUGGING", None)
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    flags = [flag for flag in flags if not flag.startswith("--remote-debugging")]
    if not any(flag.startswith("--log-level") for flag in flags):
        flags.append("--log-level=3")  # users can't use Chromium's messages
    # Otherwise a page that sets cookies in a loop fills a queue in this process faster than it is
    # emptied (measured: 160 MB a second), and the next page waits for it.
    _add_feature(flags, "--disable-features=", "AsyncSetCookie")
    if software_rendering:
        flags.append("--disable-gpu")
        os.environ["QT_QUICK_BACKEND"] = "software"
        os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_UseSoftwareOpenGL)
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)
    # WebEngine is imported long after the application exists and needs this before it.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


def _add_feature(flags: list[str], option: str, name: str) -> None:
    """Add `name` to the option's list: of several such flags Chromium reads only the last."""
    for index, flag in enumerate(flags):
        if flag.startswith(option):
            flags[index] = f"{flag},{name}"
            return
    flags.append(f"{option}{name}")


def web_engine_obstacle() -> str | None:
    """Why the embedded browser must not be started, or None.

    Chromium ends the whole process if root starts it with its sandbox on.
    """
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") != "1":
        return _("The preview can't run as the root user. Start the program as an ordinary user.")
    return None


def create_application(arguments: Sequence[str]) -> Application:
    """The application, in the platform's own style or on Linux in Fusion (see `Theme`)."""
    # An argument, because setting a style from Python loads hundreds of enum members.
    style = ["-style", "fusion"] if sys.platform.startswith("linux") else []
    app = Application([*arguments, *style])
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName(DISPLAY_NAME)
    if is_right_to_left():
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    app.setApplicationVersion(__version__)
    QGuiApplication.setDesktopFileName(APP_NAME)
    sys.setswitchinterval(_SWITCH_SECONDS)
    return app


_SWITCH_SECONDS = 0.0001
"""After this time a thread that computes gives Python's lock to the window's thread. Qt's calls
release the lock, so the window waits for it some ten times to paint one widget. Python's own 5 ms
are most of a frame."""


def set_default_locale() -> None:
    """Use US English if the system's locale is "C", whose date format is unusual.

    Call it before widgets with numbers or dates are made. Loading QLocale delays the first paint.
    """
    from PySide6.QtCore import QLocale

    if QLocale.system().language() is QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


_EXPOSE_TIMEOUT_MS = 200


def wait_until_painted(window: QWidget) -> None:
    """Return when `window` is painted in its present state. Only before the event loop runs.

    A window manager may show a new window late, or minimised, so the wait has a limit.
    """
    timeout = QTimer(singleShot=True)
    timeout.start(_EXPOSE_TIMEOUT_MS)
    while timeout.isActive() and not window.windowHandle().isExposed():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QCoreApplication.processEvents()
    QCoreApplication.processEvents()  # events that the first call posted


def wait_until_closed(window: QWidget) -> None:
    """Return when `window` is closed. Only before the event loop runs (see `run`)."""
    while window.isVisible():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


_GARBAGE_INTERVAL_MS = 2_000


def collect_garbage_on_this_thread(app: Application) -> None:
    """Collect cyclic garbage on the GUI thread only.

    Otherwise Python collects on any thread that allocates, and deletes Qt's objects there: 'Timers
    cannot be stopped from another thread', then a segmentation fault.
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


# Messages of graphics drivers on healthy machines, and of the engine when its sandbox was turned
# off on purpose. A graphics device that is lost while the program runs is logged.
_QT_NOISE = (
    r"RHI|QRhi\w*: Failed to create|GPUInfo|Vulkan|vkCreateInstance|GLX|EGL|libva"
    r"|propagateSizeHints|Sandboxing disabled by user"
)


# Messages of standard Qt builds when a page can't be drawn, or no longer. (Seen without GLX and
# EGL, with a missing driver, and with Vulkan selected: the page stays black.)
_GRAPHICS_FAILURE = (
    r"Failed to get a QRhi|with no rhi|[Gg]raphics device lost|[Dd]evice loss detected"
)


def send_qt_messages_to_log(on_graphics_failure: Callable[[], None]) -> None:
    """Send Qt's warnings to the log, which removes secrets, instead of standard error.

    `on_graphics_failure` is called, on any thread, when Qt can't draw pages.
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
    """Set when the program is to end. The program's main coroutine awaits it."""

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

    A second run after WebEngine was used crashes the process (QTBUG: exec() re-entered), so the
    remaining tasks are cancelled inside this one.
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
            remaining = asyncio.all_tasks() - {asyncio.current_task()}
            for task in remaining:
                task.cancel()
            await asyncio.gather(*remaining, return_exceptions=True)

    with qasync.QEventLoop(app) as loop:
        code = int(loop.run_until_complete(supervised()))
    release_clipboard(app)
    return code


def release_clipboard(app: QApplication) -> None:
    """Keep a copied text, but not its Python object: Qt deletes it after Python has ended.

    That crashed the process.
    """
    clipboard = app.clipboard()
    # Qt's offscreen platform never reports ownership.
    if clipboard.ownsClipboard() or app.platformName() == "offscreen":
        clipboard.setText(clipboard.text())


def _stop_on_signals(loop: asyncio.AbstractEventLoop, stop: StopSignal) -> None:
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(number, stop.set)
