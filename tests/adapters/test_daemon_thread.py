"""Blocking calls in a daemon thread: order, cancellation, interruption."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from seam_portal_desktop.adapters.daemon_thread import DaemonThread

pytestmark = pytest.mark.anyio


@pytest.fixture
def thread():
    thread = DaemonThread("test")
    yield thread
    thread.stop()


@pytest.fixture
def busy(thread):
    """Blocks the thread until `release` is called. Awaiting it waits until that begins."""
    gate = threading.Event()
    occupied = asyncio.Event()

    class Busy:
        release = staticmethod(gate.set)

        async def start(self, **options) -> asyncio.Task[None]:
            loop = asyncio.get_running_loop()

            def work() -> None:
                loop.call_soon_threadsafe(occupied.set)
                gate.wait(20)

            task = asyncio.ensure_future(thread.run(work, **options))
            await occupied.wait()
            return task

    yield Busy()
    gate.set()


async def cancel(task: asyncio.Task) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_calls_run_in_order_off_the_caller_s_thread(thread):
    seen = []
    await asyncio.gather(*(thread.run(lambda n=n: seen.append(n)) for n in range(50)))
    assert seen == list(range(50))
    assert await thread.run(threading.current_thread) is not threading.current_thread()
    assert (await thread.run(threading.current_thread)).daemon


async def test_an_error_reaches_the_caller(thread):
    with pytest.raises(KeyError):
        await thread.run(lambda: {}["missing"])
    assert await thread.run(lambda: "next") == "next"


async def test_a_queued_call_is_dropped_only_if_it_is_abandonable(thread, busy):
    seen = []
    occupying = await busy.start()
    write = asyncio.ensure_future(thread.run(lambda: seen.append("write")))
    read = asyncio.ensure_future(thread.run(lambda: seen.append("read"), abandonable=True))
    await asyncio.sleep(0)
    await cancel(write)
    await cancel(read)
    busy.release()
    await occupying
    await thread.run(lambda: None)
    assert seen == ["write"]


async def test_a_running_call_is_interrupted_only_if_it_is_abandonable(thread, busy):
    interrupted = []

    def interrupt() -> None:
        interrupted.append(True)
        busy.release()

    await cancel(await busy.start(abandonable=True, interrupt=interrupt))
    await thread.run(lambda: None)
    assert interrupted == [True]


async def test_a_write_is_never_interrupted(thread, busy):
    interrupted = []
    await cancel(await busy.start(interrupt=lambda: interrupted.append(True)))
    busy.release()
    await thread.run(lambda: None)
    assert interrupted == []


async def test_a_failure_after_cancelling_is_logged_without_its_text(thread, busy, caplog):
    def fail() -> None:
        raise ValueError("seam_test_not_a_real_key")

    occupying = await busy.start()
    task = asyncio.ensure_future(thread.run(fail))
    await asyncio.sleep(0)
    await cancel(task)
    with caplog.at_level(logging.ERROR):
        busy.release()
        await occupying
        await thread.run(lambda: None)
    assert "ValueError" in caplog.text
    assert "seam_test" not in caplog.text


async def test_a_stopped_thread_ends_and_another_one_starts(thread):
    first = await thread.run(threading.current_thread)
    thread.stop()
    first.join(20)
    assert not first.is_alive()
    assert await thread.run(lambda: "again") == "again"
