"""The settings of a managed policy. A mistake in one is never ignored."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.message.oauth import MICROSOFT
from seam_portal_desktop.domain.policy import (
    UNMANAGED,
    LinkRefusedError,
    PolicyRefusedError,
    merge,
    parse_policy,
    unreadable_policy,
)
from seam_portal_desktop.domain.policy_values import InvalidPolicyError, UpdateChannel
from seam_portal_desktop.domain.secret import Secret

SOURCE = "/etc/seam-portal-desktop/policy.json"
COMPLETE = {
    "endpoint": "https://seam.company.example/",
    "allowed_hosts": ["portal.example", "*.Company.example."],
    "ledger_url": "postgresql://links:not-real@db.company.example:5433/links?sslmode=require",
    "update_channel": "off",
    "live_preview": False,
    "smtp": False,
    "recipient_domains": ["Harbor.example", "*.harbor.example"],
    "internal_domains": ["*.corp", "mailhost"],
    "forbidden_channels": ["sms", "iframe"],
    "sign_in_providers": ["id=microsoft; client_id=made-up"],
}


def test_every_setting_has_its_source():
    policy = parse_policy(COMPLETE, SOURCE)
    assert policy.endpoint == "https://seam.company.example"
    assert policy.allowed_hosts == ("portal.example", "*.company.example")
    assert policy.ledger_url == Secret(COMPLETE["ledger_url"])
    assert policy.update_channel is UpdateChannel.OFF
    assert (policy.live_preview, policy.smtp) == (False, False)
    assert policy.recipient_domains == ("harbor.example", "*.harbor.example")
    assert policy.internal_domains == ("*.corp", "mailhost")
    assert policy.forbidden_channels == {SendChannel.SMS, SendChannel.IFRAME}
    assert policy.sign_in_providers == (MICROSOFT.with_client("made-up"),)
    assert policy.sources == dict.fromkeys(COMPLETE, SOURCE)
    assert policy.is_managed
    assert not policy.problems


def test_shown_settings_hold_no_password():
    rows = {row.name: row.value for row in parse_policy(COMPLETE, SOURCE).rows()}
    assert rows == {
        "Endpoint": "https://seam.company.example",
        "Allowed portal hosts": "portal.example, *.company.example",
        "Ledger": "postgresql at db.company.example:5433/links",
        "Updates": "off",
        "Live preview": "not allowed",
        "Sending by mail": "not allowed",
        "Allowed recipients": "harbor.example, *.harbor.example",
        "Internal mail domains": "*.corp, mailhost",
        "Forbidden ways of sending": "iframe, sms",
        "Sign-in of mail accounts": "Microsoft",
    }
    assert "not-real" not in repr(parse_policy(COMPLETE, SOURCE))


def test_nothing_is_fixed_without_a_policy():
    assert not UNMANAGED.is_managed
    assert parse_policy({}, SOURCE) == UNMANAGED
    assert UNMANAGED.allows_host("anything.example")
    UNMANAGED.check_endpoint("https://connect.getseam.com")
    UNMANAGED.check_link(Secret("https://anything.example/portals/1"))
    assert (UNMANAGED.endpoint_note, UNMANAGED.updates_note, UNMANAGED.rows()) == ("", "", ())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"endpoints": "https://a.example"}, "“endpoints” is no setting; there are endpoint, "),
        ({"endpoint": 1}, "endpoint must be text."),
        ({"endpoint": ""}, "endpoint must be text."),
        ({"endpoint": "http://a.example"}, "endpoint: An endpoint must start with https://"),
        ({"allowed_hosts": "a.example"}, "allowed_hosts must be a list of host names."),
        ({"allowed_hosts": ["a.example", 1]}, "allowed_hosts must be a list of host names."),
        ({"allowed_hosts": ["https://a.example"]}, "allowed_hosts has an entry that is no host"),
        ({"allowed_hosts": ["*"]}, "allowed_hosts has an entry that is no host"),
        ({"allowed_hosts": [""]}, "allowed_hosts has an entry that is no host"),
        ({"ledger_url": "mysql://not-real@a/b"}, "ledger_url must be a URL such as postgresql://"),
        ({"ledger_url": "postgresql://a"}, "ledger_url must be a URL such as postgresql://"),
        ({"ledger_url": "postgresql://a:not-real/b"}, "ledger_url must be a URL such as "),
        ({"update_channel": "nightly"}, "update_channel must be one of stable, beta, off."),
        ({"update_channel": False}, "update_channel must be text."),
        ({"live_preview": "no"}, "live_preview must be true or false."),
        ({"smtp": 0}, "smtp must be true or false."),
        ({"smtp": None}, "smtp must be true or false."),
        ({"recipient_domains": "a.example"}, "recipient_domains must be a list of host names."),
        ({"recipient_domains": ["ann@a.example"]}, "recipient_domains has an entry that is no"),
        ({"internal_domains": [1]}, "internal_domains must be a list of host names."),
        ({"forbidden_channels": "sms"}, "forbidden_channels must be a list of smtp, eml, "),
        ({"forbidden_channels": ["fax"]}, "forbidden_channels must be a list of smtp, eml, "),
        ({"sign_in_providers": "id=microsoft"}, "sign_in_providers must be a list of texts."),
        ({"sign_in_providers": ["contoso"]}, "sign_in_providers has a provider that can"),
        ({"sign_in_providers": ["id=a; id=b"]}, "sign_in_providers has a provider that can"),
        ({"sign_in_providers": ["id=a; name=A"]}, "sign_in_providers has a provider that can"),
        ({"sign_in_providers": ["id=microsoft; scope=\n"]}, "sign_in_providers has a provider"),
        ({"sign_in_providers": ["id=microsoft", "id=microsoft"]}, "sign_in_providers has two "),
        ({"forbidden_channels": [["sms"]]}, "forbidden_channels must be a list of smtp, eml, "),
    ],
)
def test_a_mistake_is_named_without_quoting_values(settings, message):
    with pytest.raises(InvalidPolicyError) as caught:
        parse_policy({"smtp": True, **settings}, SOURCE)
    assert str(caught.value).startswith(message)
    assert "not-real" not in str(caught.value)


def test_an_endpoint_is_compared_as_browsers_open_it():
    policy = parse_policy({"endpoint": "https://straße.example"}, SOURCE)
    policy.check_endpoint("https://xn--strae-oqa.example")
    with pytest.raises(PolicyRefusedError):
        policy.check_endpoint("https://strasse.example")


def test_only_the_fixed_endpoint_may_be_used():
    policy = parse_policy({"endpoint": "https://seam.company.example"}, SOURCE)
    policy.check_endpoint("https://seam.company.example")
    with pytest.raises(PolicyRefusedError) as caught:
        policy.check_endpoint("https://connect.getseam.com")
    assert "https://seam.company.example only" in caught.value.message
    assert SOURCE in caught.value.message


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("portal.example", True),
        ("PORTAL.example.", True),
        ("evil-portal.example", False),
        ("sub.portal.example", False),
        ("a.company.example", True),
        ("a.b.company.example", True),
        ("company.example", False),
        ("evilcompany.example", False),
        ("company.example.evil.example", False),
        ("bücher.example", True),
        ("xn--bcher-kva.example", True),
        ("straße.example", True),
        ("xn--strae-oqa.example", True),
        ("strasse.example", False),
        ("", False),
        ("a" * 64 + "ü.example", False),
    ],
)
def test_hosts_match_whole_names(host, allowed):
    hosts = ["portal.example", "*.company.example", "bücher.example", "straße.example"]
    assert parse_policy({"allowed_hosts": hosts}, SOURCE).allows_host(host) is allowed


def test_a_link_to_another_host_is_refused_without_being_quoted():
    policy = parse_policy({"allowed_hosts": ["portal.example"]}, SOURCE)
    policy.check_link(Secret("https://portal.example:8443/portals/1?token=seam_cst_not_real"))
    with pytest.raises(LinkRefusedError) as caught:
        policy.check_link(Secret("https://evil.example/p?token=seam_cst_not_real"))
    assert "not_real" not in str(caught.value)
    assert SOURCE in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example\\@portal.example/portals/1?token=seam_cst_not_real",
        "https://evil.example@portal.example/portals/1?token=seam_cst_not_real",
        "http://portal.example/portals/1?token=seam_cst_not_real",
        "https://[seam_cst_not_real",
        "",
    ],
)
@pytest.mark.parametrize("hosts", [None, ["portal.example"]])
def test_a_link_that_is_ambiguous_or_not_encrypted_is_refused_with_and_without_a_policy(url, hosts):
    policy = UNMANAGED if hosts is None else parse_policy({"allowed_hosts": hosts}, SOURCE)
    with pytest.raises(LinkRefusedError) as caught:
        policy.check_link(Secret(url))
    assert caught.value.title == "This link can’t be used"
    assert "not_real" not in str(caught.value)


def test_a_link_is_handed_out_as_browsers_write_it():
    policy = parse_policy({"allowed_hosts": ["straße.example"]}, SOURCE)
    link = policy.check_link(Secret("https://STRAßE.example/portals/1"))
    assert link == Secret("https://xn--strae-oqa.example/portals/1")
    with pytest.raises(LinkRefusedError):
        policy.check_link(Secret("https://strasse.example/portals/1"))


def test_no_host_at_all_can_be_allowed():
    policy = parse_policy({"allowed_hosts": []}, SOURCE)
    assert not policy.allows_host("portal.example")
    assert {row.value for row in policy.rows()} == {"none"}


def test_an_unreadable_policy_forbids_everything_it_could_forbid():
    policy = unreadable_policy("policy.json: smtp must be true or false.")
    assert policy.is_managed
    assert (policy.live_preview, policy.smtp) == (False, False)
    assert not policy.allows_host("portal.example")
    with pytest.raises(PolicyRefusedError, match="smtp must be true or false"):
        policy.check_endpoint("https://connect.getseam.com")
    with pytest.raises(LinkRefusedError):
        policy.check_link(Secret("https://portal.example/portals/1"))
    assert "smtp must be" in policy.updates_note
    assert all("smtp must be" in policy.channel_note(channel) for channel in SendChannel)
    assert not policy.recipient_rules.allows("harbor.example")
    assert "smtp must be" in policy.recipient_rules.note
    assert {row.value for row in policy.rows()} == set()


def test_the_first_source_overrides_the_others():
    computer = parse_policy({"endpoint": "https://a.example", "smtp": False}, "HKLM")
    user = parse_policy({"endpoint": "https://b.example", "live_preview": False}, "HKCU")
    policy = merge([computer, user])
    assert policy.endpoint == "https://a.example"
    assert (policy.live_preview, policy.smtp) == (False, False)
    assert policy.sources == {"endpoint": "HKLM", "smtp": "HKLM", "live_preview": "HKCU"}


def test_one_unreadable_source_makes_the_policy_unreadable():
    policy = merge([parse_policy({"smtp": True}, "HKLM"), unreadable_policy("HKCU: wrong.")])
    assert policy.problems == ("HKCU: wrong.",)
    assert not policy.smtp


def test_the_demo_ignores_endpoint_hosts_and_ledger():
    demo = parse_policy(COMPLETE, SOURCE).for_demo()
    demo.check_endpoint("http://127.0.0.1:1234")
    assert demo.allows_host("127.0.0.1")
    assert demo.ledger_url is None
    assert demo.channel_note(SendChannel.SMTP)
    assert set(demo.sources) == set(COMPLETE) - {"endpoint", "allowed_hosts", "ledger_url"}
    assert demo.updates_note
    assert not demo.live_preview

    broken = unreadable_policy("it is wrong").for_demo()
    broken.check_endpoint("http://127.0.0.1:1234")
    assert broken.update_channel is UpdateChannel.OFF
    assert broken.updates_note
    assert not broken.live_preview
    assert all(map(broken.channel_note, SendChannel))
    assert not broken.recipient_rules.allows("harbor.example")


def test_a_forbidden_way_of_sending_says_who_forbids_it():
    policy = parse_policy({"smtp": False, "forbidden_channels": ["sms"]}, SOURCE)
    forbidden = {channel for channel in SendChannel if policy.channel_note(channel)}
    assert forbidden == {SendChannel.SMTP, SendChannel.SMS}
    assert policy.channel_note(SendChannel.SMS) == (
        f"Your organisation doesn’t allow this way of sending ({SOURCE})."
    )
    assert not any(map(UNMANAGED.channel_note, SendChannel))


@pytest.mark.parametrize(
    ("domain", "is_allowed"),
    [
        ("harbor.example", True),
        ("mail.harbor.example", True),
        ("xn--bcher-kva.example", True),
        ("evilharbor.example", False),
        ("harbor.example.evil.example", False),
        ("example", False),
    ],
)
def test_recipients_are_limited_to_whole_domains(domain, is_allowed):
    domains = ["harbor.example", "*.harbor.example", "bücher.example"]
    rules = parse_policy({"recipient_domains": domains}, SOURCE).recipient_rules
    assert rules.allows(domain) is is_allowed
    assert SOURCE in rules.note
    assert UNMANAGED.recipient_rules.allows(domain)
