"""The mails that arrived."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

_MAX_TOTAL_SIZE = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail as it came over the wire. `sender` and `recipients` are the envelope's.

    ``sender`` is empty for a bounce. ``client_name`` is what the client greeted as. ``user`` signed
    in, or is None. ``raw`` is the message
    without SMTP's additional dots; each line ends in CRLF.
    """

    mail_id: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    is_encrypted: bool
    client_name: str
    user: str | None
    raw: bytes = field(repr=False)


class MailStore:
    """Every thread may use it. Numbers go on after :meth:`clear`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mails: dict[int, ReceivedMail] = {}
        self._last_id = 0
        self._total_size = 0

    def mails(self) -> tuple[ReceivedMail, ...]:
        """The oldest first."""
        with self._lock:
            return tuple(self._mails.values())

    def mail(self, mail_id: int) -> ReceivedMail | None:
        with self._lock:
            return self._mails.get(mail_id)

    def clear(self) -> None:
        with self._lock:
            self._mails.clear()
            self._total_size = 0

    def has_room(self, size: int) -> bool:
        with self._lock:
            return self._total_size + size <= _MAX_TOTAL_SIZE

    def next_id(self) -> int:
        """A number that no other mail gets."""
        with self._lock:
            self._last_id += 1
            return self._last_id

    def add(self, mail: ReceivedMail) -> None:
        with self._lock:
            self._mails[mail.mail_id] = mail
            self._total_size += len(mail.raw)
