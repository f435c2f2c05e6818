"""The sandbox's data: customers, their resources, portals, received requests."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.sandbox.auth import is_same_secret
from seam_portal_desktop.sandbox.portal_page.actions import Effects

WORKSPACE_ID = "5a3db0c4-6f1e-4c1b-9d55-0d2f6c3b8e17"
"""The sandbox's one workspace. Every run has the same, so that a ledger's rows still fit it."""

WORKSPACE_NAME = "Harbor & Pine (demo)"
PORTAL_LIFETIME = timedelta(days=7)
_REQUESTS_KEPT = 1000

Resource = dict[str, Any]


class Standing(Enum):
    """Whether a portal link opens at a time."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(slots=True)
class Customer:
    """A customer, its resources as {kind: {key: resource}}, and what visitors did.

    ``first_seen`` has the time at which each (kind, key) was pushed first. The last four fields
    have the form that PageData needs.
    """

    customer_key: str
    created_at: datetime
    display_name: str = ""
    customization_profile_id: str | None = None
    resources: dict[str, dict[str, Resource]] = field(default_factory=dict)
    first_seen: dict[tuple[str, str], datetime] = field(default_factory=dict)
    device_overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    connected_accounts: list[Mapping[str, Any]] = field(default_factory=list)
    automations: dict[str, bool] = field(default_factory=dict)
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def listed(self) -> dict[str, list[Resource]]:
        """The resources as {kind: [resource]}, without empty kinds."""
        return {kind: list(by_key.values()) for kind, by_key in self.resources.items() if by_key}


@dataclass(slots=True)
class SandboxPortal:
    """One link: a client session, and the create_portal body that created it."""

    portal_id: str
    client_session_id: str
    token: str = field(repr=False)
    customer_key: str
    request: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def standing(self, now: datetime) -> Standing:
        if self.revoked_at is not None:
            return Standing.REVOKED
        return Standing.EXPIRED if now >= self.expires_at else Standing.LIVE


@dataclass(frozen=True, slots=True)
class Profile:
    """A customization profile: its wire form, and the default settings of its portals.

    ``logo`` is a name in demo.profiles.LOGOS; its address depends on the port. ``settings`` are
    in create_portal's form; a request's own values override them.
    """

    wire: Mapping[str, Any]
    logo: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def customization_profile_id(self) -> str:
        return str(self.wire["customization_profile_id"])


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change that a visitor made on the portal page."""

    portal_id: str
    action: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """An API call as received. ``body`` is the parsed JSON or query; None if it can't be read."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Any


class SandboxState:
    """Only the server's thread changes it; every thread may read it through its methods.

    ``resource_keys`` is that of the contract. ``endpoint`` is set once the server knows its port.
    """

    def __init__(
        self,
        *,
        resource_keys: Mapping[str, str],
        clock: Clock,
        portal_lifetime: timedelta = PORTAL_LIFETIME,
    ) -> None:
        self.resource_keys = resource_keys
        self.clock = clock
        self.portal_lifetime = portal_lifetime
        self.endpoint = ""
        self.workspace_id = WORKSPACE_ID
        self.workspace_name = WORKSPACE_NAME
        self._lock = threading.RLock()
        self._customers: dict[str, Customer] = {}
        self._portals: dict[str, SandboxPortal] = {}
        self._profiles: dict[str, Profile] = {}
        self._mutations: list[Mutation] = []
        self._requests: deque[ReceivedRequest] = deque(maxlen=_REQUESTS_KEPT)

    def record_request(self, request: ReceivedRequest) -> None:
        with self._lock:
            self._requests.append(request)

    def requests(self, path: str | None = None) -> list[ReceivedRequest]:
        """The last API calls, oldest first; with `path`, only those to it."""
        with self._lock:
            return [each for each in self._requests if path in (None, each.path)]

    def mutations(self) -> list[Mutation]:
        """The changes that visitors made on portal pages, oldest first."""
        with self._lock:
            return list(self._mutations)

    # Customization profiles

    def add_profile(self, profile: Profile) -> None:
        with self._lock:
            self._profiles[profile.customization_profile_id] = profile

    def profiles(self) -> list[Profile]:
        with self._lock:
            return list(self._profiles.values())

    def profile(self, customization_profile_id: str | None) -> Profile | None:
        with self._lock:
            return self._profiles.get(customization_profile_id or "")

    # Customers and their data

    def customers(self) -> list[Customer]:
        with self._lock:
            return list(self._customers.values())

    def customer(self, customer_key: str) -> Customer | None:
        with self._lock:
            return self._customers.get(customer_key)

    def push_data(self, data: Mapping[str, Any], *, at: datetime | None = None) -> Customer:
        """Merge customer data (the contract's form) into its customer, which may be new.

        A resource that exists keeps the fields that `data` doesn't have.
        """
        at = at or self.clock()
        key = data["customer_key"]
        with self._lock:
            customer = self._customers.setdefault(key, Customer(key, created_at=at))
            for kind, key_name in self.resource_keys.items():
                for resource in data.get(kind, ()):
                    self._upsert(customer, kind, resource[key_name], resource, at)
            return customer

    def _upsert(
        self, customer: Customer, kind: str, key: str, resource: Mapping[str, Any], at: datetime
    ) -> None:
        customer.resources.setdefault(kind, {}).setdefault(key, {}).update(resource)
        customer.first_seen.setdefault((kind, key), at)

    def delete_data(self, keys: Mapping[str, Iterable[str]]) -> None:
        """Remove customers and resources by key (``room_keys``: […]), of every customer.

        A removed customer's portals are revoked. References to a removed resource are removed.
        """
        with self._lock:
            for customer_key in keys.get("customer_keys", ()):
                self._customers.pop(customer_key, None)
                for portal in self._portals.values():
                    if portal.customer_key == customer_key and portal.revoked_at is None:
                        portal.revoked_at = self.clock()
            for kind, key_name in self.resource_keys.items():
                for key in keys.get(f"{key_name}s", ()):
                    for customer in self._customers.values():
                        self._remove(customer, kind, key)

    def _remove(self, customer: Customer, kind: str, key: str) -> None:
        if customer.resources.get(kind, {}).pop(key, None) is None:
            return
        customer.first_seen.pop((kind, key), None)
        key_name = self.resource_keys[kind]
        for by_key in customer.resources.values():
            for resource in by_key.values():
                if resource.get(key_name) == key:
                    del resource[key_name]
                if key in resource.get(f"{key_name}s", ()):
                    resource[f"{key_name}s"] = [
                        each for each in resource[f"{key_name}s"] if each != key
                    ]

    # Portals

    def create_portal(
        self,
        customer_key: str,
        request: Mapping[str, Any],
        *,
        created_at: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> SandboxPortal:
        """Create a link for a customer that exists. The times default to now and the lifetime."""
        created_at = created_at or self.clock()
        portal = SandboxPortal(
            portal_id=str(uuid.uuid4()),
            client_session_id=str(uuid.uuid4()),
            token=f"seam_cst_sandbox_{secrets.token_urlsafe(24)}",
            customer_key=customer_key,
            request={name: value for name, value in request.items() if name != "customer_data"},
            created_at=created_at,
            expires_at=expires_at or created_at + self.portal_lifetime,
        )
        with self._lock:
            self._portals[portal.portal_id] = portal
        return portal

    def url_of(self, portal: SandboxPortal) -> str:
        return f"{self.endpoint}/portals/{portal.portal_id}?token={portal.token}"

    def portals(self) -> list[SandboxPortal]:
        """Every link that was created, oldest first."""
        with self._lock:
            return list(self._portals.values())

    def portal(self, portal_id: str, token: str) -> SandboxPortal | None:
        """The portal of this token; the link may have expired or been revoked."""
        with self._lock:
            portal = self._portals.get(portal_id)
        return portal if portal and is_same_secret(token, portal.token) else None

    def live_sessions(self) -> list[SandboxPortal]:
        """The portals whose links open now, which are Seam's client sessions."""
        now = self.clock()
        return [each for each in self.portals() if each.standing(now) is Standing.LIVE]

    def revoke(self, portal: SandboxPortal, *, at: datetime | None = None) -> None:
        with self._lock:
            if portal.revoked_at is None:
                portal.revoked_at = at or self.clock()

    def store(self, portal: SandboxPortal, action: Mapping[str, Any], effects: Effects) -> None:
        """Apply the effects of a visitor's action to the portal's customer."""
        now = self.clock()
        with self._lock:
            customer = self._customers[portal.customer_key]
            for kind, resource in effects.upserts:
                self._upsert(customer, kind, resource[self.resource_keys[kind]], resource, now)
            for kind, key in effects.deletions:
                self._remove(customer, kind, key)
            for device_id, override in effects.device_overrides.items():
                customer.device_overrides.setdefault(device_id, {}).update(override)
            if effects.connected_account is not None:
                customer.connected_accounts.append(effects.connected_account)
            customer.automations.update(effects.automations)
            customer.events.extend(effects.events)
            self._mutations.append(Mutation(portal.portal_id, action, now))
