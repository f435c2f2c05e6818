"""Lists from Seam that make a request quicker to write, and are missed by nobody when refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from seam_portal_desktop.domain.endpoint import is_loopback
from seam_portal_desktop.domain.errors import SeamError, SecretStoreError
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.ports import FetchImage, GatewayOf, SeamGateway
from seam_portal_desktop.domain.workspace import WorkspaceConnection

_T = TypeVar("_T")
_SEARCHES_KEPT = 64
_LOGOS_KEPT = 64
_NO_CUSTOMERS = CustomersPage(())

_REFUSALS = frozenset({403, 404, 405})
"""Statuses that won't change by asking again, unlike a lost network or a busy service."""


@dataclass(slots=True)
class _Known:
    """What one workspace has answered in this run. ``refused`` names the lists that Seam doesn't
    give to this credential, so that they aren't asked for at every keystroke."""

    profiles: tuple[CustomizationProfile, ...] | None = None
    providers: tuple[DeviceProvider, ...] | None = None
    customers: dict[tuple[str, str | None], CustomersPage] = field(default_factory=dict)
    logos: dict[str, bytes] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


class LookupService:
    """Answers are kept for the run, by workspace. Nothing here raises: no answer is an empty one.

    A call that is cancelled, because it was superseded, keeps nothing and disturbs nobody.
    """

    def __init__(self, gateway_of: GatewayOf, fetch_image: FetchImage) -> None:
        self._gateway_of = gateway_of
        self._fetch_image = fetch_image
        self._known: dict[tuple[str, str], _Known] = {}

    async def customization_profiles(
        self, connection: WorkspaceConnection
    ) -> tuple[CustomizationProfile, ...]:
        """The workspace's looks by name."""
        known = self._of(connection)
        if known.profiles is None:
            found = await self._ask(
                connection, "profiles", lambda gateway: gateway.list_customization_profiles()
            )
            if found is None:
                return ()
            known.profiles = tuple(sorted(found, key=lambda each: (each.name or "").casefold()))
        return known.profiles

    async def device_providers(self, connection: WorkspaceConnection) -> tuple[DeviceProvider, ...]:
        """The makers of devices by the name that people read."""
        known = self._of(connection)
        if known.providers is None:
            found = await self._ask(
                connection, "providers", lambda gateway: gateway.list_device_providers()
            )
            if found is None:
                return ()
            known.providers = tuple(sorted(found, key=lambda each: each.display_name.casefold()))
        return known.providers

    async def customers(
        self, connection: WorkspaceConnection, search: str = "", page_cursor: str | None = None
    ) -> CustomersPage:
        """A page of the customers that Seam knows, by a part of their key."""
        known = self._of(connection)
        asked = (search.strip(), page_cursor)
        page = known.customers.get(asked)
        if page is None:
            page = await self._ask(
                connection, "customers", lambda gateway: gateway.list_customers(*asked)
            )
            if page is None:
                return _NO_CUSTOMERS
            if len(known.customers) >= _SEARCHES_KEPT:
                known.customers.clear()
            known.customers[asked] = page
        return page

    async def profile_logo(self, connection: WorkspaceConnection, url: str) -> bytes | None:
        """The picture of a profile's ``logo_url``, as it came; None when there is none to be had.

        What failed is asked for again next time, as it may have been the network.
        """
        if _is_here(url) and not _is_here(connection.endpoint):
            return None  # Only the sandbox has a reason to speak of this machine.
        known = self._of(connection)
        logo = known.logos.get(url)
        if logo is None:
            logo = await self._fetch_image(url)
            if logo is not None:
                if len(known.logos) >= _LOGOS_KEPT:
                    known.logos.clear()
                known.logos[url] = logo
        return logo

    def forget_customers(self, connection: WorkspaceConnection) -> None:
        """Ask again next time: a customer may be new."""
        self._of(connection).customers.clear()

    def _of(self, connection: WorkspaceConnection) -> _Known:
        workspace = (connection.endpoint, connection.workspace.workspace_id)
        return self._known.setdefault(workspace, _Known())

    async def _ask(
        self,
        connection: WorkspaceConnection,
        what: str,
        ask: Callable[[SeamGateway], Awaitable[_T]],
    ) -> _T | None:
        known = self._of(connection)
        if what in known.refused:
            return None
        try:
            return await ask(await self._gateway_of(connection))
        except SeamError as error:
            if error.status in _REFUSALS:
                known.refused.add(what)
        except SecretStoreError:
            pass  # Creating the portal will meet it again, and say it where it matters.
        return None


def _is_here(url: str) -> bool:
    """Whether `url` leads to this machine."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False
