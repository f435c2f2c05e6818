"""Which answers tell Seam's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from seam_portal_desktop.adapters.seam.gateway import HttpSeamGateway, create_gateway
from seam_portal_desktop.domain.clock import SeamClock, system_clock
from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import SeamError
from seam_portal_desktop.domain.secret import Secret
from tests.support.gateway_failures import LIMITS, WITH_ID
from tests.support.http_server import answer, json_answer
from tests.support.sandboxes import running_sandbox
from tests.support.seam_answers import api_key_credential, error_answer

pytestmark = pytest.mark.anyio

SEAMS_TIME = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
DATE = format_datetime(SEAMS_TIME, usegmt=True)


async def ask(server, reply) -> SeamClock:
    """The clock after one call that gets this answer."""
    server.reply(reply)
    clock = SeamClock()
    gateway = HttpSeamGateway(server.url, api_key_credential, LIMITS, clock)
    with pytest.raises(SeamError):
        await gateway.get_workspace()
    await gateway.aclose()
    return clock


@pytest.mark.parametrize("status", [200, 401, 500])
async def test_every_answer_of_seam_tells_its_time(server, status):
    headers = {**WITH_ID, "date": DATE}
    clock = await ask(server, json_answer(error_answer(), status=status, headers=headers))
    assert abs(clock() - SEAMS_TIME) < timedelta(seconds=20)
    assert clock.difference < -timedelta(days=300)


@pytest.mark.parametrize(
    "headers",
    [
        {"date": DATE},
        {**WITH_ID},
        {**WITH_ID, "date": "tomorrow"},
        {**WITH_ID, "date": "Tue, 99 Foo 2031 99:99:99 GMT"},
        {**WITH_ID, "date": DATE, "age": "3600"},
    ],
    ids=["another server's", "no date", "no time", "nonsense", "cached"],
)
async def test_other_answers_dont(server, headers):
    clock = await ask(server, answer(status=418, headers=headers))
    assert not clock.is_known


async def test_the_sandbox_tells_its_own_time():
    with running_sandbox(clock=lambda: system_clock() - timedelta(days=10)) as sandbox:
        clock = SeamClock()
        credential = Credential(CredentialKind.API_KEY, Secret(sandbox.api_key))
        gateway = create_gateway(sandbox.endpoint, credential, clock)
        await gateway.get_workspace()
        await gateway.aclose()
        assert abs(clock.difference - timedelta(days=10)) < timedelta(seconds=20)
