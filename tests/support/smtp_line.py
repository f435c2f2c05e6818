"""SMTP letter by letter, for what no client library would send."""

from __future__ import annotations

import base64
import socket
import ssl


class SmtpLine:
    """A connection to a mail server. Its answers are ``(code, text)``; the first is a greeting."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=10)
        self._file = self._socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def say(self, line: str | bytes) -> tuple[int, str]:
        self.send((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        return self.answer()

    def answer(self) -> tuple[int, str]:
        """The next answer. Raises EOFError if the server has closed the connection."""
        texts = []
        while True:
            try:
                line = self._file.readline()
            except ConnectionError:
                line = b""
            if not line:
                raise EOFError
            texts.append(line[4:].decode().removesuffix("\r\n"))
            if line[3:4] != b"-":
                return int(line[:3]), "\n".join(texts)

    def sign_in(self, user: str, password: str) -> None:
        assert self.say("EHLO localhost")[0] == 250
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        assert self.say(f"AUTH PLAIN {secret}")[0] == 235

    def encrypt(self, context: ssl.SSLContext) -> None:
        """What follows the answer to STARTTLS."""
        self._file.close()
        self._socket = context.wrap_socket(self._socket, server_hostname="localhost")
        self._file = self._socket.makefile("rb")

    def is_closed(self) -> bool:
        """Waits for the server to close the connection. False if it says something."""
        try:
            return not self._file.readline()
        except ConnectionError:
            return True

    def close(self) -> None:
        self._file.close()
        self._socket.close()
