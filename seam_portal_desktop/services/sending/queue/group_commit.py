"""Writes what several tasks hand in with one commit: a commit takes a disk milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupCommit(Generic[Item, Result]):
    """While `commit` runs, further items gather for the next call of it.

    `commit` returns one result for all of its items.
    """

    def __init__(self, commit: Callable[[Sequence[Item]], Awaitable[Result]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Result:
        """Wait until `item` is durable. Raises what `commit` raises.

        A caller that is cancelled doesn't take its item back.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await future

    async def drain(self) -> None:
        """Wait until everything that was handed in is written, or has failed."""
        while self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                result = await self._commit([item for item, _ in group])
            except Exception as error:  # noqa: BLE001 - raised where each item is awaited
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
            else:
                for _, future in group:
                    if not future.done():
                        future.set_result(result)
        self._task = None
