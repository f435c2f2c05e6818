"""Shipped messages with any name and any link, on their way through two mail servers to parsers,
a decoder of QR codes and a browser's view of links that aren't ours."""

from __future__ import annotations

import asyncio
import email
import ssl
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seam_portal_desktop.adapters.mail.transport import SmtpTransport
from seam_portal_desktop.adapters.templates.store import FileTemplateStore
from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.mime import build_message, new_message_id, read_message
from seam_portal_desktop.domain.message.ports import Envelope as SentEnvelope
from seam_portal_desktop.domain.message.qr_code import QR_IMAGE_ID, qr_image, with_qr_code
from seam_portal_desktop.domain.message.rendering.plain_text import link_for_text
from seam_portal_desktop.domain.message.sender import (
    MailAccount,
    Pace,
    Security,
    SenderIdentity,
    SignIn,
)
from seam_portal_desktop.domain.message.template import MessageTemplate, RenderedMessage
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.paths import resource
from seam_portal_desktop.sandbox.mail.server import SandboxMailbox
from seam_portal_desktop.sandbox.server import SandboxConfig
from tests.support.message_facts import NOW, make_facts, make_renderer
from tests.support.qr_reader import read_qr
from tests.support.sandboxes import running_sandbox

NO_LIMITS = Pace(connections=1, mails_per_connection=None, per_minute=None)
SIGNS = "abcXYZ019-._~:/?#[]@!$&'()*+,;=%"


class KeptMessages:
    """An aiosmtpd handler."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.contents.append(envelope.original_content or b"")
        return "250 2.0.0 queued"


class Post:
    """Renders, writes, sends to both servers, and gives what arrived there."""

    def __init__(self, runner: asyncio.Runner, mailbox: SandboxMailbox, folder: Path) -> None:
        self._runner = runner
        self._mailbox = mailbox
        self._kept = KeptMessages()
        self._server = runner.run(self._serve())
        self._renderer = make_renderer()
        self._transport = SmtpTransport(create_context=ssl.create_default_context)
        store = FileTemplateStore(folder, resource("message_templates"))
        self.templates = {each.locale: each for each in runner.run(store.load()).templates}

    async def _serve(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: SMTP(self._kept), "127.0.0.1", 0)

    async def aclose(self) -> None:
        await self._transport.aclose()
        await self._renderer.aclose()
        self._server.close()
        await asyncio.sleep(0)

    def render(self, template: MessageTemplate, **facts: Any) -> RenderedMessage:
        return self._runner.run(self._renderer.render(template, make_facts(**facts)))

    def send(self, rendered: RenderedMessage, people: Recipients) -> list[bytes]:
        self._kept.contents.clear()
        self._mailbox.clear()
        mailbox, port = self._mailbox, self._server.sockets[0].getsockname()[1]
        self._send(
            MailAccount("127.0.0.1", port, Security.NONE, SignIn.NONE, pace=NO_LIMITS),
            rendered,
            people,
        )
        self._send(
            MailAccount(
                mailbox.host, mailbox.port, Security.NONE, SignIn.PASSWORD, mailbox.username,
                pace=NO_LIMITS,
            ),
            rendered,
            people,
        )  # fmt: skip
        return [*self._kept.contents, *(each.raw for each in mailbox.messages())]

    def _send(self, account: MailAccount, rendered: RenderedMessage, people: Recipients) -> None:
        desk = MailAddress("desk@example.com", "Größe, GmbH")
        sender = SenderIdentity("s", "w", desk, account)
        message_id = new_message_id(sender)
        content = build_message(rendered, sender, people, message_id=message_id, date=NOW)
        to = tuple(each.address for each in people.everyone)
        secret = Secret(self._mailbox.password)
        envelope = SentEnvelope(desk.address, to, content)
        self._runner.run(self._transport.send(account, secret, envelope, before_body=_nothing))


async def _nothing() -> None:
    pass


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with running_sandbox(SandboxConfig(smtp_port=0)) as sandbox, asyncio.Runner() as runner:
        post = Post(runner, sandbox.mailbox, tmp_path_factory.mktemp("templates"))
        yield post
        runner.run(post.aclose())


class HtmlLinks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str | None] = []
        self.pictures: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.targets.append(dict(attrs)["href"])
        elif tag == "img":
            self.pictures.append(dict(attrs)["src"])


def part_of(message: EmailMessage, kind: str) -> Any:
    return next(part for part in message.walk() if part.get_content_type() == kind).get_content()


@st.composite
def links(draw) -> str:
    length = draw(st.integers(40, 1200))
    start = "https://portal.example.com/p?token="
    middle = draw(st.text(SIGNS, min_size=1, max_size=40))
    return (start + middle * length)[: length - 1] + draw(st.sampled_from(SIGNS))


NAMES = st.sampled_from(
    ["Harbor Hotel", "فندق الميناء", "מלון הנמל", "Ο Φάρος «Α»", 'Łódź, "Port"', "山の宿 🏨"]
) | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60)
LOCALES = "en-US pt-PT fr-FR it-IT es-ES de-DE nl-NL el-GR pl-PL ru-RU".split()  # noqa: SIM905


@settings(max_examples=25)
@given(st.sampled_from(LOCALES), NAMES, links())
@example("ru-RU", "Отель у гавани" * 8, "https://portal.example.com/p?token=" + "x." * 580)
@example("en-US", ".\r\nBcc: eve@example.com", "https://portal.example.com/p?token=aaaaaaaa.")
def test_a_message_arrives_letter_for_letter(post, locale, name, url):
    template = post.templates[locale]
    rendered = post.render(template, url=url, display_name=name, company=name, locale=locale)
    rendered = with_qr_code(rendered, qr_image(url, locale))
    people = Recipients(
        (MailAddress("ann@example.com", name),), (), (MailAddress("hidden@example.com", name),)
    )
    arrived = post.send(rendered, people)
    assert len(arrived) == 2
    for content in arrived:
        message = email.message_from_bytes(content, policy=policy.default)
        assert message["Subject"] == rendered.subject
        assert [each.addr_spec for each in message["To"].addresses] == ["ann@example.com"]
        assert message["From"].addresses[0].display_name == "Größe, GmbH"
        assert b"hidden@" not in content
        for header in ("Date", "Message-ID", "MIME-Version", "Subject", "From", "To"):
            assert len(message.get_all(header)) == 1
        text = part_of(message, "text/plain").replace("\r\n", "\n")
        assert text == rendered.text
        assert link_for_text(url) in text.split("\n")
        html = part_of(message, "text/html").replace("\r\n", "\n")
        assert html == rendered.html
        found = HtmlLinks()
        found.feed(html)
        assert found.targets
        assert {unquote(target or "") for target in found.targets} == {unquote(url)}
        assert found.pictures[-1] == f"cid:{QR_IMAGE_ID}"
        assert read_qr(part_of(message, "image/png")) == url
        shown = read_message(content)
        assert (shown.subject, shown.html) == (rendered.subject, rendered.html)
        head = content.partition(b"\r\n\r\n")[0]
        assert b"token" not in head
        assert url.encode() not in head
