"""The body of ``customers/delete_data``, typed and immutable.

It names no customer: Seam looks for each key in the whole workspace.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from seam_portal_desktop.domain.request.base import Key, Part

_Keys = tuple[Key, ...] | UnsetType


class DeletedKeys(Part, kw_only=True):
    """Source: the contract's schema of ``/customers/delete_data``."""

    access_grant_keys: _Keys = UNSET
    booking_keys: _Keys = UNSET
    building_keys: _Keys = UNSET
    common_area_keys: _Keys = UNSET
    customer_keys: _Keys = UNSET
    facility_keys: _Keys = UNSET
    guest_keys: _Keys = UNSET
    listing_keys: _Keys = UNSET
    property_keys: _Keys = UNSET
    property_listing_keys: _Keys = UNSET
    reservation_keys: _Keys = UNSET
    resident_keys: _Keys = UNSET
    room_keys: _Keys = UNSET
    space_keys: _Keys = UNSET
    staff_member_keys: _Keys = UNSET
    tenant_keys: _Keys = UNSET
    unit_keys: _Keys = UNSET
    user_identity_keys: _Keys = UNSET
    user_keys: _Keys = UNSET

    def by_field(self) -> dict[str, tuple[str, ...]]:
        """The keys by field, without fields that are unset."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: keys for name, keys in found.items() if keys is not UNSET}
