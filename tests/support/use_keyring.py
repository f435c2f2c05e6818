"""Uses the keyring of its session; a test starts it with or without one.

Prints one JSON object with the outcome: ``ok`` or the name of an error class.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing

from seam_portal_desktop.adapters.keyring.store import KeyringSecretStore
from seam_portal_desktop.domain.errors import SecretStoreError
from seam_portal_desktop.domain.secret import Secret
from tests.support.secret_store_contract import check_secret_store

SECRET = Secret("seam_test_not_a_real_key")


def lock() -> None:
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_default_collection(bus).lock()


async def main(mode: str) -> dict[str, str]:
    store = KeyringSecretStore(timeout=5)
    result = {"backend": await store.backend_name()}
    try:
        if mode == "contract":
            await check_secret_store(store)
            await store.set("kept", SECRET)
            assert await KeyringSecretStore().get("kept") == SECRET, "another store reads it too"
        elif mode == "locked":
            await store.set("kept", SECRET)
            lock()
            assert await store.get("kept") == SECRET, "what was read needs no second prompt"
            await KeyringSecretStore(timeout=5).get("kept")
        else:
            await store.get("kept")
    except SecretStoreError as error:
        return result | {"outcome": type(error).__name__, "shown": str(error)}
    return result | {"outcome": "ok"}


sys.stdout.write(json.dumps(asyncio.run(main(sys.argv[1]))))
