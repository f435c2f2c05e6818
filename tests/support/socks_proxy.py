"""A company's SOCKS proxy, which connects to hosts by name. All hosts are on this machine."""

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
    """`asked` are the wanted hosts and ports, `signed_in` the names and passwords that came."""

    port: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def socks_proxy(
    hosts: Mapping[str, int], *, password: tuple[str, str] | None = None
) -> Iterator[SocksProxy]:
    """Serve CONNECT for `hosts` (name to local port) until the block ends."""
    proxy = SocksProxy()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            _, count = self.rfile.read(2)
            methods = self.rfile.read(count)
            wanted = 2 if password else 0
            if wanted not in methods:
                self.wfile.write(b"\x05\xff")
                return
            self.wfile.write(bytes((5, wanted)))
            if password:
                self.rfile.read(1)
                given = (self._read_field(), self._read_field())
                proxy.signed_in.append(given)
                self.wfile.write(b"\x01\x00" if given == password else b"\x01\x01")
                if given != password:
                    return
            self.rfile.read(3)
            assert self.rfile.read(1) == b"\x03", "the name is to be resolved here"
            host = self._read_field()
            proxy.asked.append((host, int.from_bytes(self.rfile.read(2), "big")))
            if host not in hosts:
                self.wfile.write(b"\x05\x04\x00\x01" + bytes(6))
                return
            self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
            with socket.create_connection(("127.0.0.1", hosts[host])) as there:
                pump(self.connection, there)

        def _read_field(self):
            return self.rfile.read(self.rfile.read(1)[0]).decode()

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
