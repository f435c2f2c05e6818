"""Lists for the New portal dialog: customers, profiles, providers.

Source: the contract's schemas ``customer``, ``customization_profile`` and ``device_provider``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """Keys of customers. ``next_page_cursor`` is for the next page, None on the last one."""

    customer_keys: tuple[str, ...]
    next_page_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CustomizationProfile:
    """A design that a portal can have. Colours are CSS texts (``#1a58ad``). They and ``logo_url``,
    which may lead to any host, are as the service gives them, unchecked."""

    customization_profile_id: str
    name: str | None = None
    logo_url: str | None = None
    primary_color: str | None = None
    secondary_color: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceProvider:
    """A maker of devices: ``name`` for requests (``salto_ks``), ``display_name`` for people
    (``Salto KS``)."""

    name: str
    display_name: str
