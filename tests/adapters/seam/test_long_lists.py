"""Lists of any length are read while they arrive; small answers that unpack to large ones are not.

The memory is Python's own, as tracemalloc counts it, against the size of what was sent.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from seam_portal_desktop.adapters.seam import list_reader
from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway
from seam_portal_desktop.adapters.seam.transport import Limits
from tests.support.gateway_failures import (
    LIMITS,
    PACKED_TWICE,
    REQUEST,
    assert_no_secret,
    failure_of,
)
from tests.support.http_server import Hangup, Reply, ScriptedServer, answer, json_answer
from tests.support.long_lists import send_sessions, session_wire
from tests.support.seam_answers import (
    api_key_credential,
    client_sessions_answer,
    customers_answer,
    customization_profiles_answer,
    device_providers_answer,
)

pytestmark = pytest.mark.anyio

ID = "22222222-2222-4333-8444-{:012}".format


@contextmanager
def peak_memory() -> Iterator[list[int]]:
    """The list gets the most bytes that the block had at a time, without what was there before."""
    peak: list[int] = []
    tracemalloc.start()
    try:
        yield peak
        peak.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_30_000_sessions_are_read_with_little_memory(server, gateway, packed):
    sent: list[int] = []
    server.reply(send_sessions(30_000, sent, packed=packed))
    wanted = ID(29_999)
    with peak_memory() as peak:
        found = await gateway.list_client_sessions(
            keep=lambda session: session.client_session_id == wanted
        )
    assert [session.client_session_id for session in found] == [wanted]
    assert sum(sent) > 10_000_000
    assert peak[0] < sum(sent) / 2


async def test_a_session_is_found_by_its_id_if_the_service_ignores_the_filter(server, gateway):
    server.reply(send_sessions(15_000))
    found = await gateway.list_client_sessions(ID(14_999))
    assert [session.client_session_id for session in found] == [ID(14_999)]
    assert server.requests[0].path.startswith(
        f"/client_sessions/list?client_session_id={ID(14_999)}"
    )


@pytest.mark.parametrize(
    ("method", "payload", "field"),
    [
        ("list_client_sessions", client_sessions_answer(), "client_sessions"),
        ("list_customers", customers_answer(cursor="next"), "customers"),
        ("list_customization_profiles", customization_profiles_answer(), "customization_profiles"),
        ("list_device_providers", device_providers_answer(), "device_providers"),
    ],
)
async def test_every_list_may_be_long(server, gateway, method, payload, field):
    (item, *_) = payload[field]
    payload[field] = [item | {"padding": "x" * 1000}] * 6000
    server.reply(json_answer(payload))
    found = await getattr(gateway, method)()
    assert len(found.customer_keys if method == "list_customers" else found) == 6000
    if method == "list_customers":
        assert found.next_page_cursor == "next"


async def test_above_the_limit_the_error_is_true(server):
    server.reply(send_sessions(15_000))
    gateway = HttpSeamGateway(server.url, api_key_credential, Limits(list_bytes=2_000_000))
    error = await failure_of(gateway.list_client_sessions())
    await gateway.aclose()
    assert error.title == "Seam's list is too long for this program."
    assert "up to 2 MB" in error.message
    assert "Nothing was changed" in error.message
    assert_no_secret(error)


async def test_what_is_kept_is_limited_too(server, gateway, monkeypatch):
    monkeypatch.setattr(list_reader, "MOST_KEPT", 100)
    server.reply(send_sessions(1000), send_sessions(1000))
    error = await failure_of(gateway.list_client_sessions())
    assert error.title == "Seam's list is too long for this program."
    assert await gateway.list_client_sessions(keep=lambda _: False) == []


async def test_one_item_without_an_end(server, gateway):
    def endless(exchange):
        exchange.send(b'HTTP/1.1 200 OK\r\n\r\n{"client_sessions": [{"token": "')
        while True:
            exchange.send(b"x" * 65536)

    server.reply(endless)
    with peak_memory() as peak:
        error = await failure_of(gateway.list_client_sessions())
    assert error.title == "Seam's list is too long for this program."
    assert peak[0] < 12_000_000


def cut_after(count: int) -> Reply:
    def reply(exchange):
        begin = json.dumps({"client_sessions": [session_wire(each) for each in range(count)]})[:-2]
        exchange.send(f"HTTP/1.1 200 OK\r\n\r\n{begin}, ".encode())
        raise Hangup

    return reply


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        (cut_after(3000), "Seam's answer was cut off."),
        (answer(b'{"client_sessions": [{"token": 1}]}'), "Seam's answer lacks something."),
        (answer(b'{"client_sessions": [{}]}'), "Seam's answer lacks something."),
        (answer(b'{"client_sessions": [{}{}]}'), "Seam's answer can't be read."),
        (answer(b'{"client_sessions": []} {}'), "Seam's answer can't be read."),
        (answer(b'{"client_sessions": ["\xff"]}'), "Seam's answer can't be read."),
        (answer(b'{"client_sessions": ' + b"[" * 200_000), "Seam's answer can't be read."),
        (answer(b'{"ok": true}'), "Seam's answer lacks something."),
        (answer(b"[]"), "Seam's answer lacks something."),
    ],
    ids=[
        "cut off",
        "wrong type",
        "an item without its fields",
        "no comma",
        "more after the end",
        "no UTF-8",
        "nested too deeply",
        "no list",
        "no object",
    ],
)
async def test_a_broken_list_is_no_shorter_list(server, gateway, reply, title):
    server.reply(reply)
    error = await failure_of(gateway.list_client_sessions())
    assert error.title == title
    assert_no_secret(error)


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_it_does_not_matter_where_a_list_is_divided(server, gateway, size):
    text = json.dumps(
        {
            "ok": True,
            "number": -12.5e3,
            "client_sessions": [session_wire(0) | {"odd": 'é}]"\\{[', "deep": [{"a": [1]}, 2]}],
            "rest": None,
        },
        ensure_ascii=False,
    ).encode()

    def reply(exchange):
        exchange.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for start in range(0, len(text), size):
            part = text[start : start + size]
            exchange.send(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        exchange.send(b"0\r\n\r\n")

    server.reply(reply)
    (session,) = await gateway.list_client_sessions()
    assert session.client_session_id == ID(0)


async def test_cancelling_in_the_middle_leaves_no_unfinished_generator(server, gateway):
    server.reply(send_sessions(30_000))
    begun = asyncio.Event()

    def keep(_session):
        begun.set()
        return False

    task = asyncio.create_task(gateway.list_client_sessions(keep=keep))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    server.reply(json_answer(client_sessions_answer()))
    assert len(await gateway.list_client_sessions()) == 2


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "gzip, gzip, gzip", "br", "deflate"])
async def test_a_small_body_never_becomes_large(server, gateway, encoding):
    body = PACKED_TWICE
    if encoding == "gzip, gzip, gzip":
        body = gzip.compress(body)
    elif encoding == "gzip":
        body = gzip.decompress(body)
    server.default = answer(body, headers={"content-encoding": encoding})
    with peak_memory() as peak:
        error = await failure_of(gateway.create_portal(REQUEST))
        await failure_of(gateway.list_client_sessions())
    assert error.outcome_unknown
    assert peak[0] < 20_000_000
    assert {each.headers["accept-encoding"] for each in server.requests} == {"gzip"}


async def test_a_packed_answer_is_read(server):
    body = gzip.compress(json.dumps(client_sessions_answer()).encode())
    with ScriptedServer(default=answer(body, headers={"content-encoding": "GZIP"})) as other:
        gateway = HttpSeamGateway(other.url, api_key_credential, LIMITS)
        assert len(await gateway.list_client_sessions()) == 2
        await gateway.aclose()
