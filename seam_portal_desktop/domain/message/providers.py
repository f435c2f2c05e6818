"""What well-known mail providers usually have: server, sign-in, and pace. Nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from seam_portal_desktop.domain.message.oauth import MICROSOFT
from seam_portal_desktop.domain.message.sender import MailAccount, Pace, Security, SignIn

_TLS, _STARTTLS = 465, 587

GMAIL = Pace(connections=2, mails_per_connection=100, per_minute=60, per_day=500)
GOOGLE_WORKSPACE = Pace(connections=3, mails_per_connection=100, per_minute=60, per_day=2_000)
MICROSOFT_365 = Pace(connections=3, mails_per_connection=100, per_minute=30, per_day=10_000)
OUTLOOK = Pace(connections=2, mails_per_connection=50, per_minute=30, per_day=300)
MAILBOX = Pace(connections=2, mails_per_connection=50, per_minute=20, per_day=400)
"""An account of a provider for private people: their limits are between 300 and 1,000 a day."""
RELAY = Pace(connections=4, mails_per_connection=200, per_minute=None, per_day=None)
"""A company's own relay, which has no limits for its own programs."""

_PACES = (
    (r"smtp\.office365\.com|.+\.mail\.protection\.outlook\.com", MICROSOFT_365),
    (r"smtp-mail\.outlook\.com|smtp\.live\.com", OUTLOOK),
    (r"smtp-relay\.gmail\.com", GOOGLE_WORKSPACE),
    (r"smtp\.gmail\.com|smtp\.googlemail\.com", GMAIL),
    (r"localhost|127\..+|::1", RELAY),
)


@dataclass(frozen=True, slots=True)
class MailProvider:
    """The domains of a provider's addresses, and its accounts, without a user name."""

    domains: str
    account: MailAccount


def _tls(host: str, pace: Pace = MAILBOX) -> MailAccount:
    return MailAccount(host, _TLS, Security.TLS, pace=pace)


def _starttls(host: str, pace: Pace = MAILBOX) -> MailAccount:
    return MailAccount(host, _STARTTLS, Security.STARTTLS, pace=pace)


def _microsoft(host: str, pace: Pace) -> MailAccount:
    account = _starttls(host, pace)
    return replace(account, sign_in=SignIn.OAUTH, provider=MICROSOFT.provider_id)


MAIL_PROVIDERS = (
    MailProvider(
        r"gmail\.com|googlemail\.com",
        _tls("smtp.gmail.com", GMAIL),
    ),
    MailProvider(
        r".+\.onmicrosoft\.com",
        _microsoft("smtp.office365.com", MICROSOFT_365),
    ),
    MailProvider(
        r"(outlook|hotmail|live)\.[a-z]{2,3}(\.[a-z]{2})?|msn\.com",
        _microsoft("smtp-mail.outlook.com", OUTLOOK),
    ),
    MailProvider(r"(icloud|me|mac)\.com", _starttls("smtp.mail.me.com")),
    MailProvider(
        r"yahoo\.(?!co\.jp)[a-z]{2,3}(\.[a-z]{2})?|ymail\.com|rocketmail\.com",
        _tls("smtp.mail.yahoo.com"),
    ),
    MailProvider(r"aol\.(com|de|fr|it|co\.uk)", _tls("smtp.aol.com")),
    MailProvider(r"gmx\.(de|net|at|ch|eu|org|info)", _tls("mail.gmx.net")),
    MailProvider(r"gmx\.(com|us|co\.uk|fr|es)", _tls("mail.gmx.com")),
    MailProvider(r"web\.de", _starttls("smtp.web.de")),
    MailProvider(r"t-online\.de|magenta\.de", _tls("securesmtp.t-online.de")),
    MailProvider(r"mailbox\.org", _tls("smtp.mailbox.org")),
    MailProvider(r"posteo\.(de|net|org|eu|at|ch)", _tls("posteo.de")),
    MailProvider(
        r"fastmail\.(com|fm|net|org)",
        _tls("smtp.fastmail.com"),
    ),
    MailProvider(r"zohomail\.com|zoho\.com", _tls("smtp.zoho.com")),
    MailProvider(r"zohomail\.eu|zoho\.eu", _tls("smtp.zoho.eu")),
    MailProvider(
        r"proton\.me|protonmail\.(com|ch)|pm\.me",
        # The bridge is a program on this computer, which encrypts what it gets.
        MailAccount("127.0.0.1", 1025, Security.NONE, pace=MAILBOX),
    ),
    MailProvider(r"orange\.fr|wanadoo\.fr", _tls("smtp.orange.fr")),
    MailProvider(r"free\.fr", _tls("smtp.free.fr")),
    MailProvider(r"libero\.it", _tls("smtp.libero.it")),
    MailProvider(r"wp\.pl", _tls("smtp.wp.pl")),
    MailProvider(r"(poczta\.)?onet\.(pl|eu)", _tls("smtp.poczta.onet.pl")),
    MailProvider(r"yandex\.(com|ru|kz|by)|ya\.ru", _tls("smtp.yandex.com")),
    MailProvider(r"(mail|inbox|list|bk)\.ru", _tls("smtp.mail.ru")),
    MailProvider(r"seznam\.cz|email\.cz", _tls("smtp.seznam.cz")),
)

_WANT_APP_PASSWORDS = frozenset(
    {
        "smtp.gmail.com",
        "smtp.googlemail.com",
        "smtp.mail.me.com",
        "smtp.mail.yahoo.com",
        "smtp.aol.com",
        "smtp.fastmail.com",
        "smtp.zoho.com",
        "smtp.zoho.eu",
        "smtp.yandex.com",
        "smtp.mail.ru",
    }
)


def provider_of(address: str) -> MailProvider | None:
    """The provider of an address, by its domain. None for a company's own domain."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    return next((each for each in MAIL_PROVIDERS if re.fullmatch(each.domains, domain)), None)


def guess_account(address: str) -> MailAccount | None:
    """The account that the provider of an address usually has, with the address as user name."""
    provider = provider_of(address)
    return None if provider is None else replace(provider.account, username=address.strip())


def wants_app_password(host: str) -> bool:
    """Whether the provider with this mail server refuses the usual password from programs."""
    return host.strip().rstrip(".").lower() in _WANT_APP_PASSWORDS


def usual_pace(host: str) -> Pace:
    """What a mail server with this name usually takes."""
    name = host.strip().rstrip(".").lower()
    return next((pace for pattern, pace in _PACES if re.fullmatch(pattern, name)), Pace())
