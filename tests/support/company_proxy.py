"""A company's proxy that connects to hosts by name. All hosts are on this machine."""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class ConnectProxy:
    """`asked` are the header lines of each request."""

    port: int = 0
    asked: list[str] = field(default_factory=list)


@dataclass
class SocksProxy:
    """`asked` are the hosts that it was asked for; `users` the names and passwords that it got."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)


@contextmanager
def connect_proxy(
    hosts: Mapping[str, int], *, password: tuple[str, str] | None = None
) -> Iterator[ConnectProxy]:
    """Serve CONNECT for `hosts` (name to local port) until the block ends.

    Only to clients that sign in, if a name and `password` are given.
    """
    proxy = ConnectProxy()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            lines = []
            while line := self.rfile.readline().decode().strip():
                lines.append(line)
            if not lines:
                return
            proxy.asked.append("\n".join(lines))
            host = lines[0].split()[1].split(":")[0]
            wanted = b64encode(":".join(password or ()).encode()).decode()
            if password and f"Proxy-Authorization: Basic {wanted}" not in lines:
                challenge = 'Proxy-Authenticate: Basic realm="Company"'
                self._answer("407 Proxy Authentication Required", challenge)
            elif host in hosts:
                self._answer("200 Connected")
                _connect(self.connection, hosts[host])
            else:
                self._answer("502 Bad Gateway")

        def _answer(self, status, *headers):
            head = [f"HTTP/1.1 {status}", *headers, *(["Content-Length: 0"] if headers else [])]
            self.wfile.write("\r\n".join([*head, "", ""]).encode())

    with _serve(Handler) as proxy.port:
        yield proxy


@contextmanager
def socks_proxy(
    hosts: Mapping[str, int], *, user: str = "", garbage: bytes = b""
) -> Iterator[SocksProxy]:
    """Serve SOCKS 5 (RFC 1928, 1929) for `hosts` (name to local port) until the block ends.

    With `user` ("name:password") only for that one. With `garbage` it answers nothing but that.
    """
    proxy = SocksProxy()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            _, count = self.rfile.read(2)
            methods = self.rfile.read(count)
            if garbage:
                self.wfile.write(garbage)
                return
            wanted = 2 if user else 0
            if wanted not in methods:
                self.wfile.write(b"\x05\xff")
                return
            self.wfile.write(bytes([5, wanted]))
            if user and not self._is_known():
                return
            _, _, _, kind = self.rfile.read(4)
            assert kind == 3, "a name, which the proxy looks up"
            host = self.rfile.read(self.rfile.read(1)[0]).decode()
            self.rfile.read(2)
            proxy.asked.append(host)
            code = 0 if host in hosts else 4
            self.wfile.write(bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
            if host in hosts:
                _connect(self.connection, hosts[host])

        def _is_known(self):
            self.rfile.read(1)
            name, password = (self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
            proxy.users.append(f"{name}:{password}")
            known = proxy.users[-1] == user
            self.wfile.write(b"\x01\x00" if known else b"\x01\x01")
            return known

    with _serve(Handler) as proxy.port:
        yield proxy


@contextmanager
def _serve(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    """Serve on a free port, which is returned, until the block ends."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _connect(client: socket.socket, port: int) -> None:
    """Connect to that port, and copy bytes both ways until one side ends."""
    with socket.create_connection(("127.0.0.1", port)) as there:
        while True:
            for ready in select.select([client, there], [], [])[0]:
                try:
                    data = ready.recv(65536)
                    (there if ready is client else client).sendall(data)
                except OSError:
                    return
                if not data:
                    return
