"""Signing in: PLAIN (RFC 4616), LOGIN and XOAUTH2 (Google's and Microsoft's)."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from seam_portal_desktop.sandbox.mail.faults import MailRules
from seam_portal_desktop.sandbox.mail.smtp.commands import SmtpReplyError

Ask = Callable[[bytes], Awaitable[bytes]]
"""Sends 334 with this text, and returns the client's line. Both are without base64."""

_XOAUTH2 = re.compile(r"user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01\Z", re.IGNORECASE)
_XOAUTH2_FAILED = json.dumps({"status": "400", "schemes": "bearer", "scope": "smtp.send"}).encode()


@dataclass(frozen=True, slots=True)
class SmtpLogin:
    """Who may sign in by password, and by an access token of the rules."""

    username: str
    password: str

    async def user(self, argument: str, rules: MailRules, ask: Ask) -> str | None:
        """Who signs in with ``AUTH argument``; None if password or token is wrong.

        Raises SmtpReplyError for what isn't understood.
        """
        way, _, first = argument.partition(" ")
        way = way.upper()
        if way not in rules.auth:
            raise SmtpReplyError(504, "5.5.4 This way of signing in is not offered.")
        initial = decode(first.encode()) if first else None
        if way == "PLAIN":
            parts = (await ask(b"") if initial is None else initial).split(b"\0")
            if len(parts) != 3:  # noqa: PLR2004 - identity, user, password
                raise SmtpReplyError(501, "5.5.2 The credentials are not in PLAIN's form.")
            return self._checked(parts[1], parts[2])
        if way == "LOGIN":
            user = await ask(b"Username:") if initial is None else initial
            return self._checked(user, await ask(b"Password:"))
        return await self._token(await ask(b"") if initial is None else initial, rules, ask)

    async def _token(self, given: bytes, rules: MailRules, ask: Ask) -> str | None:
        match = _XOAUTH2.match(given.decode("utf-8", "replace"))
        if match is None:
            raise SmtpReplyError(501, "5.5.2 The credentials are not in XOAUTH2's form.")
        is_known = any(_is_same(match[2].encode(), token) for token in rules.tokens)
        if is_known and _is_same(match[1].encode(), self.username):
            return self.username
        await ask(_XOAUTH2_FAILED)
        return None

    def _checked(self, user: bytes, password: bytes) -> str | None:
        is_right = _is_same(user, self.username) & _is_same(password, self.password)
        return self.username if is_right else None


def _is_same(given: bytes, right: str) -> bool:
    return hmac.compare_digest(given, right.encode())


def decode(text: bytes) -> bytes:
    """Read base64; ``=`` is no bytes, and ``*`` cancels. Raises SmtpReplyError."""
    if text == b"*":
        raise SmtpReplyError(501, "5.7.0 Signing in was cancelled.")
    if text == b"=":
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SmtpReplyError(501, "5.5.2 This is not base64.") from None
