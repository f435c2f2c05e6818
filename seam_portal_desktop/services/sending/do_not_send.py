"""The addresses and domains that links of a workspace are never sent to."""

from __future__ import annotations

from collections.abc import Callable

from seam_portal_desktop.domain.clock import Clock, steady_seconds
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.do_not_send import (
    MOST_ENTRIES,
    MOST_REASON,
    DoNotSend,
    DoNotSendList,
    read_target,
)
from seam_portal_desktop.domain.message.recipients.rules import RecipientRules
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.texts import _

_KEPT_SECONDS = 60.0


class DoNotSendRefusedError(UserFacingError):
    """What was typed can't be an entry."""


class DoNotSendService:
    """Keeps the lists in the ledger. Methods raise LedgerError."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        os_user: str,
        *,
        rules: RecipientRules,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._os_user = os_user
        self._rules = rules
        self._steady = steady
        self._kept: dict[str, tuple[float, DoNotSendList]] = {}

    async def read(self, workspace_id: str) -> DoNotSendList:
        """The whole list. The keyring may ask the user for its password first."""
        kept = self._kept
        at, listed = self._steady(), await self._ledger.do_not_send.read(workspace_id)
        kept[workspace_id] = (at, listed)
        return listed

    async def read_lately(self, workspace_id: str) -> DoNotSendList:
        """The whole list, as it was within the last minute. What was changed here is in it."""
        at, listed = self._kept.get(workspace_id, (0.0, None))
        if listed is None or self._steady() - at > _KEPT_SECONDS:
            return await self.read(workspace_id)
        return listed

    async def reason(self, workspace_id: str, address: str) -> str | None:
        """Why nothing is sent to `address`; None if it isn't on the list."""
        entry = (await self.read(workspace_id)).entry_of(address)
        return None if entry is None else entry.reason

    async def add(self, workspace_id: str, target: str, reason: str) -> DoNotSend:
        """Add an address or a domain, or give it another reason.

        Raises DoNotSendRefusedError for what is neither, and without a reason.
        """
        read, problem = read_target(target, self._rules)
        why = " ".join(reason.split())
        if not why:
            problem = problem or _("Say why nothing is sent to it.")
        elif len(why) > MOST_REASON:
            problem = problem or _("A reason has up to {most} characters.").format(most=MOST_REASON)
        if not problem and len((await self.read(workspace_id)).entries) >= MOST_ENTRIES:
            problem = _("The list has up to {most} entries.").format(most=MOST_ENTRIES)
        if problem:
            raise DoNotSendRefusedError(_("This can’t be on the list"), problem)
        entry = DoNotSend(read, why, self._os_user, self._clock())
        await self._ledger.do_not_send.add(workspace_id, entry)
        self._forget()
        return entry

    async def remove(self, workspace_id: str, target: str) -> None:
        """No error if it isn't on the list."""
        await self._ledger.do_not_send.remove(workspace_id, target)
        self._forget()

    async def remove_unreadable(self, workspace_id: str) -> None:
        """Remove the entries whose key is gone."""
        await self._ledger.do_not_send.remove_unreadable(workspace_id)
        self._forget()

    def _forget(self) -> None:
        """The kept lists are old. A read that has begun keeps its result elsewhere."""
        self._kept = {}
