"""The contract of SecretStore, for fakes and for real keyrings."""

from __future__ import annotations

import asyncio

from seam_portal_desktop.domain.ports import SecretStore
from seam_portal_desktop.domain.secret import Secret


async def check_secret_store(store: SecretStore) -> None:
    """Raise AssertionError if `store`, which must be empty, breaks the contract."""
    first, second = Secret("seam_test_not_a_real_key"), Secret("äöü 🔑\n" * 50)
    assert await store.get("connection/1") is None
    await store.delete("connection/1")

    await store.set("connection/1", first)
    await store.set("connection/2", second)
    assert await store.get("connection/1") == first
    assert await store.get("connection/2") == second

    await store.set("connection/1", second)
    await store.set("connection/2", first)
    assert await store.get("connection/1") == second, "set replaces"
    assert await store.get("connection/2") == first, "names don't mix"

    await store.delete("connection/1")
    assert await store.get("connection/1") is None
    assert await store.get("connection/2") == first

    names = [f"many/{number}" for number in range(5)]
    await asyncio.gather(*(store.set(name, Secret(name)) for name in names))
    assert await asyncio.gather(*map(store.get, names)) == [Secret(name) for name in names]
    for name in (*names, "connection/2"):
        await store.delete(name)
