"""The sandbox as a running service on a loopback port."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass
from datetime import timedelta

import uvicorn

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.sandbox.app import create_app
from seam_portal_desktop.sandbox.auth import Credentials
from seam_portal_desktop.sandbox.contract import Contract
from seam_portal_desktop.sandbox.faults import Faults
from seam_portal_desktop.sandbox.seed import seed
from seam_portal_desktop.sandbox.state import PORTAL_LIFETIME, WORKSPACE_ID, SandboxState

_HOST = "127.0.0.1"
_START_WITHIN = 30.0
_STOP_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """``port`` 0 takes a free one. ``latency`` is in seconds, ``rate_limit`` in calls per second;
    both and ``fail_rate`` (0 to 1) hold for the API, not for the portal page."""

    port: int = 0
    with_demo_data: bool = False
    portal_lifetime: timedelta = PORTAL_LIFETIME
    latency: float = 0.0
    fail_rate: float = 0.0
    rate_limit: float | None = None


class SandboxServer:
    """Serves from a thread of its own, so that it shares no event loop with the caller.

    ``faults`` are the API's and ``page_faults`` the portal page's; change them at any time.
    ``state`` may be read from any thread. A server starts once.
    """

    def __init__(self, config: SandboxConfig | None = None, *, clock: Clock = system_clock) -> None:
        config = config or SandboxConfig()
        contract = Contract.load()
        self._port = config.port
        self._credentials = Credentials(WORKSPACE_ID)
        self.faults = Faults(
            latency=config.latency, fail_rate=config.fail_rate, rate_limit=config.rate_limit
        )
        self.page_faults = Faults()
        self.state = SandboxState(
            resource_keys=contract.resource_keys,
            clock=clock,
            portal_lifetime=config.portal_lifetime,
        )
        if config.with_demo_data:
            seed(self.state, clock())
        self._server = _Uvicorn(
            uvicorn.Config(
                create_app(
                    contract,
                    self.state,
                    self._credentials,
                    api_faults=self.faults,
                    page_faults=self.page_faults,
                ),
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                # uvicorn would write portal addresses, tokens and all, to its access log.
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def endpoint(self) -> str:
        """Such as ``http://127.0.0.1:49152``; empty before :meth:`start`."""
        return self.state.endpoint

    @property
    def api_key(self) -> str:
        return self._credentials.api_key

    @property
    def personal_access_token(self) -> str:
        return self._credentials.personal_access_token

    @property
    def workspace_id(self) -> str:
        return self._credentials.workspace_id

    def start(self) -> None:
        """Return when calls are taken. Raises OSError when the port can't be had."""
        listener = _listen(self._port)
        self.state.endpoint = f"http://{_HOST}:{listener.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="sandbox", daemon=True
        )
        self._thread.start()
        if not self._server.is_ready.wait(_START_WITHIN):
            raise RuntimeError("The sandbox did not start in time.")

    def stop(self) -> None:
        """Break off what still runs and end the thread. Nothing happens if it isn't running."""
        if self._thread is None:
            return
        self._server.should_exit = True
        self.faults.clear()
        self.page_faults.clear()
        self._thread.join(_STOP_WITHIN)
        if self._thread.is_alive():
            raise RuntimeError("The sandbox did not stop in time.")
        self._thread = None


class _Uvicorn(uvicorn.Server):
    """Says when it is ready to whoever waits in another thread."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A port that was just left is free; on Windows the option would take a busy one.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
