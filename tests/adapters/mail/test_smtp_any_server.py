"""Whatever a server does: an answer or a MailError, and what may be out is never hidden."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from seam_portal_desktop.adapters.mail.connection import MailTimeouts
from seam_portal_desktop.domain.message.delivery import RecipientState
from seam_portal_desktop.domain.message.ports import MailError, TransportAnswer
from tests.support.mail_sending import ANN, BOB, account_of, sending, transport_of
from tests.support.scripted_mail_server import DROP, LEAVE, ScriptedMailServer

TIMEOUTS = MailTimeouts(connect=20, answer=0.5, reused=0.5, after_dot=0.5)

FAULTS = st.sampled_from(
    [
        DROP,
        LEAVE,
        "",
        "200 ok",
        "220 ok",
        "235 ok",
        "250 ok",
        "250-never ends",
        "334 ",
        "334 !!!no base64!!!",
        "354 go",
        "421 4.3.0 bye",
        "450 4.2.1 later",
        "452 4.5.3 too many",
        "500 what",
        "530 5.7.0 sign in first",
        "550 5.1.1 no",
        "554 5.7.1 spam",
        "600 no class",
        "garbage",
        "250",
        "25",
        "250 \x1b[31mred\x07",
        "550-one\r\n550-two\r\n550 5.1.1 three",
        "x" * 9_000,
    ]
)
PHASES = ("connect", "EHLO", "AUTH", "MAIL", f"RCPT TO:<{ANN}>", f"RCPT TO:<{BOB}>", "DATA", "body")


@settings(max_examples=60)
@given(
    faults=st.dictionaries(st.sampled_from(PHASES), FAULTS, max_size=2),
    again=st.booleans(),
)
def test_nothing_is_lost_and_nothing_is_hidden(faults: dict[str, str], again: bool) -> None:
    async def run() -> None:
        # The second time everything is as usual.
        scripted: dict[str, str | list[str]] = {name: [text, ""] for name, text in faults.items()}
        server = ScriptedMailServer(faults=scripted)
        began = []

        async def before_body() -> None:
            began.append(len(server.messages))

        async with server.running(), transport_of(timeouts=TIMEOUTS) as transport:
            account = account_of(server)
            for _try in range(2 if again else 1):
                before = len(server.messages)
                outcome: TransportAnswer | MailError
                try:
                    outcome = await sending(transport, account, ANN, BOB, before_body=before_body)
                except MailError as error:
                    outcome = error
                _check(outcome, arrived=len(server.messages) - before, began=len(began))
                began.clear()
            assert server.counts["AUTH"] <= server.counts["connect"]

    asyncio.run(run())


def _check(outcome: TransportAnswer | MailError, *, arrived: int, began: int) -> None:
    assert arrived <= 1, "sent twice"
    assert began >= arrived, "it left before the ledger knew"
    if isinstance(outcome, MailError):
        assert outcome.title
        assert outcome.message
        assert outcome.answer.isprintable() or not outcome.answer
        assert not (outcome.is_maybe_out and outcome.can_retry)
        assert not outcome.is_maybe_out or began
        if arrived and not outcome.is_maybe_out:
            assert outcome.answer[:1] in ("4", "5"), "the server has refused it"
        return
    accepted = [each for each in outcome.results if each.state is RecipientState.ACCEPTED]
    assert [each.address for each in outcome.results] == [ANN, BOB]
    assert bool(accepted) == bool(arrived)
