"""Starts the program: one instance, the window first, then the sessions one after another."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop import runtime
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.options import Options, parse_address
from seam_portal_desktop.paths import AppPaths, app_paths
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.shell.single_instance import InstanceLock
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

RESTART = -1
"""Returned instead of an exit code if the program must be restarted."""


class OpenedAddresses(QObject):
    """Emits the signals of `RaiseListener` for the addresses that macOS sends to this process.

    The first address may come before there is a window. ``address`` is the last one.
    """

    raise_requested = Signal()
    address_requested = Signal(str)

    def __init__(self, app: runtime.Application) -> None:
        super().__init__(app)
        self.address: str | None = None
        app.address_opened.connect(self._on_address_opened)

    def _on_address_opened(self, address: str) -> None:
        self.raise_requested.emit()
        if parse_address(address) is not None:
            self.address = address
            self.address_requested.emit(address)


def start(app: runtime.Application, options: Options, graphics: GraphicsChoice) -> int:
    """Run the program and return its exit code, or `RESTART`."""
    if options.self_test:
        import tempfile
        from pathlib import Path

        # Not in `data_dir`: its files are the user's and may be in use.
        with tempfile.TemporaryDirectory(prefix="seam-portal-self-test-") as directory:
            paths = app_paths(Path(directory))
            return Program(app, paths, options, graphics).run(SessionMode.REAL)
    addresses = OpenedAddresses(app)
    paths = app_paths(options.data_dir)
    try:
        paths.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = InstanceLock(paths.lock)
        if not lock.acquire():
            from seam_portal_desktop.bootstrap.second_start import settle

            code = settle(lock, options.address)
            if code is not None:
                return code
    except OSError as error:
        return _explain_unwritable(app, paths, error)
    try:
        mode = SessionMode.DEMO if options.demo else SessionMode.REAL
        return Program(app, paths, options, graphics, lock=lock, addresses=addresses).run(mode)
    finally:
        lock.release()


if TYPE_CHECKING:
    import asyncio

    from seam_portal_desktop.bootstrap.open_session import OpenSession
    from seam_portal_desktop.diagnostics import Diagnostics
    from seam_portal_desktop.domain.policy import Policy
    from seam_portal_desktop.domain.preferences import GraphicsChoice
    from seam_portal_desktop.ui.help.graphics_controller import GraphicsFailure


class Program:
    """Has one session at a time, real or demo. Each has its own window."""

    def __init__(
        self,
        app: runtime.Application,
        paths: AppPaths,
        options: Options,
        graphics: GraphicsChoice,
        *,
        lock: InstanceLock | None = None,
        addresses: OpenedAddresses | None = None,
    ) -> None:
        self._app = app
        self._paths = paths
        self._options = options
        self._lock = lock
        self._addresses = addresses
        self._graphics = graphics
        self._graphics_died = lock is not None and graphics.check_last_start()
        self._restart = False
        self._theme = Theme(app)
        self._theme.install_palette()
        self._icons = Icons(self._theme)
        self._policy: Policy | None = None

    def run(self, mode: SessionMode) -> int:
        """Paint the window, then load the rest on the event loop."""
        runtime.collect_garbage_on_this_thread(self._app)
        session = self._session(mode)
        session.window.show()
        # Each step is painted before the next one's modules are imported; asyncio comes last.
        runtime.wait_until_painted(session.window)
        runtime.set_default_locale()
        self._theme.install()
        if not self._options.self_test:  # it uses only the sandbox
            from seam_portal_desktop.adapters.files.policy_source import read_policy

            self._policy = read_policy()
        session.add_list(self._policy)
        runtime.wait_until_painted(session.window)
        session.complete()
        return runtime.run(self._app, lambda stop: self._main(session, stop))

    def _session(self, mode: SessionMode) -> Session:
        paths = self._paths.demo if mode is SessionMode.DEMO else self._paths
        return Session(mode, paths, self._theme, self._icons)

    async def _main(self, session: Session, stop: runtime.StopSignal) -> int:
        import asyncio

        from seam_portal_desktop.diagnostics import Diagnostics
        from seam_portal_desktop.ui.help.graphics_controller import GraphicsFailure

        diagnostics = Diagnostics(self._paths.log)
        diagnostics.start()
        asyncio.get_running_loop().set_exception_handler(diagnostics.handle_loop_exception)
        failure = GraphicsFailure(self._app)
        runtime.send_qt_messages_to_log(failure.report)
        try:
            if self._options.self_test:
                return await self._self_test(session)
            await self._serve(session, stop, failure, diagnostics)
            return RESTART if self._restart else 0
        finally:
            diagnostics.close()

    async def _serve(
        self,
        session: Session,
        stop: runtime.StopSignal,
        failure: GraphicsFailure,
        diagnostics: Diagnostics,
    ) -> None:
        """Run sessions one after another until the program ends."""
        import asyncio

        from seam_portal_desktop.bootstrap.open_session import OpenSession

        stopped = asyncio.ensure_future(stop.wait())
        current = OpenSession(session, diagnostics=diagnostics)
        self._add_graphics_controller(session, failure)
        address = (self._addresses and self._addresses.address) or self._options.address
        if address is not None:
            current.show_address(address)
        listener = self._lock.listen(self._app) if self._lock else None
        sources = [source for source in (listener, self._addresses) if source is not None]
        try:
            while True:
                for source in sources:
                    source.raise_requested.connect(current.window.raise_to_front)
                    source.address_requested.connect(current.show_address)
                if listener is not None:
                    listener.close_requested.connect(current.close_unattended)
                mode = await self._serve_one(current, stopped)
                for source in sources:
                    source.address_requested.disconnect(current.show_address)
                if listener is not None:
                    listener.close_requested.disconnect(current.close_unattended)
                if mode is None:
                    return
                session = self._session(mode)
                session.window.show()
                session.add_list(self._policy)
                session.complete()
                before, current = current, OpenSession(session, diagnostics=diagnostics)
                self._add_graphics_controller(session, failure)
                await before.close()
        finally:
            if listener is not None:
                # A second start must not raise a window that is closing. It opens its own instead.
                listener.close()
            await current.close()

    async def _serve_one(
        self, current: OpenSession, stopped: asyncio.Future[None]
    ) -> SessionMode | None:
        """Open a session and wait for its end. Returns the next mode; None ends the program."""
        import asyncio

        opening = asyncio.ensure_future(current.open())
        ends: set[asyncio.Future[Any]] = {stopped, current.other_mode}
        await asyncio.wait({opening, *ends}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            error = opening.exception()
            if error is not None:
                current.show_open_error(error)
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        else:
            opening.cancel()
            await asyncio.wait({opening})
        return None if stopped.done() else current.other_mode.result()

    def _add_graphics_controller(self, session: Session, failure: GraphicsFailure) -> None:
        from seam_portal_desktop.ui.help.graphics_controller import GraphicsController

        GraphicsController(
            session.window,
            self._graphics,
            failure,
            lambda: self._close_for_restart(session),
            is_software=self._options.software_rendering,
            died=self._graphics_died,
            fixed=session.policy.settings.get("software_rendering"),
        )
        self._graphics_died = False

    def _close_for_restart(self, session: Session) -> None:
        """Close the window as the user does, so that nothing is lost."""
        self._restart = session.window.close()

    async def _self_test(self, session: Session) -> int:
        from seam_portal_desktop.bootstrap.self_test import run_self_test

        return await run_self_test(
            session, report=self._options.report, screenshot=self._options.screenshot
        )


def _explain_unwritable(app: runtime.Application, paths: AppPaths, error: OSError) -> int:
    """Write it to standard error and show it in a message box."""
    from PySide6.QtWidgets import QMessageBox

    text = _(
        "{display_name} can't write to its data directory ({data_dir}): "
        "{strerror}. Free some space or choose another one with --data-dir."
    ).format(
        display_name=runtime.DISPLAY_NAME, data_dir=paths.data_dir, strerror=error.strerror or error
    )
    sys.stderr.write(f"{text}\n")
    box = QMessageBox(QMessageBox.Icon.Critical, runtime.DISPLAY_NAME, text)
    box.finished.connect(app.quit_requested)
    box.open()

    async def until_closed(stop: runtime.StopSignal) -> int:
        await stop.wait()
        return 1

    return runtime.run(app, until_closed)
