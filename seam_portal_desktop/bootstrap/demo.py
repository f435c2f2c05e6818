"""Starts the sandbox of the demo and fills the demo's ledger."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import msgspec

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.sender import (
    MailAccount,
    Pace,
    Security,
    SenderIdentity,
)
from seam_portal_desktop.domain.portal.record import CustomerPortal, Outcome, PortalRecord
from seam_portal_desktop.domain.ports import CreatedPortal, Ledger
from seam_portal_desktop.domain.request import decode_request
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.sandbox.demo.seed import CALLED, DemoPortal, demo_history
from seam_portal_desktop.sandbox.server import SandboxConfig, SandboxServer

if TYPE_CHECKING:
    from seam_portal_desktop.domain.workspace import Workspace
    from seam_portal_desktop.services.sending.senders import SenderService
    from seam_portal_desktop.services.workspaces import WorkspaceService


def start_sandbox(*, with_demo_data: bool) -> SandboxServer:
    """Blocks until the servers, of which one is for mail, have started. They run in a thread until
    they are stopped."""
    server = SandboxServer(SandboxConfig(with_demo_data=with_demo_data, smtp_port=0))
    server.start()
    return server


async def connect_demo(
    sandbox: SandboxServer, workspaces: WorkspaceService, ledger: Ledger
) -> None:
    """Connect the sandbox's workspace and record its earlier links."""
    credential = Credential(CredentialKind.API_KEY, Secret(sandbox.api_key))
    workspace = await workspaces.check(sandbox.endpoint, credential)
    await workspaces.connect(workspace.name, sandbox.endpoint, credential, workspace)
    for past in demo_history(sandbox.state, system_clock()):
        await _record(past, workspace, ledger)
    for customer_key, details in CALLED.items():
        await ledger.set_customer_details(workspace.workspace_id, customer_key, details)


async def add_sender(
    sandbox: SandboxServer, senders: SenderService, workspace_id: str
) -> SenderIdentity:
    """Add a sender whose messages stay in the sandbox's mailbox."""
    mailbox = sandbox.mailbox
    account = MailAccount(
        mailbox.host,
        mailbox.port,
        Security.NONE,
        username=mailbox.username,
        pace=Pace(connections=2, per_minute=None),
    )
    sender = SenderIdentity(
        "sandbox",
        workspace_id,
        MailAddress("operations@example.com", "Acme Stays"),
        account,
        operator="Robin",
        signature="Acme Stays\nGuest services",
    )
    await senders.save(sender, Secret(mailbox.password), is_default=True)
    return sender


async def _record(past: DemoPortal, workspace: Workspace, ledger: Ledger) -> None:
    portal = PortalRecord(
        portal_id=str(uuid.uuid4()),
        workspace_id=workspace.workspace_id,
        workspace_kind=workspace.kind,
        customer_key=past.customer_key,
        outcome=Outcome.REQUESTED,
        requested_at=past.requested_at,
    )
    await ledger.record_intent(portal, decode_request(msgspec.json.encode(past.request)))
    if past.failure is not None:
        record = ledger.record_failed if past.outcome is Outcome.FAILED else ledger.record_unknown
        await record(portal.portal_id, past.failure, at=past.requested_at)
    if past.url is None or past.created_at is None or past.expires_at is None:
        return
    answer = CustomerPortal(
        past.url, past.customer_key, workspace.workspace_id, past.created_at, past.expires_at
    )
    await ledger.record_created(portal.portal_id, CreatedPortal(answer, past.seam_request_id))
    if past.previewed_at is not None:
        await ledger.mark_previewed(portal.portal_id, past.previewed_at)
    if past.sent is not None:
        await ledger.mark_sent(portal.portal_id, past.sent)
    if past.revoked_at is not None:
        await ledger.mark_revoked(portal.portal_id, past.revoked_at)
