"""A sandbox for each test, and one for each module whose tests change nothing."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from seam_portal_desktop.sandbox.contract import Contract
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer
from tests.support.sandboxes import running_sandbox


def api_client(server: SandboxServer, **headers: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {server.api_key}", **headers}
    return httpx.Client(
        base_url=server.endpoint, headers=headers, timeout=10, trust_env=False, verify=False
    )


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.load()


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox() as server:
        yield server


@pytest.fixture
def client(sandbox) -> Iterator[httpx.Client]:
    with api_client(sandbox) as client:
        yield client


@pytest.fixture(scope="module")
def demo() -> Iterator[SandboxServer]:
    """A server with the demo's customers. Tests that share it change nothing."""
    with running_sandbox(SandboxConfig(with_demo_data=True)) as server:
        yield server


@pytest.fixture(scope="module")
def demo_client(demo) -> Iterator[httpx.Client]:
    with api_client(demo) as client:
        yield client


@pytest.fixture(scope="module")
def anonymous(demo) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=demo.endpoint, timeout=10, trust_env=False, verify=False) as client:
        yield client
