"""Reads Seam's answers from JSON.

Source: the contract's schemas of each route. Fields that this program doesn't use are left out,
so that the service may add and change them. ``magic_link`` is deprecated and not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec

from seam_portal_desktop.domain.address import read_address
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.portal.record import CustomerPortal
from seam_portal_desktop.domain.ports import ClientSession, CreatedDeepLink
from seam_portal_desktop.domain.request.codec import locate_problem
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_T = TypeVar("_T")


class UnreadableAnswerError(Exception):
    """The body isn't as the contract has it. The text holds none of its values.

    ``field`` is the dotted path of a field that is missing or has a wrong type, or None.
    ``cut_off`` means that the JSON ends too early.
    """

    def __init__(self, field: str | None = None, *, cut_off: bool = False) -> None:
        super().__init__(field or ("cut off" if cut_off else "not JSON"))
        self.field = field
        self.cut_off = cut_off


class _Workspace(msgspec.Struct):
    workspace_id: str
    name: str
    company_name: str
    is_sandbox: bool
    is_suspended: bool


class _WorkspaceAnswer(msgspec.Struct):
    workspace: _Workspace


class _CustomerPortal(msgspec.Struct):
    url: str
    customer_key: str
    workspace_id: str
    created_at: _Moment
    expires_at: _Moment


class _PortalAnswer(msgspec.Struct):
    customer_portal: _CustomerPortal


class _ClientSession(msgspec.Struct):
    client_session_id: str
    token: str
    created_at: _Moment
    expires_at: _Moment
    customer_key: str | None = None


class _ClientSessionsAnswer(msgspec.Struct):
    client_sessions: list[_ClientSession]


class _Customer(msgspec.Struct):
    customer_key: str


class _Pagination(msgspec.Struct):
    next_page_cursor: str | None


class _CustomersAnswer(msgspec.Struct):
    customers: list[_Customer]
    pagination: _Pagination


class _CustomizationProfile(msgspec.Struct):
    customization_profile_id: str
    name: str | None
    logo_url: str | None = None
    primary_color: str | None = None
    secondary_color: str | None = None


class _CustomizationProfilesAnswer(msgspec.Struct):
    customization_profiles: list[_CustomizationProfile]


class _DeviceProvider(msgspec.Struct):
    device_provider_name: str
    display_name: str


class _DeviceProvidersAnswer(msgspec.Struct):
    device_providers: list[_DeviceProvider]


class _DeepLink(msgspec.Struct):
    url: str
    expires_at: _Moment


class _DeepLinkAnswer(msgspec.Struct):
    deep_link: _DeepLink


class _OkAnswer(msgspec.Struct):
    ok: bool


class ErrorAnswer(msgspec.Struct):
    """Seam's ``error`` object; ``validation_errors`` nests ``{"_errors": [text]}`` by field."""

    type: str
    message: str
    validation_errors: Any = None


class _ErrorEnvelope(msgspec.Struct):
    error: ErrorAnswer


def read_workspace(body: bytes) -> Workspace:
    """``/workspaces/get``. Raises UnreadableAnswerError."""
    wire = _decode(body, _WorkspaceAnswer).workspace
    return Workspace(
        workspace_id=wire.workspace_id,
        name=wire.name,
        company_name=wire.company_name,
        is_sandbox=wire.is_sandbox,
        is_suspended=wire.is_suspended,
    )


def read_customer_portal(body: bytes) -> CustomerPortal:
    """``/customers/create_portal``; times in UTC. Raises UnreadableAnswerError."""
    wire = _decode(body, _PortalAnswer).customer_portal
    if not _is_web_address(wire.url):
        raise UnreadableAnswerError("customer_portal.url")
    return CustomerPortal(
        url=Secret(wire.url),
        customer_key=wire.customer_key,
        workspace_id=wire.workspace_id,
        created_at=_utc(wire.created_at, "customer_portal.created_at"),
        expires_at=_utc(wire.expires_at, "customer_portal.expires_at"),
    )


def read_client_sessions(body: bytes) -> tuple[ClientSession, ...]:
    """``/client_sessions/list``; times in UTC. Raises UnreadableAnswerError."""
    return tuple(
        ClientSession(
            client_session_id=wire.client_session_id,
            token=Secret(wire.token),
            customer_key=wire.customer_key,
            created_at=_utc(wire.created_at, f"client_sessions.{index}.created_at"),
            expires_at=_utc(wire.expires_at, f"client_sessions.{index}.expires_at"),
        )
        for index, wire in enumerate(_decode(body, _ClientSessionsAnswer).client_sessions)
    )


def read_customers(body: bytes) -> CustomersPage:
    """``/seam/customer/v1/customers/list``. Raises UnreadableAnswerError."""
    wire = _decode(body, _CustomersAnswer)
    return CustomersPage(
        customer_keys=tuple(customer.customer_key for customer in wire.customers),
        next_page_cursor=wire.pagination.next_page_cursor,
    )


def read_customization_profiles(body: bytes) -> tuple[CustomizationProfile, ...]:
    """``/workspaces/customization_profiles/list``. Raises UnreadableAnswerError."""
    return tuple(
        CustomizationProfile(
            customization_profile_id=wire.customization_profile_id,
            name=wire.name,
            logo_url=wire.logo_url,
            primary_color=wire.primary_color,
            secondary_color=wire.secondary_color,
        )
        for wire in _decode(body, _CustomizationProfilesAnswer).customization_profiles
    )


def read_device_providers(body: bytes) -> tuple[DeviceProvider, ...]:
    """``/devices/list_device_providers``. Raises UnreadableAnswerError."""
    return tuple(
        DeviceProvider(name=wire.device_provider_name, display_name=wire.display_name)
        for wire in _decode(body, _DeviceProvidersAnswer).device_providers
    )


def read_deep_link(body: bytes) -> CreatedDeepLink:
    """``/customers/reservations/create_deep_link``; times in UTC. Raises UnreadableAnswerError."""
    wire = _decode(body, _DeepLinkAnswer).deep_link
    if not _is_web_address(wire.url):
        raise UnreadableAnswerError("deep_link.url")
    expires_at = _utc(wire.expires_at, "deep_link.expires_at")
    return CreatedDeepLink(Secret(wire.url), expires_at, None)


def read_ok(body: bytes) -> None:
    """An answer with nothing but ``ok``. Raises UnreadableAnswerError, e.g. for a sign-in page."""
    if not _decode(body, _OkAnswer).ok:
        raise UnreadableAnswerError("ok")


def write_json(fields: Mapping[str, str]) -> bytes:
    return msgspec.json.encode(fields)


def read_error(body: bytes) -> ErrorAnswer | None:
    """Seam's error object, or None for the answer of something else."""
    try:
        return msgspec.json.decode(body, type=_ErrorEnvelope).error
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def flatten_validation_errors(nested: object) -> Mapping[str, tuple[str, ...]]:
    """Seam's nested ``validation_errors`` as dotted paths; ``""`` is the request as a whole."""
    fields: dict[str, tuple[str, ...]] = {}
    waiting: list[tuple[str, object]] = [("", nested)]
    while waiting:
        path, node = waiting.pop()
        if not isinstance(node, dict):
            continue
        reasons = node.get("_errors")
        listed = reasons if isinstance(reasons, list) else []
        texts = tuple(text for text in listed if isinstance(text, str))
        if texts:
            fields[path] = texts
        children = [
            (f"{path}.{name}" if path else name, child)
            for name, child in node.items()
            if name != "_errors"
        ]
        waiting.extend(reversed(children))
    return fields


def _decode(body: bytes, kind: type[_T]) -> _T:
    failure: UnreadableAnswerError
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        failure = UnreadableAnswerError(locate_problem(error)[0])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        failure = UnreadableAnswerError(cut_off="truncated" in str(error))
    # Raised here, so that msgspec's error, which may quote the answer, isn't its context.
    raise failure


def _utc(moment: datetime, field: str) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # year 1 or 9999 with an offset
        pass
    raise UnreadableAnswerError(field)


def _is_web_address(url: str) -> bool:
    address = read_address(url)
    return address is not None and address.scheme in ("http", "https")
