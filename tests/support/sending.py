"""What services need for sending, without a mail server, a browser or a keyring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from seam_portal_desktop.adapters.files.user_files import read_file
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.mail.oauth import DeviceCodeClient
from seam_portal_desktop.adapters.templates.store import FileTemplateStore
from seam_portal_desktop.domain.message.delivery import RecipientResult, RecipientState
from seam_portal_desktop.domain.message.ports import Envelope, TransportAnswer
from seam_portal_desktop.domain.message.sender import MailAccount
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.paths import resource
from seam_portal_desktop.services.app import SendingParts
from tests.support.message_facts import make_renderer


class AcceptingTransport:
    """Takes every message, and keeps it in `sent`."""

    def __init__(self) -> None:
        self.sent: list[Envelope] = []
        self.tested: list[MailAccount] = []

    async def send(
        self,
        account: MailAccount,
        secret: Secret | None,
        envelope: Envelope,
        *,
        before_body: Callable[[], Awaitable[None]],
    ) -> TransportAnswer:
        await before_body()
        self.sent.append(envelope)
        accepted = tuple(
            RecipientResult(each, RecipientState.ACCEPTED, "250 OK") for each in envelope.recipients
        )
        return TransportAnswer(accepted, "250 OK")

    async def test(self, account: MailAccount, secret: Secret | None) -> None:
        self.tested.append(account)

    async def aclose(self) -> None:
        pass


def sending_parts(folder: Path, transport: AcceptingTransport | None = None) -> SendingParts:
    """The user's own templates are in `folder`."""
    return SendingParts(
        make_renderer(),
        FileTemplateStore(folder / "message-templates", resource("message_templates")),
        transport or AcceptingTransport(),
        DeviceCodeClient(),
        SessionSecretStore(),
        read_file,
        lambda: "Europe/Berlin",
    )
