"""Signing in at a mail provider with a device code (RFC 8628), through the system's proxies."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from seam_portal_desktop.adapters.mail import oauth_errors
from seam_portal_desktop.adapters.network.http_client import (
    ACCEPTED_ENCODING,
    PackedBodyError,
    read_limited,
    system_tls,
)
from seam_portal_desktop.domain.address import InvalidLinkError, parse_link
from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.message.oauth import (
    DeviceSignIn,
    OAuthProvider,
    OAuthTokens,
    checked_provider,
)
from seam_portal_desktop.domain.secret import Secret

if TYPE_CHECKING:
    import httpx

_DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_SECONDS = 30.0
_TOO_MANY, _SERVER_ERROR = 429, 500
_LARGEST_ANSWER = 100_000
_LONGEST_CODE = 60
_DEFAULT_INTERVAL, _LEAST_INTERVAL, _SLOW_DOWN = 5.0, 1.0, 5.0
_LONGEST_INTERVAL = 60.0
_DEFAULT_LIFETIME, _LONGEST_LIFETIME = 900.0, 3_600.0
_DEFAULT_TOKEN_LIFETIME, _LONGEST_TOKEN_LIFETIME = 3_600.0, 86_400.0


class DeviceCodeClient:
    """OAuthClient (see the port). Imports the HTTP library on first use, in a thread."""

    def __init__(
        self,
        create_context: Callable[[], ssl.SSLContext] = system_tls,
        *,
        clock: Clock = system_clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._create_context = create_context
        self._clock = clock
        self._sleep = sleep
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def start(self, provider: OAuthProvider) -> DeviceSignIn:
        try:
            checked_provider(provider)
        except ValueError:
            raise oauth_errors.unusable_provider(provider) from None
        form = {"client_id": provider.client_id, "scope": provider.scope}
        answer = await self._post(provider, provider.device_url, form)
        if "error" in answer:
            raise oauth_errors.refused(provider, answer)
        return self._sign_in(provider, answer)

    async def wait(self, provider: OAuthProvider, sign_in: DeviceSignIn) -> OAuthTokens:
        form = {"grant_type": _DEVICE_CODE, "device_code": sign_in.device_code.reveal()}
        interval = sign_in.interval
        while self._clock() < sign_in.expires_at:
            await self._sleep(interval)
            try:
                answer = await self._post(
                    provider, provider.token_url, self._signed(provider, form)
                )
            except oauth_errors.ProviderUnreachableError:
                interval = min(2 * interval, _LONGEST_INTERVAL)  # as RFC 8628 wants it
                continue
            match answer.get("error"):
                case None:
                    return self._tokens(provider, answer, None)
                case "authorization_pending":
                    continue
                case "slow_down":
                    interval += _SLOW_DOWN
                case _:
                    raise oauth_errors.refused(provider, answer)
        raise oauth_errors.code_expired()

    async def refresh(self, provider: OAuthProvider, refresh: Secret) -> OAuthTokens:
        form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
        form["scope"] = provider.scope
        answer = await self._post(provider, provider.token_url, self._signed(provider, form))
        if "error" in answer:
            raise oauth_errors.refused(provider, answer)
        return self._tokens(provider, answer, refresh)

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    @staticmethod
    def _signed(provider: OAuthProvider, form: Mapping[str, str]) -> Mapping[str, str]:
        client = {"client_id": provider.client_id}
        if provider.client_secret:
            client["client_secret"] = provider.client_secret
        return {**form, **client}

    def _sign_in(self, provider: OAuthProvider, answer: Mapping[str, Any]) -> DeviceSignIn:
        user_code, device_code = answer.get("user_code"), answer.get("device_code")
        url = answer.get("verification_uri", answer.get("verification_url"))  # Google's own name
        complete = answer.get("verification_uri_complete", "")
        if not _is_code(user_code) or not isinstance(device_code, str) or not _is_link(url):
            raise oauth_errors.not_understood(provider)
        lifetime = _seconds(answer.get("expires_in"), _DEFAULT_LIFETIME, _LONGEST_LIFETIME)
        interval = _seconds(answer.get("interval"), _DEFAULT_INTERVAL, _LONGEST_INTERVAL)
        return DeviceSignIn(
            user_code=str(user_code),
            verification_url=str(url),
            expires_at=self._clock() + timedelta(seconds=lifetime),
            interval=max(_LEAST_INTERVAL, interval),
            device_code=Secret(device_code),
            complete_url=str(complete) if _is_link(complete) else "",
        )

    def _tokens(
        self, provider: OAuthProvider, answer: Mapping[str, Any], before: Secret | None
    ) -> OAuthTokens:
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not isinstance(access, str) or not access or not access.isascii():
            raise oauth_errors.not_understood(provider)
        lifetime = _seconds(
            answer.get("expires_in"), _DEFAULT_TOKEN_LIFETIME, _LONGEST_TOKEN_LIFETIME
        )
        is_new = isinstance(refresh, str) and refresh
        return OAuthTokens(
            Secret(access),
            self._clock() + timedelta(seconds=lifetime),
            Secret(str(refresh)) if is_new else before,
        )

    async def _post(
        self, provider: OAuthProvider, url: str, form: Mapping[str, str]
    ) -> Mapping[str, Any]:
        """The JSON object of the answer to a form. Raises MailError."""
        client = await self._opened()
        import httpx  # it is loaded now

        try:
            async with asyncio.timeout(_SECONDS):
                status, body = await _exchange(client, url, form)
        except PackedBodyError:
            failure = oauth_errors.not_understood(provider)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            failure = oauth_errors.unreachable(provider, error)
        else:
            found = _json_object(body)
            if found is not None and status < _SERVER_ERROR and status != _TOO_MANY:
                return found
            failure = oauth_errors.bad_status(provider, status)
        # Raised here, so that httpx's error, which holds the form, isn't its context.
        raise failure

    async def _opened(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._build_client)
            return self._client

    def _build_client(self) -> httpx.AsyncClient:
        import httpx

        from seam_portal_desktop.adapters.network.system_transport import AsyncSystemTransport

        return httpx.AsyncClient(
            headers={"accept": "application/json", "accept-encoding": ACCEPTED_ENCODING},
            transport=AsyncSystemTransport(self._create_context()),
            timeout=_SECONDS / 2,
            follow_redirects=False,
        )


async def _exchange(
    client: httpx.AsyncClient, url: str, form: Mapping[str, str]
) -> tuple[int, bytes | None]:
    """The status and the body, which is None if it is too large."""
    response = await client.send(client.build_request("POST", url, data=dict(form)), stream=True)
    try:
        return response.status_code, await read_limited(response, _LARGEST_ANSWER)
    finally:
        await response.aclose()


def _json_object(body: bytes | None) -> Mapping[str, Any] | None:
    try:
        found = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _seconds(value: object, usual: float, most: float) -> float:
    """A provider's number of seconds. Some write it as a text."""
    try:
        seconds = float(str(value))
    except ValueError:
        return usual
    return min(seconds, most) if seconds > 0 else usual


def _is_code(value: object) -> bool:
    """Whether it can be shown and typed."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_CODE and value.isprintable()


def _is_link(value: object) -> bool:
    """Whether it can be shown and opened."""
    try:
        return isinstance(value, str) and bool(parse_link(value))
    except InvalidLinkError:
        return False
