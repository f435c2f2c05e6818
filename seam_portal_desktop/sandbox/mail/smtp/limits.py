"""Limits that need a memory: mails in a minute, and recipients that were asked before."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from seam_portal_desktop.sandbox.mail.faults import MailRules

_MINUTE = 60.0


class MailPace:
    """Of all connections. A limit counts from when it is set. Used in the server's thread only."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._begun: deque[float] = deque()
        self._first_tries: dict[tuple[str, str], float] = {}

    def allows_mail(self, rules: MailRules) -> bool:
        """Whether one more mail may begin in this minute. If so, it is counted."""
        if rules.mails_per_minute is None:
            self._begun.clear()
            return True
        now = self._monotonic()
        while self._begun and self._begun[0] <= now - _MINUTE:
            self._begun.popleft()
        if len(self._begun) >= rules.mails_per_minute:
            return False
        self._begun.append(now)
        return True

    def is_greylisted(self, sender: str, recipient: str, rules: MailRules) -> bool:
        """Whether this sender must try this recipient again later."""
        if not rules.greylist:
            self._first_tries.clear()
            return False
        now = self._monotonic()
        first = self._first_tries.setdefault((sender.lower(), recipient.lower()), now)
        return now < first + rules.greylist
