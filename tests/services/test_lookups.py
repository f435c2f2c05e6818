"""Lookups are cached, and a failing lookup is an empty list."""

from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.errors import (
    ForbiddenError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    SecretStoreLockedError,
    UnauthorizedError,
    UnexpectedAnswerError,
)
from seam_portal_desktop.domain.lookups import CustomersPage
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.services.lookups import LookupService
from tests.support.fake_gateway import FAKE_PROFILE, FAKE_PROVIDER, FAKE_WORKSPACE, FakeGateway

pytestmark = pytest.mark.anyio


def connection(workspace: Workspace = FAKE_WORKSPACE, number: int = 1) -> WorkspaceConnection:
    return WorkspaceConnection(
        str(number), "Acme", "https://seam.example", CredentialKind.API_KEY, workspace
    )


HERE = connection()
LOGO = "https://logos.example/a.png"


async def no_image(url: str) -> bytes | None:
    return None


@pytest.fixture
def gateway():
    return FakeGateway()


@pytest.fixture
def lookups(gateway):
    async def gateway_of(_: WorkspaceConnection) -> FakeGateway:
        return gateway

    return LookupService(gateway_of, no_image)


async def test_lists_are_fetched_once_in_a_run(lookups, gateway):
    for _ in range(2):
        assert await lookups.customization_profiles(HERE) == (FAKE_PROFILE,)
        assert await lookups.device_providers(HERE) == (FAKE_PROVIDER,)
        assert await lookups.customers(HERE, " HARBOR ") == CustomersPage(("harbor-hotel",))
    assert sorted(gateway.calls) == sorted(
        ["list_customization_profiles", "list_device_providers", "list_customers"]
    )


async def test_each_workspace_has_its_own_lists(lookups, gateway):
    await lookups.customization_profiles(HERE)
    other = Workspace("99999999-2222-4333-8444-555555555555", "Other", "Other", is_sandbox=True)
    await lookups.customization_profiles(connection(other, 2))
    assert gateway.calls == ["list_customization_profiles"] * 2


async def test_customers_are_read_page_by_page(lookups, gateway):
    gateway.customer_keys = [f"hotel-{number}" for number in range(5)]
    gateway.page_size = 2
    seen, cursor = [], None
    while True:
        page = await lookups.customers(HERE, "hotel", cursor)
        seen += page.customer_keys
        cursor = page.next_page_cursor
        if cursor is None:
            break
    assert seen == gateway.customer_keys


@pytest.mark.parametrize(
    "error",
    [
        UnauthorizedError("No.", "No.", status=401),
        ForbiddenError("No.", "No.", status=403),
        NotFoundError("No.", "No.", status=404),
        RateLimitedError("No.", "No.", status=429),
        UnexpectedAnswerError("No.", "No.", status=200),
        NetworkError("No.", "No."),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_refusal_is_an_empty_list_and_no_error(lookups, gateway, error):
    for method in ("list_customers", "list_customization_profiles", "list_device_providers"):
        gateway.fail(method, error)
    assert await lookups.customers(HERE, "h") is None
    assert await lookups.customization_profiles(HERE) == ()
    assert await lookups.device_providers(HERE) == ()


async def test_a_customer_has_nothing_only_if_seam_says_so_of_both_lists(lookups, gateway):
    assert await lookups.has_nothing(HERE, "harbor-hotel") is False
    gateway.without_spaces.add("harbor-hotel")
    assert await lookups.has_nothing(HERE, "harbor-hotel") is False
    gateway.without_devices.add("harbor-hotel")
    assert await lookups.has_nothing(HERE, "harbor-hotel") is True
    for method in ("has_spaces", "has_devices"):
        gateway.fail(method, NetworkError("No.", "No."))
        assert await lookups.has_nothing(HERE, "harbor-hotel") is None


async def test_a_refused_list_is_not_fetched_at_every_keystroke(lookups, gateway):
    gateway.fail("list_customers", ForbiddenError("No.", "No.", status=403))
    for text in ("h", "ha", "har"):
        await lookups.customers(HERE, text)
    assert gateway.calls == ["list_customers"]


async def test_a_temporary_failure_is_tried_again(lookups, gateway):
    gateway.fail("list_customers", NetworkError("No.", "No."))
    assert await lookups.customers(HERE, "harbor") is None
    assert await lookups.customers(HERE, "harbor") == CustomersPage(("harbor-hotel",))


async def test_without_a_credential_all_lists_are_empty():
    async def locked(_: WorkspaceConnection) -> FakeGateway:
        raise SecretStoreLockedError("The keyring is locked.", "Unlock it.")

    assert await LookupService(locked, no_image).device_providers(HERE) == ()


async def test_a_cancelled_search_caches_nothing(lookups, gateway):
    with gateway.hold("list_customers"):
        search = asyncio.create_task(lookups.customers(HERE, "ha"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        search.cancel()
        with pytest.raises(asyncio.CancelledError):
            await search
    assert await lookups.customers(HERE, "ha") == CustomersPage(("harbor-hotel",))


async def test_new_customers_are_found_after_the_cache_is_cleared(lookups, gateway):
    await lookups.customers(HERE, "new")
    gateway.customer_keys.append("new-inn")
    assert await lookups.customers(HERE, "new") == CustomersPage(())
    lookups.clear_customers(HERE)
    assert await lookups.customers(HERE, "new") == CustomersPage(("new-inn",))


class Images:
    """Returns `images` in order."""

    def __init__(self, *images: bytes | None) -> None:
        self.images = list(images)
        self.asked: list[str] = []

    async def __call__(self, url: str) -> bytes | None:
        self.asked.append(url)
        return self.images.pop(0)


async def no_gateway(_: WorkspaceConnection) -> FakeGateway:
    raise AssertionError


async def test_a_logo_is_fetched_once_in_a_run_and_again_when_it_failed():
    images = Images(None, b"logo")
    lookups = LookupService(no_gateway, images)
    assert await lookups.profile_logo(HERE, LOGO) is None
    assert await lookups.profile_logo(HERE, LOGO) == b"logo"
    assert await lookups.profile_logo(HERE, LOGO) == b"logo"
    assert images.asked == [LOGO, LOGO]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/stop", "https://localhost/a.png"])
async def test_a_remote_service_cannot_make_this_program_fetch_local_addresses(url):
    images = Images(b"logo")
    assert await LookupService(no_gateway, images).profile_logo(HERE, url) is None
    assert images.asked == []
