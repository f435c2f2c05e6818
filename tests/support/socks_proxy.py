"""A SOCKS 5 proxy (RFC 1928, 1929), which connects to hosts by name. All are on this machine."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.connect_proxy import pump


@dataclass
class SocksProxy:
    """`asked` are the hosts that it was asked for; `users` the names and passwords that it got."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)


@contextmanager
def socks_proxy(
    hosts: Mapping[str, int], *, user: str = "", garbage: bytes = b""
) -> Iterator[SocksProxy]:
    """Serve `hosts` (name to local port) until the block ends.

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
                with socket.create_connection(("127.0.0.1", hosts[host])) as there:
                    pump(self.connection, there)

        def _is_known(self):
            self.rfile.read(1)
            name, password = (self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
            proxy.users.append(f"{name}:{password}")
            known = proxy.users[-1] == user
            self.wfile.write(b"\x01\x00" if known else b"\x01\x01")
            return known

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        proxy.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
