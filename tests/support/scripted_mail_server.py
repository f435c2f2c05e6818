"""A small mail server on loopback that does wrong, in a named phase, what a test asks for."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PASSWORD = "correct horse"
USERNAME = "ops@example.com"
TOKEN = "ya29.made-up-token"

DROP = "drop"
HANG = "hang"
LEAVE = "leave"
"""Close the connection after the answer."""


@dataclass
class _Session:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    is_encrypted: bool
    mails: int = 0


@dataclass
class ScriptedMailServer:
    """Counts what it is asked, and keeps every line that it gets.

    `faults` maps a command (``connect``, ``EHLO``, ``STARTTLS``, ``AUTH``, ``MAIL``, ``RCPT``,
    ``DATA``, ``body``, ``QUIT``, or a whole line) to an answer such as ``550 no``, or to DROP or
    HANG. A list has one for each time; the last one goes on. An empty answer is the usual one.
    """

    tls: ssl.SSLContext | None = None
    is_implicit: bool = False
    extensions: tuple[str, ...] = ("SIZE 1000000", "8BITMIME")
    ways: str = "CRAM-MD5 PLAIN LOGIN XOAUTH2"
    faults: dict[str, str | list[str]] = field(default_factory=dict)
    mails_before_421: int | None = None
    after_starttls: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    clear_lines: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    on_body: Callable[[], None] = lambda: None
    port: int = 0
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _sessions: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ScriptedMailServer]:
        context = self.tls if self.is_implicit else None
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.close_connections()
            for session in tuple(self._sessions):
                session.cancel()
            await asyncio.gather(*self._sessions, return_exceptions=True)

    def close_connections(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def close_idle(self) -> None:
        """As servers do with a connection on which nothing is said for long."""
        for writer in self._writers:
            writer.write(b"421 4.4.2 idle for too long\r\n")
            writer.close()
        self._writers.clear()

    def fault(self, name: str) -> str:
        found = self.faults.get(name, "")
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        self._writers.append(writer)
        try:
            await self._session(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client left, or the test has ended
        finally:
            self._sessions.discard(task)
            writer.transport.abort()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connect"] += 1
        session = _Session(reader, writer, is_encrypted=self.is_implicit)
        goes_on = await self._answer(writer, "connect", "220 mail.example.com ESMTP")
        while goes_on:
            line = (await reader.readuntil(b"\n")).decode("utf-8", "replace").strip()
            self.lines.append(line)
            if not session.is_encrypted:
                self.clear_lines.append(line)
            word = line.split(" ")[0].split(":")[0].upper()
            self.counts[word] += 1
            name = line if line in self.faults else word
            if word in ("STARTTLS", "DATA"):
                goes_on = await self._two_steps(session, name, word)
            else:
                goes_on = await self._answer(writer, name, await self._usual(session, word, line))

    async def _usual(self, session: _Session, word: str, line: str) -> str:
        """The answer without a fault."""
        if word == "EHLO":
            offers = list(self.extensions)
            if self.tls is not None and not session.is_encrypted:
                offers.append("STARTTLS")
            if self.ways:
                offers.append(f"AUTH {self.ways}")
            lines = ["mail.example.com", *offers]
            return "".join(f"250-{each}\r\n" for each in lines) + "250 ENHANCEDSTATUSCODES"
        if word == "AUTH":
            return await self._sign_in(session.reader, session.writer, line)
        if word == "MAIL":
            session.mails += 1
            if self.mails_before_421 is not None and session.mails > self.mails_before_421:
                return "421 4.7.0 enough"
        return "221 bye" if word == "QUIT" else "250 2.0.0 ok"

    async def _two_steps(self, session: _Session, name: str, word: str) -> bool:
        """STARTTLS and DATA: what follows after the answer isn't a command."""
        fault = self.fault(name)
        usual = "220 go ahead" if word == "STARTTLS" else "354 go ahead"
        if word == "STARTTLS" and self.after_starttls:
            usual += f"\r\n{self.after_starttls}"
        if not await self._send(session.writer, fault, usual):
            return False
        if fault and not fault.startswith("354"):
            return True
        if word == "STARTTLS":
            assert self.tls is not None
            await session.writer.start_tls(self.tls)
            session.is_encrypted = True
            return True
        self.messages.append((await session.reader.readuntil(b"\r\n.\r\n"))[:-3])
        self.counts["body"] += 1
        self.on_body()
        return await self._answer(session.writer, "body", "250 2.0.0 queued as 1234")

    async def _sign_in(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str
    ) -> str:
        way = line.split(" ")[1]
        if way == "PLAIN":
            text = base64.b64decode(line.split(" ")[2]).decode("utf-8", "replace")
            _zero, user, password = text.split("\0", 2)
        elif way == "LOGIN":
            given = []
            for prompt in (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n"):
                writer.write(prompt)
                given.append(base64.b64decode(await reader.readline()).decode())
            user, password = given
        elif way == "XOAUTH2":
            text = base64.b64decode(line.split(" ")[2]).decode()
            if f"user={USERNAME}\x01auth=Bearer {TOKEN}\x01\x01" == text:
                return "235 2.7.0 ok"
            writer.write(b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n")
            self.lines.append((await reader.readline()).decode())
            return "535 5.7.8 no"
        else:
            return "504 5.5.4 unknown"
        return "235 2.7.0 ok" if (user, password) == (USERNAME, PASSWORD) else "535 5.7.8 no"

    async def _answer(self, writer: asyncio.StreamWriter, name: str, usual: str) -> bool:
        """False if the connection is closed now."""
        return await self._send(writer, self.fault(name), usual)

    async def _send(self, writer: asyncio.StreamWriter, fault: str, usual: str) -> bool:
        if fault == DROP:
            return False
        if fault == HANG:
            await asyncio.Event().wait()
        closes = fault.startswith(LEAVE)
        text = fault.removeprefix(LEAVE).strip() or usual
        writer.write(text.encode() + b"\r\n")
        await writer.drain()
        return not (closes or text.startswith("421") or usual == "221 bye")
