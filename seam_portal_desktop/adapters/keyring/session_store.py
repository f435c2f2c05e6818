"""Secrets in memory: for the demo, and for 'keep it for this run only'."""

from __future__ import annotations

from seam_portal_desktop.domain.secret import Secret


class SessionSecretStore:
    """SecretStore (see the port) that forgets everything when the program ends."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    async def get(self, name: str) -> Secret | None:
        return self._secrets.get(name)

    async def set(self, name: str, secret: Secret) -> None:
        self._secrets[name] = secret

    async def delete(self, name: str) -> None:
        self._secrets.pop(name, None)
