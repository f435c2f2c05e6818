"""What the gateway sends is what the official SDK sends for the same call.

Compared over a socket: method, path with query, the two headers that authenticate, the content
type, and the JSON body. Bodies are compared as bytes once both are written without whitespace and
with sorted keys: key order and spacing mean nothing in JSON, and the SDK's order is that of its
own signature. The SDK leaves out arguments that are None and sends ``seam.NULL`` as null.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import anyio.to_thread
import msgspec
import pytest
import seam

from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.ports import SeamGateway
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.request import (
    ConfigureFeature,
    ConnectFeature,
    CustomerData,
    DeviceDeepLink,
    DeviceManagementConfirmation,
    EventsFilter,
    Features,
    LandingPage,
    Locale,
    ManageDevicesFeature,
    ManageFeature,
    ManageLanding,
    NavigationMode,
    OrganizeFeature,
    PortalRequest,
    ReservationDeepLink,
    ResourceFilter,
    Space,
    SpaceCustomerData,
    SpaceDeepLink,
    decode_request,
    encode_customer_data,
    encode_request,
)
from seam_portal_desktop.domain.request.preset import for_customer, read_preset
from seam_portal_desktop.services.portal.creation import CreationService
from tests.support.contract import create_portal_schema, full_example, schema_paths, value_paths
from tests.support.http_server import Exchange, ReceivedRequest, ScriptedServer, json_answer
from tests.support.seam_answers import (
    api_key_credential,
    client_sessions_answer,
    deep_link_answer,
    device_providers_answer,
    open_portal_answer,
    portal_answer,
    token_credential,
    workspace_answer,
)
from tests.support.services import CONNECTION
from tests.support.sqlite_ledger import sqlite_ledger

pytestmark = pytest.mark.anyio

SCHEMA = create_portal_schema()
PRESETS = sorted((Path(__file__).parents[3] / "resources" / "presets").glob("*.json"))
HARBOR = CustomerData(customer_key="harbor-hotel")
PROFILE = "33333333-2222-4333-8444-555555555555"
SESSION = "22222222-2222-4333-8444-555555555555"
ALL_DATA = msgspec.convert(
    full_example(SCHEMA["properties"]["customer_data"]) | {"customer_key": "harbor"}, CustomerData
)
ALL_KEYS = {
    name: ["Zoë & co", f"~{name}*+ %20/?#[]", 'הנמל "é" 🏨 \u2028']
    for name in DeletedKeys.__struct_fields__
}


@dataclass(frozen=True)
class Call:
    name: str
    ours: Callable[[SeamGateway], Awaitable[object]]
    sdk: Callable[[seam.Seam], object]


def create(name: str, ours: PortalRequest, **sdk: Any) -> Call:
    return Call(
        name,
        lambda gateway: gateway.create_portal(ours),
        lambda client: client.customers.create_portal(**sdk),
    )


def features(name: str, ours: Features, **sdk: Any) -> Call:
    return create(name, PortalRequest(features=ours), features=sdk)


def manage(**sdk: Any) -> Call:
    """A manage switch, whose argument has the same name in the SDK."""
    return features(f"manage.{next(iter(sdk))}", Features(manage=ManageFeature(**sdk)), manage=sdk)


def configure(**sdk: Any) -> Call:
    ours = Features(configure=ConfigureFeature(**sdk))
    return features(f"configure.{next(iter(sdk))}", ours, configure=sdk)


def customer_kind(kind: str) -> Call:
    """One kind of customer data, with every field of the contract."""
    items = full_example(SCHEMA["properties"]["customer_data"]["properties"][kind])
    data = {"customer_key": "harbor-hotel", kind: items}
    # In the SDK a nested None is sent as null, as NULL is.
    return create(
        f"customer_data.{kind}",
        decode_request(json.dumps({"customer_data": data})),
        customer_data=data,
    )


def preset(file: Path) -> Call:
    """A customer's request made with a shipped preset."""
    asked = PortalRequest(customer_data=HARBOR)
    ours = for_customer(read_preset(file.read_bytes(), file.stem, shipped=True).request, asked)
    document = json.loads(file.read_text("utf-8"))
    return create(
        f"preset {file.stem}",
        ours,
        customer_data={"customer_key": "harbor-hotel"},
        **document["request"],
    )


def landing(key: str) -> Call:
    return create(
        f"landing_page.manage.{key}",
        PortalRequest(landing_page=LandingPage(manage=ManageLanding(**{key: "x"}))),
        landing_page={"manage": {key: "x"}},
    )


CUSTOMER_KINDS = sorted(
    SCHEMA["properties"]["customer_data"]["properties"].keys() - {"customer_key"}
)
LANDING_KEYS = sorted(
    path.removeprefix("landing_page.manage.")
    for path in schema_paths(SCHEMA)
    if path.startswith("landing_page.manage.")
)

CALLS = [
    Call("get_workspace", lambda gateway: gateway.get_workspace(), lambda c: c.workspaces.get()),
    Call(
        "list_client_sessions",
        lambda gateway: gateway.list_client_sessions(),
        lambda c: c.client_sessions.list(),
    ),
    Call(
        "list_device_providers",
        lambda gateway: gateway.list_device_providers(),
        lambda client: client.devices.list_device_providers(),
    ),
    Call(
        "has_spaces",
        lambda gateway: gateway.has_spaces("Zoë & co"),
        lambda client: client.spaces.list(customer_key="Zoë & co", limit=1),
    ),
    Call(
        "has_devices",
        lambda gateway: gateway.has_devices("Zoë & co"),
        lambda client: client.devices.list(customer_key="Zoë & co", limit=1),
    ),
    Call(
        "list_client_sessions of one id",
        lambda gateway: gateway.list_client_sessions(SESSION),
        lambda client: client.client_sessions.list(client_session_id=SESSION),
    ),
    Call(
        "revoke_client_session",
        lambda gateway: gateway.revoke_client_session(SESSION),
        lambda client: client.client_sessions.revoke(client_session_id=SESSION),
    ),
    Call(
        "create_reservation_deep_link",
        lambda gateway: gateway.create_reservation_deep_link("Zoë & co", "R-1"),
        # An internal route: the SDK has no method, but its own way of sending one.
        lambda client: client.client.post(
            "/customers/reservations/create_deep_link",
            json={"customer_key": "Zoë & co", "reservation_key": "R-1"},
        ),
    ),
    Call(
        "open_portal",
        lambda gateway: gateway.open_portal("Zoë & co"),
        # An internal route, as above.
        lambda client: client.client.post(
            "/seam/customer/v1/customers/open_portal", json={"customer_key": "Zoë & co"}
        ),
    ),
    Call(
        "push_data",
        lambda gateway: gateway.push_data(ALL_DATA),
        lambda client: client.customers.push_data(**json.loads(encode_customer_data(ALL_DATA))),
    ),
    Call(
        "delete_data",
        lambda gateway: gateway.delete_data(msgspec.convert(ALL_KEYS, DeletedKeys)),
        lambda client: client.customers.delete_data(**ALL_KEYS),
    ),
    create("nothing at all", PortalRequest()),
    create(
        "customer_data",
        PortalRequest(customer_data=HARBOR),
        customer_data={"customer_key": "harbor-hotel"},
    ),
    create(
        "customer_key in other scripts",
        PortalRequest(customer_data=CustomerData(customer_key='הנמל "é" 🏨 / \\ \u2028')),
        customer_data={"customer_key": 'הנמל "é" 🏨 / \\ \u2028'},
    ),
    create("locale", PortalRequest(locale=Locale.PL_PL), locale="pl-PL"),
    create("is_embedded", PortalRequest(is_embedded=True), is_embedded=True),
    create("is_embedded, false", PortalRequest(is_embedded=False), is_embedded=False),
    create("read_only", PortalRequest(read_only=True), read_only=True),
    create(
        "exclude_locale_picker",
        PortalRequest(exclude_locale_picker=False),
        exclude_locale_picker=False,
    ),
    create(
        "customization_profile_id",
        PortalRequest(customization_profile_id=PROFILE),
        customization_profile_id=PROFILE,
    ),
    create(
        "navigation_mode",
        PortalRequest(navigation_mode=NavigationMode.RESTRICTED),
        navigation_mode="restricted",
    ),
    create("landing_page, empty", PortalRequest(landing_page=LandingPage()), landing_page={}),
    *map(landing, LANDING_KEYS),
    create(
        "deep_link to a reservation",
        PortalRequest(deep_link=ReservationDeepLink(resource_key="r")),
        deep_link={"resource_type": "reservation", "resource_key": "r"},
    ),
    create(
        "deep_link to a space",
        PortalRequest(deep_link=SpaceDeepLink(resource_key="s")),
        deep_link={"resource_type": "space", "resource_key": "s"},
    ),
    create(
        "deep_link to a device",
        PortalRequest(deep_link=DeviceDeepLink(resource_id="d")),
        deep_link={"resource_type": "device", "resource_id": "d"},
    ),
    create(
        "customer_resources_filters",
        PortalRequest(
            customer_resources_filters=(
                ResourceFilter(field="region", operation="=", value="north"),
                ResourceFilter(field="vip", operation="=", value=False),
            )
        ),
        customer_resources_filters=[
            {"field": "region", "operation": "=", "value": "north"},
            {"field": "vip", "operation": "=", "value": False},
        ],
    ),
    features("features, empty", Features()),
    features(
        "connect.exclude", Features(connect=ConnectFeature(exclude=True)), connect={"exclude": True}
    ),
    features(
        "connect.accepted_providers",
        Features(connect=ConnectFeature(accepted_providers=("yale", "august"))),
        connect={"accepted_providers": ["yale", "august"]},
    ),
    features(
        "connect.excluded_providers",
        Features(connect=ConnectFeature(excluded_providers=())),
        connect={"excluded_providers": []},
    ),
    features(
        "organize.exclude",
        Features(organize=OrganizeFeature(exclude=False)),
        organize={"exclude": False},
    ),
    features(
        "manage_devices.exclude",
        Features(manage_devices=ManageDevicesFeature(exclude=True)),
        manage_devices={"exclude": True},
    ),
    manage(exclude=True),
    manage(exclude_reservation_management=True),
    manage(exclude_reservation_technical_details=False),
    manage(exclude_staff_management=True),
    features(
        "manage.device_management_confirmation",
        Features(
            manage=ManageFeature(
                device_management_confirmation=DeviceManagementConfirmation(
                    title="Sure?",
                    body="It unlocks.",
                    confirm_button_label="Yes",
                    cancel_button_label="No",
                )
            )
        ),
        manage={
            "device_management_confirmation": {
                "title": "Sure?",
                "body": "It unlocks.",
                "confirm_button_label": "Yes",
                "cancel_button_label": "No",
            }
        },
    ),
    features(
        "manage.events",
        Features(
            manage=ManageFeature(
                events=EventsFilter(allowed_events=("lock.locked", "a"), default_events=("a",))
            )
        ),
        manage={"events": {"allowed_events": ["lock.locked", "a"], "default_events": ["a"]}},
    ),
    configure(exclude=False),
    configure(allow_access_automation_rule_customization=True),
    configure(allow_climate_automation_rule_customization=True),
    configure(allow_instant_key_customization=False),
    *map(customer_kind, CUSTOMER_KINDS),
    *map(preset, PRESETS),
    create(
        "explicit null",
        PortalRequest(
            customer_data=CustomerData(
                customer_key="k",
                spaces=(
                    Space(
                        space_key="s",
                        name="n",
                        customer_data=SpaceCustomerData(address=None, time_zone=None),
                    ),
                ),
            )
        ),
        customer_data={
            "customer_key": "k",
            "spaces": [
                {
                    "space_key": "s",
                    "name": "n",
                    "customer_data": {"address": seam.NULL, "time_zone": seam.NULL},
                }
            ],
        },
    ),
]

# Internal routes, written as the SDK writes every list (GET, with _strict beside a query) and
# shown against the sandbox by test_gateway_lookups.py.
NOT_IN_THE_SDK = {"list_customers", "list_customization_profiles"}


@pytest.fixture(scope="module")
def server():
    with ScriptedServer(default=answer_well) as server:
        yield server


def answer_well(exchange: Exchange) -> None:
    answers = {
        "/workspaces/get": workspace_answer,
        "/client_sessions/list": client_sessions_answer,
        "/client_sessions/revoke": lambda: {"ok": True},
        "/customers/push_data": lambda: {"ok": True},
        "/customers/delete_data": lambda: {"ok": True},
        "/customers/reservations/create_deep_link": deep_link_answer,
        "/seam/customer/v1/customers/open_portal": open_portal_answer,
        "/customers/create_portal": lambda: portal_answer(
            customer_key=exchange.request.json.get("customer_data", {}).get("customer_key")
        ),
        "/devices/list_device_providers": device_providers_answer,
        "/spaces/list": lambda: {"spaces": [], "ok": True},
        "/devices/list": lambda: {"devices": [], "ok": True},
    }
    json_answer(answers[exchange.request.path.partition("?")[0]]())(exchange)


def sdk_client(server: ScriptedServer, credential: Credential) -> seam.Seam:
    secret = credential.secret.reveal()
    if credential.kind is CredentialKind.API_KEY:
        return seam.Seam.from_api_key(secret, endpoint=server.url)
    assert credential.workspace_id
    return seam.Seam.from_personal_access_token(
        secret, credential.workspace_id, endpoint=server.url
    )


@pytest.mark.parametrize(
    "credential", [api_key_credential, token_credential], ids=["API key", "token"]
)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
async def test_sends_what_the_sdk_sends(call, credential, server):
    server.requests.clear()
    gateway = create_gateway(server.url, credential)
    await call.ours(gateway)
    await gateway.aclose()
    client = sdk_client(server, credential)
    await anyio.to_thread.run_sync(partial(call.sdk, client))
    client.client.close()

    ours, theirs = server.requests
    assert comparable(ours) == comparable(theirs)
    assert "authorization" in ours.headers
    assert ours.headers.get("seam-workspace") == credential.workspace_id


async def test_a_renewed_link_sends_what_the_sdk_sends(server, tmp_path):
    server.requests.clear()
    example = full_example(SCHEMA)
    gateway = create_gateway(server.url, api_key_credential)

    async def gateway_of(_connection: object) -> SeamGateway:
        return gateway

    ledger = sqlite_ledger(tmp_path)
    await ledger.open()
    creation = CreationService(ledger, gateway_of, system_clock)
    old = await creation.create(CONNECTION, decode_request(json.dumps(example)))
    new = await creation.renew(CONNECTION, old.portal_id)
    await ledger.close()
    await gateway.aclose()
    client = sdk_client(server, api_key_credential)
    await anyio.to_thread.run_sync(partial(client.customers.create_portal, **example))
    client.client.close()

    assert new.renewed_from == old.portal_id
    first, renewed, theirs = map(comparable, server.requests)
    assert first == renewed == theirs


def comparable(request: ReceivedRequest) -> dict[str, object]:
    names = ("authorization", "seam-workspace", "content-type")
    body = request.body and json.dumps(request.json, sort_keys=True, separators=(",", ":"))
    return {
        "method": request.method,
        "path": request.path,
        "headers": {name: request.headers.get(name) for name in names},
        "body": body,
    }


def test_the_table_has_every_call():
    """Every field of the contract is sent by some call, so a misspelt one fails."""
    sent: set[str] = set()
    called: set[str] = set()

    class Recorder:
        def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
            async def record(*arguments: object, **_: object) -> None:
                called.add(name)
                if name == "create_portal":
                    sent.update(value_paths(json.loads(encode_request(arguments[0]))))

            return record

    for call in CALLS:
        with pytest.raises(StopIteration):
            call.ours(Recorder()).send(None)
    assert set(schema_paths(SCHEMA)) - sent == set()
    gateway_methods = {name for name in vars(SeamGateway) if not name.startswith("_")} - {"aclose"}
    assert gateway_methods - called == NOT_IN_THE_SDK
    assert len(CALLS) >= 25
    assert len(PRESETS) == 5
