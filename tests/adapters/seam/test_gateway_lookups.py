"""The three lists, asked of the sandbox, which checks requests against the contract."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import ForbiddenError, SeamError, UnexpectedAnswerError
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from tests.support.http_server import ScriptedServer, answer, json_answer
from tests.support.seam_answers import (
    api_key_credential,
    customers_answer,
    customization_profiles_answer,
)

pytestmark = pytest.mark.anyio

LISTS = ("list_customers", "list_customization_profiles", "list_device_providers")


@pytest.fixture(scope="module")
def sandbox():
    server = SandboxServer(SandboxConfig(with_demo_data=True))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=CredentialKind)
async def gateway(request, sandbox):
    if request.param is CredentialKind.API_KEY:
        credential = Credential(request.param, Secret(sandbox.api_key))
    else:
        token = Secret(sandbox.personal_access_token)
        credential = Credential(request.param, token, sandbox.workspace_id)
    gateway = create_gateway(sandbox.endpoint, credential)
    yield gateway
    await gateway.aclose()


@pytest.fixture
def scripted():
    with ScriptedServer() as server:
        yield server


async def test_customers_by_a_part_of_their_key(gateway):
    every = (await gateway.list_customers()).customer_keys
    assert len(every) > 5
    some = await gateway.list_customers("HARBOR")
    assert some.customer_keys == tuple(key for key in every if "harbor" in key)
    assert some.customer_keys
    assert (await gateway.list_customers("no & such=customer ?")).customer_keys == ()


async def test_a_cursor_leads_to_the_next_page(scripted):
    scripted.default = json_answer(customers_answer("a", cursor="next & more="))
    gateway = create_gateway(scripted.url, api_key_credential)
    page = await gateway.list_customers("é b&c")
    scripted.default = json_answer(customers_answer("b"))
    last = await gateway.list_customers("é b&c", page.next_page_cursor)
    await gateway.aclose()
    assert (page.customer_keys, last.customer_keys) == (("a",), ("b",))
    assert last.next_page_cursor is None
    first, second = (request.path.replace("%20", "+") for request in scripted.requests)
    path = "/seam/customer/v1/customers/list?search=%C3%A9+b%26c"
    assert first == f"{path}&_strict=true"
    assert second == f"{path}&page_cursor=next+%26+more%3D&_strict=true"


async def test_profiles_with_their_colours_and_logos(gateway):
    profiles = await gateway.list_customization_profiles()
    assert profiles
    assert all(profile.customization_profile_id for profile in profiles)
    assert any(profile.primary_color and profile.logo_url for profile in profiles)


async def test_providers_have_display_names(gateway):
    names = {each.name: each.display_name for each in await gateway.list_device_providers()}
    assert names["salto_ks"] == "Salto KS"


async def test_what_a_customer_has(gateway):
    assert await gateway.has_spaces("harbor-hotel")
    assert await gateway.has_devices("harbor-hotel")
    assert not await gateway.has_spaces("harbour & hotel")
    assert not await gateway.has_devices("harbour & hotel")


async def test_optional_fields_may_be_missing(scripted):
    scripted.default = json_answer(customization_profiles_answer())
    gateway = create_gateway(scripted.url, api_key_credential)
    full, bare = await gateway.list_customization_profiles()
    await gateway.aclose()
    assert full.primary_color == "#1a58ad"
    assert (bare.name, bare.logo_url, bare.primary_color) == (None, None, None)


@pytest.mark.parametrize("method", LISTS)
async def test_failures_are_seam_errors(method, scripted):
    gateway = create_gateway(scripted.url, api_key_credential)
    scripted.default = answer(status=403)
    with pytest.raises(ForbiddenError):
        await getattr(gateway, method)()
    for body in ({"ok": True}, {"customers": 1, "customization_profiles": [{}]}):
        scripted.default = json_answer(body)
        with pytest.raises(UnexpectedAnswerError):
            await getattr(gateway, method)()
    await gateway.aclose()
    with pytest.raises(SeamError):
        await getattr(gateway, method)()
