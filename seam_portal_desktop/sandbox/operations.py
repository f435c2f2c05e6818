"""What each route of the contract does, from a valid body to the answer's body."""

from __future__ import annotations

import base64
import binascii
import json
import math
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from seam_portal_desktop.sandbox.errors import invalid_input, not_found
from seam_portal_desktop.sandbox.portal_page.devices import devices_for
from seam_portal_desktop.sandbox.portal_page.places import PLACE_KINDS
from seam_portal_desktop.sandbox.providers import device_providers
from seam_portal_desktop.sandbox.state import (
    Customer,
    Profile,
    Resource,
    SandboxPortal,
    SandboxState,
)
from seam_portal_desktop.sandbox.validation import FieldProblem

Body = dict[str, Any]
_DEFAULT_LIMIT = 500


class Operations:
    """A method per route. Each takes a body that the contract allows, and may raise ApiError."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self.by_path: Mapping[str, Callable[[Body], Body]] = {
            "/customers/create_portal": self.create_portal,
            "/customers/push_data": self.push_data,
            "/customers/delete_data": self.delete_data,
            "/workspaces/get": lambda _: {"workspace": self._workspace()},
            "/workspaces/list": lambda _: {"workspaces": [self._workspace()]},
            "/client_sessions/list": self.list_client_sessions,
            "/client_sessions/get": self.get_client_session,
            "/client_sessions/revoke": self.revoke_client_session,
            "/spaces/list": self.list_spaces,
            "/customers/reservations/create_deep_link": self.create_deep_link,
            "/workspaces/customization_profiles/list": self.list_profiles,
            "/seam/customer/v1/customers/list": self.list_customers,
            "/devices/list": self.list_devices,
            "/seam/customer/v1/customers/open_portal": self.open_portal,
            "/devices/list_device_providers": self.list_device_providers,
        }

    def create_portal(self, body: Body) -> Body:
        if "customer_data" not in body:
            raise invalid_input([FieldProblem(("customer_data",), "Required")])
        connect = body.get("features", {}).get("connect", {})
        if "accepted_providers" in connect and "excluded_providers" in connect:
            message = "accepted_providers and excluded_providers can't be given together"
            path = ("features", "connect", "excluded_providers")
            raise invalid_input([FieldProblem(path, message)])
        profile_id = body.get("customization_profile_id")
        if profile_id is not None and self._state.profile(profile_id) is None:
            message = "There is no such customization profile in this workspace"
            raise invalid_input([FieldProblem(("customization_profile_id",), message)])
        customer = self._state.push_data(body["customer_data"])
        answer = self._portal(self._state.create_portal(customer.customer_key, body))
        return {"customer_portal": answer, "magic_link": answer}

    def open_portal(self, body: Body) -> Body:
        """The customer's newest link that still opens; a new one where there is none."""
        customer = self._state.customer(body["customer_key"])
        if customer is None:
            raise not_found("customer", "There is no customer with this customer_key.")
        key = customer.customer_key
        links = [each for each in self._state.live_sessions() if each.customer_key == key]
        portal = links[-1] if links else self._state.create_portal(key, {})
        return {"magic_link": self._portal(portal)}

    def _portal(self, portal: SandboxPortal) -> Body:
        return {
            "url": self._state.url_of(portal),
            "customer_key": portal.customer_key,
            "workspace_id": self._state.workspace_id,
            "created_at": _wire_time(portal.created_at),
            "expires_at": _wire_time(portal.expires_at),
        }

    def push_data(self, body: Body) -> Body:
        self._state.push_data(body)
        return {}

    def delete_data(self, body: Body) -> Body:
        self._state.delete_data(body)
        return {}

    def create_deep_link(self, body: Body) -> Body:
        key = body["reservation_key"]
        customer = self._state.customer(body["customer_key"])
        if customer is None:
            raise not_found("customer", "There is no customer with this customer_key.")
        if key not in customer.resources.get("reservations", {}):
            raise not_found("reservation", "This customer has no such reservation.")
        deep_link = {"resource_type": "reservation", "resource_key": key}
        portal = self._state.create_portal(customer.customer_key, {"deep_link": deep_link})
        return {
            "deep_link": {
                "url": self._state.url_of(portal),
                "expires_at": _wire_time(portal.expires_at),
                "customer_portal_id": portal.portal_id,
            }
        }

    # Client sessions: each belongs to a portal of the sandbox, so none has a user.

    def list_client_sessions(self, body: Body) -> Body:
        sessions = self._state.live_sessions()
        if "client_session_id" in body:
            wanted = body["client_session_id"]
            sessions = [each for each in sessions if each.client_session_id == wanted]
        if body.keys() & {"connect_webview_id", "user_identifier_key", "user_identity_id"}:
            sessions = []
        return {"client_sessions": [self._client_session(each) for each in sessions]}

    def get_client_session(self, body: Body) -> Body:
        if not body:
            message = "client_session_id or user_identifier_key is required"
            raise invalid_input([FieldProblem(("client_session_id",), message)])
        found = self.list_client_sessions(body)["client_sessions"]
        if not found:
            raise _no_session()
        return {"client_session": found[0]}

    def revoke_client_session(self, body: Body) -> Body:
        for portal in self._state.portals():
            if portal.client_session_id == body["client_session_id"].lower():
                self._state.revoke(portal)
                return {}
        raise _no_session()

    def _client_session(self, portal: SandboxPortal) -> Body:
        customer = self._state.customer(portal.customer_key)
        return {
            "client_session_id": portal.client_session_id,
            "workspace_id": self._state.workspace_id,
            "created_at": _wire_time(portal.created_at),
            "expires_at": _wire_time(portal.expires_at),
            "token": portal.token,
            "user_identifier_key": None,
            "customer_key": portal.customer_key,
            "device_count": len(_devices(customer)) if customer else 0,
            "connected_account_ids": [
                account["account_id"]
                for account in (customer.connected_accounts if customer else ())
            ],
            "connect_webview_ids": [],
            "user_identity_ids": [],
        }

    # Lists

    def list_spaces(self, body: Body) -> Body:
        spaces = [
            space
            for customer in self._state.customers()
            for space in self._spaces_of(customer, body)
        ]
        for name in ("customer_key", "space_key", "parent_space_key", "parent_space_id"):
            if name in body:
                spaces = [each for each in spaces if each.get(name) == body[name]]
        spaces = _matching(spaces, body, ("name", "space_key", "customer_key"))
        return self._page("/spaces/list", "spaces", spaces, body, id_name="space_id")

    def list_devices(self, body: Body) -> Body:
        devices = [
            {
                "device_id": device.device_id,
                "workspace_id": self._state.workspace_id,
                "created_at": _wire_time(customer.created_at),
            }
            for customer in self._state.customers()
            if body.get("customer_key") in (None, customer.customer_key)
            for device in _devices(customer)
        ]
        return self._page("/devices/list", "devices", devices, body, id_name="device_id")

    def list_customers(self, body: Body) -> Body:
        customers = [
            {
                "customer_key": customer.customer_key,
                "workspace_id": self._state.workspace_id,
                "created_at": _wire_time(customer.created_at),
            }
            for customer in self._state.customers()
        ]
        customers = _matching(customers, body, ("customer_key",))
        path = "/seam/customer/v1/customers/list"
        return self._page(path, "customers", customers, body, id_name="customer_key")

    def list_profiles(self, body: Body) -> Body:
        profiles = self._state.profiles()
        if "customer_key" in body:
            customer = self._state.customer(body["customer_key"])
            own = customer.customization_profile_id if customer else None
            profiles = [each for each in profiles if each.customization_profile_id == own]
        return {"customization_profiles": [profile_wire(each, self._state) for each in profiles]}

    def list_device_providers(self, body: Body) -> Body:
        wanted = body.get("provider_category")
        providers = device_providers(self._state.endpoint)
        return {
            "device_providers": [
                each for each in providers if wanted in (None, *each["provider_categories"])
            ]
        }

    def _workspace(self) -> Body:
        return {
            "workspace_id": self._state.workspace_id,
            "name": self._state.workspace_name,
            "company_name": "Harbor & Pine",
            "connect_partner_name": "Harbor & Pine",
            "is_sandbox": True,
            "is_suspended": False,
            "is_publishable_key_auth_enabled": False,
            "organization_id": None,
            "connect_webview_customization": {"logo_shape": "circle"},
        }

    def _spaces_of(self, customer: Customer, body: Body) -> Iterable[Body]:
        """The customer's places as spaces; with connected_account_id, those with its devices."""
        accounts = customer.connected_accounts
        if "connected_account_id" in body:
            accounts = [a for a in accounts if a["account_id"] == body["connected_account_id"]]
        makers = {account["device_provider_name"] for account in accounts}
        devices = [
            device
            for device in _devices(customer)
            if "connected_account_id" not in body or device.provider in makers
        ]
        counts = Counter(device.place for device in devices)
        for kind, key_name in PLACE_KINDS.items():
            for key, resource in customer.resources.get(kind, {}).items():
                count = counts[f"{kind}:{key}"]
                if count or "connected_account_id" not in body:
                    yield self._space(customer, kind, resource[key_name], resource) | {
                        "device_count": count
                    }

    def _space(self, customer: Customer, kind: str, key: str, resource: Resource) -> Body:
        name = resource.get("name") or key
        space = {
            "space_id": self._space_id(customer, kind, key),
            "workspace_id": self._state.workspace_id,
            "name": name,
            "display_name": name,
            "created_at": _wire_time(customer.first_seen[kind, key]),
            "acs_entrance_count": 0,
            "customer_key": customer.customer_key,
            "space_key": key,
        }
        space |= {
            name: resource[name] for name in ("geolocation", "customer_data") if name in resource
        }
        parent = resource.get("parent_site_key")
        if parent in customer.resources.get("sites", {}):
            space["parent_space_key"] = parent
            space["parent_space_id"] = self._space_id(customer, "sites", str(parent))
        return space

    def _space_id(self, customer: Customer, kind: str, key: str) -> str:
        name = json.dumps([customer.customer_key, kind, key])
        return str(uuid.uuid5(uuid.UUID(self._state.workspace_id), name))

    def _page(
        self, path: str, name: str, items: Sequence[Body], body: Body, *, id_name: str
    ) -> Body:
        """One page of `items`, oldest first.

        The cursor is the sort key of the last item sent. So an item that is added or removed
        between two calls neither repeats nor hides another.
        """
        limit = body.get("limit", _DEFAULT_LIMIT)
        if not 1 <= limit < math.inf or limit % 1:
            message = "Expected a whole number greater than 0"
            raise invalid_input([FieldProblem(("limit",), message)])
        sort_keys = sorted(
            ([each["created_at"], each[id_name]], index) for index, each in enumerate(items)
        )
        if (cursor := body.get("page_cursor")) is not None:
            after = _decode_cursor(cursor)
            sort_keys = [each for each in sort_keys if each[0] > after]
        page, rest = sort_keys[: int(limit)], sort_keys[int(limit) :]
        next_cursor = next_url = None
        if rest:
            next_cursor = _encode_cursor(page[-1][0])
            query = {key: value for key, value in body.items() if value is not None}
            next_url = (
                f"{self._state.endpoint}{path}?{urlencode(query | {'page_cursor': next_cursor})}"
            )
        return {
            name: [items[index] for _, index in page],
            "pagination": {
                "has_next_page": bool(rest),
                "next_page_cursor": next_cursor,
                "next_page_url": next_url,
            },
        }


def profile_wire(profile: Profile, state: SandboxState) -> dict[str, Any]:
    """The contract's customization_profile."""
    wire = dict(profile.wire)
    if profile.logo is not None:
        wire["logo_url"] = f"{state.endpoint}/assets/logos/{profile.logo}.svg"
    return wire


def _devices(customer: Customer) -> list[Any]:
    return devices_for(customer.listed(), customer.connected_accounts, customer.device_overrides)


def _matching(items: list[Body], body: Body, names: Sequence[str]) -> list[Body]:
    """The items with the body's ``search`` in one of the fields `names`, case ignored."""
    text = body.get("search", "").casefold()
    return [each for each in items if any(text in each.get(n, "").casefold() for n in names)]


def _encode_cursor(sort_key: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(sort_key).encode()).decode()


def _decode_cursor(cursor: str) -> list[str]:
    try:
        sort_key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (binascii.Error, ValueError):
        sort_key = None
    if not isinstance(sort_key, list) or [type(each) for each in sort_key] != [str, str]:
        raise invalid_input([FieldProblem(("page_cursor",), "Invalid page cursor")])
    return sort_key


def _wire_time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _no_session() -> Exception:
    return not_found("client_session", "There is no such client session.")
