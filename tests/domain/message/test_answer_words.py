"""What answers of mail servers mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.answer_words import explain_answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown", "no such"),
        ("550-5.1.1 The email account that you tried to reach does not exist.", "no such"),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "no such"),
        ("550 Requested action not taken: mailbox unavailable", "no such"),
        ("552 5.2.2 The recipient's inbox is out of storage space", "full"),
        ("452 4.2.2 Mailbox full", "full"),
        ("550 5.2.1 The email account that you tried to reach is disabled.", "switched off"),
        ("450 4.2.0 <ann@example.com>: Greylisted", "wait a while"),
        ("451 4.7.1 Greylisting in action, please come back later", "wait a while"),
        ("554 5.7.1 <ann@other.example>: Relay access denied", "other organisations"),
        ("550 relay not permitted", "other organisations"),
        ("550 5.7.1 Service unavailable, client host blocked using a list", "rules"),
        ("450 4.1.2 Domain not found", "domain"),
        ("452 4.5.3 Too many recipients", "as much as it may"),
        ("451 4.3.0 busy", "later"),
        ("450 no", "later"),
        ("599 no", "refused this address"),
    ],
)
def test_known_answers(answer: str, words: str) -> None:
    assert words in explain_answer(answer)


@pytest.mark.parametrize("answer", ["", "250 2.1.5 ok", "This is no address.", "user unknown"])
def test_other_texts_have_no_explanation(answer: str) -> None:
    assert explain_answer(answer) == ""


@given(st.text())
def test_nothing_of_the_answer_is_repeated(text: str) -> None:
    assert "marked" not in explain_answer(f"550 marked {text}")
