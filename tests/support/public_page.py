"""Shows a public page in a process of its own, and notes what reaches this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 30
_STUN_COOKIE = bytes.fromhex("2112a442")


@contextmanager
def listener() -> Iterator[SimpleNamespace]:
    """A UDP and a TCP port that record what arrives."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        for one in (udp, tcp):
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        tcp.listen()
        yield SimpleNamespace(
            sockets=(udp, tcp), udp=udp.getsockname()[1], tcp=tcp.getsockname()[1]
        )


def arrivals_at(ports: SimpleNamespace) -> list[str]:
    """The packets and the connections so far."""
    udp, tcp = ports.sockets
    arrivals = []
    with suppress(BlockingIOError):
        while packet := udp.recv(2000):
            arrivals.append("call" if packet[4:8] == _STUN_COOKIE else "packet")
    with suppress(BlockingIOError):
        while connection := tcp.accept()[0]:
            connection.close()
            arrivals.append("connection")
    return arrivals


@contextmanager
def shown(
    url: str, authority: Path, names: Mapping[str, int | str], **variables: str
) -> Iterator[list[list[str]]]:
    """Show the page in another process. Yields a list to which its lines are added.

    `names` are those of `PublicNames`; `variables` are added to the environment.
    """
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.support.show_public_page",
            url,
            str(authority),
            json.dumps(names),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    lines: list[list[str]] = []
    reader = threading.Thread(
        target=lambda: lines.extend(json.loads(line) for line in process.stdout)
    )
    reader.start()
    try:
        yield lines
        process.stdin.close()
        assert process.wait(timeout=TIMEOUT_S) == 0
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def wait_until(condition, *, seconds: float = TIMEOUT_S) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
