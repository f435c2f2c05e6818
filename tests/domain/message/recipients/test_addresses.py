"""What is doubtful about one address: a mistyped domain, internal domains, the policy."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.message.recipients.addresses import (
    address_key,
    check_address,
    domain_key,
)
from seam_portal_desktop.domain.message.recipients.known_domains import meant_domain
from seam_portal_desktop.domain.message.recipients.problems import RecipientProblemKind
from seam_portal_desktop.domain.message.recipients.rules import RecipientRules
from seam_portal_desktop.domain.policy import parse_policy

INTERNAL = RecipientRules(internal=("*.corp", "mailhost", "*.harbor.local", "localhost"))


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("gmail.cmo", "gmail.com"),
        ("gmail.comm", "gmail.com"),
        ("gmial.com", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("googlemial.com", "googlemail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmal.com", "hotmail.com"),
        ("hotmail.con", "hotmail.com"),
        ("hotmai.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("outlook.con", "outlook.com"),
        ("outloook.com", "outlook.com"),
        ("yaho.com", "yahoo.com"),
        ("yahooo.com", "yahoo.com"),
        ("yahoo.co", "yahoo.com"),
        ("yahoo.con", "yahoo.com"),
        ("iclod.com", "icloud.com"),
        ("icloud.con", "icloud.com"),
        ("protonmial.com", "protonmail.com"),
        ("t-onlin.de", "t-online.de"),
        ("btinternet.con", "btinternet.com"),
        ("comcast.nte", "comcast.net"),
        ("harbor-hotel.con", "harbor-hotel.com"),
        ("harbor-hotel.ogr", "harbor-hotel.org"),
    ],
)
def test_a_mistyped_domain_is_questioned(domain, meant):
    assert meant_domain(domain) == meant
    (finding,) = check_address(f"Ann.Miller@{domain}").findings
    assert finding.kind is RecipientProblemKind.TYPO
    assert finding.sentence == f"Is {meant} meant instead of {domain}?"
    assert finding.suggestion == f"Ann.Miller@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        *("gmail.com", "mail.com", "ymail.com", "email.com", "gmx.com", "gmx.at", "gmx.fr"),
        *("web.de", "wob.de", "me.com", "we.com", "live.com", "life.com", "aol.com", "aon.com"),
        *("outlook.de", "outlook.es", "outlook.cz", "hotmail.fr", "hotmail.gr", "yahoo.gr"),
        *("yahoo.co.uk", "yahoo.co.jp", "yandex.ru", "orange.fr", "grange.fr", "msn.com"),
        *("example.com", "harbor-hotel.example", "example.cm", "example.om", "example.co"),
        *("cloud.com", "look.com", "fast.com", "free.fr", "tree.fr", "comcast.com"),
        *("proton.me", "hotel.com", "hotels.com", "hostmail.example", "xn--bcher-kva.example"),
    ],
)
def test_a_right_domain_is_not_questioned(domain):
    assert meant_domain(domain) is None


def test_a_domain_that_was_used_before_is_right_and_may_be_the_one_that_is_meant():
    assert check_address("ann@gmial.com", known={"gmial.com"}).findings == ()
    assert check_address("ann@gmail.con", known={"gmail.con"}).findings == ()
    known = frozenset({"harbor-hotel.example", "xn--bcher-kva.example"})
    (finding,) = check_address("ann@harbour-hotel.example", known=known).findings
    assert finding.suggestion == "ann@harbor-hotel.example"
    assert meant_domain("habror-hotle.example", known) == "harbor-hotel.example"
    assert meant_domain("harbor-hotel.com", known) is None


@pytest.mark.parametrize(
    "address",
    ["ann@mail.corp", "ann@mailhost", "ann@a.harbor.local", "ann@localhost", "ann@mail.CORP"],
)
def test_internal_domains_are_allowed_by_policy_only(address):
    assert check_address(address).address == ""
    checked = check_address(address, INTERNAL)
    assert checked.address == address.lower()
    assert checked.findings == ()


@pytest.mark.parametrize(
    "address",
    ["ann@corp", "ann@harbor.local", "ann@mailhost.local", "ann@mail.lan", "a b@mailhost"],
)
def test_other_internal_domains_stay_refused(address):
    assert check_address(address, INTERNAL).address == ""


def test_a_syntax_error_is_one_in_an_internal_domain_too():
    rules = RecipientRules(internal=("*.corp",))
    assert check_address("ann@-mail.corp", rules).address == ""
    assert check_address("an<n@mail.corp", rules).address == ""


def test_a_domain_that_the_policy_forbids_is_named_with_the_allowed_ones():
    settings = {"recipient_domains": ["harbor.example", "*.bücher.example"]}
    rules = parse_policy(settings, "/etc/policy.json").recipient_rules
    assert check_address("ann@harbor.example", rules).findings == ()
    assert check_address("ann@mail.bücher.example", rules).findings == ()
    checked = check_address("ann@gmail.com", rules)
    (finding,) = checked.findings
    assert finding.kind is RecipientProblemKind.NOT_ALLOWED
    assert finding.kind.is_error
    assert finding.sentence == (
        "Your organisation doesn’t allow gmail.com. It allows harbor.example, "
        "*.xn--bcher-kva.example only. Fixed by your organisation (/etc/policy.json)."
    )
    nobody = parse_policy({"recipient_domains": []}, "/etc/policy.json").recipient_rules
    (finding,) = check_address("ann@harbor.example", nobody).findings
    assert finding.sentence.startswith("Your organisation allows no recipients.")


def test_one_address_has_one_key_however_it_is_written():
    keys = {address_key(each) for each in ("Ann@BÜCHER.example", "ann@xn--bcher-kva.example")}
    assert keys == {"ann@xn--bcher-kva.example"}
    assert address_key("J\u00d6RG@example.com") == address_key("jo\u0308rg@example.com")
    assert domain_key("ann@Bücher.example") == "xn--bcher-kva.example"
    assert domain_key("ann@straße.example") == "xn--strae-oqa.example"
    assert domain_key("ann@" + "ü" * 70) == "ü" * 70


def test_a_finding_shows_no_address_in_logs():
    checked = check_address("ann@gmial.com")
    assert "ann" not in repr(checked)
    assert "ann" not in repr(checked.findings[0])
