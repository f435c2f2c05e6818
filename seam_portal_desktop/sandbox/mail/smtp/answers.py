"""The server's answers, and the faults that change them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from seam_portal_desktop.sandbox.mail.faults import MailFault, MailFaults, SmtpPhase
from seam_portal_desktop.sandbox.mail.smtp.channel import SmtpChannel

CLOSING = 421


class EndOfSession(Exception):  # noqa: N818 - not an error
    """The server closes the connection."""


class SmtpAnswers:
    """Of one connection. The methods raise EndOfSession, and ConnectionError if the client left."""

    def __init__(self, channel: SmtpChannel, faults: MailFaults) -> None:
        self._channel = channel
        self._faults = faults

    async def say(self, code: int, text: str) -> None:
        """Send one or more lines. 421 ends the session."""
        lines = text.split("\n")
        answer = [f"{code}-{line}\r\n" for line in lines[:-1]] + [f"{code} {lines[-1]}\r\n"]
        await self._channel.write("".join(answer).encode())
        if code == CLOSING:
            raise EndOfSession

    async def give(
        self,
        phase: SmtpPhase,
        code: int,
        text: str,
        effect: Callable[[], None] = lambda: None,
        *,
        address: str | None = None,
    ) -> bool:
        """Have the effect and answer, unless a fault says otherwise. False if it failed."""
        fault = self._faults.take(phase, address)
        if fault is None:
            effect()
            await self.say(code, text)
            return True
        if fault.after_effect:
            effect()
        await asyncio.sleep(fault.delay)
        if not fault.after_effect and not fault.is_failure:
            effect()
        await self._say_fault(fault, code, text)
        return not fault.is_failure

    async def go_ahead(self, phase: SmtpPhase, code: int, text: str) -> bool:
        """Answer a command after which something else than a command follows."""
        fault = self._faults.take(phase)
        if fault is None:
            await self.say(code, text)
            return True
        if fault.after_effect:
            await self.say(code, text)
        await asyncio.sleep(fault.delay)
        await self._say_fault(fault, code, text)
        return not fault.is_failure

    async def _say_fault(self, fault: MailFault, code: int, text: str) -> None:
        """Say what the fault says, or else the usual answer, which is `code` and `text`."""
        if fault.code is not None:
            default = f"{fault.code // 100}.0.0 The sandbox was told to answer so."
            await self.say(fault.code, fault.text or default)
        elif not fault.drop:
            await self.say(code, text)
        if fault.drop:
            raise EndOfSession
