"""The self-test: the program does its main job in its own window with the built-in sandbox.

Only Seam is replaced. Text is typed into widgets, the keyring is the system's, the ledger is a
file, the page is rendered. Without a keyring secrets are in memory, and the report says so.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import platform
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit, QWidget
from shiboken6 import isValid

from seam_portal_desktop import __version__
from seam_portal_desktop.adapters.keyring.store import KeyringSecretStore, SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.bootstrap import self_test_parts as parts
from seam_portal_desktop.bootstrap.demo import add_sender, start_sandbox
from seam_portal_desktop.bootstrap.open_session import OpenSession
from seam_portal_desktop.bootstrap.session import Session
from seam_portal_desktop.diagnostics import redact
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.message.delivery import DeliveryState
from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.domain.ports import SecretStore
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.workspaces.workspace_card import WorkspaceCard

CUSTOMER_KEY = "self-test-customer"
NOTE = _("Sent by the self-test")
RECIPIENT = "self-test@example.com"

STEP_TIMEOUT_SECONDS = 30.0
_POLL_SECONDS = 0.02
_MIN_COLORS = 12
"""A painted page has more colours. A blank or broken one has one or two."""

T = TypeVar("T", bound=QObject)


class StepFailedError(Exception):
    """A step failed. The text says why."""


@dataclass(frozen=True, slots=True)
class SelfTestStep:
    """``ms`` is the duration in milliseconds. ``error`` is None if the step is ok."""

    name: str
    ok: bool
    ms: int
    error: str | None = None


async def run_self_test(
    session: Session, *, report: Path | None = None, screenshot: Path | None = None
) -> int:
    """Return 0, or 1 if a step failed. The steps after it are not run.

    `report` is written as JSON (ok, steps, versions, platform, keyring), `screenshot` as PNG.
    """
    keyring = KeyringSecretStore()
    backend = await keyring.backend_name()
    store: SecretStore = SessionSecretStore() if backend == "none" else keyring
    test = SelfTest(session, store)
    steps = await test.run(screenshot)
    ok = all(step.ok for step in steps)
    result = {
        "ok": ok,
        "steps": [
            {name: value for name, value in asdict(step).items() if value is not None}
            for step in steps
        ],
        "versions": _versions(),
        "platform": {
            "system": platform.platform(),
            "qt": QGuiApplication.platformName(),
            "python": sys.version.split()[0],
        },
        "keyring": _("none, kept in memory") if backend == "none" else backend,
    }
    text = json.dumps(result, indent=2, ensure_ascii=False)
    if report is not None:
        await asyncio.to_thread(report.write_text, text, "utf-8")
    else:
        sys.stdout.write(f"{text}\n")
    return 0 if ok else 1


class SelfTest:
    """Runs the steps in their order. A step is a coroutine that returns or raises."""

    def __init__(self, session: Session, store: SecretStore) -> None:
        self._session = session
        self._window = session.window
        self._store = _RecordingStore(store)
        self._open_session = OpenSession(session, secret_store=self._store)
        self._url = ""

    async def run(self, screenshot: Path | None) -> list[SelfTestStep]:
        steps: list[SelfTestStep] = []
        for name, work in (
            (_("find the keyring backends"), parts.find_keyring_backends),
            (_("find the certificate store"), parts.load_trust_store),
            (_("find the libraries that are loaded late"), parts.find_late_libraries),
            (_("find the pictures"), parts.find_resources),
            (_("find the translations"), parts.find_translations),
            (_("open the window and the ledger"), self._open),
            (_("start the sandbox"), self._start_sandbox),
            (_("connect a workspace"), self._connect),
            (_("create a portal"), self._create),
            (_("render the preview"), self._preview),
            (_("find the page's process in its sandbox"), self._check_page_process),
            (_("copy the link"), self._copy),
            (_("mark as sent"), self._mark_sent),
            (_("send a message"), self._send),
            (_("take a screenshot"), lambda: self._take_screenshot(screenshot)),
            (_("restart the ledger and read the link"), self._restart_ledger),
            (_("remove the workspace"), self._remove),
        ):
            step = await _timed(name, work)
            steps.append(step)
            if not step.ok:
                break
        steps.append(await _timed("close", self._close))
        return steps

    async def _open(self) -> None:
        await self._open_session.open()
        self._selection = self._open_session.controller.selection
        await until(self._window.isVisible, _("the window is visible"))

    async def _start_sandbox(self) -> None:
        self._sandbox = await asyncio.to_thread(start_sandbox, with_demo_data=False)

    async def _connect(self) -> None:
        self._window.actions_.connect_workspace.trigger()
        dialog = await self._dialog()
        child(dialog, QAbstractButton, "advanced").click()
        type_into(child(dialog, QLineEdit, "endpoint"), self._sandbox.endpoint)
        type_into(child(dialog, QLineEdit, "credential"), self._sandbox.api_key)
        submit = child(dialog, QAbstractButton, "submitButton")
        submit.click()
        card = child(dialog, WorkspaceCard)
        await until(lambda: card.isVisible() and submit.isEnabled(), _("the key was checked"))
        submit.click()
        await until(lambda: _is_gone(dialog), _("the workspace was saved"))
        if self._open_session.services.workspaces.current is None:
            raise StepFailedError(_("No workspace is connected."))

    async def _create(self) -> None:
        self._window.actions_.new_portal.trigger()
        dialog = await self._dialog()
        type_into(child(dialog, QLineEdit, "customerKey"), CUSTOMER_KEY)
        QTest.keyClick(child(dialog, QLineEdit, "customerKey"), Qt.Key.Key_Return)
        await until(lambda: _is_gone(dialog), _("the dialog closed after creating"))
        await until(
            lambda: [portal.customer_key for portal in self._selection.records()] == [CUSTOMER_KEY],
            _("the new row is selected"),
        )
        status = self._selection.records()[0].status(system_clock())
        if status is not PortalStatus.ACTIVE:
            raise StepFailedError(_("The new row is {status}, not active.").format(status=status))

    async def _preview(self) -> None:
        preview = self._window.preview
        await until(lambda: preview.is_loaded, _("the page is loaded and painted"))
        view = child(preview, QWebEngineView)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        view.page().runJavaScript(
            "JSON.stringify([document.documentElement.dataset.portalReady, document.title])",
            0,
            lambda result: None if answer.done() else answer.set_result(result),
        )
        ready, title = json.loads(await asyncio.wait_for(answer, STEP_TIMEOUT_SECONDS))
        if ready != "true" or not title:
            raise StepFailedError(_("The page in the preview is not this customer's portal."))
        await until(lambda: _colors(view) >= _MIN_COLORS, _("the page has pixels"))
        await until(
            lambda: self._selection.records()[0].previewed_at is not None,
            _("it counts as previewed"),
        )

    async def _check_page_process(self) -> None:
        parts.check_page_process(child(self._window.preview, QWebEngineView))

    async def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        self._window.actions_.copy_link.trigger()
        await until(
            lambda: clipboard.text().startswith(self._sandbox.endpoint), _("the link is copied")
        )
        self._url = clipboard.text()

    async def _mark_sent(self) -> None:
        self._window.actions_.mark_sent.trigger()
        note = child(self._window.portal, QLineEdit, "sentNote")
        await until(note.isVisible, _("the place for a note is open"))
        type_into(note, NOTE)
        QTest.keyClick(note, Qt.Key.Key_Return)
        await until(
            lambda: self._selection.records()[0].sent is not None,
            _("the row says that it was sent"),
        )

    async def _send(self) -> None:
        controller = self._open_session.controller
        senders = self._open_session.services.senders
        await add_sender(self._sandbox, senders, self._sandbox.workspace_id)
        controller.sending.undo_seconds = 0
        self._window.actions_.send.trigger()
        dialog = await self._dialog()
        if not isinstance(dialog, FormDialog):
            raise StepFailedError(_("The Send sheet didn’t open."))
        type_into(child(dialog, QLineEdit, "sendTo"), RECIPIENT)
        submit = child(dialog, QAbstractButton, "submitButton")
        reason = child(dialog, QLineEdit, "sendReason")
        await until(
            lambda: RECIPIENT in submit.text() and submit.isEnabled(), _("the message is ready")
        )

        def press() -> bool:
            # A second press, later than a double click, confirms a recipient that is new. The check
            # of the preview may have found that the new customer's portal is empty.
            if not _is_gone(dialog) and reason.isVisible() and not reason.text():
                type_into(reason, NOTE)
            if not _is_gone(dialog) and submit.isEnabled() and not dialog.is_submit_paused:
                submit.click()
            return _is_gone(dialog)

        await until(press, _("the message is in the outbox"))
        mailbox = self._sandbox.mailbox
        await until(lambda: bool(mailbox.messages()), _("the mailbox has the message"))
        (mail,) = mailbox.messages()
        message = email.message_from_bytes(mail.raw, policy=email.policy.default)
        text = message.get_body(("plain",))
        link = link_for_text(self._url)
        if mail.recipients != (RECIPIENT,) or text is None or link not in text.get_content():
            raise StepFailedError(_("The message that arrived doesn’t bring the link."))
        await until(
            lambda: self._selection.records()[0].delivery_state is DeliveryState.SENT,
            _("the row says that the message was sent"),
        )

    async def _take_screenshot(self, target: Path | None) -> None:
        # One turn of the event loop paints the last step's changes.
        await asyncio.sleep(0)
        picture = self._window.grab()
        if target is not None and not await asyncio.to_thread(picture.save, str(target), "PNG"):
            raise StepFailedError(_("The screenshot could not be written."))

    async def _restart_ledger(self) -> None:
        await self._open_session.ledger.close()
        ledger = SqlLedger(self._session.paths.ledger, UrlCipher(self._store), system_clock)
        await ledger.open()
        try:
            query = PortalQuery(self._sandbox.workspace_id, text=CUSTOMER_KEY)
            page = await ledger.find(query, now=system_clock())
            (portal,) = page.rows
            notes = [event.detail.get("note") for event in await ledger.events_of(portal.portal_id)]
            if portal.sent is None or NOTE not in notes:
                raise StepFailedError(_("The ledger forgot that the link was sent."))
            (delivery,) = await ledger.deliveries.deliveries_of(portal.portal_id)
            if delivery.content is None or delivery.content.reached != 1:
                raise StepFailedError(_("The ledger forgot whom the message was sent to."))
            if (await ledger.url_of(portal.portal_id)).reveal() != self._url:
                raise StepFailedError(_("The link in the ledger is not the one that was copied."))
        finally:
            await ledger.close()

    async def _remove(self) -> None:
        workspaces = self._open_session.services.workspaces
        current = workspaces.current
        if current is None:
            raise StepFailedError(_("The workspace is gone already."))
        problem = await workspaces.remove(current.connection_id)
        if problem is not None:
            raise problem
        await self._store.delete_all()

    async def _close(self) -> None:
        await self._open_session.close()
        if hasattr(self, "_sandbox"):
            await asyncio.to_thread(self._sandbox.stop)

    async def _dialog(self) -> QDialog:
        def shown() -> list[QDialog]:
            return [one for one in self._window.findChildren(QDialog) if one.isVisible()]

        await until(lambda: bool(shown()), _("the dialog is open"))
        return shown()[0]


class _RecordingStore:
    """A SecretStore that records the names of its secrets, so that all can be deleted."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._names: set[str] = set()

    async def get(self, name: str) -> Secret | None:
        return await self._store.get(name)

    async def set(self, name: str, secret: Secret) -> None:
        self._names.add(name)
        await self._store.set(name, secret)

    async def delete(self, name: str) -> None:
        await self._store.delete(name)

    async def delete_all(self) -> None:
        for name in self._names:
            await self._store.delete(name)
            if await self._store.get(name) is not None:
                raise StepFailedError(_("The keyring still holds a secret of the self-test."))


async def until(condition: Callable[[], bool], description: str) -> None:
    """Wait for `condition`. Raises StepFailedError with `description` after half a minute."""
    deadline = time.monotonic() + STEP_TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise StepFailedError(
                _("Waited in vain until {description}.").format(description=description)
            )
        await asyncio.sleep(_POLL_SECONDS)


def child(parent: QWidget, kind: type[T], name: str | None = None) -> T:
    found = parent.findChild(kind, name) if name else parent.findChild(kind)
    if not isinstance(found, kind):
        raise StepFailedError(
            _("There is no {name} {name_2} in the window.").format(
                name=kind.__name__, name_2=name or ""
            )
        )
    return found


def type_into(field: QLineEdit, text: str) -> None:
    """Replace the field's text as a user does, key by key."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


async def _timed(name: str, work: Callable[[], Awaitable[None]]) -> SelfTestStep:
    began = time.monotonic()
    error = None
    try:
        await work()
    except Exception as problem:  # noqa: BLE001 - any error fails the step
        error = redact(f"{type(problem).__name__}: {problem}")
    return SelfTestStep(name, error is None, round((time.monotonic() - began) * 1000), error)


def _is_gone(dialog: QDialog) -> bool:
    return not isValid(dialog) or not dialog.isVisible()


def _colors(view: QWidget) -> int:
    image = view.grab().toImage().scaled(64, 64)
    return len({image.pixel(x, y) for x in range(64) for y in range(64)})


def _versions() -> dict[str, str]:
    libraries = ("PySide6", "qasync", "httpx", "keyring", "SQLAlchemy", "alembic", "cryptography")
    found = {name: metadata.version(name) for name in libraries}
    return {"seam-portal-desktop": __version__, **found}
