"""A program that is killed while it sends repeats nothing and loses nothing."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
from collections import Counter
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from seam_portal_desktop.domain.message.delivery import DeliveryState
from tests.support.processes import ROOT
from tests.support.send_until_killed import ledger_in

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

KILLS = 50


class SlowServer:
    """Counts what arrives. Each answer takes a few milliseconds."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self._chance = random.Random(7)

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self._chance.uniform(0, 0.01))
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.received[message_from_bytes(envelope.content)["Message-ID"]] += 1
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        return "250 queued"


@pytest.fixture
def server():
    handler = SlowServer()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


async def test_each_message_arrives_once_or_may_have_been_sent(server, tmp_path):
    command = [sys.executable, "-m", "tests.support.send_until_killed"]
    finished = await asyncio.to_thread(
        subprocess.run,
        [*command, str(tmp_path), str(server.port), str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    ledger = ledger_in(tmp_path)
    await ledger.open()
    found = await ledger.deliveries.deliveries_in(set(DeliveryState))
    await ledger.close()

    states = {each.message_id: each.state for each in found}
    assert set(server.received) <= set(states)
    assert max(server.received.values()) == 1
    assert set(states.values()) <= {DeliveryState.SENT, DeliveryState.MAYBE_SENT}
    sent = {name for name, state in states.items() if state is DeliveryState.SENT}
    assert sent <= set(server.received)
    doubtful = len(states) - len(sent)
    assert 0 < doubtful < len(states) / 2, "some were killed on their way, and most weren't"
    assert len(states) <= int(finished.stdout) >= len(sent)
