"""Each check with each level, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.preview.checks import PreviewSubject, examine, span
from seam_portal_desktop.domain.preview.kinds import CheckKind, CheckLevel, PreviewMode
from seam_portal_desktop.domain.preview.load_failure import FailureKind
from seam_portal_desktop.domain.preview.page_checks import BUSY_SHARE, MANY_ERRORS, SLOW_TASK
from seam_portal_desktop.domain.preview.page_facts import (
    FailedRequest,
    PageContent,
    PageFacts,
    PageSigns,
    ProcessorFacts,
    RequestKind,
    TlsFacts,
    TlsFault,
)
from seam_portal_desktop.domain.preview.page_features import FEATURE_SIGNS, Presence, presence_of
from seam_portal_desktop.domain.request import (
    ConfigureFeature,
    ConnectFeature,
    Features,
    Locale,
    ManageDevicesFeature,
    ManageFeature,
    OrganizeFeature,
    PortalRequest,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOST = "portal.example"
NAMES = frozenset({"connected-accounts", "organize", "rooms", "automations"})
GOOD = PageFacts(
    failure=None,
    host=HOST,
    is_encrypted=True,
    status=200,
    redirects=0,
    tls=TlsFacts("Not A Real Authority", NOW + 60 * DAY),
    first_paint=timedelta(seconds=0.4),
    loaded=timedelta(seconds=0.9),
    console_errors=0,
    failed_count=0,
    mixed_upgraded=0,
    mixed_blocked=0,
    content=PageContent(900, 3, 12, ("Harbor Hotel",)),
    page_language="de",
    text_language="de",
    signs=PageSigns(NAMES, has_navigation=True),
)
SUBJECT = PreviewSubject(
    PreviewMode.LIVE,
    HOST,
    is_short_link=False,
    expires_at=NOW + 6 * DAY,
    request=PortalRequest(locale=Locale.DE_DE),
)


def finding(facts, check, subject=SUBJECT, **arguments):
    report = examine(facts, subject, NOW, **arguments)
    return next(found for found in report.findings if found.check is check)


def expect(facts, check, level, words, subject=SUBJECT, **arguments):
    found = finding(facts, check, subject, **arguments)
    assert (found.level, words in found.sentence) == (level, True), found


def test_a_good_portal_is_good_in_every_check():
    report = examine(GOOD, SUBJECT, NOW)
    assert {found.check: found.level for found in report.findings} == dict.fromkeys(
        CheckKind, CheckLevel.OK
    )
    assert [found.check for found in report.findings] == list(CheckKind)
    assert report.verdict is CheckLevel.OK
    assert report.headline == "all good"


def test_without_facts_a_check_is_never_good():
    report = examine(PageFacts(None), SUBJECT, NOW)
    good = [found.check for found in report.findings if found.level is CheckLevel.OK]
    assert good == [CheckKind.EXPIRY]  # it needs no page


@pytest.mark.parametrize("failure", FailureKind)
def test_a_page_that_was_not_shown_never_makes_a_good_report(failure):
    report = examine(PageFacts(failure), SUBJECT, NOW)
    assert report.verdict in (CheckLevel.WARNING, CheckLevel.PROBLEM)
    for found in report.findings:
        assert found.level is not CheckLevel.OK or found.check is CheckKind.EXPIRY


def test_a_dead_safe_preview_is_no_problem_of_the_portals_own_link():
    facts = PageFacts(FailureKind.LINK_DEAD, status=410, host=HOST, is_encrypted=True)
    safe_preview = replace(SUBJECT, mode=PreviewMode.SAFE, is_safe_preview=True)
    expect(facts, CheckKind.STATUS, CheckLevel.WARNING, "own link has ended", safe_preview)
    assert examine(facts, safe_preview, NOW).verdict is CheckLevel.WARNING
    assert examine(facts, SUBJECT, NOW).verdict is CheckLevel.PROBLEM


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({}, CheckLevel.OK, "Answered with HTTP 200, OK."),
        ({"redirects": 1}, CheckLevel.OK, "after one redirect."),
        ({"redirects": 3}, CheckLevel.OK, "after 3 redirects."),
        ({"redirects": 4}, CheckLevel.WARNING, "after 4 redirects, each of which takes time."),
        (
            {"status": 404, "failure": FailureKind.HTTP},
            CheckLevel.PROBLEM,
            "error (HTTP 404, Not Found).",
        ),
        (
            {"status": 410, "failure": FailureKind.LINK_DEAD},
            CheckLevel.PROBLEM,
            "no longer opens (HTTP 410, Gone).",
        ),
        ({"status": 799, "failure": FailureKind.HTTP}, CheckLevel.PROBLEM, "(HTTP 799)."),
        ({"status": 500}, CheckLevel.PROBLEM, "HTTP 500"),
        ({"status": None}, CheckLevel.UNKNOWN, "couldn’t be told"),
        ({"status": None, "failure": FailureKind.OFFLINE}, CheckLevel.WARNING, "offline"),
        ({"status": None, "failure": FailureKind.STOPPED}, CheckLevel.WARNING, "stopped"),
        ({"status": None, "failure": FailureKind.LOCAL}, CheckLevel.WARNING, "On this computer"),
    ],
)
def test_status(fields, level, words):
    expect(replace(GOOD, **fields), CheckKind.STATUS, level, words)


@pytest.mark.parametrize(
    ("left", "level", "words"),
    [
        (60 * DAY, CheckLevel.OK, "Certificate by Not A Real Authority, 60 days left."),
        (14 * DAY, CheckLevel.OK, "14 days left."),
        (
            14 * DAY - timedelta(seconds=1),
            CheckLevel.WARNING,
            "ends in 13 days: its renewal is overdue",
        ),
        (2 * DAY, CheckLevel.WARNING, "2 days"),
        (timedelta(hours=47), CheckLevel.PROBLEM, "ends in 47 h: it must be renewed now"),
        (timedelta(), CheckLevel.PROBLEM, "has ended"),
        (-DAY, CheckLevel.PROBLEM, "has ended"),
    ],
)
def test_the_time_left_of_a_certificate(left, level, words):
    facts = replace(GOOD, tls=TlsFacts("Not A Real Authority", NOW + left))
    expect(facts, CheckKind.TLS, level, words)


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({"tls": None}, CheckLevel.UNKNOWN, "couldn’t be told"),
        ({"tls": TlsFacts()}, CheckLevel.UNKNOWN, "couldn’t be told"),
        ({"tls": TlsFacts(None, NOW + 60 * DAY)}, CheckLevel.OK, "without an issuer’s name"),
        ({"tls": TlsFacts(fault=TlsFault.UNTRUSTED)}, CheckLevel.WARNING, "own check fails"),
        ({"is_encrypted": False}, CheckLevel.PROBLEM, "isn’t encrypted"),
        (
            {"is_encrypted": False, "is_this_machine": True, "tls": None},
            CheckLevel.OK,
            "This machine",
        ),
        ({"host": None}, CheckLevel.UNKNOWN, "No connection"),
        ({"certificate_fault": "The certificate is odd."}, CheckLevel.PROBLEM, "is odd"),
        ({"failure": FailureKind.TLS, "tls": None}, CheckLevel.PROBLEM, "could not be made safe"),
    ],
)
def test_tls(fields, level, words):
    expect(replace(GOOD, **fields), CheckKind.TLS, level, words)


@pytest.mark.parametrize("fault", TlsFault)
def test_the_engines_reason_for_a_refused_certificate_is_preferred(fault):
    facts = replace(GOOD, failure=FailureKind.TLS, tls=TlsFacts(fault=fault))
    found = finding(facts, CheckKind.TLS)
    assert found.level is CheckLevel.PROBLEM
    assert found.sentence.startswith("The server’s certificate ")
    refused = replace(facts, certificate_fault="It is for another host.")
    expect(refused, CheckKind.TLS, CheckLevel.PROBLEM, "It is for another host.")


SHORT = replace(SUBJECT, link_host="se.am", is_short_link=True)


@pytest.mark.parametrize(
    ("host", "subject", "level", "words"),
    [
        (HOST, SUBJECT, CheckLevel.OK, "as the link says"),
        (
            "evil.example",
            SUBJECT,
            CheckLevel.PROBLEM,
            "says portal.example, but the portal is at evil",
        ),
        ("portals.getseam.com", SHORT, CheckLevel.OK, "leads to portals.getseam.com"),
        ("getseam.com", SHORT, CheckLevel.OK, "leads to getseam.com"),
        ("getseam.com.evil.example", SHORT, CheckLevel.WARNING, "make sure"),
        ("notgetseam.com", SHORT, CheckLevel.WARNING, "make sure"),
        ("se.am", SHORT, CheckLevel.OK, "as the link says"),
        (None, SUBJECT, CheckLevel.UNKNOWN, "never got as far"),
    ],
)
def test_host(host, subject, level, words):
    expect(replace(GOOD, host=host), CheckKind.HOST, level, words, subject)


def test_a_policy_decides_about_the_host():
    facts = replace(GOOD, host="portals.customer.example")
    allows = {"portals.customer.example"}.__contains__
    expect(facts, CheckKind.HOST, CheckLevel.OK, "leads to", SHORT, allows_host=allows)
    expect(GOOD, CheckKind.HOST, CheckLevel.PROBLEM, "policy", SHORT, allows_host=allows)
    expect(GOOD, CheckKind.HOST, CheckLevel.PROBLEM, "policy", allows_host=allows)


def test_a_link_that_leads_away_is_a_problem_of_the_host():
    expect(PageFacts(FailureKind.BLOCKED), CheckKind.HOST, CheckLevel.PROBLEM, "another host")


@pytest.mark.parametrize(
    ("paint", "loaded", "level", "words"),
    [
        (0.4, 0.9, CheckLevel.OK, "First paint after 0.4 s, loaded after 0.9 s."),
        (1.8, 5.0, CheckLevel.OK, "First paint"),
        (1.9, 2.0, CheckLevel.WARNING, "rather slow"),
        (0.4, 5.1, CheckLevel.WARNING, "rather slow"),
        (3.1, 3.2, CheckLevel.WARNING, "that is slow"),
        (0.4, 10.0, CheckLevel.PROBLEM, "given up"),
        (11.0, None, CheckLevel.PROBLEM, "given up"),
        (0.4, None, CheckLevel.OK, "still loading"),
        (None, 1.0, CheckLevel.UNKNOWN, "couldn’t be told"),
    ],
)
def test_timing(paint, loaded, level, words):
    facts = replace(
        GOOD,
        first_paint=None if paint is None else timedelta(seconds=paint),
        loaded=None if loaded is None else timedelta(seconds=loaded),
    )
    expect(facts, CheckKind.TIMING, level, words)


FAST = ProcessorFacts(1.0, timedelta(milliseconds=10))
BUSY = replace(FAST, share=BUSY_SHARE - 0.01)
SLOW = replace(FAST, task_time=SLOW_TASK + timedelta(milliseconds=1))


@pytest.mark.parametrize(("paint", "loaded"), [(2.5, 3.0), (4.0, 5.0), (0.4, 12.0), (11.0, None)])
@pytest.mark.parametrize(
    ("processor", "words"), [(BUSY, "this computer is busy"), (SLOW, "this computer is too slow")]
)
def test_a_slow_page_on_a_busy_or_slow_computer_is_not_judged(paint, loaded, processor, words):
    facts = replace(
        GOOD,
        first_paint=timedelta(seconds=paint),
        loaded=timedelta(seconds=loaded) if loaded is not None else None,
        processor=processor,
    )
    expect(facts, CheckKind.TIMING, CheckLevel.UNKNOWN, f"Not measured: {words}")
    judged = finding(replace(facts, processor=FAST), CheckKind.TIMING)
    assert judged.level in (CheckLevel.WARNING, CheckLevel.PROBLEM)
    assert examine(facts, SUBJECT, NOW).verdict is CheckLevel.OK


@pytest.mark.parametrize("processor", [BUSY, SLOW, FAST, None])
def test_a_fast_page_is_fast_on_every_computer(processor):
    expect(replace(GOOD, processor=processor), CheckKind.TIMING, CheckLevel.OK, "First paint")


@pytest.mark.parametrize(
    ("errors", "names", "level", "words"),
    [
        (0, (), CheckLevel.OK, "No errors"),
        (1, (), CheckLevel.WARNING, "1 error in the page’s console."),
        (
            3,
            ("TypeError",),
            CheckLevel.WARNING,
            "3 errors in the page’s console, such as an uncaught T",
        ),
        (MANY_ERRORS, (), CheckLevel.PROBLEM, "20 errors"),
        (10_000, (), CheckLevel.PROBLEM, "10,000 errors"),
        (None, (), CheckLevel.UNKNOWN, "couldn’t be read"),
    ],
)
def test_console(errors, names, level, words):
    facts = replace(GOOD, console_errors=errors, error_names=names)
    expect(facts, CheckKind.CONSOLE, level, words)


def failed(
    kind=RequestKind.OTHER, status: int | None = 404, address="portal.example/static/… ••••"
):
    return FailedRequest(address, kind, status)


@pytest.mark.parametrize(
    ("requests", "count", "level", "words"),
    [
        ((), 0, CheckLevel.OK, "Nothing that the page asked for failed."),
        (
            (failed(),),
            1,
            CheckLevel.WARNING,
            "1 request failed: portal.example/static/… •••• (404).",
        ),
        ((failed(status=None),), 1, CheckLevel.WARNING, "(no answer)"),
        ((failed(), failed()), 2, CheckLevel.WARNING, "•••• (404) 2 times."),
        ((failed(RequestKind.CALL),), 1, CheckLevel.WARNING, "1 request"),
        ((failed(RequestKind.CALL, 503),), 1, CheckLevel.PROBLEM, "(503)"),
        ((failed(RequestKind.ESSENTIAL),), 1, CheckLevel.PROBLEM, "(404)"),
        ((failed(), failed(RequestKind.ESSENTIAL, 500)), 700, CheckLevel.PROBLEM, "and 698 more"),
        ((), None, CheckLevel.UNKNOWN, "didn’t answer"),
    ],
)
def test_requests(requests, count, level, words):
    expect(replace(GOOD, failed=requests, failed_count=count), CheckKind.REQUESTS, level, words)


def test_requests_that_the_preview_held_back_are_not_counted_as_failed():
    facts = replace(GOOD, held_back=2)
    expect(
        facts, CheckKind.REQUESTS, CheckLevel.OK, "failed; the preview itself held back 2 requests."
    )


@pytest.mark.parametrize(
    ("content", "level", "words"),
    [
        (PageContent(900, 0, 12), CheckLevel.OK, "text and controls"),
        (PageContent(0, 0, 0), CheckLevel.PROBLEM, "blank"),
        (PageContent(0, 0, 3), CheckLevel.PROBLEM, "blank"),
        (PageContent(0, 1, 0), CheckLevel.OK, "text"),
        (PageContent(5, 0, 0), CheckLevel.WARNING, "almost empty"),
        (PageContent(80, 0, 1, ("Page not found",)), CheckLevel.WARNING, "like an error page"),
        (PageContent(80, 0, 1, ("Oh", "404")), CheckLevel.WARNING, "like an error page"),
        (PageContent(80, 0, 1, ("Fehler 404",)), CheckLevel.WARNING, "like an error page"),
        (PageContent(80, 0, 1, ("Ссылка не найдена",)), CheckLevel.WARNING, "like an error page"),
        (PageContent(5000, 0, 1, ("Errors of your locks",)), CheckLevel.OK, "text"),
        (PageContent(80, 0, 1, ("Room 404 B", "Terror Hotel")), CheckLevel.OK, "text"),
        (None, CheckLevel.UNKNOWN, "didn’t answer"),
    ],
)
def test_content(content, level, words):
    expect(replace(GOOD, content=content), CheckKind.CONTENT, level, words)


@pytest.mark.parametrize(
    "failure",
    [FailureKind.CRASHED, FailureKind.FLOODED, FailureKind.HTTP, FailureKind.NOT_A_PAGE],
)
def test_a_page_that_was_not_shown_is_a_problem_of_the_content(failure):
    assert finding(PageFacts(failure), CheckKind.CONTENT).level is CheckLevel.PROBLEM


@pytest.mark.parametrize(
    ("declared", "detected", "level", "words"),
    [
        ("de", "de", CheckLevel.OK, "Shown in German, as asked."),
        ("de", None, CheckLevel.OK, "Shown in German, as asked."),
        (None, "de", CheckLevel.WARNING, "doesn’t say so to screen readers"),
        ("en", "de", CheckLevel.WARNING, "calls itself English"),
        ("en", None, CheckLevel.WARNING, "calls itself English"),
        ("xx", None, CheckLevel.WARNING, "calls itself another language"),
        ("en", "en", CheckLevel.PROBLEM, "Asked for in German, but shown in English."),
        ("de", "en", CheckLevel.PROBLEM, "Asked for in German, but shown in English."),
        (None, None, CheckLevel.UNKNOWN, "doesn’t tell"),
    ],
)
def test_language(declared, detected, level, words):
    facts = replace(GOOD, page_language=declared, text_language=detected)
    expect(facts, CheckKind.LANGUAGE, level, words)


@pytest.mark.parametrize("request_", [None, PortalRequest()])
@pytest.mark.parametrize(
    ("declared", "detected", "level", "words"),
    [
        ("en", "en", CheckLevel.OK, "Shown in English; the request leaves the language open."),
        ("en", "de", CheckLevel.WARNING, "calls itself English, but reads like German"),
    ],
)
def test_a_language_that_nobody_asked_for(request_, declared, detected, level, words):
    facts = replace(GOOD, page_language=declared, text_language=detected)
    expect(facts, CheckKind.LANGUAGE, level, words, replace(SUBJECT, request=request_))


def asking(mode=PreviewMode.LIVE, *, read_only=False, **features):
    request = PortalRequest(features=Features(**features), read_only=read_only)
    return replace(SUBJECT, mode=mode, request=request)


def with_names(*names, navigation=True):
    return replace(GOOD, signs=PageSigns(frozenset(names), has_navigation=navigation))


def test_features_as_asked():
    subject = asking(
        connect=ConnectFeature(exclude=False),
        manage=ManageFeature(exclude=False),
        configure=ConfigureFeature(exclude=True),
    )
    facts = with_names("accounts", "rooms", "organize")
    expect(
        facts, CheckKind.FEATURES, CheckLevel.OK, "Connect, Organize and Manage; as asked.", subject
    )


def test_a_feature_that_was_left_out_but_is_there_is_a_problem():
    subject = asking(connect=ConnectFeature(exclude=True), organize=OrganizeFeature(exclude=True))
    expect(
        GOOD, CheckKind.FEATURES, CheckLevel.PROBLEM, "Connect and Organize were left out", subject
    )


def test_a_feature_that_was_asked_for_but_is_missing_is_a_warning():
    subject = asking(configure=ConfigureFeature(exclude=False))
    facts = with_names("accounts", "rooms")
    expect(facts, CheckKind.FEATURES, CheckLevel.WARNING, "not on the page: Configure.", subject)


@pytest.mark.parametrize("fields", [{"mode": PreviewMode.SAFE}, {"read_only": True}])
def test_a_feature_that_is_missing_because_of_read_only_is_no_warning(fields):
    facts = with_names("accounts", "rooms")
    subject = asking(configure=ConfigureFeature(exclude=False), **fields)
    expect(facts, CheckKind.FEATURES, CheckLevel.UNKNOWN, "because it is read-only", subject)
    # A feature that is on the page although it was left out is a problem all the same.
    subject = asking(connect=ConnectFeature(exclude=True), **fields)
    expect(facts, CheckKind.FEATURES, CheckLevel.PROBLEM, "left out", subject)


def test_without_a_recognised_navigation_no_feature_is_missing():
    subject = asking(configure=ConfigureFeature(exclude=False))
    for facts in (with_names("accounts", "rooms", navigation=False), with_names("rooms", "xyz")):
        found = finding(facts, CheckKind.FEATURES, subject)
        assert found.level is CheckLevel.UNKNOWN
        assert "Couldn’t be told: Configure" in found.sentence
    expect(
        with_names("one", "two"),
        CheckKind.FEATURES,
        CheckLevel.UNKNOWN,
        "couldn’t be told",
        subject,
    )


def test_features_without_a_known_request_or_answer():
    subject = replace(SUBJECT, request=None)
    expect(GOOD, CheckKind.FEATURES, CheckLevel.UNKNOWN, "aren’t known here", subject)
    expect(replace(GOOD, signs=None), CheckKind.FEATURES, CheckLevel.UNKNOWN, "didn’t answer")


def test_a_list_of_devices_does_not_prove_the_older_device_page():
    subject = asking(manage_devices=ManageDevicesFeature(exclude=True))
    facts = with_names("rooms", "devices", "accounts")
    assert finding(facts, CheckKind.FEATURES, subject).level is CheckLevel.UNKNOWN
    alone = with_names("devices", "accounts")
    expect(alone, CheckKind.FEATURES, CheckLevel.PROBLEM, "Manage devices was left out", subject)


def test_navigation_is_recognised_by_its_labels_too():
    signs = PageSigns(labels=frozenset({"konten", "zimmer"}), has_navigation=True)
    presence = presence_of(signs)
    assert presence["connect"] is presence["manage"] is Presence.PRESENT
    assert presence["organize"] is Presence.ABSENT


def test_no_sign_belongs_to_two_features():
    for kind in ("names", "labels"):
        words = [word for each in FEATURE_SIGNS for word in getattr(each, kind)]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("left", "level", "words"),
    [
        (7 * DAY - timedelta(seconds=2), CheckLevel.OK, "works for 7 days"),
        (6 * DAY, CheckLevel.OK, "works for 6 days"),
        (DAY, CheckLevel.WARNING, "ends in 24 h"),
        (timedelta(minutes=5), CheckLevel.WARNING, "ends in 5 min"),
        (timedelta(seconds=59), CheckLevel.WARNING, "ends in less than a minute"),
        (timedelta(), CheckLevel.PROBLEM, "has expired"),
    ],
)
def test_expiry(left, level, words):
    subject = replace(SUBJECT, expires_at=NOW + left)
    expect(GOOD, CheckKind.EXPIRY, level, words, subject)


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({}, CheckLevel.OK, "All parts"),
        ({"mixed_upgraded": 2}, CheckLevel.WARNING, "2 parts asked for without encryption"),
        ({"mixed_blocked": 1, "mixed_upgraded": 2}, CheckLevel.PROBLEM, "1 part asked"),
        ({"mixed_blocked": None}, CheckLevel.UNKNOWN, "couldn’t be told"),
        ({"is_encrypted": False}, CheckLevel.UNKNOWN, "isn’t encrypted"),
        ({"is_encrypted": False, "is_this_machine": True}, CheckLevel.OK, "This machine"),
    ],
)
def test_mixed_content(fields, level, words):
    expect(replace(GOOD, **fields), CheckKind.MIXED_CONTENT, level, words)


def test_the_headline_names_the_worst():
    facts = replace(GOOD, console_errors=1, mixed_blocked=1)
    report = examine(facts, SUBJECT, NOW)
    assert report.headline == (
        "1 problem: 1 part asked for without encryption, which browsers block"
    )
    assert [found.check for found in report.concerns] == [
        CheckKind.MIXED_CONTENT,
        CheckKind.CONSOLE,
    ]
    warnings = examine(replace(GOOD, console_errors=1, redirects=9), SUBJECT, NOW)
    assert warnings.headline.startswith("2 warnings: Answered with HTTP 200")


OPTIONAL = st.none() | st.integers(0, 10_000)
FACTS = st.builds(
    PageFacts,
    failure=st.none() | st.sampled_from(FailureKind),
    host=st.none() | st.sampled_from([HOST, "evil.example", "getseam.com"]),
    is_encrypted=st.booleans(),
    is_this_machine=st.booleans(),
    status=st.none() | st.integers(100, 999),
    redirects=OPTIONAL,
    certificate_fault=st.none() | st.just("Refused."),
    tls=st.none()
    | st.builds(
        TlsFacts,
        issuer=st.none() | st.just("Someone"),
        not_after=st.none() | st.just(NOW + 40 * DAY),
        fault=st.none() | st.sampled_from(TlsFault),
    ),
    first_paint=st.none() | st.timedeltas(timedelta(), timedelta(hours=1)),
    loaded=st.none() | st.timedeltas(timedelta(), timedelta(hours=1)),
    console_errors=OPTIONAL,
    failed_count=OPTIONAL,
    held_back=st.integers(0, 10),
    mixed_upgraded=OPTIONAL,
    mixed_blocked=OPTIONAL,
    content=st.none() | st.builds(PageContent, st.integers(0, 9), st.integers(0, 9), OPTIONAL),
    page_language=st.none() | st.sampled_from(["de", "en", "xx"]),
    text_language=st.none() | st.sampled_from(["de", "en"]),
    signs=st.none()
    | st.builds(
        PageSigns,
        st.frozensets(st.sampled_from([*sorted(NAMES), "devices"])),
        has_navigation=st.booleans(),
    ),
)
SUBJECTS = st.sampled_from(
    [SUBJECT, SHORT, replace(SUBJECT, request=None), asking(connect=ConnectFeature(exclude=True))]
)


@given(FACTS, SUBJECTS)
def test_every_report_is_complete_and_never_good_without_a_page(facts, subject):
    report = examine(facts, subject, NOW)
    assert [found.check for found in report.findings] == list(CheckKind)
    for found in report.findings:
        assert found.sentence.endswith(".")
        assert "\n" not in found.sentence
        assert "None" not in found.sentence
    if facts.failure is not None:
        assert report.verdict is not CheckLevel.OK
    assert (report.headline == "all good") == (report.verdict is CheckLevel.OK)


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=400)))
def test_a_span_is_never_longer_than_the_time(time):
    number, unit = span(time).split()
    length = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "days": DAY}[unit]
    assert int(number) * length <= max(time, timedelta(minutes=1))


def test_a_page_without_any_data_is_a_warning():
    empty = replace(GOOD, customer_is_empty=True)
    words = "Empty: no spaces, no devices for this customer."
    expect(empty, CheckKind.CONTENT, CheckLevel.WARNING, words)
    report = examine(empty, SUBJECT, NOW)
    assert report.verdict is CheckLevel.WARNING
    assert report.headline == "empty: no spaces, no devices for this customer"
    two = examine(replace(empty, console_errors=1), SUBJECT, NOW)
    assert two.headline.startswith("2 warnings: ")


@pytest.mark.parametrize("known", [False, None])
def test_a_customer_is_not_called_empty_unless_that_is_known(known):
    facts = replace(GOOD, customer_is_empty=known)
    expect(facts, CheckKind.CONTENT, CheckLevel.OK, "text and controls")


def test_a_blank_page_is_blank_also_for_a_customer_without_data():
    facts = replace(GOOD, customer_is_empty=True, content=PageContent(0, 0, 0))
    expect(facts, CheckKind.CONTENT, CheckLevel.PROBLEM, "blank")
