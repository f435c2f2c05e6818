"""What the ledger knows of its keys: which one seals, and how to tell each from another."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from seam_portal_desktop.adapters.ledger import queries
from seam_portal_desktop.adapters.ledger.schema import meta
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher

_KEY_ID = "current_key_id"
_KEY_CHECK = "key_check/"


class KeyFacts:
    """Facts in the ledger's database, for the keys of `cipher`.

    `read` and `write` are called on the ledger's thread.
    """

    def __init__(self, cipher: UrlCipher) -> None:
        self._cipher = cipher
        self._key_id: str | None = None
        self._check_values: dict[str, str] = {}
        self._samples: list[tuple[str, bytes]] = []

    def read(self, connection: Connection) -> None:
        """Read the facts, and some links as samples of what the keys sealed."""
        rows = connection.execute(select(meta.c.name, meta.c.value))
        facts = {name: value for name, value in rows if isinstance(value, str)}
        self._key_id = facts.get(_KEY_ID)
        self._check_values = {
            name.removeprefix(_KEY_CHECK): value
            for name, value in facts.items()
            if name.startswith(_KEY_CHECK)
        }
        self._samples = [
            (portal_id, bytes(sealed))
            for portal_id, sealed in connection.execute(queries.sealed_samples())
            if isinstance(portal_id, str) and isinstance(sealed, bytes | memoryview)  # not damaged
        ]

    def apply(self) -> None:
        """Let the cipher use what was read."""
        self._cipher.prefer(self._key_id, self._check_values, self._samples)

    def write(self, connection: Connection) -> None:
        """Write the id and check value of the key that new links use, if the keyring has it."""
        key_id, check_value = self._cipher.kept_key_id, self._cipher.check_value
        if key_id is None:
            return
        if check_value is not None and key_id not in self._check_values:
            connection.execute(insert(meta).values(name=_KEY_CHECK + key_id, value=check_value))
            self._check_values[key_id] = check_value
        if key_id == self._key_id:
            return
        connection.execute(delete(meta).where(meta.c.name == _KEY_ID))
        connection.execute(insert(meta).values(name=_KEY_ID, value=key_id))
        self._key_id = key_id
