"""Sends messages to a mail server. Arguments: a way, and the rest as JSON.

``bare``: aiosmtplib alone, on as many connections. ``outbox``: the program’s outbox and ledger,
without a window. ``window``: the same in the program's window, whose list follows; a timer ticks on
the window's thread, and idle times and sending take turns.

Prints the seconds that sending took. ``window`` adds the median stalls (the 99th percentile of the
time between two ticks), without and with sending, and the longest.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seam_portal_desktop.domain.clock import system_clock

_DOMAIN = "example.com"
_IDLE_SECONDS = 3
_TICK_MS = 2


@dataclass(frozen=True)
class Work:
    host: str
    port: int
    username: str
    password: str
    messages: int
    connections: int
    per_minute: int | None
    rounds: int

    def message(self, number: int) -> bytes:
        text = "Your portal is ready.\r\n" * 100
        return (
            f"From: ops@{_DOMAIN}\r\nTo: guest-{number}@{_DOMAIN}\r\nSubject: Your portal\r\n"
            f"Message-ID: <{uuid.uuid4().hex}@{_DOMAIN}>\r\n"
            f"Date: Tue, 01 Dec 2026 12:00:00 +0000\r\n\r\n{text}"
        ).encode()


async def bare(work: Work) -> dict[str, float]:
    import aiosmtplib

    messages = [(number, work.message(number)) for number in range(work.messages)]

    async def share(first: int) -> None:
        client = aiosmtplib.SMTP(hostname=work.host, port=work.port, use_tls=False, start_tls=False)
        async with client:
            await client.ehlo()
            await client.auth_plain(work.username, work.password)
            for number, message in messages[first :: work.connections]:
                to = [f"guest-{number}@{_DOMAIN}"]
                await client.sendmail(f"ops@{_DOMAIN}", to, message)

    begun = time.perf_counter()
    await asyncio.gather(*map(share, range(work.connections)))
    return {"seconds": time.perf_counter() - begun}


async def fill(ledger: Any, workspace_id: str, count: int) -> Sequence[str]:  # noqa: ANN401
    """Add portals to the ledger. Returns their ids."""
    from seam_portal_desktop.domain.portal.record import (
        LINK_LIFETIME,
        CustomerPortal,
        Outcome,
        PortalRecord,
    )
    from seam_portal_desktop.domain.ports import CreatedPortal
    from seam_portal_desktop.domain.request import PortalRequest
    from seam_portal_desktop.domain.secret import Secret
    from seam_portal_desktop.domain.workspace import WorkspaceKind

    portal_ids = []
    for number in range(count):
        now = system_clock()
        portal_id = str(uuid.uuid4())
        key = f"customer-{number:04}"
        portal = PortalRecord(
            portal_id, workspace_id, WorkspaceKind.SANDBOX, key, Outcome.REQUESTED, now
        )
        await ledger.record_intent(portal, PortalRequest())
        url = Secret(f"https://portal.example/portals/{portal_id}?token=not_a_real_token")
        answer = CustomerPortal(url, key, workspace_id, now, now + LINK_LIFETIME)
        await ledger.record_created(portal_id, CreatedPortal(answer, None))
        portal_ids.append(portal_id)
    return portal_ids


def deliveries(work: Work, portal_ids: Sequence[str], workspace_id: str) -> list[Any]:
    from seam_portal_desktop.domain.message.address import MailAddress, Recipients
    from seam_portal_desktop.domain.message.delivery import (
        Delivery,
        DeliveryContent,
        DeliveryState,
        SendChannel,
    )

    return [
        Delivery(
            delivery_id=str(uuid.uuid4()),
            portal_id=portal_id,
            workspace_id=workspace_id,
            channel=SendChannel.SMTP,
            state=DeliveryState.WAITING,
            at=system_clock(),
            by="benchmark",
            sender_id="benchmark",
            template="Welcome",
            template_version=1,
            message_id=f"<{uuid.uuid4().hex}@{_DOMAIN}>",
            content=DeliveryContent(
                recipients=Recipients(to=(MailAddress(f"guest-{number}@{_DOMAIN}"),)),
                subject="Your portal",
                message=work.message(number),
            ),
        )
        for number, portal_id in enumerate(portal_ids)
    ]


def sender(work: Work, workspace_id: str) -> Any:  # noqa: ANN401
    from seam_portal_desktop.domain.message.address import MailAddress
    from seam_portal_desktop.domain.message.sender import (
        MailAccount,
        Pace,
        Security,
        SenderIdentity,
    )

    pace = Pace(work.connections, None, work.per_minute, None)
    account = MailAccount(work.host, work.port, Security.NONE, username=work.username, pace=pace)
    return SenderIdentity("benchmark", workspace_id, MailAddress(f"ops@{_DOMAIN}"), account)


async def until_sent(outbox: Any) -> None:  # noqa: ANN401
    while outbox.pending.total:  # noqa: ASYNC110 - the outbox has no event for it
        await asyncio.sleep(0.005)


async def with_outbox(work: Work) -> dict[str, float]:
    from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
    from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
    from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
    from seam_portal_desktop.adapters.mail.transport import SmtpTransport
    from seam_portal_desktop.domain.message.delivery import DeliveryState
    from seam_portal_desktop.domain.policy import UNMANAGED
    from seam_portal_desktop.domain.secret import Secret
    from seam_portal_desktop.services.sending.do_not_send import DoNotSendService
    from seam_portal_desktop.services.sending.outbox import Outbox
    from seam_portal_desktop.services.sending.permission import SendingPermission

    identity, secret = sender(work, "ws"), Secret(work.password)

    async def sender_of(_sender_id: str) -> tuple[Any, Secret]:
        return identity, secret

    with tempfile.TemporaryDirectory(prefix="seam-portal-benchmark-") as folder:
        ledger = SqlLedger(
            Path(folder, "ledger.sqlite3"), UrlCipher(SessionSecretStore()), system_clock
        )
        await ledger.open()
        transport = SmtpTransport()
        user = "benchmark"
        rules = UNMANAGED.recipient_rules
        listed = DoNotSendService(ledger, system_clock, user, rules=rules)
        permission = SendingPermission(UNMANAGED, listed)
        outbox = Outbox(ledger, transport, sender_of, permission, system_clock, os_user=user)
        messages = deliveries(work, await fill(ledger, "ws", work.messages), "ws")
        begun = time.perf_counter()
        await outbox.send(messages)
        await until_sent(outbox)
        seconds = time.perf_counter() - begun
        sent = await ledger.deliveries.deliveries_in({DeliveryState.SENT})
        assert len(sent) == work.messages, len(sent)  # noqa: S101
        await outbox.aclose()
        await transport.aclose()
        await ledger.close()
    return {"seconds": seconds}


class Ticks:
    """The times between two ticks on this thread, in seconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=_TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def stop(self) -> list[float]:
        self._tick()
        self._timer.stop()
        return self.gaps

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def in_window(work: Work) -> None:  # noqa: PLR0915 - one script
    from seam_portal_desktop import runtime
    from seam_portal_desktop.adapters.files.preferences import JsonPreferences
    from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
    from seam_portal_desktop.bootstrap.open_session import OpenSession
    from seam_portal_desktop.bootstrap.session import Session, SessionMode
    from seam_portal_desktop.domain.credential import CredentialKind
    from seam_portal_desktop.domain.preferences import PreferencesData
    from seam_portal_desktop.domain.secret import Secret
    from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
    from seam_portal_desktop.paths import app_paths
    from seam_portal_desktop.ui.toolkit.icons import Icons
    from seam_portal_desktop.ui.toolkit.theme import Theme

    workspace_id = "00000000-0000-4000-8000-000000000001"
    workspace = Workspace(workspace_id, "Acme Stays", "Acme", is_sandbox=True)
    connection = WorkspaceConnection(
        "benchmark", "Acme Stays", "http://127.0.0.1:9", CredentialKind.API_KEY, workspace
    )
    folder = tempfile.mkdtemp(prefix="seam-portal-benchmark-")
    paths = app_paths(Path(folder))
    asyncio.run(
        JsonPreferences(paths.preferences).save(
            PreferencesData([connection], connection.connection_id)
        )
    )
    app = runtime.create_application([])
    runtime.collect_garbage_on_this_thread(app)
    theme = Theme(app)
    theme.install()
    session = Session(SessionMode.REAL, paths, theme, Icons(theme))
    session.window.show()
    session.add_list()
    session.complete()

    async def measure(_stop: runtime.StopSignal) -> int:
        opened = OpenSession(session, secret_store=SessionSecretStore())
        await opened.open()
        services = opened.services
        await services.senders.save(sender(work, workspace_id), Secret(work.password))
        idle: list[float] = []
        busy: list[float] = []
        seconds: list[float] = []
        longest = 0.0
        for _round in range(work.rounds):
            portal_ids = await fill(services.ledger, workspace_id, work.messages)
            messages = deliveries(work, portal_ids, workspace_id)
            await asyncio.sleep(1)
            ticks = Ticks()
            await asyncio.sleep(_IDLE_SECONDS)
            idle.append(statistics.quantiles(ticks.stop(), n=100)[98])
            ticks = Ticks()
            begun = time.perf_counter()
            await services.outbox.send(messages)
            await until_sent(services.outbox)
            seconds.append(time.perf_counter() - begun)
            gaps = ticks.stop()
            busy.append(statistics.quantiles(gaps, n=100)[98])
            longest = max(longest, *gaps)
        print_and_end(
            {
                "seconds": statistics.median(seconds),
                "without": statistics.median(idle),
                "with": statistics.median(busy),
                "longest": longest,
            },
            folder,
        )
        return 0

    runtime.run(app, measure)


def print_and_end(report: dict[str, float], folder: str) -> None:
    import shutil

    print(json.dumps(report), flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main() -> None:
    way, work = sys.argv[1], Work(**json.loads(sys.argv[2]))
    if way == "window":
        in_window(work)
    else:
        print(json.dumps(asyncio.run(bare(work) if way == "bare" else with_outbox(work))))


main()
