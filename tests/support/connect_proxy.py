"""A company's proxy, which connects to hosts by name. All hosts are on this machine."""

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
                with socket.create_connection(("127.0.0.1", hosts[host])) as there:
                    pump(self.connection, there)
            else:
                self._answer("502 Bad Gateway")

        def _answer(self, status, *headers):
            head = [f"HTTP/1.1 {status}", *headers, *(["Content-Length: 0"] if headers else [])]
            self.wfile.write("\r\n".join([*head, "", ""]).encode())

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


def pump(one: socket.socket, other: socket.socket) -> None:
    """Copy bytes both ways until one side ends."""
    while True:
        for ready in select.select([one, other], [], [])[0]:
            try:
                data = ready.recv(65536)
                (other if ready is one else one).sendall(data)
            except OSError:
                return
            if not data:
                return
