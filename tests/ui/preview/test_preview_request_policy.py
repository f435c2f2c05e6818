from __future__ import annotations

import pytest

from seam_portal_desktop.domain.address import InvalidLinkError
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.security.addresses import (
    PageSecurity,
    is_local_address,
    is_local_host,
    mask_address,
    readable_target,
)
from seam_portal_desktop.ui.preview.security.request_policy import (
    PopupRules,
    PortalRules,
    Verdict,
)

PORTAL = "https://portal.example/portals/5d3c?token=seam_cst_not_a_real_token"
SANDBOX = "http://127.0.0.1:4200/portals/5d3c?token=seam_cst_not_a_real_token"
SHORT = "https://se.example/1234"


def rules(url=PORTAL):
    return PortalRules(Secret(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/portals/1?token=x",
        "http://192.168.1.4/portals/1",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "portal.example",
        "https:///portals/1",
        "https://evil.example\\@portal.example/portals/1",
        "https://[broken",
        "",
    ],
)
def test_a_link_that_is_not_safe_to_open_is_refused_without_quoting_it(url):
    with pytest.raises(InvalidLinkError) as refusal:
        rules(url)
    assert not url or url not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://portal.example/landing", Verdict.ALLOW),
        ("https://PORTAL.example:443/landing", Verdict.ALLOW),
        ("https://other.example/", Verdict.ASK),
        ("https://portal.example:8443/", Verdict.ASK),
        ("http://portal.example/", Verdict.REFUSE),
        ("https://portal.example@evil.example/", Verdict.ASK),
        ("https://portal.example.evil.example/", Verdict.ASK),
        ("http://127.0.0.1:8080/admin", Verdict.REFUSE),
        ("https://router.local/", Verdict.REFUSE),
        ("https://192.168.0.1/", Verdict.REFUSE),
        ("file:///etc/passwd", Verdict.REFUSE),
        ("chrome://settings", Verdict.REFUSE),
        ("qrc:/icon.png", Verdict.REFUSE),
        ("javascript:alert(1)", Verdict.REFUSE),
        ("data:text/html,hello", Verdict.REFUSE),
        ("view-source:https://portal.example/", Verdict.REFUSE),
        ("mailto:someone@example.com", Verdict.REFUSE),
        ("wss://portal.example/", Verdict.REFUSE),
        ("about:blank", Verdict.REFUSE),
        ("https://[broken", Verdict.REFUSE),
    ],
)
def test_where_the_page_may_go(url, verdict):
    assert rules().judge(url, main_frame=True) is verdict


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://cdn.example/app.js", True),
        ("wss://live.example/socket", True),
        ("data:image/png;base64,AA", True),
        ("http://cdn.example/app.js", False),
        ("ws://live.example/socket", False),
        ("https://10.0.0.1/", False),
        ("https://localhost:9999/", False),
        ("https://printer/", False),
        ("https://[::1]/", False),
        ("https://[::ffff:10.0.0.1]/", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://camera.local./", False),
        ("file:///etc/passwd", False),
        ("chrome://version", False),
    ],
)
def test_what_a_public_page_may_fetch(url, allowed):
    assert rules().may_fetch(url) is allowed


def test_the_sandbox_may_fetch_from_its_own_port_of_this_machine_only():
    here = rules(SANDBOX)
    assert here.may_fetch("http://127.0.0.1:4200/style.css")
    assert here.may_fetch("ws://127.0.0.1:4200/live")
    assert not here.may_fetch("http://127.0.0.1:4201/style.css")
    assert not here.may_fetch("http://192.168.0.1/")


def test_frames_follow_the_rules_for_parts_of_the_page():
    assert rules().judge("about:srcdoc", main_frame=False) is Verdict.ALLOW
    assert rules().judge("https://maps.example/", main_frame=False) is Verdict.ALLOW
    assert rules().judge("https://192.168.0.1/", main_frame=False) is Verdict.REFUSE
    assert rules().judge("file:///etc/passwd", main_frame=False) is Verdict.REFUSE


def test_a_short_link_is_followed_while_it_opens_and_then_no_more():
    short = rules(SHORT)
    assert short.judge(PORTAL, main_frame=True, redirect=True) is Verdict.ALLOW
    assert short.judge(PORTAL, main_frame=True, redirect=False) is Verdict.ASK
    assert short.judge("http://portal.example/", main_frame=True, redirect=True) is Verdict.REFUSE
    assert short.judge("https://10.0.0.1/", main_frame=True, redirect=True) is Verdict.REFUSE
    short.landed(PORTAL)
    assert short.is_home("https://portal.example/rooms")
    assert not short.is_home(SHORT)
    assert short.judge("https://b.example/", main_frame=True, redirect=True) is Verdict.ASK


def test_a_full_link_is_not_redirected_to_another_host():
    full = rules()
    assert full.judge("https://b.example/", main_frame=True, redirect=True) is Verdict.ASK
    full.landed("https://b.example/")
    assert full.is_home(PORTAL)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (PORTAL, "portal.example/portals/… ••••"),
        (SHORT, "se.example/••••"),
        ("https://se.example/p1234/x", "se.example/••••"),
        ("https://portal.example/?token=abc", "portal.example/ ••••"),
        ("https://portal.example/", "portal.example"),
        ("https://portal.example:8443/", "portal.example:8443"),
        ("https://user:word@portal.example/", "portal.example"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://straße.example/", "xn--strae-oqa.example"),
        ("https://☃.example/", "xn--n3h.example"),
        ("https://аpple.example/", "xn--pple-43d.example"),
        ("https://[2001:db8::1]/", "[2001:db8::1]"),
    ],
)
def test_a_shown_address_holds_the_host_and_nothing_secret(url, text):
    masked = mask_address(url)
    assert masked is not None
    assert masked.text == text


def test_the_lock_is_for_encrypted_addresses_only():
    assert mask_address(PORTAL).security is PageSecurity.ENCRYPTED
    assert mask_address(SANDBOX).security is PageSecurity.THIS_MACHINE
    assert mask_address("http://portal.example/").security is PageSecurity.NONE
    assert mask_address("about:blank") is None


def test_targets_are_named_without_their_secret_part():
    assert readable_target("https://b.example/steal?token=abc") == "b.example"
    assert readable_target("mailto:a@b.example") == "a “mailto:” address"
    assert readable_target("https://[broken") == "an unusual address"


@pytest.mark.parametrize("host", ["8.8.8.8", "portal.example", "2606:4700::1111"])
def test_public_hosts_are_not_local(host):
    assert not is_local_host(host)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://account.example/authorize", True),
        ("https://portal.example/callback", True),
        ("http://account.example/", False),
        ("https://192.168.0.1/", False),
        ("https://router.local/", False),
        ("http://127.0.0.1:4200/", False),
        ("file:///etc/passwd", False),
        ("mailto:a@b.example", False),
        ("data:text/html,x", False),
    ],
)
def test_where_a_pop_up_may_go(url, allowed):
    pop_up = PopupRules(rules())
    verdict = Verdict.ALLOW if allowed else Verdict.REFUSE
    assert pop_up.judge(url, main_frame=True) is verdict
    assert pop_up.judge_opening(url) is verdict


@pytest.mark.parametrize("url", ["", "about:blank"])
def test_a_pop_up_may_open_empty_but_not_go_there(url):
    pop_up = PopupRules(rules())
    assert pop_up.judge_opening(url) is Verdict.ALLOW
    assert pop_up.judge(url, main_frame=True) is Verdict.REFUSE


def test_frames_in_a_pop_up_follow_the_portals_rules():
    pop_up = PopupRules(rules())
    assert pop_up.judge("https://maps.example/", main_frame=False) is Verdict.ALLOW
    assert pop_up.judge("https://192.168.0.1/", main_frame=False) is Verdict.REFUSE


def test_the_sandbox_is_home_for_its_pop_ups():
    assert PopupRules(rules(SANDBOX)).judge(SANDBOX, main_frame=True) is Verdict.ALLOW


def test_the_system_browser_may_open_only_public_pages_of_a_pop_up():
    pop_up = PopupRules(rules())
    assert pop_up.is_public("https://help.example/article")
    for url in (PORTAL, "http://help.example/", "https://192.168.0.1/", "about:blank"):
        assert not pop_up.is_public(url)


def test_only_a_portal_of_this_machine_itself_may_fetch_it():
    here = rules(SANDBOX)
    assert here.may_fetch_for("http://127.0.0.1:4200", SANDBOX)
    assert not here.may_fetch_for("https://evil.example", SANDBOX)
    assert not here.may_fetch_for("", SANDBOX)
    assert here.may_fetch_for("https://evil.example", "https://cdn.example/app.js")
    assert rules().may_fetch_for("https://evil.example", PORTAL)


def test_which_addresses_are_local():
    assert is_local_address("http://192.168.0.1/x")
    assert is_local_address("ws://printer/")
    assert not is_local_address(PORTAL)
    assert not is_local_address("file:///etc/passwd")
