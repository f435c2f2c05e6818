"""Connecting, switching and removing workspaces, with a keyring and preferences in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.endpoint import DEFAULT_ENDPOINT
from seam_portal_desktop.domain.errors import (
    InvalidRequestError,
    SecretStoreAbsentError,
    SecretStoreDeniedError,
    UnauthorizedError,
    UserFacingError,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.workspaces import (
    CredentialMissingError,
    CredentialVault,
    WorkspaceService,
)
from tests.support.fake_gateway import FAKE_WORKSPACE
from tests.support.services import (
    CONNECTION,
    KEY,
    CountingStore,
    GatewayMaker,
    MemoryPreferences,
)

pytestmark = pytest.mark.anyio

OTHER = replace(FAKE_WORKSPACE, workspace_id="99999999-2222-4333-8444-555555555555", name="Other")
TOKEN = Credential(
    CredentialKind.PERSONAL_ACCESS_TOKEN,
    Secret("seam_at_test_not_a_real_token"),
    FAKE_WORKSPACE.workspace_id,
)
NO_KEYRING = SecretStoreAbsentError("No keyring is available", "Install one.")
DENIED = SecretStoreDeniedError("The keyring refused", "Allow it.")
FULL = UserFacingError("The preferences could not be saved.", "The disk is full.")


class Run:
    """One run of the program with the shared keyring and preferences."""

    def __init__(self, store: CountingStore, preferences: MemoryPreferences) -> None:
        self.gateways = GatewayMaker()
        self.vault = CredentialVault(store)
        self.workspaces = WorkspaceService(
            preferences, preferences.load(), self.vault, self.gateways
        )


@pytest.fixture
def store():
    return CountingStore()


@pytest.fixture
def preferences():
    return MemoryPreferences()


@pytest.fixture
def new_run(store, preferences):
    return lambda: Run(store, preferences)


@pytest.fixture
def run(new_run):
    return new_run()


async def connect(
    run, label="Acme", workspace=FAKE_WORKSPACE, endpoint=DEFAULT_ENDPOINT, **options
):
    return await run.workspaces.connect(label, endpoint, KEY, workspace, **options)


async def test_a_check_asks_seam_and_saves_nothing(run, store, preferences):
    assert await run.workspaces.check(DEFAULT_ENDPOINT, KEY) == FAKE_WORKSPACE
    (gateway,) = run.gateways.made
    assert gateway.credential == KEY
    assert gateway.closed
    assert store.asked == []
    assert preferences.saved.connections == []
    assert run.workspaces.current is None


async def test_a_check_that_fails_closes_its_connection(run):
    error = UnauthorizedError("Not accepted.", "Check it.")
    run.gateways.prepare = lambda gateway: gateway.fail("get_workspace", error)
    with pytest.raises(UnauthorizedError):
        await run.workspaces.check(DEFAULT_ENDPOINT, KEY)
    assert run.gateways.made[0].closed


async def test_a_token_that_opens_another_workspace_is_refused_at_the_field(run):
    run.gateways.workspace = OTHER
    with pytest.raises(InvalidRequestError) as raised:
        await run.workspaces.check(DEFAULT_ENDPOINT, TOKEN)
    assert list(raised.value.fields) == ["workspace_id"]


async def test_a_connected_workspace_is_found_by_the_next_run(run, new_run, store, preferences):
    connection = await connect(run)
    assert run.workspaces.current == connection
    assert (await store.get(f"credential/{connection.connection_id}")) == KEY.secret
    assert KEY.secret.reveal() not in repr(preferences.saved)

    later = new_run()
    assert later.workspaces.connections == [connection]
    assert later.workspaces.current == connection
    assert (await later.workspaces.gateway(connection)).credential == KEY


async def test_a_token_is_kept_with_its_workspace(run, new_run):
    connection = await run.workspaces.connect("", DEFAULT_ENDPOINT, TOKEN, FAKE_WORKSPACE)
    assert connection.label == FAKE_WORKSPACE.name, "its own name without another"
    assert (await new_run().workspaces.gateway(connection)).credential == TOKEN


async def test_connecting_a_workspace_again_replaces_it_and_its_gateway(run, store):
    first = await connect(run)
    before = await run.workspaces.gateway(first)
    again = await run.workspaces.connect("Renamed", DEFAULT_ENDPOINT, TOKEN, FAKE_WORKSPACE)
    assert again.connection_id == first.connection_id
    assert run.workspaces.connections == [again]
    assert store.names() == {f"credential/{first.connection_id}"}
    assert before.closed
    assert (await run.workspaces.gateway(again)).credential == TOKEN


async def test_the_same_workspace_at_another_endpoint_is_another_connection(run):
    await connect(run)
    await connect(run, endpoint="https://proxy.example")
    assert len(run.workspaces.connections) == 2


async def test_a_workspace_for_this_run_only_is_not_saved(run, new_run, store, preferences):
    connection = await connect(run, for_this_run_only=True)
    assert run.workspaces.current == connection
    assert run.workspaces.session_only == {connection.connection_id}
    assert (await run.workspaces.gateway(connection)).credential == KEY
    assert store.asked == []
    assert preferences.saved.connections == []
    assert preferences.saved.current_connection_id is None
    assert new_run().workspaces.connections == []


async def test_the_next_run_starts_with_a_saved_workspace(run, preferences):
    lasting = await connect(run)
    passing = await connect(run, workspace=OTHER, for_this_run_only=True)
    assert run.workspaces.current == passing
    assert preferences.saved.connections == [lasting]
    assert preferences.saved.current_connection_id == lasting.connection_id


async def test_a_workspace_for_this_run_can_be_saved_later(run, store, preferences):
    passing = await connect(run, for_this_run_only=True)
    kept = await connect(run)
    assert kept.connection_id == passing.connection_id
    assert run.workspaces.session_only == frozenset()
    assert preferences.saved.connections == [kept]
    assert store.names() == {f"credential/{kept.connection_id}"}


async def test_a_failing_keyring_connects_nothing(run, store, preferences):
    store.error = NO_KEYRING
    with pytest.raises(SecretStoreAbsentError):
        await connect(run)
    assert run.workspaces.connections == []
    assert run.workspaces.current is None
    assert preferences.saved.connections == []


async def test_preferences_that_can_not_be_written_connect_for_this_run(run, preferences):
    preferences.error = FULL
    with pytest.raises(UserFacingError) as raised:
        await connect(run)
    assert raised.value is FULL
    current = run.workspaces.current
    assert current is not None
    assert (await run.workspaces.gateway(current)).credential == KEY
    preferences.error = None
    await run.workspaces.save()
    assert preferences.saved.connections == [current], "the next save has it"


async def test_switching_is_remembered(run, new_run):
    first = await connect(run)
    await connect(run, workspace=OTHER)
    await run.workspaces.switch(first.connection_id)
    assert run.workspaces.current == first
    assert new_run().workspaces.current == first


async def test_switching_to_an_unknown_workspace_changes_nothing(run):
    connection = await connect(run)
    await run.workspaces.switch("gone")
    assert run.workspaces.current == connection


async def test_removing_deletes_the_credential_and_closes_the_gateway(run, store, preferences):
    stays = await connect(run)
    goes = await connect(run, workspace=OTHER)
    gateway = await run.workspaces.gateway(goes)
    assert await run.workspaces.remove(goes.connection_id) is None
    assert gateway.closed
    assert run.workspaces.connections == [stays]
    assert run.workspaces.current == stays
    assert preferences.saved.connections == [stays]
    assert store.names() == {f"credential/{stays.connection_id}"}
    assert await run.workspaces.remove(stays.connection_id) is None
    assert run.workspaces.current is None


async def test_removing_another_one_leaves_the_current_one_current(run):
    other = await connect(run, workspace=OTHER)
    current = await connect(run)
    await run.workspaces.remove(other.connection_id)
    assert run.workspaces.current == current


async def test_a_workspace_is_removed_although_its_credential_cannot_be_deleted(
    run, store, preferences
):
    connection = await connect(run)
    store.error = DENIED
    assert await run.workspaces.remove(connection.connection_id) is DENIED
    assert run.workspaces.connections == []
    assert preferences.saved.connections == []
    store.error = None
    await store.delete(f"credential/{connection.connection_id}")
    with pytest.raises(CredentialMissingError):
        await run.workspaces.gateway(connection)  # it is not cached either


async def test_a_workspace_of_this_run_is_removed_without_asking_the_keyring(run, store):
    connection = await connect(run, for_this_run_only=True)
    store.error = DENIED
    assert await run.workspaces.remove(connection.connection_id) is None
    assert run.workspaces.session_only == frozenset()


async def test_a_gateway_is_made_once_and_closed_at_the_end(run):
    connection = await connect(run)
    gateway = await run.workspaces.gateway(connection)
    assert await run.workspaces.gateway(connection) is gateway
    assert run.gateways.made == [gateway]
    assert not gateway.closed
    await run.workspaces.aclose()
    assert gateway.closed


async def test_other_preferences_are_kept(run, preferences):
    preferences.saved.window["geometry"] = "AAAA"
    later = WorkspaceService(preferences, preferences.load(), run.vault, run.gateways)
    await later.connect("Acme", DEFAULT_ENDPOINT, KEY, FAKE_WORKSPACE)
    assert preferences.saved.window == {"geometry": "AAAA"}


# The vault without the service


async def test_the_keyring_is_read_once_for_each_credential_and_run(store):
    await store.set("credential/c1", KEY.secret)
    store.asked.clear()
    vault = CredentialVault(store)
    assert await vault.credential_of(CONNECTION) == KEY
    assert await vault.credential_of(CONNECTION) == KEY
    assert store.asked == [("get", "credential/c1")]


async def test_a_credential_that_was_just_saved_is_not_read(store):
    vault = CredentialVault(store)
    await vault.save("c1", KEY.secret)
    assert await vault.credential_of(CONNECTION) == KEY
    assert store.asked == [("set", "credential/c1")]


async def test_a_missing_credential_is_explained_and_read_again(store):
    vault = CredentialVault(store)
    with pytest.raises(CredentialMissingError, match="Acme"):
        await vault.credential_of(CONNECTION)
    await store.set("credential/c1", KEY.secret)
    assert await vault.credential_of(CONNECTION) == KEY


async def test_a_failing_keyring_is_read_again(store):
    await store.set("credential/c1", KEY.secret)
    vault = CredentialVault(store)
    store.error = DENIED
    with pytest.raises(SecretStoreDeniedError):
        await vault.credential_of(CONNECTION)
    store.error = None
    assert await vault.credential_of(CONNECTION) == KEY


async def test_a_refused_credential_is_not_cached(store):
    vault = CredentialVault(store)
    store.error = DENIED
    with pytest.raises(SecretStoreDeniedError):
        await vault.save("c1", KEY.secret)
    store.error = None
    with pytest.raises(CredentialMissingError):
        await vault.credential_of(CONNECTION)


async def test_a_saved_workspace_is_not_replaced_by_one_for_this_run(run, new_run):
    lasting = await connect(run)
    brief = await connect(run, for_this_run_only=True)
    assert brief.connection_id != lasting.connection_id
    assert (await connect(run, for_this_run_only=True)).connection_id == brief.connection_id
    assert new_run().workspaces.connections == [lasting]
