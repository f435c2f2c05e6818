"""Secrets in the system's keyring, through the keyring library, or in memory for one run."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from seam_portal_desktop.adapters.daemon_thread import DaemonThread
from seam_portal_desktop.adapters.keyring import errors as keyring_errors
from seam_portal_desktop.domain.errors import SecretStoreError
from seam_portal_desktop.domain.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

_log = logging.getLogger(__name__)

_WINDOWS_LIMIT = 2560
"""Bytes of UTF-16 that a Windows credential holds (CRED_MAX_CREDENTIAL_BLOB_SIZE)."""


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


class KeyringSecretStore:
    """SecretStore (see the port) over the system's keyring, never over a plaintext file.

    Any call may wait for the user at a prompt. So all of them run in one daemon thread, one at a
    time, each for at most `timeout` seconds. Secrets that were read are cached for the run, so
    that the user answers one prompt, not ten.
    """

    def __init__(
        self,
        service_name: str = "seam-portal-desktop",
        *,
        timeout: float = 60.0,
        platform: str = sys.platform,
    ) -> None:
        self._service_name = service_name
        self._timeout = timeout
        self._platform = platform
        self._thread = DaemonThread("keyring")
        self._backend: KeyringBackend | None = None
        self._known: dict[str, Secret | None] = {}

    async def get(self, name: str) -> Secret | None:
        if name in self._known:
            return self._known[name]

        def work() -> Secret | None:
            if name not in self._known:  # an earlier call in the queue may have read it
                text = self._usable_backend().get_password(self._service(name), name)
                self._known[name] = None if text is None else Secret(text)
            return self._known[name]

        return await self._call(work)

    async def set(self, name: str, secret: Secret) -> None:
        """See the port. After a timeout or a cancelled call the earlier secret is restored."""
        replaced: list[str | None] = []

        def work() -> None:
            backend = self._usable_backend()
            if self._is_too_long(backend, secret):
                raise keyring_errors.too_long("above the size limit")
            before = backend.get_password(self._service(name), name)
            self._known.pop(name, None)
            backend.set_password(self._service(name), name, secret.reveal())
            replaced.append(before)
            # Some services accept a secret and drop it, so it is read back.
            kept = backend.get_password(self._service(name), name)
            if kept is None or Secret(kept) != secret:
                raise keyring_errors.denied(self._platform, "not there when read back")
            self._known[name] = secret

        def undo() -> None:
            for before in replaced:  # empty if nothing was written
                self._put_back(name, before)

        def give_up() -> None:
            self._known.pop(name, None)
            self._thread.post(undo)  # runs after the call has ended

        await self._call(work, give_up)

    async def delete(self, name: str) -> None:
        def work() -> None:
            backend = self._usable_backend()
            self._known.pop(name, None)
            if backend.get_password(self._service(name), name) is not None:
                backend.delete_password(self._service(name), name)
            self._known[name] = None

        await self._call(work)

    async def backend_name(self) -> str:
        """The backend's class for diagnostics, such as ``SecretService.Keyring``, or ``none``."""

        def work() -> str:
            kind = type(self._usable_backend())
            return f"{kind.__module__.removeprefix('keyring.backends.')}.{kind.__qualname__}"

        try:
            return await self._call(work)
        except SecretStoreError:
            return "none"

    async def _call(self, work: Callable[[], T], give_up: Callable[[], None] | None = None) -> T:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._thread.run(lambda: self._guarded(work), abandonable=True)
        except (TimeoutError, asyncio.CancelledError) as given_up:
            if give_up is not None:
                give_up()
            if isinstance(given_up, asyncio.CancelledError):
                raise
        raise keyring_errors.unanswered(self._platform, self._timeout)

    def _put_back(self, name: str, before: str | None) -> None:
        self._known.pop(name, None)
        try:
            backend = self._usable_backend()
            if before is not None:
                backend.set_password(self._service(name), name, before)
            elif backend.get_password(self._service(name), name) is not None:
                backend.delete_password(self._service(name), name)
        except Exception as error:  # noqa: BLE001 - backends raise what their libraries raise
            _log.warning("A secret stayed in the keyring: %s", type(error).__name__)

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - backends raise what their libraries raise
            wanted = keyring_errors.translate(error, self._platform)
        raise wanted  # outside the handler, or its __context__ would hold the original

    def _service(self, name: str) -> str:
        """A service per secret: with a shared one, Windows moves the other secrets' entries."""
        return f"{self._service_name}/{name}"

    def _usable_backend(self) -> KeyringBackend:
        """The system's best keyring, looked up again after a failure: it may run by now."""
        if self._backend is None:
            try:
                usable = _find_backend()
            except Exception as error:  # noqa: BLE001 - a backend named by the user may do anything
                raise keyring_errors.absent(self._platform, type(error).__name__) from None
            if usable is None:
                raise keyring_errors.absent(self._platform, "no backend that keeps secrets")
            self._backend = usable
        return self._backend

    def _is_too_long(self, backend: KeyringBackend, secret: Secret) -> bool:
        if type(backend).__module__ != "keyring.backends.Windows":
            return False
        return len(secret.reveal().encode("utf-16-le")) > _WINDOWS_LIMIT


def _find_backend() -> KeyringBackend | None:
    import keyring
    from keyring.backend import KeyringBackend, by_priority
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    if not isinstance(chosen, ChainerBackend) and _is_safe(chosen):
        return chosen
    if keyring.core.load_env() is not None or keyring.core.load_config() is not None:
        return None  # the user named a backend that is no keyring: no other one is used instead
    # keyring remembers its first result, which may have been none. Its chainer would call each
    # backend in turn, and each may show a prompt.
    viable = [
        kind()
        for kind in KeyringBackend.get_viable_backends()
        if not issubclass(kind, ChainerBackend)
    ]
    return max(filter(_is_safe, viable), key=by_priority, default=None)


def _is_safe(backend: KeyringBackend) -> bool:
    """Whether it is a keyring: neither a backend that does nothing, nor one that writes a file.

    The file backends of keyrings.alt and keyrings.cryptfile have an attribute `file_path`.
    """
    module = type(backend).__module__
    if module in ("keyring.backends.fail", "keyring.backends.null"):
        return False
    return not module.startswith("keyrings.alt") and not hasattr(type(backend), "file_path")
