"""Sender identities of each workspace, and the secrets of their mail accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, SecretStoreError, UserFacingError
from seam_portal_desktop.domain.message.oauth import (
    MICROSOFT,
    DeviceSignIn,
    OAuthClient,
    OAuthProvider,
    OAuthTokens,
    SignInEndedError,
)
from seam_portal_desktop.domain.message.ports import (
    DeliveryStore,
    MailError,
    MailTransport,
    MailTrouble,
)
from seam_portal_desktop.domain.message.sender import MailAccount, SenderIdentity, SignIn
from seam_portal_desktop.domain.message.stored_senders import (
    MOST_SENDERS,
    StoredSenders,
    read_senders,
    write_senders,
)
from seam_portal_desktop.domain.ports import SecretStore
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.sending.accounts import errors as sender_errors
from seam_portal_desktop.services.sending.accounts.split_secrets import SplitSecrets
from seam_portal_desktop.texts import _

_OPTION = "senders"
_NOT_SAVED = _("The sender was not saved")
_REFRESH_BEFORE = timedelta(minutes=5)
"""How long before its end an access token isn't used any more: sending takes time."""


class SenderService:
    """Senders are in `data`'s options, their secrets in the keyring as ``mail:<sender_id>``.

    `save_preferences` writes the options. Each secret is read once in a run. `providers` are those
    of the policy; one with Microsoft's id replaces it.
    """

    def __init__(
        self,
        data: PreferencesData,
        save_preferences: Callable[[], Awaitable[None]],
        store: SecretStore,
        transport: MailTransport,
        oauth: OAuthClient,
        *,
        deliveries: DeliveryStore,
        clock: Clock,
        providers: Sequence[OAuthProvider] = (),
    ) -> None:
        self._data = data
        self._save_preferences = save_preferences
        self._secrets = SplitSecrets(store)
        self._transport = transport
        self._oauth = oauth
        self._deliveries = deliveries
        self._clock = clock
        self._fixed = {each.provider_id: each for each in providers}
        self._tokens: dict[str, OAuthTokens] = {}
        self._refreshing: dict[str, asyncio.Lock] = {}
        self._ended: set[str] = set()

    def list(self, workspace_id: str) -> Sequence[SenderIdentity]:
        """The senders of a workspace by their addresses."""
        return sorted(
            (each for each in self._stored.senders if each.workspace_id == workspace_id),
            key=lambda each: each.mail.address.casefold(),
        )

    def get(self, sender_id: str) -> SenderIdentity | None:
        return next((each for each in self._stored.senders if each.sender_id == sender_id), None)

    def default(self, workspace_id: str) -> SenderIdentity | None:
        """The chosen one, else the first; None without senders."""
        senders = self.list(workspace_id)
        chosen = self._stored.defaults.get(workspace_id)
        return next((each for each in senders if each.sender_id == chosen), None) or next(
            iter(senders), None
        )

    @property
    def with_secret(self) -> frozenset[str]:
        """The ids of senders whose password is in the keyring or in memory, or whose sign-in is,
        as far as that is known to work."""
        return (self._stored.kept | self._secrets.session_only) - self._ended

    @property
    def session_only(self) -> frozenset[str]:
        """The ids of senders whose secret is only in memory, for this run."""
        return self._secrets.session_only

    async def save(
        self,
        sender: SenderIdentity,
        secret: Secret | OAuthTokens | None = None,
        *,
        is_default: bool = False,
        for_this_run_only: bool = False,
    ) -> None:
        """Add or replace it. Without a `secret` the one that is there stays.

        Another server or user name needs a new secret: a password must not go to a server for
        which it wasn't typed. Raises SecretStoreError if the keyring refuses the secret; nothing is
        saved then. Raises UserFacingError if a value can't be kept, or if the preferences can't be
        written.
        """
        stored = self._stored
        if secret is None and self._is_other_login(sender):
            raise sender_errors.login_changed()
        others = tuple(each for each in stored.senders if each.sender_id != sender.sender_id)
        kept = set(stored.kept)
        defaults = dict(stored.defaults)
        if is_default:
            defaults[sender.workspace_id] = sender.sender_id
        new = replace(stored, senders=(*others, sender), defaults=defaults)
        _check(new)
        if secret is not None:
            await self._keep(sender.sender_id, secret, for_this_run_only=for_this_run_only)
            kept.discard(sender.sender_id)
            if not for_this_run_only:
                kept.add(sender.sender_id)
        await self._write(replace(new, kept=frozenset(kept)))

    async def delete(self, sender_id: str) -> SecretStoreError | None:
        """Remove it and its secret. Raises UserFacingError.

        It is removed even if the keyring can't delete the secret; the keyring's error is returned
        then.
        """
        problem: SecretStoreError | None = None
        self._tokens.pop(sender_id, None)
        try:
            await self._secrets.delete(sender_id)
        except SecretStoreError as error:
            problem = error
        stored = self._stored
        await self._write(
            replace(
                stored,
                senders=tuple(each for each in stored.senders if each.sender_id != sender_id),
                defaults={w: s for w, s in stored.defaults.items() if s != sender_id},
                kept=stored.kept - {sender_id},
            )
        )
        return problem

    async def keep_only(self, workspace_ids: Collection[str]) -> None:
        """Remove the senders of all other workspaces, with their secrets. Raises UserFacingError.

        What waits for them stays in the outbox, which says that they were removed.
        """
        for sender in self._stored.senders:
            if sender.workspace_id not in workspace_ids:
                await self.delete(sender.sender_id)

    async def sender_of(self, sender_id: str) -> tuple[SenderIdentity, Secret | None]:
        """A sender, and what its transport signs in with now: a password, or a fresh access token.

        Raises SecretStoreError, or MailError if the sender or its secret is gone, or if the
        provider gives no new token.
        """
        sender = self.get(sender_id)
        if sender is None:
            raise sender_errors.sender_missing()
        return sender, await self._secret_of(sender)

    async def test(
        self, sender: SenderIdentity, secret: Secret | OAuthTokens | None = None
    ) -> None:
        """Connect and sign in, once, with the given secret or the one that is there.

        The latter is for the account that `sender` was saved with. Raises MailError, or
        SecretStoreError.
        """
        if isinstance(secret, OAuthTokens):
            secret = secret.access
        if secret is not None:
            await self._transport.test(sender.account, secret)
            return
        if sender.account.sign_in is not SignIn.NONE and self._is_other_login(sender):
            raise sender_errors.login_changed()
        try:
            await self._transport.test(sender.account, await self._secret_of(sender))
        except MailError as error:
            if sender.account.sign_in is SignIn.OAUTH and error.trouble is MailTrouble.ACCOUNT:
                self._ended.add(sender.sender_id)  # it may have been for another account
            raise

    async def sent_since(self, account: MailAccount, since: datetime) -> Sequence[datetime]:
        """When an account sent, by the ledger: one time for each recipient. Empty if the ledger
        can't be read."""
        name = account.host.lower(), account.username
        ids = [
            each.sender_id
            for each in self._stored.senders
            if (each.account.host.lower(), each.account.username) == name
        ]
        try:
            return await self._deliveries.sent_times(ids, since)
        except LedgerError:
            return ()

    @property
    def providers(self) -> Sequence[OAuthProvider]:
        """The providers where one can sign in, with the client ids that are known."""
        clients = self._stored.clients
        known = {MICROSOFT.provider_id: MICROSOFT, **self._fixed}
        return [
            each if each.client_id else each.with_client(clients.get(each.provider_id, ""))
            for each in known.values()
        ]

    def provider(self, provider_id: str) -> OAuthProvider | None:
        return next((each for each in self.providers if each.provider_id == provider_id), None)

    async def set_client_id(self, provider_id: str, client_id: str) -> None:
        """Keep the id under which the organisation has registered this program at a provider.

        Raises UserFacingError.
        """
        stored = self._stored
        new = replace(stored, clients={**stored.clients, provider_id: client_id.strip()})
        _check(new)
        await self._write(new)

    async def start_sign_in(self, provider_id: str) -> DeviceSignIn:
        """Ask the provider for a code, which the user types in a browser. Raises MailError."""
        return await self._oauth.start(self._usable_provider(provider_id))

    async def wait_for_sign_in(self, provider_id: str, sign_in: DeviceSignIn) -> OAuthTokens:
        """The tokens, for `test` and `save`, when the user has signed in. Raises MailError."""
        return await self._oauth.wait(self._usable_provider(provider_id), sign_in)

    @property
    def _stored(self) -> StoredSenders:
        return read_senders(self._data.options.get(_OPTION))

    def _is_other_login(self, sender: SenderIdentity) -> bool:
        """Whether the secret that is there is for another server or user name."""
        before = self.get(sender.sender_id)
        return before is not None and _login(before) != _login(sender)

    async def _write(self, stored: StoredSenders) -> None:
        self._data.options[_OPTION] = write_senders(stored)
        await self._save_preferences()

    async def _keep(
        self, sender_id: str, secret: Secret | OAuthTokens, *, for_this_run_only: bool
    ) -> None:
        """The access token is in memory only: it lasts an hour."""
        self._tokens.pop(sender_id, None)
        self._ended.discard(sender_id)
        tokens = secret if isinstance(secret, OAuthTokens) else None
        if isinstance(secret, OAuthTokens):
            secret = secret.refresh or secret.access
        if for_this_run_only:
            self._secrets.set_for_this_run(sender_id, secret)
        else:
            await self._secrets.set(sender_id, secret)
        if tokens is not None:
            self._tokens[sender_id] = tokens

    async def _secret_of(self, sender: SenderIdentity) -> Secret | None:
        if sender.account.sign_in is SignIn.NONE:
            return None
        if sender.account.sign_in is SignIn.OAUTH:
            return await self._access_token(sender)
        secret = await self._secrets.get(sender.sender_id)
        if secret is None:
            raise sender_errors.secret_missing()
        return secret

    async def _access_token(self, sender: SenderIdentity) -> Secret:
        """One refresh at a time: some providers end a sign-in whose token is used twice."""
        sender_id = sender.sender_id
        async with self._refreshing.setdefault(sender_id, asyncio.Lock()):
            tokens = self._tokens.get(sender_id)
            if tokens is not None and self._clock() < tokens.expires_at - _REFRESH_BEFORE:
                return tokens.access
            refresh = await self._secrets.get(sender_id)
            if refresh is None:
                raise sender_errors.secret_missing()
            provider = self._usable_provider(sender.account.provider)
            try:
                new = await self._oauth.refresh(provider, refresh)
            except SignInEndedError:
                self._ended.add(sender_id)
                raise
            self._tokens[sender_id] = new
            if new.refresh is not None and new.refresh != refresh:
                await self._replace_refresh_token(sender_id, new.refresh)
            return new.access

    async def _replace_refresh_token(self, sender_id: str, refresh: Secret) -> None:
        """The keyring's trouble doesn't stop a message: this run has the token all the same."""
        if sender_id not in self._secrets.session_only:
            with suppress(SecretStoreError):
                await self._secrets.set(sender_id, refresh)
                return
        self._secrets.set_for_this_run(sender_id, refresh)

    def _usable_provider(self, provider_id: str) -> OAuthProvider:
        provider = self.provider(provider_id)
        if provider is None:
            raise sender_errors.provider_missing()
        if not provider.client_id:
            raise sender_errors.client_id_missing(provider)
        return provider


def _login(sender: SenderIdentity) -> tuple[str, str, SignIn, str]:
    account = sender.account
    return account.host.lower(), account.username, account.sign_in, account.provider


def _check(stored: StoredSenders) -> None:
    """Raises UserFacingError for what `read_senders` would refuse at the next start."""
    if len(stored.senders) > MOST_SENDERS:
        raise UserFacingError(_NOT_SAVED, _("There are too many. Delete one first."))
    try:
        read_senders(write_senders(stored))
    except ValueError:
        raise UserFacingError(
            _NOT_SAVED, _("A text is too long, or has characters that can’t be kept.")
        ) from None
