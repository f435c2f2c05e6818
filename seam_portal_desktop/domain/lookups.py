"""What Seam can be asked for while a request is written: customers, profiles, providers.

Source: the contract's schemas ``customer``, ``customization_profile`` and ``device_provider``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """Keys of customers that Seam knows. ``next_page_cursor`` asks for the page after this one
    and is None on the last."""

    customer_keys: tuple[str, ...]
    next_page_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CustomizationProfile:
    """A look that a portal can have. ``name`` may be None; colours are CSS texts (``#1a58ad``),
    as the service has them and so unchecked, as is ``logo_url``, which may lead anywhere."""

    customization_profile_id: str
    name: str | None = None
    logo_url: str | None = None
    primary_color: str | None = None
    secondary_color: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceProvider:
    """A maker of devices. ``name`` is what a request holds (``salto_ks``), ``display_name`` what
    people read (``Salto KS``), ``categories`` such as ``consumer_smartlocks``."""

    name: str
    display_name: str
    image_url: str
    categories: tuple[str, ...] = ()
