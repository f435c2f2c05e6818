"""Seam's lists: which items each has, and what is kept of them.

Source: the contract's schemas of each route. Fields that this program doesn't use are left out.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from seam_portal_desktop.adapters.seam.list_reader import ListReader
from seam_portal_desktop.adapters.seam.wire import Moment, UnreadableAnswerError, as_utc
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.ports import ClientSession
from seam_portal_desktop.domain.secret import Secret


class _ClientSession(msgspec.Struct):
    client_session_id: str
    token: str
    created_at: Moment
    expires_at: Moment
    customer_key: str | None = None


class _Customer(msgspec.Struct):
    customer_key: str


class _Pagination(msgspec.Struct):
    next_page_cursor: str | None


class _CustomizationProfile(msgspec.Struct):
    customization_profile_id: str
    name: str | None
    logo_url: str | None = None
    primary_color: str | None = None
    secondary_color: str | None = None


class _Space(msgspec.Struct):
    space_id: str


class _Device(msgspec.Struct):
    device_id: str


class _DeviceProvider(msgspec.Struct):
    device_provider_name: str
    display_name: str


def client_sessions(
    keep: Callable[[ClientSession], bool],
) -> ListReader[_ClientSession, ClientSession]:
    """``/client_sessions/list``; times in UTC."""

    def convert(wire: _ClientSession) -> ClientSession:
        return ClientSession(
            client_session_id=wire.client_session_id,
            token=Secret(wire.token),
            customer_key=wire.customer_key,
            created_at=as_utc(wire.created_at, "created_at"),
            expires_at=as_utc(wire.expires_at, "expires_at"),
        )

    return ListReader("client_sessions", _ClientSession, convert, keep=keep)


def customers() -> ListReader[_Customer, str]:
    """The keys of ``/seam/customer/v1/customers/list``. `customers_page` makes the answer of it."""
    return ListReader(
        "customers", _Customer, lambda wire: wire.customer_key, also=frozenset({"pagination"})
    )


def customers_page(reader: ListReader[_Customer, str]) -> CustomersPage:
    """Raises UnreadableAnswerError."""
    try:
        pagination = msgspec.convert(reader.beside.get("pagination"), _Pagination)
    except msgspec.ValidationError:
        pagination = None
    if pagination is None:
        raise UnreadableAnswerError("pagination")
    return CustomersPage(tuple(reader.items), pagination.next_page_cursor)


def customization_profiles() -> ListReader[_CustomizationProfile, CustomizationProfile]:
    """``/workspaces/customization_profiles/list``."""

    def convert(wire: _CustomizationProfile) -> CustomizationProfile:
        return CustomizationProfile(
            customization_profile_id=wire.customization_profile_id,
            name=wire.name,
            logo_url=wire.logo_url,
            primary_color=wire.primary_color,
            secondary_color=wire.secondary_color,
        )

    return ListReader("customization_profiles", _CustomizationProfile, convert)


def space_ids() -> ListReader[_Space, str]:
    """``/spaces/list``."""
    return ListReader("spaces", _Space, lambda wire: wire.space_id)


def device_ids() -> ListReader[_Device, str]:
    """``/devices/list``."""
    return ListReader("devices", _Device, lambda wire: wire.device_id)


def device_providers() -> ListReader[_DeviceProvider, DeviceProvider]:
    """``/devices/list_device_providers``."""
    return ListReader(
        "device_providers",
        _DeviceProvider,
        lambda wire: DeviceProvider(wire.device_provider_name, wire.display_name),
    )
