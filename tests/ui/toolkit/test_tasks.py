"""Tasks with an owner: none is lost, each failure is handled, none outlives its scope."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from seam_portal_desktop.ui.toolkit.tasks import TaskScope

pytestmark = pytest.mark.anyio


@pytest.fixture
def failures() -> list[BaseException]:
    return []


@pytest.fixture
def scope(failures) -> TaskScope:
    return TaskScope(failures.append)


class Work:
    """A coroutine that can be held, released and watched."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.state = "new"

    async def run(self) -> str:
        self.state = "running"
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.state = "cancelled"
            raise
        self.state = "done"
        return "result"


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def fail(error: BaseException) -> None:
    await asyncio.sleep(0)
    raise error


async def test_a_failure_reaches_only_the_handler(scope, failures):
    unhandled = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    error = ValueError("x")
    scope.start(fail(error))
    scope.start(fail(error), name="named")
    await turns()
    gc.collect()
    await turns()
    assert failures == [error, error]
    assert not scope.is_running("named")
    assert unhandled == []
    await scope.close()


async def test_one_failure_leaves_the_others_alone(scope, failures):
    work = Work()
    task = scope.start(work.run())
    scope.start(fail(ValueError("x")))
    await turns()
    assert len(failures) == 1
    work.gate.set()
    assert await task == "result"
    await scope.close()


async def test_a_name_preempts_its_predecessor_only(scope, failures):
    first, second, other = Work(), Work(), Work()
    scope.start(first.run(), name="search")
    scope.start(other.run(), name="refresh")
    await turns()
    task = scope.start(second.run(), name="search")
    await turns()
    assert (first.state, second.state, other.state) == ("cancelled", "running", "running")
    assert scope.is_running("search"), "the end of the first doesn't hide the second"
    second.gate.set()
    assert await task == "result"
    await turns()
    assert not scope.is_running("search")
    assert scope.is_running("refresh")
    assert failures == []
    await scope.close()


async def test_what_is_preempted_before_it_began_never_begins(scope):
    first, second = Work(), Work()
    scope.start(first.run(), name="search")
    scope.start(second.run(), name="search")
    await turns()
    assert (first.state, second.state) == ("new", "running")
    await scope.close()


async def test_tasks_without_a_name_do_not_preempt(scope):
    works = [Work() for _ in range(3)]
    for work in works:
        scope.start(work.run())
    await turns()
    assert [work.state for work in works] == ["running"] * 3
    await scope.close()


async def test_cancelling_by_name(scope, failures):
    work = Work()
    scope.start(work.run(), name="search")
    await turns()
    scope.cancel("search")
    scope.cancel("search")
    scope.cancel("never started")
    assert not scope.is_running("search")
    await turns()
    assert work.state == "cancelled"
    assert failures == []
    await scope.close()


async def test_closing_cancels_and_waits_for_the_last_word(scope, failures):
    steps = []

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await turns(5)
            steps.append("tidied")

    async def fail_at_the_end() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError("while closing") from None

    tasks = [scope.start(tidy()), scope.start(tidy(), name="x"), scope.start(fail_at_the_end())]
    await turns()
    await scope.close()
    assert steps == ["tidied", "tidied"]
    assert all(task.done() for task in tasks)
    await turns()
    assert [str(error) for error in failures] == ["while closing"]


async def test_a_task_may_close_its_own_scope(scope, failures):
    other = Work()
    scope.start(other.run())

    async def close() -> str:
        await scope.close()
        return "closed"

    assert await asyncio.wait_for(scope.start(close()), 5) == "closed"
    assert other.state in ("cancelled", "new")
    assert failures == []


async def test_a_closed_scope_starts_nothing_and_fails_at_nothing(scope, failures):
    await scope.close()
    await scope.close()
    work = Work()
    coroutine = work.run()
    task = scope.start(coroutine, name="search")
    assert not scope.is_running("search")
    await turns()
    assert task.cancelled()
    assert coroutine.cr_frame is None, "nothing warns that it was never awaited"
    assert work.state == "new"
    assert failures == []


async def test_a_running_task_is_kept_alive_and_a_finished_one_let_go(scope):
    gate = asyncio.Event()

    async def wait_on_something_that_only_it_holds() -> None:
        own = asyncio.get_running_loop().create_future()
        gate.own = weakref.ref(own)
        await own

    task = weakref.ref(scope.start(wait_on_something_that_only_it_holds()))
    await turns()
    gc.collect()
    assert task() is not None
    gate.own().set_result(None)
    await turns()
    gc.collect()
    assert task() is None
    await scope.close()
