"""How the program and the process that renders templates talk: JSON after its length."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

MEMORY_LIMIT = 512 * 1024 * 1024
"""Bytes that the process may use. An ordinary message needs a tenth of it, mostly for Python."""

_LENGTH = struct.Struct(">I")
_LONGEST = 64 * 1024 * 1024


def read_frame(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message; None at the end of the stream. Raises OSError and ValueError."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LONGEST:
        raise ValueError("This message is too long.")
    body = stream.read(length)
    if len(body) < length:
        return None
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("This is no message.")  # noqa: TRY004 - of the other side
    return message


def write_frame(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Raises OSError."""
    body = json.dumps(message).encode("ascii")
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()
