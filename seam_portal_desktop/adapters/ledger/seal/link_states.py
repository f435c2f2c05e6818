"""Which links can be read, as far as the keys are known. Nothing is decrypted for that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.data_key import key_id_in_header
from seam_portal_desktop.domain.portal.record import LinkState


class LinkStates:
    """Tells the states of links, and has the keyring asked for the keys that it met.

    `of` and `ids_of_lost` are called on the ledger's thread. A list never waits for the keyring:
    `on_learned` is called when it has answered, and some states may be others then.
    """

    def __init__(self, cipher: UrlCipher, on_learned: Callable[[], None]) -> None:
        self._cipher = cipher
        self._on_learned = on_learned
        self._unknown: set[str] = set()
        self._given_up: set[str] = set()
        self._request: asyncio.Task[None] | None = None

    def of(self, header: bytes) -> LinkState:
        """The state of the link whose sealed content begins with `header`."""
        key_id = key_id_in_header(header)
        # While the keyring fails, it isn't asked again and again.
        given_up = self._cipher.has_problem and key_id in self._given_up
        if key_id is not None and not given_up and not self._cipher.has_asked_for(key_id):
            self._unknown.add(key_id)
        return self._cipher.link_state(header)

    def ids_of_lost(self, rows: Iterable[Sequence[Any]]) -> list[str]:
        """The portal_ids of the rows of (portal_id, header) whose link can't be read now."""
        return [
            portal_id
            for portal_id, header in rows
            if isinstance(header, bytes)
            and self.of(header) in (LinkState.NOT_KEPT, LinkState.KEY_GONE)
        ]

    def learn(self) -> None:
        """Have the keyring asked, once it was asked for the key of new links."""
        if self._unknown and self._request is None:
            unknown, self._unknown = self._unknown, set()
            self._given_up |= unknown
            self._request = asyncio.create_task(self._cipher.learn(unknown))
            self._request.add_done_callback(self._on_answer)

    def stop(self) -> None:
        """No state is needed now."""
        if self._request is not None:
            self._request.cancel()

    def _on_answer(self, request: asyncio.Task[None]) -> None:
        self._request = None
        if not request.cancelled():
            self._on_learned()
