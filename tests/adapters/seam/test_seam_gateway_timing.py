"""Calls that are too slow, cancelled, or made after closing; endless bodies."""

from __future__ import annotations

import asyncio
import sys

import pytest

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from seam_portal_desktop.adapters.seam.transport import Limits
from seam_portal_desktop.domain.errors import NetworkError
from tests.support.gateway_failures import REQUEST, failure_of
from tests.support.http_server import answer, endless, stall, stall_until_disconnect
from tests.support.seam_answers import api_key_credential

pytestmark = pytest.mark.anyio


async def test_no_answer_in_time(server):
    server.reply(stall)
    gateway = HttpSeamGateway(server.url, api_key_credential, Limits(read=0.2))
    error = await failure_of(gateway.create_portal(REQUEST))
    assert isinstance(error, NetworkError)
    assert error.title == "Seam took too long to answer."
    assert error.outcome_unknown
    assert not error.can_retry
    await gateway.aclose()


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n", b"x-padding: 1\r\n"),
    ],
    ids=["body", "headers"],
)
async def test_an_answer_that_trickles_beyond_the_overall_limit(server, head, drop):
    def trickle(exchange):
        exchange.send(head)
        while not exchange.wait_for_release(0.02):
            exchange.send(drop)

    server.reply(trickle)
    gateway = HttpSeamGateway(server.url, api_key_credential, Limits(read=5, overall=0.5))
    error = await failure_of(gateway.create_portal(REQUEST))
    assert error.title == "Seam took too long to answer."
    assert error.outcome_unknown
    await gateway.aclose()


async def test_cancelling_closes_the_connection(server, gateway):
    server.reply(stall_until_disconnect)
    task = asyncio.create_task(gateway.create_portal(REQUEST))
    assert await asyncio.to_thread(server.received.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.disconnected.wait, 10)


async def test_closing_ends_a_call_in_flight(server, gateway):
    server.reply(stall_until_disconnect)
    task = asyncio.create_task(failure_of(gateway.create_portal(REQUEST)))
    assert await asyncio.to_thread(server.received.wait, 10)
    await gateway.aclose()
    await gateway.aclose()
    assert (await task).outcome_unknown
    error = await failure_of(gateway.get_workspace())
    assert error.title == "The workspace was closed."


@pytest.mark.parametrize("is_closed", [True, False])
async def test_a_busy_call_can_end_between_two_requests(server, gateway, monkeypatch, is_closed):
    server.default = answer(status=503, headers={"retry-after": "1"})
    waiting, resume = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        assert seconds == 1
        waiting.set()
        await resume.wait()

    monkeypatch.setattr(asyncio, "sleep", sleep)
    task = asyncio.create_task(failure_of(gateway.get_workspace()))
    await waiting.wait()
    if is_closed:
        await gateway.aclose()
        resume.set()
        assert (await task).title == "The workspace was closed."
    else:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(server.requests) == 1


async def test_a_refused_body_leaves_no_unfinished_generator(server, gateway):
    # Qt's event loop, unlike asyncio's own, never finishes them: they would end as warnings.
    begun = []
    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=begun.append)
    try:
        server.reply(endless())
        await failure_of(gateway.create_portal(REQUEST))
    finally:
        sys.set_asyncgen_hooks(*before)
    assert begun
    assert [generator for generator in begun if generator.ag_frame is not None] == []
