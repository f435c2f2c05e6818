"""What is filled in arrives at the service, field by field, as it was typed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt

from seam_portal_desktop.adapters.seam.gateway import create_gateway
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.operations import Operations
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from tests.support.contract import create_portal_schema, full_example
from tests.support.dialog_driver import DialogDriver


@pytest.fixture
def received(monkeypatch):
    """The bodies that the sandbox was sent, as it read them."""
    bodies: list[dict[str, Any]] = []
    create = Operations.create_portal

    def spy(operations: Operations, body: dict[str, Any]) -> dict[str, Any]:
        bodies.append(body)
        return create(operations, body)

    monkeypatch.setattr(Operations, "create_portal", spy)
    return bodies


@pytest.fixture
def sandbox(received):
    server = SandboxServer(SandboxConfig(with_demo_data=True))
    server.start()
    yield server
    server.stop()


def send(sandbox: SandboxServer, request: PortalRequest) -> CreatedPortal:
    credential = Credential(CredentialKind.API_KEY, Secret(sandbox.api_key))

    async def call() -> CreatedPortal:
        gateway = create_gateway(sandbox.endpoint, credential)
        try:
            return await gateway.create_portal(request)
        finally:
            await gateway.aclose()

    return asyncio.run(call())


def test_the_sandbox_receives_exactly_what_was_typed(dialog, sandbox, received, qtbot):
    body = full_example(create_portal_schema())
    # Of what excludes each other the dialog lets nobody set both.
    del body["features"]["connect"]["excluded_providers"], body["deep_link"]
    del body["features"]["manage_devices"]
    events = body["features"]["manage"]["events"]
    events["default_events"] = events["allowed_events"]
    body["customization_profile_id"] = sandbox.state.profiles()[0].customization_profile_id
    asked: list[PortalRequest] = []
    dialog.create_requested.connect(lambda: asked.append(dialog.request()))

    DialogDriver(dialog).enter(body)
    qtbot.keyClick(dialog.customer.key, Qt.Key.Key_Return)
    created = send(sandbox, asked[0])

    assert received == [body]
    assert created.customer_portal.customer_key == body["customer_data"]["customer_key"]
