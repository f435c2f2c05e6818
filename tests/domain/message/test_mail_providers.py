"""What is guessed from an address."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.address import is_loopback
from seam_portal_desktop.domain.message.providers import (
    GMAIL,
    MAIL_PROVIDERS,
    MICROSOFT_365,
    RELAY,
    guess_account,
    provider_of,
    usual_pace,
    wants_app_password,
)
from seam_portal_desktop.domain.message.sender import Pace, Security, SignIn


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("ops@gmail.com", "smtp.gmail.com"),
        ("OPS@GoogleMail.com", "smtp.gmail.com"),
        ("ops@hotmail.co.uk", "smtp-mail.outlook.com"),
        ("ops@hotel.onmicrosoft.com", "smtp.office365.com"),
        ("ops@yahoo.de", "smtp.mail.yahoo.com"),
        ("ops@gmx.net", "mail.gmx.net"),
        ("ops@web.de", "smtp.web.de"),
        ("ops@pm.me", "127.0.0.1"),
    ],
)
def test_well_known_providers(address: str, host: str) -> None:
    account = guess_account(address)
    assert account is not None
    assert (account.host, account.username) == (host, address)


@pytest.mark.parametrize(
    "address", ["ops@example.com", "ops@notgmail.com", "ops@gmail.com.example", "ops", "", "@"]
)
def test_nothing_is_guessed_for_others(address: str) -> None:
    assert guess_account(address) is None
    assert provider_of(address) is None


def test_every_provider_is_encrypted_unless_it_is_this_computer() -> None:
    for provider in MAIL_PROVIDERS:
        account = provider.account
        if account.security is Security.NONE:
            assert is_loopback(account.host)
        else:
            assert (account.security is Security.TLS) == (account.port == 465)


def test_the_way_to_sign_in() -> None:
    outlook = guess_account("ops@outlook.com")
    assert outlook is not None
    assert (outlook.sign_in, outlook.provider) == (SignIn.OAUTH, "microsoft")
    assert wants_app_password("SMTP.gmail.com")
    assert not wants_app_password("smtp.example.com")


def test_the_pace_of_a_typed_server() -> None:
    assert usual_pace("smtp.office365.com.") == MICROSOFT_365
    assert usual_pace("smtp.gmail.com") == GMAIL
    assert usual_pace("localhost") == RELAY
    assert usual_pace("smtp.example.com") == Pace()
