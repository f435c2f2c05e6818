"""Lists of many client sessions, sent while they are made."""

from __future__ import annotations

import json
import zlib
from typing import Any

from tests.support.http_server import Exchange, Hangup, Reply
from tests.support.seam_answers import client_sessions_answer

_AT_A_TIME = 200


def session_wire(number: int) -> dict[str, Any]:
    """The session with this number; its client_session_id and its token end with it."""
    wire = client_sessions_answer()["client_sessions"][0]
    return wire | {
        "client_session_id": f"22222222-2222-4333-8444-{number:012}",
        "token": f"seam_cst_not_a_real_token_{number:012}",
        "customer_key": f"app-user-{number:012}",
    }


def send_sessions(
    count: int,
    sent: list[int] | None = None,
    *,
    packed: bool = False,
    last: dict[str, Any] | None = None,
) -> Reply:
    """A list of so many sessions, then `last`. `sent` gets the number of bytes of each part."""

    template = json.dumps(session_wire(987654321098))  # dumping each would take a minute

    def reply(exchange: Exchange) -> None:
        encoding = b"content-encoding: gzip\r\n" if packed else b""
        exchange.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + encoding + b"\r\n")
        gzip = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)

        def send(text: str) -> None:
            data = text.encode()
            if sent is not None:
                sent.append(len(data))
            exchange.send(gzip.compress(data) if packed else data)

        send('{"client_sessions": [')
        for start in range(0, count, _AT_A_TIME):
            numbers = range(start, min(start + _AT_A_TIME, count))
            items = ",".join(template.replace("987654321098", f"{each:012}") for each in numbers)
            send(("," if start else "") + items)
        if last is not None:
            send(("," if count else "") + json.dumps(last))
        send('], "ok": true}')
        if packed:
            exchange.send(gzip.flush())
        raise Hangup

    return reply
