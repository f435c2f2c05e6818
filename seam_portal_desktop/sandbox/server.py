"""The sandbox as a server on a loopback port."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import uvicorn

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.sandbox.app import create_app
from seam_portal_desktop.sandbox.auth import Credentials
from seam_portal_desktop.sandbox.contract import Contract
from seam_portal_desktop.sandbox.demo.seed import seed
from seam_portal_desktop.sandbox.faults import DroppableConnection, Faults
from seam_portal_desktop.sandbox.state import PORTAL_LIFETIME, WORKSPACE_ID, SandboxState

if TYPE_CHECKING:
    from seam_portal_desktop.sandbox.mail.server import SandboxMailbox

_HOST = "127.0.0.1"
_START_WITHIN = 30.0
_STOP_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Port 0 means a free one; without an ``smtp_port`` there is no mail server.

    ``latency``, ``fail_rate`` and ``rate_limit`` are as in Faults; they are the API's only.
    """

    port: int = 0
    with_demo_data: bool = False
    portal_lifetime: timedelta = PORTAL_LIFETIME
    latency: float = 0.0
    fail_rate: float = 0.0
    rate_limit: float | None = None
    smtp_port: int | None = None


class SandboxPortError(OSError):
    """``port`` can't be used."""

    def __init__(self, port: int, error: OSError) -> None:
        super().__init__(error.errno, error.strerror or str(error))
        self.port = port


class SandboxServer:
    """Serves from its own thread, so that it shares no event loop with the caller.

    ``faults`` are the API's, ``page_faults`` the portal page's. Every thread may read ``state``.
    A server starts once.
    """

    def __init__(self, config: SandboxConfig | None = None, *, clock: Clock = system_clock) -> None:
        config = config or SandboxConfig()
        contract = Contract.load()
        self._port = config.port
        self._smtp_port = config.smtp_port
        self._mailbox: SandboxMailbox | None = None
        if config.smtp_port is not None:
            # Not at the top: the certificate needs a library that takes time to import.
            from seam_portal_desktop.sandbox.mail.server import SandboxMailbox

            self._mailbox = SandboxMailbox(_HOST, clock)
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
                    mailbox=self._mailbox,
                ),
                loop="asyncio",
                http=DroppableConnection,
                ws="none",
                lifespan="off",
                # It would replace the client's address, by which a connection is dropped.
                proxy_headers=False,
                # uvicorn would write portal addresses with their tokens to its access log.
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                date_header=False,  # the sandbox's own clock may differ from the computer's
                timeout_graceful_shutdown=1,
            ),
            self._mailbox,
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

    @property
    def mailbox(self) -> SandboxMailbox:
        """The mail server and what it got. Raises RuntimeError if the config has no smtp_port."""
        if self._mailbox is None:
            raise RuntimeError("The sandbox has no mail server: its config has no smtp_port.")
        return self._mailbox

    @property
    def mailbox_url(self) -> str:
        """The page with the mails."""
        return self.endpoint + self.mailbox.path

    def start(self) -> None:
        """Return when the server accepts calls. Raises SandboxPortError (an OSError) if a port
        can't be used."""
        with ExitStack() as opened:
            listener = opened.enter_context(_listen(self._port))
            if self._mailbox is not None:
                smtp = opened.enter_context(_listen(self._smtp_port or 0))
                smtp_tls = opened.enter_context(_listen(0))
                self._server.mail_listeners = (smtp, smtp_tls)
                self._mailbox.port = smtp.getsockname()[1]
                self._mailbox.tls_port = smtp_tls.getsockname()[1]
            opened.pop_all()  # the server closes them
        self.state.endpoint = f"http://{_HOST}:{listener.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="sandbox", daemon=True
        )
        self._thread.start()
        if not self._server.is_ready.wait(_START_WITHIN):
            raise RuntimeError("The sandbox did not start in time.")

    def stop(self) -> None:
        """Cancel what still runs and end the thread. Does nothing if it isn't running."""
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
    """Sets ``is_ready`` once it accepts calls, for other threads. Runs the mail server as well."""

    def __init__(self, config: uvicorn.Config, mailbox: SandboxMailbox | None) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()
        self.mail_listeners: tuple[socket.socket, socket.socket] | None = None
        self._mailbox = mailbox

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._mailbox is not None and self.mail_listeners is not None:
            await self._mailbox.start(*self.mail_listeners)
        self.is_ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._mailbox is not None:
            await self._mailbox.stop()
        await super().shutdown(sockets)


def _listen(port: int) -> socket.socket:
    # With the protocol's number: only then asyncio switches Nagle's algorithm off. With it, the
    # body of each answer waited 40 ms for the client's acknowledgement of the head.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # A port that was closed a moment ago is free. On Windows this would take a busy port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SandboxPortError(port, error) from error
    return listener
