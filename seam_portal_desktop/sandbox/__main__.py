"""`python -m seam_portal_desktop.sandbox` runs the sandbox in the foreground."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import FrameType

_MAX_PORT = 65535
_LATENCY_LIMIT = 600_000


def _number(name: str, low: float, high: float, *, above: bool = False) -> Callable[[str], float]:
    """A parser of numbers from `low` to `high`; without `low` itself if `above`."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not (low <= value <= high) or (above and value == low):
            raise argparse.ArgumentTypeError(f"{text!r} is not {name}")
        return value

    return parse


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _MAX_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to {_MAX_PORT})")
    return int(text)


def _rate(text: str) -> float:
    return _number("a rate such as 5/s", 0, 1e6, above=True)(text.removesuffix("/s"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m seam_portal_desktop.sandbox",
        description="A stand-in for Seam on this machine. Prints one line of JSON that says how "
        "to reach it, and serves until it is interrupted.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--port", type=_port, default=0, metavar="N", help="the port; 0, the default, takes any"
    )
    parser.add_argument(
        "--latency",
        type=_number("a time in milliseconds", 0, _LATENCY_LIMIT),
        default=0.0,
        metavar="MS",
        help="how long every answer of the API takes, in milliseconds",
    )
    parser.add_argument(
        "--fail-rate",
        type=_number("a share from 0 to 1", 0, 1),
        default=0.0,
        metavar="P",
        help="the share of API calls that fail, from 0 to 1",
    )
    parser.add_argument(
        "--rate-limit", type=_rate, metavar="N/s", help="how many API calls a second are taken"
    )
    parser.add_argument(
        "--expires-in",
        type=_number("a time in seconds", 0, timedelta(days=365).total_seconds(), above=True),
        metavar="SECONDS",
        help="how long a portal link lives; seven days if not given",
    )
    parser.add_argument(
        "--smtp-port",
        type=_port,
        metavar="N",
        help="also serve mail at this port, 0 takes any, and keep what arrives in a mailbox",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 when interrupted, 1 if the port can't be used."""
    options = _parser().parse_args(arguments)
    # Imported after parsing, so that the usage message of a wrong argument is quick.
    from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxPortError, SandboxServer
    from seam_portal_desktop.sandbox.state import PORTAL_LIFETIME

    interrupted = threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        interrupted.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    lifetime = PORTAL_LIFETIME
    if options.expires_in is not None:
        lifetime = timedelta(seconds=options.expires_in)
    server = SandboxServer(
        SandboxConfig(
            port=options.port,
            with_demo_data=True,
            portal_lifetime=lifetime,
            latency=options.latency / 1000,
            fail_rate=options.fail_rate,
            rate_limit=options.rate_limit,
            smtp_port=options.smtp_port,
        )
    )
    try:
        server.start()
    except SandboxPortError as error:
        print(f"Port {error.port} can't be used: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 1
    address: dict[str, object] = {
        "endpoint": server.endpoint,
        "api_key": server.api_key,
        "personal_access_token": server.personal_access_token,
        "workspace_id": server.workspace_id,
    }
    if options.smtp_port is not None:
        mailbox = server.mailbox
        address["smtp"] = {
            "host": mailbox.host,
            "port": mailbox.port,
            "tls_port": mailbox.tls_port,
            "username": mailbox.username,
            "password": mailbox.password,
        }
        address["mailbox_url"] = server.mailbox_url
    print(json.dumps(address), flush=True)  # noqa: T201 - this line is what the command is for
    # On Windows Ctrl+C doesn't end a wait without a time limit.
    while not interrupted.wait(0.5):
        pass
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
