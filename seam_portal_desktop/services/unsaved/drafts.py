"""Drafts of dialogs: in memory, and kept on this computer for later runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.draft import KEPT_FOR, DraftKind, KeptDraft
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import DraftStore

MOST_DRAFTS = 20
"""The drafts of one dialog in one workspace. The oldest one is deleted for another."""

_SECONDS_TO_END = 5.0

_log = logging.getLogger(__name__)


class DraftService:
    """Drafts are read once. They are written in the background, after `load`.

    A draft is either offered, or shown in an open dialog. ``on_failure`` gets the error of the
    first draft that can't be written.
    """

    def __init__(self, store: DraftStore, clock: Clock) -> None:
        self._store = store
        self.clock = clock
        self._offered: defaultdict[tuple[str, DraftKind], list[KeptDraft]] = defaultdict(list)
        self._known: set[str] = set()
        self._stored: dict[str, KeptDraft] = {}
        self._unsaved: dict[str, KeptDraft] = {}
        self._queue: dict[str, KeptDraft | None] = {}
        self._writer: asyncio.Task[None] | None = None
        self._is_loaded = False
        self._failed: set[str] = set()
        self._subscribers: list[Callable[[], None]] = []
        self.on_failure: Callable[[UserFacingError], None] = lambda _error: None

    async def load(self) -> int:
        """Offer the drafts of earlier runs. Returns how many were found unreadable.

        Call it again when the keyring gives its key after all.
        """
        stored = await self._store.load()
        oldest = self.clock() - KEPT_FOR
        for draft in sorted(stored.drafts, key=lambda draft: draft.kept_at, reverse=True):
            if draft.draft_id in self._known:
                continue
            self._stored[draft.draft_id] = draft
            if draft.kept_at < oldest:
                self.discard(draft.draft_id)
            else:
                self._offer(draft, last=True)
        self._is_loaded = True
        self._queue = {**self._unsaved, **self._queue}
        self._start()
        for notify in list(self._subscribers):
            notify()
        return stored.unreadable

    def subscribe(self, on_loaded: Callable[[], None]) -> Callable[[], None]:
        """Call `on_loaded` after each `load`. The result ends that."""
        self._subscribers.append(on_loaded)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._subscribers.remove(on_loaded)

        return unsubscribe

    def offered(self, workspace_id: str, kind: DraftKind) -> Sequence[KeptDraft]:
        """The drafts that no dialog shows, in the order in which they are offered."""
        return self._offered[workspace_id, kind]

    def take(self, draft: KeptDraft) -> None:
        """A dialog shows it now. It stays stored."""
        self._offered[draft.workspace_id, draft.kind].remove(draft)

    def offer(self, draft: KeptDraft, *, last: bool = False) -> None:
        """The dialog doesn't show it any more."""
        self._offer(draft, last=last)
        self.save(draft)

    def save(self, draft: KeptDraft) -> None:
        """Write it in the background. Of several drafts with one id the last one counts."""
        self._known.add(draft.draft_id)
        if self._stored.get(draft.draft_id) is draft:
            return
        self._unsaved[draft.draft_id] = self._queue[draft.draft_id] = draft
        self._start()

    def discard(self, draft_id: str) -> None:
        """Delete what is stored of it. No error if nothing is."""
        self._known.add(draft_id)
        was_unsaved = self._unsaved.pop(draft_id, None) is not None
        if was_unsaved or self._stored.pop(draft_id, None) is not None:
            self._queue[draft_id] = None
            self._start()

    def lost_at_end(self) -> list[KeptDraft]:
        """The drafts that only the memory has and `aclose` can't save."""
        can_save = self._is_loaded and self._store.has_key
        return [
            draft
            for draft_id, draft in self._unsaved.items()
            if not can_save or draft_id in self._failed or draft_id not in self._queue
        ]

    async def aclose(self) -> None:
        """Write what is left, for a few seconds at most."""
        if self._writer is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._writer, _SECONDS_TO_END)

    def _offer(self, draft: KeptDraft, *, last: bool) -> None:
        self._known.add(draft.draft_id)
        offered = self._offered[draft.workspace_id, draft.kind]
        offered.insert(len(offered) if last else 0, draft)
        while len(offered) > MOST_DRAFTS:
            oldest = min(offered, key=lambda each: each.kept_at)
            offered.remove(oldest)
            self.discard(oldest.draft_id)

    def _start(self) -> None:
        if self._is_loaded and self._queue and (self._writer is None or self._writer.done()):
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._queue:
            draft_id, draft = next(iter(self._queue.items()))
            if draft is None:
                await self._store.delete(draft_id)
                self._failed.discard(draft_id)
            else:
                await self._save(draft)
            if self._queue[draft_id] is draft:
                del self._queue[draft_id]

    async def _save(self, draft: KeptDraft) -> None:
        try:
            is_kept = await self._store.save(draft)
        except UserFacingError as error:
            is_first = not self._failed
            self._failed.add(draft.draft_id)
            if is_first:
                self.on_failure(error)
            return
        except Exception as error:  # noqa: BLE001 - a bug; the other drafts must still be written
            self._failed.add(draft.draft_id)
            _log.error("A draft could not be saved: %s", type(error).__name__)
            return
        self._failed.discard(draft.draft_id)
        if is_kept and self._unsaved.get(draft.draft_id) is draft:
            del self._unsaved[draft.draft_id]
            self._stored[draft.draft_id] = draft
