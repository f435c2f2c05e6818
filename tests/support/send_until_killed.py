"""Sends messages in child processes and kills each at a random moment; the last one may finish.

Arguments: the ledger's folder, the port of a mail server on loopback, and how many are killed.
Prints how many messages were asked for.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.adapters.mail.transport import SmtpTransport
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.message.sender import MailAccount, Pace, Security, SignIn
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.sending.outbox import Outbox
from tests.support.deliveries import SENDER, content, delivery, permission_of
from tests.support.ledger_data import answer, requested
from tests.support.sqlite_ledger import ledger_file
from tests.support.until import until

_MESSAGES = 8
_LONGEST = 0.4  # seconds from a child's start of sending to its end, about


class FileSecretStore:
    """A SecretStore in a file, because each run needs the keys of the one before."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def get(self, name: str) -> Secret | None:
        found = self._read().get(name)
        return None if found is None else Secret(found)

    async def set(self, name: str, secret: Secret) -> None:
        self._path.write_text(json.dumps(self._read() | {name: secret.reveal()}), "utf-8")

    async def delete(self, name: str) -> None:
        raise AssertionError

    def _read(self) -> dict[str, str]:
        return json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}


def ledger_in(folder: Path) -> SqlLedger:
    store = FileSecretStore(folder / "keys.json")
    return SqlLedger(ledger_file(folder), UrlCipher(store), system_clock, os_user="ada")


async def _send(folder: Path, port: int, run: int, begun: int) -> None:
    account = MailAccount(
        "127.0.0.1", port, Security.NONE, SignIn.NONE, pace=Pace(2, None, None, None)
    )
    sender = replace(SENDER, account=account)

    async def sender_of(_sender_id: str):
        return sender, None

    ledger = ledger_in(folder)
    await ledger.open()
    transport = SmtpTransport()
    outbox = Outbox(
        ledger, transport, sender_of, permission_of(ledger), system_clock, os_user="ada"
    )
    await outbox.recover()
    now = system_clock()
    await ledger.record_intent(requested(f"p{run}", requested_at=now), PortalRequest())
    await ledger.record_created(f"p{run}", answer(created_at=now))
    ids = [f"{run}-{number}" for number in range(_MESSAGES)]
    os.write(begun, b"!")
    await outbox.send(
        [
            delivery(each, f"p{run}", at=now, content=content(message=_message(each), subject=each))
            for each in ids
        ]
    )
    await until(lambda: not outbox.pending.total)
    await outbox.aclose()
    await transport.aclose()
    await ledger.close()


def _message(delivery_id: str) -> bytes:
    return f"Message-ID: <{delivery_id}@example.com>\r\nSubject: x\r\n\r\nHello.\r\n".encode()


def _start(folder: Path, port: int, run: int) -> int:
    """Fork a child that sends. Returns once it begins to."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 1
        try:
            asyncio.run(_send(folder, port, run, writing))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    return child


def main() -> None:
    folder, port, kills = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(kills)
    for run in range(kills):
        child = _start(folder, port, run)
        time.sleep(chance.uniform(0, _LONGEST))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    _unused, status = os.waitpid(_start(folder, port, kills), 0)
    assert status == 0, "the last child failed"
    sys.stdout.write(f"{(kills + 1) * _MESSAGES}\n")


if __name__ == "__main__":
    main()
