"""Asyncio tasks with an owner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

FailureHandler = Callable[[BaseException], None]


class TaskScope:
    """Keeps tasks alive, passes their failures to one handler and cancels what runs on close.

    Starting a task with the name "search" cancels the "search" that still runs. After `close` no
    task runs: a slot that is called late may still call `start`, without an effect or an error.
    """

    def __init__(self, on_failure: FailureHandler) -> None:
        self._on_failure = on_failure
        self._named: dict[str, asyncio.Task[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def is_closed(self) -> bool:
        return self._closed

    def start(
        self, coroutine: Coroutine[Any, Any, Any], *, name: str | None = None
    ) -> asyncio.Task[Any]:
        """Run `coroutine` as a task of this scope. A closed scope cancels it before it begins."""
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        if self._closed:
            task.cancel()
            return task
        if name is not None:
            self.cancel(name)
            self._named[name] = task
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    def cancel(self, name: str) -> None:
        """Cancel the running task of that name, if there is one."""
        task = self._named.pop(name, None)
        if task is not None:
            task.cancel()

    def is_running(self, name: str) -> bool:
        return name in self._named

    async def close(self) -> None:
        """Cancel what still runs and wait until it has ended."""
        self._closed = True
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if self._named.get(task.get_name()) is task:
            del self._named[task.get_name()]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_failure(error)
