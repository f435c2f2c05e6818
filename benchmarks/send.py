"""What sending 500 messages costs: `python benchmarks/send.py`. One line of JSON a claim.

- The time of 500 messages through the outbox, with the ledger that knows each before it leaves,
  against a bare loop of aiosmtplib on as many connections. Both send to the sandbox's mail server
  in a process of its own, and take turns.
- The time of 45 messages to an account of 30 a minute, against the shortest possible time.
- How long the window stands still while 500 messages are sent, against the same window while
  nothing happens.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.alternate import alternate, claim, compile_package, read_options, run

_MESSAGES = 500
_CONNECTIONS = 4
_PER_MINUTE = 30
_PACED = 45
_IDEAL_SECONDS = 60.0  # 30 messages at once, and the rest a minute later
_MOST_STALL_ROUNDS = 3
_FRAME_SECONDS = 1 / 60
_SCRIPT = str(Path(__file__).parent / "support" / "send_messages.py")


def main() -> None:
    samples, _switches = read_options(default=5)
    rounds = min(samples, _MOST_STALL_ROUNDS)
    compile_package()
    with _mail_server() as server:

        def way(name: str, **changes: object) -> list[str]:
            work = {
                **{key: server[key] for key in ("host", "port", "username", "password")},
                "messages": _MESSAGES,
                "connections": _CONNECTIONS,
                "per_minute": None,
                "rounds": rounds,
                **changes,
            }
            return [_SCRIPT, name, json.dumps(work)]

        seen = alternate(samples, {"bare": lambda: way("bare"), "outbox": lambda: way("outbox")})
        claim(
            "send: 500 messages",
            [report["seconds"] for report in seen["outbox"]],
            [report["seconds"] for report in seen["bare"]],
            goal=1.3,
            reference="a bare loop of aiosmtplib on as many connections",
        )
        paced = json.loads(run(way("outbox", messages=_PACED, per_minute=_PER_MINUTE)))
        _print(
            "send: 45 messages to an account of 30 a minute",
            paced["seconds"] / _IDEAL_SECONDS,
            1.1,
            "the shortest possible time, 60 s",
            1,
            ms=round(paced["seconds"] * 1000),
            reference_ms=round(_IDEAL_SECONDS * 1000),
        )
        stalls = json.loads(run(way("window")))
        _print(
            "send: the window's stall (p99) while 500 messages are sent, in frames more",
            (stalls["with"] - stalls["without"]) / _FRAME_SECONDS,
            1,
            "the same window while nothing happens; a frame is 1/60 s",
            rounds,
            ms=round(stalls["with"] * 1000, 1),
            reference_ms=round(stalls["without"] * 1000, 1),
            longest_ms=round(stalls["longest"] * 1000, 1),
        )


@contextmanager
def _mail_server() -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "seam_portal_desktop.sandbox", "--smtp-port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101
        try:
            yield json.loads(process.stdout.readline())["smtp"]
        finally:
            process.terminate()


def _print(
    name: str, ratio: float, goal: float, reference: str, samples: int, **more: object
) -> None:
    line = {
        "name": name,
        "ratio": round(ratio, 3),
        "goal": goal,
        "reference": reference,
        "samples": samples,
        **more,
    }
    print(json.dumps(line), flush=True)


main()
