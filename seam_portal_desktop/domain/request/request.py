"""The request, its languages, and the page that the portal opens at.

Source: the contract's schema of ``POST /customers/create_portal``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import UNSET, UnsetType

from seam_portal_desktop.domain.request.base import FieldFormatError, FieldName, Part, Uuid
from seam_portal_desktop.domain.request.customer_data import CustomerData
from seam_portal_desktop.domain.request.features import Features
from seam_portal_desktop.texts import _


class Locale(StrEnum):
    EN_US = "en-US"
    PT_PT = "pt-PT"
    FR_FR = "fr-FR"
    IT_IT = "it-IT"
    ES_ES = "es-ES"
    DE_DE = "de-DE"
    NL_NL = "nl-NL"
    EL_GR = "el-GR"
    PL_PL = "pl-PL"
    RU_RU = "ru-RU"


class NavigationMode(StrEnum):
    FULL = "full"
    RESTRICTED = "restricted"


class ManageLanding(Part, kw_only=True):
    """The place or stay that the Manage page opens at. Exactly one key is set."""

    space_key: str | UnsetType = UNSET
    property_key: str | UnsetType = UNSET
    room_key: str | UnsetType = UNSET
    common_area_key: str | UnsetType = UNSET
    unit_key: str | UnsetType = UNSET
    facility_key: str | UnsetType = UNSET
    building_key: str | UnsetType = UNSET
    listing_key: str | UnsetType = UNSET
    property_listing_key: str | UnsetType = UNSET
    site_key: str | UnsetType = UNSET
    reservation_key: str | UnsetType = UNSET
    booking_key: str | UnsetType = UNSET
    access_grant_key: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        keys = [name for name in self.__struct_fields__ if getattr(self, name) is not UNSET]
        if len(keys) != 1:
            raise FieldFormatError(
                "", _("Expected exactly one key, got {count}").format(count=len(keys))
            )


class LandingPage(Part, kw_only=True):
    manage: ManageLanding | UnsetType = UNSET


class ReservationDeepLink(Part, kw_only=True, tag_field="resource_type", tag="reservation"):
    resource_key: str


class SpaceDeepLink(Part, kw_only=True, tag_field="resource_type", tag="space"):
    resource_key: str


class DeviceDeepLink(Part, kw_only=True, tag_field="resource_type", tag="device"):
    resource_id: str


DeepLink = ReservationDeepLink | SpaceDeepLink | DeviceDeepLink


class ResourceFilter(Part, kw_only=True):
    """Show only the resources whose custom metadata `field` has this value."""

    field: FieldName
    operation: Literal["="]
    value: str | bool


class PortalRequest(Part, kw_only=True):
    """The body of ``POST /customers/create_portal``.

    A field is ``UNSET`` (not sent; the customization profile or Seam decides), an explicit value,
    or, where the contract allows it, None (null). The constructor checks only the rules that a type
    can't express; ``decode_request`` checks everything.
    """

    customer_data: CustomerData | UnsetType = UNSET
    features: Features | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET
    is_embedded: bool | UnsetType = UNSET
    read_only: bool | UnsetType = UNSET
    exclude_locale_picker: bool | UnsetType = UNSET
    customization_profile_id: Uuid | UnsetType = UNSET
    navigation_mode: NavigationMode | UnsetType = UNSET
    landing_page: LandingPage | UnsetType = UNSET
    deep_link: DeepLink | UnsetType = UNSET
    customer_resources_filters: tuple[ResourceFilter, ...] | UnsetType = UNSET

    @property
    def customer_key(self) -> str | None:
        """None when the request has no customer data."""
        return None if self.customer_data is UNSET else self.customer_data.customer_key
