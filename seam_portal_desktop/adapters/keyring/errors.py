"""Errors of keyrings as errors for the user, by what the user can do about them.

The messages don't offer to work without a keyring: the UI does, where that is possible.

Source: keyring's `errors` module and its backends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from seam_portal_desktop.domain.errors import (
    SecretStoreAbsentError,
    SecretStoreDeniedError,
    SecretStoreError,
    SecretStoreLockedError,
    SecretTooLongError,
)
from seam_portal_desktop.texts import _

_WINDOWS_TOO_LONG = 1783
"""RPC_X_BAD_STUB_DATA: CredWrite's error for a blob above its limit."""

_WINDOWS_NO_LOGON_SESSION = 1312
"""ERROR_NO_SUCH_LOGON_SESSION: services and some remote sessions have no credential set."""

_PLATFORMS = ("linux", "win32", "darwin")

_ABSENT: Mapping[str, str] = {
    "linux": _(
        "Install a keyring service, such as GNOME Keyring or KWallet, or set up its first "
        "keyring, sign in again, then try again."
    ),
    "win32": _(
        "Make sure that the Windows service 'Credential Manager' is running, then try again."
    ),
    "darwin": _("Open Keychain Access and check that there is a login keychain, then try again."),
}
_LOCKED: Mapping[str, str] = {
    "linux": _(
        "Unlock it: open 'Passwords and Keys' or KDE Wallet Manager, or answer the prompt, "
        "then try again."
    ),
    "win32": _("Unlock Windows and answer any open prompt, then try again."),
    "darwin": _(
        "Unlock the login keychain in Keychain Access, or answer the prompt, then try again."
    ),
}
_DENIED: Mapping[str, str] = {
    "linux": _("Allow it at the prompt when you try again."),
    "win32": _("A policy of your company may forbid storing credentials: ask your administrator."),
    "darwin": _("Choose 'Always Allow' at the prompt when you try again."),
}
_TOO_LONG = _("It takes at most 2560 bytes there. Check that nothing else was pasted with it.")


def absent(platform: str, technical: str) -> SecretStoreAbsentError:
    return SecretStoreAbsentError(
        _("No keyring is available"), _for(platform, _ABSENT), technical=technical, can_retry=True
    )


def locked(platform: str, technical: str) -> SecretStoreLockedError:
    return SecretStoreLockedError(
        _("The keyring is locked"), _for(platform, _LOCKED), technical=technical, can_retry=True
    )


def unanswered(platform: str, seconds: float) -> SecretStoreLockedError:
    """The time limit passed. Most likely an unlock prompt is still open."""
    return SecretStoreLockedError(
        _("The keyring did not answer"),
        _("It may be waiting for you to unlock it. {advice}").format(
            advice=_for(platform, _LOCKED)
        ),
        technical=f"no answer within {seconds:g} s",
        can_retry=True,
    )


def denied(platform: str, technical: str) -> SecretStoreDeniedError:
    return SecretStoreDeniedError(
        _("The keyring refused"), _for(platform, _DENIED), technical=technical, can_retry=True
    )


def too_long(technical: str) -> SecretTooLongError:
    return SecretTooLongError(
        _("The secret is too long for this keyring"), _TOO_LONG, technical=technical
    )


def translate(error: Exception, platform: str) -> SecretStoreError:
    """`error` for the user, without its text, which may quote the secret."""
    if isinstance(error, SecretStoreError):
        return error
    technical = type(error).__name__
    winerror = getattr(error, "winerror", None)
    if isinstance(error, OverflowError) or winerror == _WINDOWS_TOO_LONG:
        return too_long(technical)
    if winerror == _WINDOWS_NO_LOGON_SESSION:
        return absent(platform, technical)
    names = _names(error) | _names(error.__cause__)
    for known, make in _BY_NAME:
        if names & known:
            return make(platform, technical)
    return denied(platform, technical)


def _names(error: BaseException | None) -> frozenset[str]:
    """The names of the error's classes, and its D-Bus name without the prefix."""
    classes = {base.__name__ for base in type(error).__mro__}
    on_bus = getattr(error, "name", None)
    return frozenset(classes | {on_bus.rpartition(".")[2]} if isinstance(on_bus, str) else classes)


def _for(platform: str, messages: Mapping[str, str]) -> str:
    """The message of this platform; other Unixes get that of Linux."""
    return messages[platform if platform in _PLATFORMS else "linux"]


_BY_NAME: tuple[tuple[frozenset[str], Callable[[str, str], SecretStoreError]], ...] = (
    (
        frozenset(
            {
                "NoKeyringError",
                "InitError",  # also when its cause is a dismissed prompt: there is no keyring yet
                "SecretServiceNotAvailableException",
                "ServiceUnknown",
                "ImportError",
            }
        ),
        absent,
    ),
    (
        frozenset(
            {
                "KeychainDenied",  # keyring wraps it in KeyringLocked
                "PromptDismissedException",
                "PasswordSetError",
                "PasswordDeleteError",
                "AccessDenied",
            }
        ),
        denied,
    ),
    (frozenset({"KeyringLocked", "LockedException", "IsLocked", "TimeoutError"}), locked),
    (frozenset({"OSError"}), absent),
)
"""By name, because each class is in a library that only some platforms have. The first entry that
matches the error or its cause counts."""
