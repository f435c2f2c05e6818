"""How fast an account may send: messages in a minute, recipients in a day."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import Pace
from seam_portal_desktop.texts import _

_MINUTE = 60.0
_DAY = 86_400.0
_SHORTEST = 0.001


class PaceKeeper:
    """Lets messages start no faster than the pace.

    A message counts from the moment its sending has ended. The server counted it at that moment or
    before, so that a minute later it doesn't count there any more.
    """

    def __init__(
        self,
        steady: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        *,
        sent_today: Sequence[float] = (),
    ) -> None:
        """`sent_today` are earlier recipients' times, in `steady`'s seconds, in any order."""
        self.pace = Pace()
        self._steady = steady
        self._sleep = sleep
        self._ended: deque[float] = deque()
        self._under_way = 0
        self._turn = asyncio.Lock()
        self._one_ended = asyncio.Event()
        self._recipients = deque(sorted(sent_today))

    @asynccontextmanager
    async def message(self, recipients: int) -> AsyncIterator[Callable[[], None]]:
        """Wait until one more message may start. The block sends it.

        The block calls the function that it gets when the server counts the message. Raises
        MailError if the day's limit is reached.
        """
        self._check_day(recipients)
        async with self._turn:  # first come, first served
            await self._wait()
            self._under_way += 1
        counted = False

        def count() -> None:
            nonlocal counted
            counted = True

        try:
            yield count
        finally:
            self._under_way -= 1
            self._one_ended.set()
            if counted:
                now = self._steady()
                self._ended.append(now)
                self._recipients.extend([now] * recipients)
                _drop_older(self._recipients, now - _DAY)

    async def _wait(self) -> None:
        limit = self.pace.per_minute
        while limit is not None:
            now = self._steady()
            _drop_older(self._ended, now - _MINUTE)
            if len(self._ended) + self._under_way < limit:
                return
            if self._ended:
                # Not less than a little: rounding may leave nothing to sleep.
                await self._sleep(max(_SHORTEST, self._ended[0] + _MINUTE - now))
            else:  # all of them are under way
                self._one_ended.clear()
                await self._one_ended.wait()

    def _check_day(self, recipients: int) -> None:
        limit = self.pace.per_day
        if limit is None:
            return
        now = self._steady()
        _drop_older(self._recipients, now - _DAY)
        too_many = len(self._recipients) + recipients - limit
        if too_many > 0 and self._recipients:
            oldest = self._recipients[min(too_many, len(self._recipients)) - 1]
            raise MailError(
                _("The account has sent as much as it may for now"),
                _(
                    "Its limit is {limit} recipients in a day, as the sender’s settings have it. "
                    "The message waits and is tried again."
                ).format(limit=limit),
                technical="pace: day",
                can_retry=True,
                trouble=MailTrouble.LATER,
                retry_after=oldest + _DAY - now,
            )


def _drop_older(times: deque[float], oldest: float) -> None:
    while times and times[0] <= oldest:
        times.popleft()
