"""A SOCKS server on this machine's loopback, through which the web engine sends everything.

It has a thread with an event loop of its own, so that neither a busy window slows pages down nor a
busy page the window.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from seam_portal_desktop.ui.preview.network import connect_failure as failure
from seam_portal_desktop.ui.preview.network.connect_failure import ConnectError, ConnectFailure
from seam_portal_desktop.ui.preview.network.connector import Connector, Streams
from seam_portal_desktop.ui.preview.network.local_addresses import is_local_host, normal_host
from seam_portal_desktop.ui.preview.network.upstream import CONNECT, VERSION, read_socks_address

if TYPE_CHECKING:
    import psutil

_REQUEST_S = 10.0
_END_S = 2.0
_CHUNK = 65_536
_BACKLOG = 128
_MOST_CONNECTIONS = 600
_MOST_FAILURES = 500

# RFC 1928. The address in an answer isn't used.
_NO_SIGN_IN = bytes((VERSION, 0))
_CONNECTED = bytes((VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0))
_NOT_CONNECTED = bytes((VERSION, 4, 0, 1, 0, 0, 0, 0, 0, 0))


class PageProxy:
    """`start` begins it, `end` ends it; both return soon.

    ``failures`` has the newest failure of each host and port. `may_be_local` tells whether a local
    host and port may be reached. `on_refused` is called, on the proxy's thread, for those that were
    refused.
    """

    def __init__(
        self,
        create_connector: Callable[[], Connector],
        may_be_local: Callable[[str, int], bool],
        on_refused: Callable[[str, int], None],
    ) -> None:
        self.failures: dict[tuple[str, int], ConnectFailure] = {}
        self.connector = create_connector()
        self._may_be_local = may_be_local
        self._on_refused = on_refused
        self._connections: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None
        self._is_ready = threading.Event()

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> int:
        """Listen, and return the port. Raises OSError."""
        # With its protocol named: else asyncio leaves Nagle's algorithm on, and answers wait 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.bind(("127.0.0.1", 0))
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
        # A daemon, so that a program that fails to end it can end all the same.
        self._thread = threading.Thread(
            target=self._run, args=(listener,), name="preview-network", daemon=True
        )
        self._thread.start()
        return int(listener.getsockname()[1])

    def end(self) -> None:
        """End all connections and the thread. Any thread may call it. Idempotent."""
        if self._thread is None:
            return
        self._is_ready.wait(_END_S)
        if self._loop is not None and self._stopping is not None:
            with contextlib.suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_END_S)

    def _run(self, listener: socket.socket) -> None:
        # On Windows this kind of loop serves 512 sockets at most.
        new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.SelectorEventLoop
        if sys.platform == "win32":
            new_loop = asyncio.ProactorEventLoop
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        self._stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._accept, sock=listener)
        self._is_ready.set()
        await self._stopping.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await asyncio.sleep(0)  # the sockets are closed

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve_client(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            if len(self._connections) <= _MOST_CONNECTIONS:
                await self._handle(reader, writer)
        except (OSError, EOFError, ValueError):
            pass  # either side ended, or the client speaks no SOCKS
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            _close(writer)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_REQUEST_S):
            host, port = await _read_request(reader, writer)
        try:
            client = writer.get_extra_info("peername")
            far_reader, far_writer = await self._open(host, port, client)
        except ConnectError as error:
            self._remember(host, port, error.failure)
            writer.write(_NOT_CONNECTED)
            await writer.drain()
            return
        self.failures.pop((host, port), None)
        try:
            writer.write(_CONNECTED)
            await _join(reader, writer, far_reader, far_writer)
        except asyncio.CancelledError:
            far_writer.transport.abort()
            raise
        finally:
            _close(far_writer)

    async def _open(self, host: str, port: int, client: tuple[str, int]) -> Streams:
        may_be_local = self._may_be_local(host, port)
        if not may_be_local and is_local_host(host):
            raise ConnectError(failure.LOCAL_NETWORK)
        return await self.connector.open(
            host,
            port,
            may_be_local=may_be_local,
            may_sign_in=partial(_is_of_this_program, client[1]),
        )

    def _remember(self, host: str, port: int, reason: ConnectFailure) -> None:
        self.failures.pop((host, port), None)
        while len(self.failures) >= _MOST_FAILURES:
            del self.failures[next(iter(self.failures))]
        self.failures[host, port] = reason
        if reason.code == failure.LOCAL_NETWORK:
            self._on_refused(host, port)


def _is_of_this_program(port: int) -> bool:
    """Whether the engine has the socket with that local port. Takes some milliseconds.

    SOCKS has no password in Chromium, and other users of this computer reach this server too.
    """
    import psutil

    try:
        this = psutil.Process()
        # Finding the children reads all processes of the machine.
        return _has_socket(this, port) or any(
            _has_socket(child, port) for child in this.children(recursive=True)
        )
    except (psutil.Error, OSError):
        return False


def _has_socket(process: psutil.Process, port: int) -> bool:
    return any(each.laddr.port == port for each in process.net_connections("tcp4"))


async def _read_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, int]:
    """The host and port that a SOCKS client wants. Raises ValueError for anything else."""
    version, count = await reader.readexactly(2)
    if version != VERSION:
        raise ValueError("This is not SOCKS 5.")
    await reader.readexactly(count)
    writer.write(_NO_SIGN_IN)
    version, command, _ = await reader.readexactly(3)
    if (version, command) != (VERSION, CONNECT):
        raise ValueError("The client asks for something else than a connection.")
    host, port = await read_socks_address(reader)
    return normal_host(host), port


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """Copy both ways until the engine, behind `reader`, ends the connection. Raises OSError."""
    answers = asyncio.ensure_future(_copy(far_reader, writer))
    try:
        await _copy(reader, far_writer)
    finally:
        # The engine never ends only its own direction.
        answers.cancel()
        await asyncio.gather(answers, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until `reader` ends, then end the writer's direction too."""
    try:
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        _close(writer)
        raise
    if writer.can_write_eof():
        writer.write_eof()


def _close(writer: asyncio.StreamWriter) -> None:
    """Close it when what was written is sent, or after some seconds if the other side hangs."""
    writer.close()
    asyncio.get_running_loop().call_later(_END_S, writer.transport.abort)
