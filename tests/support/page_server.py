"""A web server on this machine with the test's own pages."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PORTAL_PAGE = """<!doctype html><html lang="en"><title>Portal</title>
<style>body{margin:0;font:16px sans-serif;background:#0b6e4f;color:#fff}main{padding:24px}</style>
<main><h1>Harbor Hotel</h1><p id="state">Welcome to your rooms.</p></main></html>"""


@dataclass
class Answer:
    """The answer of a path. `hold` keeps the connection open until the server stops.

    `stream` makes a body that is sent piece by piece, for as long as it lasts.
    """

    body: str = PORTAL_PAGE
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hold: bool = False
    drop: bool = False
    stream: Callable[[], Iterator[bytes]] | None = None


@dataclass
class PageServer:
    """Paths that have no entry in `pages` answer with a plain portal page.

    `asked` has the requested paths with their queries, in order. `heads` has those of HEAD
    requests. `posted` has the bodies of POST requests, which get an empty answer.
    """

    port: int = 0
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    posted: list[tuple[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)  # of a path's newest request

    def url(self, path: str = "/portals/0000/home?token=seam_cst_not_a_real_token") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def asked_for(self, path: str) -> bool:
        return any(urlsplit(asked).path == path for asked in self.asked)


def _handler_for(site: PageServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append(self.path)
            site.headers[urlsplit(self.path).path] = dict(self.headers)
            answer = site.pages.get(urlsplit(self.path).path, Answer())
            if answer.hold:
                site.closing.wait()
                return
            if answer.drop:
                return
            body = answer.body.encode()
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html; charset=utf-8", **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            if answer.stream is not None:
                self.end_headers()
                _send_pieces(self.wfile, answer.stream(), site.closing)
                return
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_HEAD(self):
            site.heads.append(self.path)
            self.send_response(200)
            self.end_headers()

        def do_POST(self):
            site.asked.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            site.posted.append((self.path, body.decode()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    return Handler


@contextmanager
def page_server(tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[PageServer]:
    """Serve until the block ends, which also ends connections with `hold`."""
    site = PageServer()

    with ThreadingHTTPServer(("127.0.0.1", port), _handler_for(site)) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            server.shutdown()
            thread.join()


def _send_pieces(out: BinaryIO, pieces: Iterator[bytes], closing: threading.Event) -> None:
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            out.write(piece)
            if closing.is_set():
                return


def self_signed(directory: Path) -> ssl.SSLContext:
    """A server's TLS context with a certificate for localhost without an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = directory / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
