"""Lists from Seam that help to fill a request or to check a page.

They are optional: a refusal is no error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from seam_portal_desktop.domain.address import is_loopback, read_address
from seam_portal_desktop.domain.errors import SeamError, SecretStoreError
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.ports import FetchImage, GatewayOf, SeamGateway
from seam_portal_desktop.domain.workspace import WorkspaceConnection

_T = TypeVar("_T")
_CACHE_SIZE = 64

_REFUSALS = frozenset({403, 404, 405})
"""Statuses that stay the same at another try, unlike a network error or a busy service."""


@dataclass(slots=True)
class _Cache:
    """The answers for one workspace in this run. ``refused`` has the names of lists that Seam
    refuses this credential, so that they aren't requested at every keystroke."""

    profiles: tuple[CustomizationProfile, ...] | None = None
    providers: tuple[DeviceProvider, ...] | None = None
    customers: dict[tuple[str, str | None], CustomersPage] = field(default_factory=dict)
    logos: dict[str, bytes] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


class LookupService:
    """Caches answers by workspace for this run. Methods don't raise: a failure is an empty answer,
    and for customers and what they have None.

    A cancelled call caches nothing.
    """

    def __init__(self, gateway_of: GatewayOf, fetch_image: FetchImage) -> None:
        self._gateway_of = gateway_of
        self._fetch_image = fetch_image
        self._caches: dict[tuple[str, str], _Cache] = {}

    async def customization_profiles(
        self, connection: WorkspaceConnection
    ) -> tuple[CustomizationProfile, ...]:
        """The workspace's customization profiles, by name."""
        cache = self._cache(connection)
        if cache.profiles is None:
            found = await self._call(
                connection, "profiles", lambda gateway: gateway.list_customization_profiles()
            )
            if found is None:
                return ()
            cache.profiles = tuple(sorted(found, key=lambda each: (each.name or "").casefold()))
        return cache.profiles

    async def device_providers(self, connection: WorkspaceConnection) -> tuple[DeviceProvider, ...]:
        """The device providers, by display name."""
        cache = self._cache(connection)
        if cache.providers is None:
            found = await self._call(
                connection, "providers", lambda gateway: gateway.list_device_providers()
            )
            if found is None:
                return ()
            cache.providers = tuple(sorted(found, key=lambda each: each.display_name.casefold()))
        return cache.providers

    async def customers(
        self, connection: WorkspaceConnection, search: str = "", page_cursor: str | None = None
    ) -> CustomersPage | None:
        """A page of Seam's customers whose key contains `search`; None after a failure."""
        cache = self._cache(connection)
        key = (search.strip(), page_cursor)
        page = cache.customers.get(key)
        if page is None:
            page = await self._call(
                connection, "customers", lambda gateway: gateway.list_customers(*key)
            )
            if page is None:
                return None
            if len(cache.customers) >= _CACHE_SIZE:
                cache.customers.clear()
            cache.customers[key] = page
        return page

    async def has_nothing(self, connection: WorkspaceConnection, customer_key: str) -> bool | None:
        """Whether Seam has neither a space nor a device of a customer; None after a failure.

        This isn't cached.
        """
        for name, call in (
            ("spaces", lambda gateway: gateway.has_spaces(customer_key)),
            ("devices", lambda gateway: gateway.has_devices(customer_key)),
        ):
            found = await self._call(connection, name, call)
            if found is not False:
                return None if found is None else False
        return True

    async def profile_logo(self, connection: WorkspaceConnection, url: str) -> bytes | None:
        """The unchecked bytes of a profile's ``logo_url``, or None after a failure.

        The next call after a failure tries again: it may have been the network.
        """
        if _is_local(url) and not _is_local(connection.endpoint):
            return None  # Only the sandbox may have local URLs.
        cache = self._cache(connection)
        logo = cache.logos.get(url)
        if logo is None:
            logo = await self._fetch_image(url)
            if logo is not None:
                if len(cache.logos) >= _CACHE_SIZE:
                    cache.logos.clear()
                cache.logos[url] = logo
        return logo

    def clear_customers(self, connection: WorkspaceConnection) -> None:
        """Clear the cached customers, because there may be a new one."""
        self._cache(connection).customers.clear()

    def _cache(self, connection: WorkspaceConnection) -> _Cache:
        workspace = (connection.endpoint, connection.workspace.workspace_id)
        return self._caches.setdefault(workspace, _Cache())

    async def _call(
        self,
        connection: WorkspaceConnection,
        name: str,
        call: Callable[[SeamGateway], Awaitable[_T]],
    ) -> _T | None:
        cache = self._cache(connection)
        if name in cache.refused:
            return None
        try:
            return await call(await self._gateway_of(connection))
        except SeamError as error:
            if error.status in _REFUSALS:
                cache.refused.add(name)
        except SecretStoreError:
            pass  # Creating the portal will raise it again and show it.
        return None


def _is_local(url: str) -> bool:
    address = read_address(url)
    return address is not None and is_loopback(address.host)
