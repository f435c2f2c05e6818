"""The parts of the portal. An omitted switch follows the customization profile; false is sent.

Source: the contract's schema of ``POST /customers/create_portal``, ``features``.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from seam_portal_desktop.domain.request.base import Part, Texts


class Feature(Part, kw_only=True):
    """A part of the portal that can be left out."""

    exclude: bool | UnsetType = UNSET


class ConnectFeature(Feature, kw_only=True):
    accepted_providers: Texts = UNSET
    excluded_providers: Texts = UNSET


class OrganizeFeature(Feature, kw_only=True):
    pass


class DeviceManagementConfirmation(Part, kw_only=True):
    body: str | UnsetType = UNSET
    cancel_button_label: str | UnsetType = UNSET
    confirm_button_label: str | UnsetType = UNSET
    title: str | UnsetType = UNSET


class EventsFilter(Part, kw_only=True):
    allowed_events: Texts = UNSET
    default_events: Texts = UNSET


class ManageFeature(Feature, kw_only=True):
    device_management_confirmation: DeviceManagementConfirmation | UnsetType = UNSET
    events: EventsFilter | UnsetType = UNSET
    exclude_reservation_management: bool | UnsetType = UNSET
    exclude_reservation_technical_details: bool | UnsetType = UNSET
    exclude_staff_management: bool | UnsetType = UNSET


class ConfigureFeature(Feature, kw_only=True):
    allow_access_automation_rule_customization: bool | UnsetType = UNSET
    allow_climate_automation_rule_customization: bool | UnsetType = UNSET
    allow_instant_key_customization: bool | UnsetType = UNSET


class ManageDevicesFeature(Feature, kw_only=True):
    pass


class Features(Part, kw_only=True):
    connect: ConnectFeature | UnsetType = UNSET
    organize: OrganizeFeature | UnsetType = UNSET
    manage: ManageFeature | UnsetType = UNSET
    configure: ConfigureFeature | UnsetType = UNSET
    manage_devices: ManageDevicesFeature | UnsetType = UNSET
