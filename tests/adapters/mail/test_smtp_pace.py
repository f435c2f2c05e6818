"""An account's pace is kept: connections, messages a connection, a minute and a day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.adapters.mail.pace import PaceKeeper
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.sender import MailAccount, Pace
from tests.support.mail_sending import ANN, BOB, account_of, sending, transport_of
from tests.support.scripted_mail_server import ScriptedMailServer

NO_LIMITS = Pace(connections=2, mails_per_connection=None, per_minute=None)


class FakeTime:
    """Seconds that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def steady(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        wake = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, wake)


@pytest.mark.anyio
async def test_no_more_connections_than_the_account_takes() -> None:
    open_ones: list[int] = []
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        account = account_of(server, pace=NO_LIMITS)

        async def look() -> None:
            open_ones.append(server.counts["connect"])
            await asyncio.sleep(0)

        await asyncio.gather(
            *(sending(transport, account, before_body=look) for _unused in range(20))
        )
        assert server.counts["body"] == 20
        assert server.counts["connect"] == 2
        assert server.counts["AUTH"] == 2


@pytest.mark.anyio
async def test_a_connection_ends_after_so_many_messages() -> None:
    async with ScriptedMailServer().running() as server, transport_of() as transport:
        account = account_of(server, pace=Pace(1, mails_per_connection=3, per_minute=None))
        for _unused in range(7):
            await sending(transport, account)
        assert server.counts["connect"] == 3
        assert server.counts["QUIT"] == 2


@pytest.mark.anyio
async def test_idle_connections_are_closed_after_a_while() -> None:
    time = FakeTime()
    options: dict[str, Any] = {"steady": time.steady}
    async with ScriptedMailServer().running() as server, transport_of(**options) as transport:
        account = account_of(server, pace=NO_LIMITS)
        await sending(transport, account)
        time.now += 60
        await sending(transport, account)
        assert server.counts["connect"] == 1
        time.now += 100
        await sending(transport, account)
        assert server.counts["connect"] == 2


@pytest.mark.anyio
async def test_thirty_a_minute_take_no_longer_than_they_must() -> None:
    """The server counts in a window of 60 seconds, from when it gets MAIL."""
    time = FakeTime()
    times: list[float] = []
    options: dict[str, Any] = {"steady": time.steady, "sleep": time.sleep}

    async def note() -> None:
        time.now += 0.01  # a message takes a moment
        times.append(time.now)

    async with ScriptedMailServer().running() as server, transport_of(**options) as transport:
        account = account_of(server, pace=Pace(2, per_minute=30))
        await asyncio.gather(
            *(sending(transport, account, before_body=note) for _unused in range(100))
        )
    times.sort()
    for first, later in zip(times, times[30:], strict=False):
        assert later - first >= 60
    assert times[-1] - times[0] <= 180 * 1.1


@given(
    limit=st.integers(1, 20),
    connections=st.integers(1, 5),
    durations=st.lists(st.floats(0, 30), min_size=1, max_size=60),
)
def test_in_any_minute_there_are_no_more_than_the_limit(
    limit: int, connections: int, durations: list[float]
) -> None:
    """Whatever the moment between start and end at which the server counts a message."""
    starts: list[float] = []
    ends: dict[int, float] = {}
    time = FakeTime()

    async def run() -> None:
        keeper = PaceKeeper(time.steady, time.sleep)
        keeper.pace = Pace(connections, per_minute=limit)
        turns = asyncio.Semaphore(connections)

        async def one(duration: float) -> None:
            async with turns, keeper.message(1) as count:
                count()
                number = len(starts)
                starts.append(time.now)
                await asyncio.sleep(0)
                time.now += duration
                ends[number] = time.now

        await asyncio.gather(*map(one, durations))

    asyncio.run(run())
    assert len(ends) == len(durations)
    for number, start in enumerate(starts):
        before = sum(ends[each] + 60 - start > 0 for each in range(number))
        assert before < limit


@pytest.mark.anyio
async def test_the_limit_of_a_day_counts_recipients_and_those_of_earlier_runs() -> None:
    time = FakeTime()
    now = datetime(2027, 5, 4, 12, tzinfo=UTC)
    asked: list[datetime] = []

    async def sent_since(_account: MailAccount, since: datetime) -> Sequence[datetime]:
        asked.append(since)
        return [now - timedelta(hours=23), now - timedelta(hours=1)]

    options: dict[str, Any] = {
        "steady": time.steady,
        "clock": lambda: now,
        "sent_since": sent_since,
    }
    async with ScriptedMailServer().running() as server, transport_of(**options) as transport:
        account = account_of(server, pace=Pace(per_minute=None, per_day=4))
        await sending(transport, account, ANN, BOB)
        with pytest.raises(MailError) as caught:
            await sending(transport, account)
        assert caught.value.trouble is MailTrouble.LATER
        assert caught.value.retry_after == 3_600
        time.now += 3_601
        await sending(transport, account)
        assert asked == [now - timedelta(days=1)]
        assert server.counts["body"] == 2


@pytest.mark.anyio
async def test_what_was_sent_counts_on_when_the_pace_is_changed() -> None:
    time = FakeTime()
    options: dict[str, Any] = {"steady": time.steady, "sleep": time.sleep}
    async with ScriptedMailServer().running() as server, transport_of(**options) as transport:
        for limit in (2, 3):
            account = account_of(server, pace=Pace(per_minute=limit))
            await sending(transport, account)
            await sending(transport, account)
        assert time.now == 1_060


@pytest.mark.anyio
async def test_what_the_server_never_saw_doesnt_count() -> None:
    time = FakeTime()
    options: dict[str, Any] = {"steady": time.steady, "sleep": time.sleep}
    server = ScriptedMailServer(faults={"connect": ["554 no", "554 no", ""]})
    async with server.running(), transport_of(**options) as transport:
        account = account_of(server, pace=Pace(per_minute=1))
        for _unused in range(2):
            with pytest.raises(MailError):
                await sending(transport, account)
        await sending(transport, account)
        assert time.now == 1_000
