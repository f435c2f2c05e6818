"""One mail server for a module, empty and without faults for each test."""

from __future__ import annotations

import smtplib
import ssl

import httpx
import pytest

from seam_portal_desktop.sandbox.server import SandboxConfig
from tests.support.sandboxes import running_sandbox
from tests.support.smtp_line import SmtpLine


@pytest.fixture(scope="module")
def mail_sandbox():
    with running_sandbox(SandboxConfig(smtp_port=0)) as server:
        yield server


@pytest.fixture
def mailbox(mail_sandbox):
    mail_sandbox.mailbox.clear()
    mail_sandbox.mailbox.faults.clear()
    return mail_sandbox.mailbox


@pytest.fixture
def trusted(mailbox):
    return ssl.create_default_context(cadata=mailbox.ca_pem)


@pytest.fixture
def connect(mailbox):
    """Makes Python's own clients. They are signed in unless asked otherwise."""
    clients = []

    def connect(*, sign_in: bool = True) -> smtplib.SMTP:
        client = smtplib.SMTP(timeout=10, local_hostname="localhost")
        clients.append(client)
        code, text = client.connect(mailbox.host, mailbox.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        if sign_in:
            client.login(mailbox.username, mailbox.password)
        return client

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def line(mailbox):
    """Makes connections of lines."""
    lines = []

    def line(*, sign_in: bool = False, greeting: int = 220) -> SmtpLine:
        lines.append(SmtpLine(mailbox.host, mailbox.port))
        assert lines[-1].answer()[0] == greeting
        if sign_in:
            lines[-1].sign_in(mailbox.username, mailbox.password)
        return lines[-1]

    yield line
    for each in lines:
        each.close()


@pytest.fixture
def http(mail_sandbox, mailbox):
    """A client whose addresses begin after the mailbox's own, as in ``/faults``."""
    with httpx.Client(
        base_url=mail_sandbox.mailbox_url,
        timeout=10,
        trust_env=False,
        follow_redirects=True,  # httpx adds a slash to the empty path
    ) as client:
        yield client
