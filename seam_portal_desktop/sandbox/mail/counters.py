"""What the mail server was asked."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from typing import Any


@dataclass(slots=True)
class MailCounts:
    """How often each thing happened since the server started. Refused commands count as well.

    ``rcpt_by_address`` has the addresses in lower case. ``accepted`` is the number of mails that
    were stored, also where the answer failed afterwards.
    """

    connections: int = 0
    open_connections: int = 0
    most_open_connections: int = 0
    ehlo: int = 0
    starttls: int = 0
    auth_attempts: int = 0
    auth_successes: int = 0
    mail: int = 0
    rcpt: int = 0
    data: int = 0
    quit: int = 0
    accepted: int = 0
    rcpt_by_address: Counter[str] = field(default_factory=Counter)

    def to_wire(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


class MailCounters:
    """Every thread may call :meth:`now`. The others are the server's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = MailCounts()

    def now(self) -> MailCounts:
        """A copy, which doesn't change any more."""
        with self._lock:
            return replace(self._counts, rcpt_by_address=self._counts.rcpt_by_address.copy())

    def add(self, name: str) -> None:
        """Count one event; `name` is an attribute of MailCounts."""
        with self._lock:
            setattr(self._counts, name, getattr(self._counts, name) + 1)

    def add_recipient(self, address: str) -> None:
        with self._lock:
            self._counts.rcpt += 1
            self._counts.rcpt_by_address[address.lower()] += 1

    def connection_opened(self) -> None:
        with self._lock:
            counts = self._counts
            counts.connections += 1
            counts.open_connections += 1
            counts.most_open_connections = max(
                counts.most_open_connections, counts.open_connections
            )

    def connection_closed(self) -> None:
        with self._lock:
            self._counts.open_connections -= 1
