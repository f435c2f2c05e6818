"""From the arguments to the exit code: one instance, a window first, the rest behind it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from seam_portal_desktop import runtime
from seam_portal_desktop.bootstrap.opened_addresses import OpenedAddresses
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.options import Options
from seam_portal_desktop.paths import AppPaths, app_paths
from seam_portal_desktop.ui.shell.single_instance import InstanceLock
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

RESTART = -1
"""Instead of an exit code: the program is to be started anew."""


def start(app: runtime.Application, options: Options, graphics: GraphicsChoice) -> int:
    """Run the program and return its exit code, or `RESTART`."""
    if options.self_test:
        import tempfile
        from pathlib import Path

        # Not in `data_dir` itself: what is kept there is the user's, and may be in use.
        with tempfile.TemporaryDirectory(prefix="seam-portal-self-test-") as directory:
            paths = app_paths(Path(directory))
            return Program(app, paths, options, graphics).run(SessionMode.REAL)
    addresses = OpenedAddresses(app)
    paths = app_paths(options.data_dir)
    try:
        paths.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = InstanceLock(paths.lock)
        if not lock.acquire():
            if lock.raise_other(options.portal_id):
                return 0
            if not lock.acquire():  # the first one may have been on its way out
                sys.stderr.write(f"{runtime.DISPLAY_NAME} runs already but does not answer.\n")
                return 1
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
    """Holds one session at a time: the real one or the demo; each has a window of its own."""

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
        """Paint the window, then load everything else on the event loop."""
        runtime.collect_garbage_on_this_thread(self._app)
        session = self._session(mode)
        session.show()
        # Each step is painted before the next one's modules are imported; asyncio comes last.
        runtime.wait_until_painted(session.window)
        runtime.set_default_locale()
        self._theme.install()
        if not self._options.self_test:  # which asks only its own stand-in
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
        """Run sessions one after another until the program is to end."""
        import asyncio

        from seam_portal_desktop.bootstrap.open_session import OpenSession

        stopped = asyncio.ensure_future(stop.wait())
        current = OpenSession(session, diagnostics=diagnostics)
        self._present_graphics(session, failure)
        asked_for = (self._addresses and self._addresses.portal_id) or self._options.portal_id
        if asked_for is not None:
            current.show_portal(asked_for)
        listener = self._lock.listen(self._app) if self._lock else None
        callers = [caller for caller in (listener, self._addresses) if caller is not None]
        try:
            while True:
                for caller in callers:
                    caller.raise_requested.connect(current.window.raise_to_front)
                    caller.portal_requested.connect(current.show_portal)
                mode = await self._serve_one(current, stopped)
                for caller in callers:
                    caller.portal_requested.disconnect(current.show_portal)
                if mode is None:
                    return
                session = self._session(mode)
                session.show()
                session.add_list(self._policy)
                session.complete()
                before, current = current, OpenSession(session, diagnostics=diagnostics)
                self._present_graphics(session, failure)
                await before.close()
        finally:
            if listener is not None:
                # A second start must not wake a window that is going; it takes over instead.
                listener.close()
            await current.close()

    async def _serve_one(
        self, current: OpenSession, stopped: asyncio.Future[None]
    ) -> SessionMode | None:
        """Open a session and wait until it is to end; what comes after it, or None for nothing."""
        import asyncio

        opening = asyncio.ensure_future(current.open())
        ends: set[asyncio.Future[Any]] = {stopped, current.other_mode}
        await asyncio.wait({opening, *ends}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            error = opening.exception()
            if error is not None:
                current.say_why_not(error)
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        else:
            opening.cancel()
            await asyncio.wait({opening})
        return None if stopped.done() else current.other_mode.result()

    def _present_graphics(self, session: Session, failure: GraphicsFailure) -> None:
        from seam_portal_desktop.ui.help.graphics_controller import GraphicsController

        GraphicsController(
            session.window,
            self._graphics,
            failure,
            lambda: self._close_for_restart(session),
            is_software=self._options.software_rendering,
            died=self._graphics_died,
        )
        self._graphics_died = False

    def _close_for_restart(self, session: Session) -> None:
        """Close the window as its user would, so that nothing is lost."""
        self._restart = session.window.close()

    async def _self_test(self, session: Session) -> int:
        from seam_portal_desktop.bootstrap.self_test import run_self_test

        return await run_self_test(
            session, report=self._options.report, screenshot=self._options.screenshot
        )


def _explain_unwritable(app: runtime.Application, paths: AppPaths, error: OSError) -> int:
    """Say it on standard error and, for whoever started from an icon, in a message box."""
    from PySide6.QtWidgets import QMessageBox

    text = (
        f"{runtime.DISPLAY_NAME} can't write to its data directory ({paths.data_dir}): "
        f"{error.strerror or error}. Free some space or choose another one with --data-dir."
    )
    sys.stderr.write(f"{text}\n")
    box = QMessageBox(QMessageBox.Icon.Critical, runtime.DISPLAY_NAME, text)
    box.finished.connect(app.quit_requested)
    box.open()

    async def until_closed(stop: runtime.StopSignal) -> int:
        await stop.wait()
        return 1

    return runtime.run(app, until_closed)
