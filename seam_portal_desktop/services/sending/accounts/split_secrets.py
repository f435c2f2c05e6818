"""Secrets of mail accounts in the keyring, whatever their length."""

from __future__ import annotations

import re

from seam_portal_desktop.domain.ports import SecretStore
from seam_portal_desktop.domain.secret import Secret

_PIECE = 1_000
"""Characters. Windows keeps 2,560 bytes of UTF-16 in one entry, and sign-ins at Microsoft have up
to 2,000 characters."""

_MOST_PIECES = 20
_COUNT = re.compile(r"\A@(\d{1,2})\n")


class SplitSecrets:
    """The secret of each sender, as ``mail:<sender_id>``, or for this run only.

    A long one goes on in ``mail:<sender_id>:2`` and so on; its first piece begins with ``@``, the
    number of pieces and a line break. Methods raise SecretStoreError.
    """

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._known: dict[str, Secret] = {}
        self._session_only: set[str] = set()

    @property
    def session_only(self) -> frozenset[str]:
        return frozenset(self._session_only)

    async def get(self, sender_id: str) -> Secret | None:
        """None if it isn't there, or not as a whole."""
        if sender_id not in self._known:
            found = await self._read(sender_id)
            if found is None:
                return None
            self._known[sender_id] = found
        return self._known[sender_id]

    async def set(self, sender_id: str, secret: Secret) -> None:
        text = secret.reveal()
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)] or [""]
        if len(pieces) > 1 or _COUNT.match(text):
            pieces[0] = f"@{len(pieces)}\n{pieces[0]}"
        # The first piece is written last: without it the others mean nothing.
        for number in range(len(pieces), 0, -1):
            await self._store.set(_name(sender_id, number), Secret(pieces[number - 1]))
        self._known[sender_id] = secret
        self._session_only.discard(sender_id)

    def set_for_this_run(self, sender_id: str, secret: Secret) -> None:
        self._known[sender_id] = secret
        self._session_only.add(sender_id)

    async def delete(self, sender_id: str) -> None:
        self._known.pop(sender_id, None)
        self._session_only.discard(sender_id)
        first = await self._store.get(_name(sender_id, 1))
        for number in range(_pieces_of(first), 0, -1):
            await self._store.delete(_name(sender_id, number))

    async def _read(self, sender_id: str) -> Secret | None:
        first = await self._store.get(_name(sender_id, 1))
        if first is None:
            return None
        text = _COUNT.sub("", first.reveal())
        for number in range(2, _pieces_of(first) + 1):
            piece = await self._store.get(_name(sender_id, number))
            if piece is None:
                return None
            text += piece.reveal()
        return Secret(text)


def _pieces_of(first: Secret | None) -> int:
    found = None if first is None else _COUNT.match(first.reveal())
    return min(_MOST_PIECES, int(found[1])) if found else 1


def _name(sender_id: str, number: int) -> str:
    return f"mail:{sender_id}" if number == 1 else f"mail:{sender_id}:{number}"
