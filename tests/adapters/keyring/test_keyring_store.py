"""The keyring store: its contract, each way of failing, and real keyrings of all moods."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from seam_portal_desktop.adapters.keyring.session_store import SessionSecretStore
from seam_portal_desktop.adapters.keyring.store import KeyringSecretStore
from seam_portal_desktop.domain.errors import (
    SecretStoreAbsentError,
    SecretStoreDeniedError,
    SecretStoreError,
    SecretStoreLockedError,
    SecretTooLongError,
)
from seam_portal_desktop.domain.secret import Secret
from tests.support.secret_store_contract import check_secret_store
from tests.support.until import until

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
SECRET = Secret("seam_test_not_a_real_key")


class MemoryBackend(KeyringBackend):
    """A keyring in memory, which raises `error` and waits for `gate` when they are set."""

    priority = 0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.calls = 0
        self.error: Exception | None = None
        self.gate: threading.Event | None = None

    def _call(self) -> None:
        self.calls += 1
        if self.gate is not None:
            self.gate.wait(20)
        if self.error is not None:
            raise self.error

    def get_password(self, service, username):
        self._call()
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self._call()
        self.kept[service, username] = password

    def delete_password(self, service, username):
        self._call()
        if (service, username) not in self.kept:
            raise errors.PasswordDeleteError("No such password!")
        del self.kept[service, username]


class ForgetfulBackend(MemoryBackend):
    def set_password(self, service, username, password):
        self._call()


class FileBackend(MemoryBackend):
    """Has the property by which the backends of keyrings.alt name their file."""

    file_path = "/nowhere/plaintext.cfg"


class WindowsError(Exception):
    def __init__(self, winerror: int) -> None:
        super().__init__(winerror)
        self.winerror = winerror


class DBusErrorResponse(Exception):  # noqa: N818 - the bus library's own name
    """Like jeepney's, which keyring lets through."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class KeychainDenied(Exception):  # noqa: N818 - keyring's own name
    pass


class PromptDismissedException(Exception):  # noqa: N818 - secretstorage's own name
    pass


@pytest.fixture
def use_backend():
    """Makes a backend keyring's own for one test."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def backend(use_backend) -> MemoryBackend:
    backend = MemoryBackend()
    use_backend(backend)
    return backend


async def test_the_session_store_keeps_the_contract():
    await check_secret_store(SessionSecretStore())


@pytest.mark.usefixtures("backend")
async def test_the_keyring_store_keeps_the_contract():
    await check_secret_store(KeyringSecretStore())


async def test_a_secret_is_read_once_per_run(backend):
    await KeyringSecretStore().set("a", SECRET)
    backend.calls = 0
    store = KeyringSecretStore()
    found = await asyncio.gather(*(store.get("a") for _ in range(5)), store.get("none"))
    assert found == [SECRET] * 5 + [None]
    await store.get("none")
    assert backend.calls == 2


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (errors.NoKeyringError("x"), SecretStoreAbsentError),
        (errors.InitError("x"), SecretStoreAbsentError),
        (ConnectionRefusedError("x"), SecretStoreAbsentError),
        (ImportError("x"), SecretStoreAbsentError),
        (caused(errors.InitError("x"), PromptDismissedException("x")), SecretStoreAbsentError),
        (PromptDismissedException("x"), SecretStoreDeniedError),
        (DBusErrorResponse("org.freedesktop.DBus.Error.ServiceUnknown"), SecretStoreAbsentError),
        (WindowsError(1312), SecretStoreAbsentError),
        (errors.KeyringLocked("x"), SecretStoreLockedError),
        (TimeoutError("x"), SecretStoreLockedError),
        (DBusErrorResponse("org.freedesktop.Secret.Error.IsLocked"), SecretStoreLockedError),
        (errors.PasswordSetError("x"), SecretStoreDeniedError),
        (errors.KeyringError("x"), SecretStoreDeniedError),
        (caused(errors.KeyringLocked("x"), KeychainDenied("x")), SecretStoreDeniedError),
        (DBusErrorResponse("org.freedesktop.DBus.Error.AccessDenied"), SecretStoreDeniedError),
        (RuntimeError("anything else"), SecretStoreDeniedError),
        (WindowsError(5), SecretStoreDeniedError),
        (WindowsError(1783), SecretTooLongError),
        (OverflowError("x"), SecretTooLongError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else repr(value),
)
@pytest.mark.parametrize("platform", ["linux", "win32", "darwin", "freebsd14"])
async def test_each_failure_has_its_class_and_is_not_remembered(
    backend, raised, expected, platform
):
    store = KeyringSecretStore(platform=platform)
    backend.error = raised
    for call in (store.set("a", SECRET), store.get("a"), store.delete("a")):
        with pytest.raises(expected) as caught:
            await call
        assert type(caught.value) is expected
        assert caught.value.message.endswith(".")
        # That is for a dialog to offer; in a banner or beside a lost link it would be no way on.
        assert "this run" not in caught.value.message
    backend.error = None
    await store.set("a", SECRET)
    assert await store.get("a") == SECRET


async def test_errors_carry_no_secret(backend):
    backend.error = errors.PasswordSetError(f"can't store {SECRET.reveal()}")
    with pytest.raises(SecretStoreDeniedError) as caught:
        await KeyringSecretStore().set("a", SECRET)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.details()
    assert SECRET.reveal() not in shown
    assert caught.value.__context__ is None


async def test_a_prompt_that_nobody_answers(backend):
    """The call gives up in time, the next one too, and the late answer is kept."""
    await KeyringSecretStore().set("a", SECRET)
    backend.gate = threading.Event()
    store = KeyringSecretStore(timeout=0.05)
    try:
        for name in ("a", "b"):
            with pytest.raises(SecretStoreLockedError, match="did not answer"):
                await store.get(name)
    finally:
        backend.gate.set()
    backend.gate = None
    calls = backend.calls
    store._timeout = 20
    assert await store.get("a") == SECRET
    assert backend.calls == calls, "the answer of the abandoned call serves"


def wait_unheard(condition):
    """Wait for what a thread does while the event loop can't hear of it."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize("before", [None, Secret("seam_test_the_former_one")])
@pytest.mark.parametrize("way", ["cancelled", "timed out", "cancelled when it was done"])
async def test_a_secret_that_was_given_up_does_not_stay_in_the_keyring(backend, before, way):
    store = KeyringSecretStore(timeout=0.05 if way == "timed out" else 20)
    if before is not None:
        await KeyringSecretStore().set("a", before)
    kept = dict(backend.kept)
    backend.calls = 0
    backend.gate = threading.Event()
    setting = asyncio.create_task(store.set("a", SECRET))
    await until(lambda: backend.calls, "the prompt is open")
    if way == "cancelled when it was done":
        backend.gate.set()
        wait_unheard(lambda: store._known.get("a") == SECRET)
    if way == "timed out":
        with pytest.raises(SecretStoreLockedError):
            await setting
    else:
        setting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await setting
    backend.gate.set()
    store._timeout = 20
    assert await store.get("a") == before
    assert backend.kept == kept


async def test_a_secret_that_is_given_up_before_its_turn_is_never_written(backend):
    backend.gate = threading.Event()
    store = KeyringSecretStore()
    reading = asyncio.create_task(store.get("b"))
    await until(lambda: backend.calls, "the prompt is open")
    setting = asyncio.create_task(store.set("a", SECRET))
    await asyncio.sleep(0)
    setting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await setting
    backend.gate.set()
    await reading
    assert await store.get("a") is None
    assert backend.kept == {}


async def test_a_stuck_prompt_does_not_keep_the_program_from_exiting():
    code = """
import asyncio, keyring, threading
from tests.adapters.keyring.test_keyring_store import MemoryBackend
from seam_portal_desktop.adapters.keyring.store import KeyringSecretStore
from seam_portal_desktop.domain.errors import SecretStoreLockedError

async def main():
    backend = MemoryBackend()
    backend._call = lambda: threading.Event().wait()
    keyring.set_keyring(backend)
    try:
        await KeyringSecretStore(timeout=0.05).get("a")
    except SecretStoreLockedError:
        print("locked")

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    assert (said, process.returncode) == (b"locked\n", 0)


async def test_what_was_not_kept_is_refused(use_backend):
    use_backend(ForgetfulBackend())
    store = KeyringSecretStore()
    with pytest.raises(SecretStoreDeniedError):
        await store.set("a", SECRET)
    assert await store.get("a") is None


@pytest.mark.parametrize("unusable", [FileBackend, null.Keyring, fail.Keyring])
async def test_backends_that_are_no_keyring_count_as_none(use_backend, unusable):
    backend = unusable()
    use_backend(backend)
    store = KeyringSecretStore()
    for call in (store.set("a", SECRET), store.get("a"), store.delete("a")):
        with pytest.raises(SecretStoreAbsentError):
            await call
    assert await store.backend_name() == "none"
    assert not getattr(backend, "kept", None)


async def test_a_keyring_started_later_is_found(use_backend):
    use_backend(fail.Keyring())
    store = KeyringSecretStore()
    with pytest.raises(SecretStoreAbsentError):
        await store.get("a")
    use_backend(MemoryBackend())
    await store.set("a", SECRET)
    assert "MemoryBackend" in await store.backend_name()


async def test_windows_has_a_limit(use_backend):
    vault = type("WinVaultKeyring", (MemoryBackend,), {"__module__": "keyring.backends.Windows"})
    use_backend(vault())
    store = KeyringSecretStore(platform="win32")
    await store.set("a", Secret("x" * 1280))
    with pytest.raises(SecretTooLongError, match="2560"):
        await store.set("a", Secret("x" * 1281))
    assert await store.get("a") == Secret("x" * 1280)


@pytest.fixture
def in_session(tmp_path):
    """Runs tests/support/use_keyring.py on a private bus, with or without a real keyring."""
    if not shutil.which("dbus-run-session"):
        pytest.skip("dbus-run-session isn't installed")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    kept = ("PATH", "LANG", "LC_ALL")
    environment = {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": str(ROOT),
    }

    def run(mode: str, *, unlocked: bool) -> dict[str, str]:
        client = f"exec '{sys.executable}' tests/support/use_keyring.py {mode}"
        if unlocked:
            if not shutil.which("gnome-keyring-daemon"):
                pytest.skip("gnome-keyring isn't installed")
            client = (
                "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n"
                + client
            )
        done = subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", client],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert SECRET.reveal() not in done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


def test_a_real_keyring_keeps_the_contract(in_session, tmp_path):
    assert in_session("contract", unlocked=True) == {
        "backend": "SecretService.Keyring",
        "outcome": "ok",
    }
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or SECRET.reveal().encode() not in file.read_bytes()


def test_a_real_keyring_that_is_locked(in_session):
    said = in_session("locked", unlocked=True)
    assert said["outcome"] == "SecretStoreLockedError"


def test_a_fresh_session_whose_keyring_was_never_set_up(in_session):
    """Where gnome-keyring is installed the bus starts it, without a collection to use."""
    said = in_session("get", unlocked=False)
    assert said["outcome"] == "SecretStoreAbsentError"


async def test_no_bus_at_all(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "tests/support/use_keyring.py", "get"),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    assert json.loads(said)["outcome"] == "SecretStoreAbsentError"
    assert json.loads(said)["backend"] == "none"


def test_every_failure_is_of_the_ports_family():
    for kind in (
        SecretStoreAbsentError,
        SecretStoreLockedError,
        SecretStoreDeniedError,
        SecretTooLongError,
    ):
        assert issubclass(kind, SecretStoreError)
