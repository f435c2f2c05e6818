"""Only reveal() gives the text of a secret."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import traceback
from datetime import UTC, datetime

import pytest

from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.portal.record import CustomerPortal
from seam_portal_desktop.domain.ports import ClientSession, CreatedPortal
from seam_portal_desktop.domain.secret import MASK, Secret

TEXT = "seam_test_not_a_real_key"
NOW = datetime(2026, 3, 1, tzinfo=UTC)

PORTAL = CustomerPortal(Secret(TEXT), "harbor-hotel", "workspace", NOW, NOW)


def test_reveal_gives_the_text():
    assert Secret(TEXT).reveal() == TEXT
    assert bool(Secret(TEXT))
    assert not Secret("")


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        ascii,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r}",
        "{}".format,
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - that is what is tested
        lambda secret: str([secret]),
        lambda secret: str({"key": secret}),
        lambda secret: logging.LogRecord("x", 20, "x", 1, "%s", (secret,), None).getMessage(),
    ],
)
def test_every_way_of_printing_gives_a_mask(show):
    shown = show(Secret(TEXT))
    assert MASK in shown or ascii(MASK)[1:-1] in shown
    assert "seam" not in shown


@pytest.mark.parametrize(
    "holder",
    [
        Credential(CredentialKind.API_KEY, Secret(TEXT)),
        PORTAL,
        CreatedPortal(PORTAL, "request-1"),
        ClientSession("session", Secret(TEXT), None, NOW, NOW),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_containers_mask_it_too(holder):
    assert MASK in repr(holder)
    assert TEXT not in repr(holder)


@pytest.mark.parametrize(
    "carry_away",
    [
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        json.dumps,
        lambda secret: f"{secret:>30}",
        lambda secret: dataclasses.asdict(Credential(CredentialKind.API_KEY, secret)),
        lambda secret: secret + "",
        lambda secret: " ".join(part for part in (secret,)),
        vars,
        list,
    ],
    ids=[
        *("pickle", "copy", "deepcopy", "json", "padded", "asdict"),
        *("add", "join", "vars", "iterate"),
    ],
)
def test_it_cannot_be_pickled_and_the_error_does_not_quote_it(carry_away):
    with pytest.raises(TypeError) as caught:
        carry_away(Secret(TEXT))
    assert TEXT not in "".join(traceback.format_exception(caught.value))


def test_equality_is_by_text_and_with_secrets_only():
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret(TEXT.upper())
    assert Secret(TEXT) != TEXT
    assert Secret("") != Secret("\0")
    assert Secret("Zoë 🔑") == Secret("Zoë 🔑")
    assert len({Secret(TEXT), Secret(TEXT), Secret("")}) == 2
    assert hash(Secret(TEXT)) != hash(TEXT)


def test_text_that_is_not_valid_unicode_compares_without_being_quoted():
    half_an_emoji = "\ud83d"
    assert Secret(half_an_emoji) == Secret(half_an_emoji)
    assert Secret(half_an_emoji) != Secret(TEXT)
