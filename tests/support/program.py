"""The whole program inside the test process, with a sandbox in place of Seam.

Window, files and HTTP are real; the keyring is in memory. Tests type keys and click buttons.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.bootstrap.open_session import OpenSession
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord
from seam_portal_desktop.domain.ports import GatewayFactory, SecretStore
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.sandbox.server import SandboxServer
from seam_portal_desktop.sandbox.state import SandboxPortal
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.portal.panel import PortalPanel, PortalTab
from seam_portal_desktop.ui.portals.pane import PaneState
from seam_portal_desktop.ui.preview.pane import PreviewTarget
from seam_portal_desktop.ui.shell.banner import Banner
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel
from seam_portal_desktop.ui.toolkit.theme import Theme
from seam_portal_desktop.ui.workspaces.connect_dialog import ConnectWorkspaceDialog
from tests.support.until import PATIENCE, until

CREATE = "/customers/create_portal"


def links_of(sandbox: SandboxServer) -> list[SandboxPortal]:
    """The links for customers, oldest first."""
    return [made for made in sandbox.state.portals() if not made.request.get("read_only")]


def safe_previews_of(sandbox: SandboxServer) -> list[SandboxPortal]:
    """The read-only portals that were made for safe previews, oldest first."""
    return [made for made in sandbox.state.portals() if made.request.get("read_only")]


def is_live(sandbox: SandboxServer, made: SandboxPortal) -> bool:
    """Whether `client_sessions/list` contains its session."""
    listed = [each.client_session_id for each in sandbox.state.live_sessions()]
    return made.client_session_id in listed


_Widget = TypeVar("_Widget", bound=QWidget)


def type_into(field: QLineEdit, text: str) -> None:
    """Replace the text of `field`, key by key."""
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def press_enter(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Return)


def visible_children(parent: QWidget, kind: type[_Widget]) -> list[_Widget]:
    """The visible ones, and those on the portal's details and activity behind their tabs."""
    return [child for child in parent.findChildren(kind) if child.isVisible() or _is_behind(child)]


def _is_behind(child: QWidget) -> bool:
    tab = _tab_of(child)
    if tab is None:
        return False
    panel, index = tab
    page = panel.findChild(QStackedWidget, "pages").widget(index)
    return panel.tabs.isVisible() and child.isVisibleTo(page)


def _tab_of(child: QWidget) -> tuple[PortalPanel, PortalTab] | None:
    """The portal's panel, and which of its pages besides the preview has `child`."""
    widget: QWidget | None = child
    while widget is not None and not isinstance(widget, PortalPanel):
        widget = widget.parentWidget()
    if widget is None:
        return None
    pages = widget.findChild(QStackedWidget, "pages")
    for tab in (PortalTab.DETAILS, PortalTab.ACTIVITY):
        if pages.widget(tab).isAncestorOf(child):
            return widget, tab
    return None


def visible_texts(parent: QWidget) -> list[str]:
    """The texts of visible labels (not elided), buttons and fields."""
    shown = [
        child.full_text() if isinstance(child, ElidedLabel) else child.text()
        for child in visible_children(parent, QLabel)
    ]
    shown += [child.text() for child in visible_children(parent, QAbstractButton)]
    shown += [child.text() for child in visible_children(parent, QLineEdit)]
    return [text for text in shown if text]


def shows(parent: QWidget, text: str) -> bool:
    return any(text in shown for shown in visible_texts(parent))


async def until_shows(parent: QWidget, text: str) -> None:
    """Wait until `text` is part of a visible text in `parent`."""
    try:
        await until(lambda: shows(parent, text))
    except AssertionError:
        raise AssertionError(f"{text!r} is not among {visible_texts(parent)}") from None


async def until_error(dialog: ConnectWorkspaceDialog | NewPortalDialog) -> UserFacingError:
    """The error that the dialog shows, once there is one."""
    return await until(lambda: dialog.error_card.error, "the dialog shows an error")


def button(parent: QWidget, words: str) -> QAbstractButton:
    """The only visible button with this text or accessible name."""
    found = [
        child
        for child in visible_children(parent, QAbstractButton)
        if words in (child.text(), child.accessibleName())
    ]
    assert len(found) == 1, f"{len(found)} buttons {words!r} among {visible_texts(parent)}"
    return found[0]


def press(parent: QWidget, words: str) -> None:
    wanted = button(parent, words)
    if not wanted.isVisible() and (tab := _tab_of(wanted)) is not None:
        panel, index = tab
        panel.tabs.setCurrentIndex(index)
    assert wanted.isEnabled(), f"{words!r} is disabled"
    wanted.click()


def is_gone(dialog: QWidget) -> bool:
    return not isValid(dialog) or not dialog.isVisible()


class Program:
    """An open window, and what a user reads and does there.

    ``previewed`` are the targets passed to the preview. With ``pages=False`` no page is opened
    and no safe preview is made; the targets are live links. ``beside`` are the targets of the
    second page; None closes it.
    """

    def __init__(self, open_session: OpenSession, sandbox: SandboxServer, *, pages: bool) -> None:
        self.session = open_session
        self.window = open_session.window
        self.sandbox = sandbox
        self.previewed: list[PreviewTarget] = []
        self.beside: list[PreviewTarget | None] = []
        self._show_portal = self.window.preview.show_portal if pages else lambda _target: None
        self._show_second = self.window.preview.show_second if pages else lambda _target: None
        self.window.preview.show_portal = self._on_show_portal  # type: ignore[method-assign]
        self.window.preview.show_second = self._on_show_second  # type: ignore[method-assign]
        if not pages:
            open_session.controller.previews.first_mode = PreviewMode.LIVE
            self.window.preview.engine.begin = lambda: None  # type: ignore[method-assign]
            self.window.preview.engine.end()

    @property
    def controller(self):
        return self.session.controller

    # Reading

    def page(self, *, second: bool = False):
        """The QWebEnginePage of the preview (or of the page beside it), which must be open."""
        preview = self.window.preview
        return (preview.second if second else preview.first).web.widget.page()

    def rows(self) -> list[PortalRecord]:
        """The loaded rows, from top to bottom."""
        model = self.window.pane.model
        return [model.portal(row) for row in range(model.rowCount())]

    def keys(self) -> list[str]:
        return [row.customer_key for row in self.rows()]

    def row(self, customer_key: str) -> PortalRecord:
        found = [row for row in self.rows() if row.customer_key == customer_key]
        assert len(found) == 1, f"{len(found)} rows for {customer_key!r} among {self.keys()}"
        return found[0]

    def selected(self) -> list[PortalRecord]:
        return self.controller.selection.records()

    def error(self) -> UserFacingError | None:
        """The error in the status area."""
        return self.window.status_area.errors.current()

    def message(self) -> str:
        return self.window.status_area.text.full_text()

    def banners(self) -> list[str]:
        return [banner.accessibleName() for banner in visible_children(self.window, Banner)]

    def dialogs(self) -> list[QDialog]:
        return visible_children(self.window, QDialog)

    # Waiting

    async def dialog(self, kind: type[_Widget]) -> _Widget:
        found = await until(
            lambda: visible_children(self.window, kind), f"a {kind.__name__} is open"
        )
        return found[0]

    async def settled(self) -> None:
        """Wait until the list is read."""
        scope = self.controller.scope
        await until(
            lambda: (
                not scope.is_running("refresh") and self.window.pane.state is not PaneState.LOADING
            ),
            "the list is read",
        )

    async def select(self, customer_key: str) -> PortalRecord:
        """Select this row only and wait until the detail panel shows it."""
        portal = self.row(customer_key)
        assert self.window.pane.table.select(portal.portal_id)
        await self._shown(customer_key)
        return portal

    async def _shown(self, customer_key: str) -> None:
        """Wait until detail panel and actions are those of this portal as it is now."""
        detail, actions = self.window.portal, self.window.actions_
        selection, scope = self.controller.selection, self.controller.scope

        def is_current() -> bool:
            portal = selection.only()
            return portal is not None and actions.revoke.isEnabled() == portal.is_live(
                selection._clock()
            )

        await until(
            lambda: detail.isHidden() or shows(detail, customer_key),
            f"{customer_key} is in the panel",
        )
        await until(is_current, "the actions are the portal's")
        await until(
            lambda: not (scope.is_running("read portal") or scope.is_running("read request")),
            "the portal is read",
        )

    # Doing

    async def open_connect(self) -> ConnectWorkspaceDialog:
        self.window.actions_.connect_workspace.trigger()
        return await self.dialog(ConnectWorkspaceDialog)

    async def check_credential(
        self,
        credential: str | None = None,
        *,
        workspace_id: str = "",
        endpoint: str | None = None,
    ) -> ConnectWorkspaceDialog:
        """Fill in the connect dialog and wait for the result of the check."""
        dialog = await self.open_connect()
        dialog.advanced_button.click()
        type_into(dialog.endpoint.edit, endpoint or self.sandbox.endpoint)
        type_into(dialog.credential.edit, credential or self.sandbox.api_key)
        if workspace_id:
            type_into(dialog.workspace_id.edit, workspace_id)
        press_enter(dialog.credential.edit)
        await until(
            lambda: dialog.workspace_card.isVisible() or dialog.error_card.error,
            "the credential is checked",
        )
        return dialog

    async def connect(self, credential: str | None = None, name: str = "", **typed: str) -> None:
        """Connect a workspace through the dialog."""
        dialog = await self.check_credential(credential, **typed)
        assert dialog.workspace_card.isVisible(), visible_texts(dialog)
        if name:
            type_into(dialog.name.edit, name)
        press_enter(dialog.name.edit)
        await until(lambda: is_gone(dialog), "the workspace is saved")
        await self.settled()

    async def open_create(self, customer_key: str = "") -> NewPortalDialog:
        self.window.actions_.new_portal.trigger()
        dialog = await self.dialog(NewPortalDialog)
        if customer_key:
            type_into(dialog.customer.key, customer_key)
        return dialog

    async def create(self, customer_key: str) -> PortalRecord:
        """Create a portal through the dialog and return its row."""
        dialog = await self.open_create(customer_key)
        press_enter(dialog.customer.key)
        await until(lambda: is_gone(dialog), "the portal is created")
        await self.selected_alone(customer_key)
        await until(
            lambda: self.row(customer_key).outcome is not Outcome.REQUESTED,
            "Seam answered",
        )
        await self._shown(customer_key)
        return self.row(customer_key)

    async def selected_alone(self, customer_key: str) -> None:
        await until(
            lambda: [row.customer_key for row in self.selected()] == [customer_key],
            f"{customer_key} is selected alone",
        )

    async def fail_to_create(self, customer_key: str) -> NewPortalDialog:
        """Try to create a portal; return the dialog that shows the error."""
        dialog = await self.open_create(customer_key)
        press_enter(dialog.customer.key)
        await until(lambda: dialog.error_card.error, "the dialog shows the error")
        await self.settled()
        return dialog

    def _on_show_portal(self, target: PreviewTarget) -> None:
        self.previewed.append(target)
        self._show_portal(target)

    def _on_show_second(self, target: PreviewTarget | None) -> None:
        self.beside.append(target)
        self._show_second(target)


class _Failures(logging.Handler):
    """Collects what the program or the event loop logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))

    def on_loop_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.found.append(f"{context.get('message')}: {context.get('exception')!r}")


@asynccontextmanager
async def open_program(
    data_dir: Path,
    sandbox: SandboxServer,
    *,
    secret_store: SecretStore | None = None,
    create_gateway: GatewayFactory | None = None,
    pages: bool = False,
    policy: Policy = UNMANAGED,
) -> AsyncIterator[Program]:
    """The program with its data in `data_dir`. Fails if the program logged an error."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    failures = _Failures()
    logging.getLogger().addHandler(failures)
    asyncio.get_running_loop().set_exception_handler(failures.on_loop_error)
    theme = Theme(app)
    theme.install()
    session = Session(SessionMode.REAL, AppPaths(data_dir), theme, Icons(theme))
    session.window.show()
    session.add_list(policy)
    session.complete()
    open_session = OpenSession(
        session,
        secret_store=secret_store or SessionSecretStore(),
        create_gateway=create_gateway,
    )
    async with asyncio.timeout(PATIENCE):
        await open_session.open()
    program = Program(open_session, sandbox, pages=pages)
    try:
        await program.settled()
        yield program
    finally:
        if isValid(program.window):  # the test may have closed it
            await open_session.close()
        await until(lambda: not isValid(program.window), "the window is deleted")
        theme.deleteLater()
        app.setStyleSheet("")
        logging.getLogger().removeHandler(failures)
    assert not failures.found, failures.found


@asynccontextmanager
async def connected_program(
    data_dir: Path, sandbox: SandboxServer, **options: Any
) -> AsyncIterator[Program]:
    """`open_program` with the sandbox connected as a workspace."""
    async with open_program(data_dir, sandbox, **options) as program:
        await program.connect()
        yield program
