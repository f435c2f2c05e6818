"""What the mail server offers and limits, and what it does wrong on request."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase

MAX_MAIL_SIZE = 64 * 1024 * 1024
"""Bytes. A larger mail is refused whatever the rules say: mails are kept in memory."""


class SmtpPhase(StrEnum):
    """The point of a connection at which a fault happens."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    AFTER_DOT = "after_dot"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class MailFault:
    """One failure, which happens `count` times, or always if that is None.

    After ``delay`` (seconds) the server answers `code` with `text`, or it closes the connection
    if ``drop`` is set; with both it answers and then closes. A fault with a delay only makes the
    usual answer late. A `code` below 400 is success in other words.

    ``address`` is for RCPT: an address, or a pattern with ``*`` and ``?``. Capitals don't matter.

    With ``after_effect`` the phase does its work before the delay and the failure: after the dot
    the mail is stored. DATA and STARTTLS give their go-ahead, and then only ``drop`` is possible.

    Raises ValueError for a fault that can't happen.
    """

    phase: SmtpPhase
    code: int | None = None
    text: str = ""
    delay: float = 0.0
    drop: bool = False
    after_effect: bool = False
    address: str | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        if self.code is None and not self.drop and not self.delay:
            raise ValueError("A fault needs a code, a delay, or drop.")
        if self.count is not None and self.count < 1:
            raise ValueError("A fault happens at least once.")
        if self.text and self.code is None:
            raise ValueError("A text needs a code.")
        if self.address is not None and self.phase is not SmtpPhase.RCPT:
            raise ValueError("An address is for the phase rcpt only.")
        if not all(line.isprintable() for line in self.text.split("\n")):
            raise ValueError("The text has control characters.")
        if (
            self.after_effect
            and self.phase in {SmtpPhase.STARTTLS, SmtpPhase.DATA}
            and (self.code is not None or not self.drop)
        ):
            raise ValueError(f"After the go-ahead of {self.phase} only drop is possible.")

    @property
    def is_failure(self) -> bool:
        """False if the phase does its work as usual, perhaps late or with other words."""
        return self.drop or (self.code is not None and self.code >= 400)  # noqa: PLR2004 - SMTP's classes

    def applies_to(self, phase: SmtpPhase, address: str | None) -> bool:
        if phase is not self.phase:
            return False
        if self.address is None:
            return True
        return address is not None and fnmatchcase(address.lower(), self.address.lower())


@dataclass(frozen=True, slots=True)
class MailRules:
    """What the server offers and limits.

    ``size`` is in bytes; None offers no SIZE. ``auth`` are the ways of signing in, `tokens` the
    access tokens that XOAUTH2 takes. ``connections`` is how many may be open at a time.
    ``greylist`` is for how many seconds a recipient gets 450, from the first try on.
    ``idle`` is after how many seconds without a command the server closes a connection.
    """

    starttls: bool = True
    smtputf8: bool = True
    size: int | None = 25 * 1024 * 1024
    auth: tuple[str, ...] = ("PLAIN", "LOGIN", "XOAUTH2")
    auth_required: bool = True
    tokens: tuple[str, ...] = field(default=(), repr=False)
    connections: int | None = None
    mails_per_connection: int | None = None
    mails_per_minute: int | None = None
    greylist: float = 0.0
    idle: float = 300.0


class MailFaults:
    """The present faults and rules. Every thread may change them while the server runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[MailFault] = []
        self._rules = MailRules()

    @property
    def rules(self) -> MailRules:
        return self._rules

    def pending(self) -> tuple[MailFault, ...]:
        """The faults that will still happen. ``count`` is how often."""
        with self._lock:
            return tuple(self._faults)

    def add(self, *faults: MailFault) -> None:
        """Faults of the same phase happen in the order in which they were added."""
        with self._lock:
            self._faults += faults

    def change_rules(self, **changes: object) -> None:
        """Change fields of :class:`MailRules`. They hold from the next command on."""
        with self._lock:
            self._rules = replace(self._rules, **changes)  # type: ignore[arg-type]

    def clear(self) -> None:
        """Remove the faults and use the usual rules again."""
        with self._lock:
            self._faults.clear()
            self._rules = MailRules()

    def take(self, phase: SmtpPhase, address: str | None = None) -> MailFault | None:
        """The fault for this moment. It counts as having happened."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.applies_to(phase, address):
                    if fault.count == 1:
                        del self._faults[index]
                    elif fault.count is not None:
                        self._faults[index] = replace(fault, count=fault.count - 1)
                    return fault
        return None
