"""Damaged versions of a JSON document, the same ones for the same `random.Random`."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

_HOSTILE = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    -(2**31) - 1,
    2**63,
    10**400,
    1e308,
    float("inf"),
    float("nan"),
    0.5,
    "",
    "0",
    "created",
    "customer_key",
    "\ud800",
    "\0",
    "x" * 20_000,
    "\u202e🏨",
    "AgEAAAD/AAAAAAAAAAE=",
    [],
    {},
    [[[[[[[[[[]]]]]]]]]],
    [1, 2],
    ["", None],
    {"name": 1},
    {"": ""},
)


def damaged_value(value: Any, source: random.Random) -> Any:
    """`value` with one to four of its parts replaced, removed, doubled or moved."""
    root = [copy.deepcopy(value)]
    for _ in range(source.randint(1, 4)):
        parent, key = source.choice(_places(root))
        change = source.randrange(4)
        if change == 0 and parent is not root:
            del parent[key]
        elif change == 1 and isinstance(parent, list) and parent is not root:
            parent.insert(source.randint(0, len(parent)), copy.deepcopy(parent[key]))
        elif change == 2 and isinstance(parent[key], int):
            parent[key] += source.choice((-1, 1, 97, -5000, 10**6))
        else:
            parent[key] = copy.deepcopy(source.choice(_HOSTILE))
    return root[0]


def damaged_text(value: Any, source: random.Random) -> bytes:
    """The JSON text of a damaged `value`, or of `value` with damaged bytes."""
    if source.random() < 0.7:
        return json.dumps(damaged_value(value, source)).encode()
    content = bytearray(json.dumps(value, indent=2).encode())
    for _ in range(source.randint(1, 8)):
        start = source.randrange(len(content))
        end = min(len(content), start + source.choice((1, 1, 1, 16, 200)))
        content[start:end] = source.choice(
            (b"", source.randbytes(end - start), b"\0" * (end - start), b"[" * 5000, b'"', b"9" * 5)
        )
        if not content:
            break
    return bytes(content)


def _places(value: list[Any]) -> list[tuple[Any, Any]]:
    """Each part as the list or object that it is in, and its place there."""
    found: list[tuple[Any, Any]] = []
    waiting: list[Any] = [value]
    while waiting:
        each = waiting.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each))
        for key in keys:
            found.append((each, key))
            if isinstance(each[key], (dict, list)):
                waiting.append(each[key])
    return found
