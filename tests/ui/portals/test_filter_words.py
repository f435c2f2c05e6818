"""The words that filter: what they mean, and that saved ones are read as they were written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.delivery import DeliveryState, SendChannel
from seam_portal_desktop.domain.portal.query import (
    NO_FILTERS,
    PreviewOutcome,
    RecordFilters,
    TimeRange,
)
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.ui.portals.filters.labels import chip_text
from seam_portal_desktop.ui.portals.filters.periods import times_of, word_of_dates
from seam_portal_desktop.ui.portals.filters.search_terms import (
    FilterKind,
    SearchTerms,
    explain_unknown,
    parse_search,
    record_filters,
    without_words,
    words_of,
)
from seam_portal_desktop.ui.toolkit.times import from_local

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.astimezone().date()
DAY = timedelta(days=1)

SENT, CREATED, EXPIRES = FilterKind.SENT, FilterKind.CREATED, FilterKind.EXPIRES
CREATOR, PRESET, PREVIEW = FilterKind.CREATOR, FilterKind.PRESET, FilterKind.PREVIEW


def midnight(day: date) -> datetime:
    return from_local(datetime.combine(day, datetime.min.time()))


@pytest.mark.parametrize(
    ("typed", "text", "filters"),
    [
        ("inn sent:no", "inn", {SENT: ("no",)}),
        ("SENT:Yes", "", {SENT: ("yes",)}),
        ("sent:yes sent:no", "", {SENT: ("no",)}),
        ("created:7d expires:-7d", "", {CREATED: ("7d",), EXPIRES: ("-7d",)}),
        ("created:2026-11-01..", "", {CREATED: ("2026-11-01..",)}),
        ("preview:problems,warnings", "", {PREVIEW: ("problems", "warnings")}),
        ('preset:"Our, hotels",none,Flats', "", {PRESET: ("Our, hotels", "", "Flats")}),
        ('preset:"none"', "", {PRESET: ("none",)}),
        ('a preset:"Say ""hi"""  b', "a b", {PRESET: ('Say "hi"',)}),
        ('a preset:"still typed', "a", {PRESET: ("still typed",)}),
        ("creator:ada creator:ACME\\Ben", "", {CREATOR: ("ada", "ACME\\Ben")}),
        ("sent: created:2 created:2026-11-0 expires:- preview:pro preset:", "", {}),
        ("resent:no x:y a:", "resent:no x:y a:", {}),
    ],
)
def test_words_become_filters(typed, text, filters):
    assert parse_search(typed) == SearchTerms(text, filters=filters)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("sent:maybe", "“sent:maybe” isn’t a filter. After sent: put yes, no, waiting, failed,"),
        ("created:-7d", "“created:-7d” isn’t a filter. After created: put today"),
        ("created:2026-13-01", "isn’t a filter"),
        ("created:2026-11-01..2026-02-30", "isn’t a filter"),
        ("created:1999-12-31", "isn’t a filter"),
        ("expires:0d", "isn’t a filter. After expires: put today"),
        ("preview:bad", "After preview: put good, warnings, problems, unchecked, none."),
        ("preset:anything creator:anyone", ""),
    ],
)
def test_unknown_words_are_explained(typed, said):
    assert said in explain_unknown(parse_search(typed))
    assert bool(said) == bool(explain_unknown(parse_search(typed)))


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).filter(
    lambda name: not name or name.strip()
)
days = st.dates(date(2000, 1, 1), date(2999, 12, 31))
periods = st.one_of(
    st.just("today"),
    st.integers(1, 9999).map(lambda number: f"{number}d"),
    st.builds(word_of_dates, days, days | st.none()),
    st.builds(word_of_dates, days | st.none(), days),
)
values = {
    SENT: st.sampled_from(["yes", "no"]).map(lambda value: (value,)),
    CREATED: periods.map(lambda word: (word,)),
    EXPIRES: (periods | st.just("-30d")).map(lambda word: (word,)),
    CREATOR: st.lists(names, min_size=1, max_size=3, unique=True).map(tuple),
    PRESET: st.lists(names, min_size=1, max_size=3, unique=True).map(tuple),
    FilterKind.TAG: st.lists(
        names.map(lambda name: " ".join(name.split())).filter(bool), min_size=1, unique=True
    ).map(tuple),
    PREVIEW: st.lists(
        st.sampled_from([outcome.value for outcome in PreviewOutcome]), min_size=1, unique=True
    ).map(tuple),
}
terms = st.builds(
    SearchTerms,
    text=st.text(max_size=20).map(lambda text: parse_search(text).text),
    statuses=st.frozensets(st.sampled_from(PortalStatus)),
    filters=st.fixed_dictionaries({}, optional=values),
)


@given(terms)
def test_written_words_are_read_again(terms):
    assert parse_search(words_of(terms)) == terms
    record_filters(terms.filters, NOW)
    for kind, chosen in terms.filters.items():
        assert chip_text(kind, chosen)


@given(st.text(max_size=60), st.sampled_from(FilterKind))
def test_words_of_a_kind_are_taken_out_alone(typed, kind):
    left = parse_search(without_words(typed, {kind}))
    assert kind not in left.kinds
    assert left.text == parse_search(typed).text
    others = {each: value for each, value in parse_search(typed).filters.items() if each != kind}
    assert left.filters == others


@pytest.mark.parametrize(
    ("word", "forward", "first", "last"),
    [
        ("today", False, TODAY, TODAY),
        ("1d", False, TODAY - DAY, TODAY),
        ("7d", False, TODAY - 7 * DAY, TODAY),
        ("30d", False, TODAY - 30 * DAY, TODAY),
        ("7d", True, TODAY, TODAY + 7 * DAY),
        ("-7d", True, TODAY - 7 * DAY, TODAY),
        ("2026-11-01", False, date(2026, 11, 1), date(2026, 11, 1)),
        ("2026-11-01..2026-11-30", True, date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-11-01..", False, date(2026, 11, 1), None),
        ("..2026-11-30", False, None, date(2026, 11, 30)),
    ],
)
def test_days_are_whole_and_the_users_own(word, forward, first, last):
    assert times_of(word, NOW, forward=forward) == TimeRange(
        first and midnight(first), last and midnight(last + DAY)
    )


def test_filters_are_those_of_the_query():
    assert record_filters({}, NOW) is NO_FILTERS
    filters = parse_search("sent:no created:today creator:ada preset:none preview:none").filters
    assert record_filters(filters, NOW) == RecordFilters(
        sent=False,
        created=TimeRange(midnight(TODAY), midnight(TODAY + DAY)),
        creators=frozenset({"ada"}),
        presets=frozenset({""}),
        previews=frozenset({PreviewOutcome.NONE}),
    )
    assert record_filters(parse_search("sent:smtp to:ann@,ben@example.com").filters, NOW) == (
        RecordFilters(
            channels=frozenset({SendChannel.SMTP}),
            recipients=frozenset({"ann@", "ben@example.com"}),
        )
    )
    unconfirmed = frozenset({DeliveryState.MAYBE_SENT, DeliveryState.HANDED_OVER})
    found = record_filters(parse_search("sent:unconfirmed").filters, NOW)
    assert found == RecordFilters(deliveries=unconfirmed)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("sent:no", "Sent: no"),
        ("sent:unconfirmed", "Sent: not certain"),
        ("to:ann@example.com", "Sent to: \u2068ann@example.com\u2069"),
        ("created:7d", "Created: last 7 days"),
        ("created:1d", "Created: since yesterday"),
        ("expires:1d", "Expires: until tomorrow"),
        ("expires:30d", "Expires: next 30 days"),
        ("expires:-7d", "Expires: last 7 days"),
        ("creator:none", "Created by: unknown"),
        ("preset:none,Flats", "Preset: no preset, \u2068Flats\u2069"),
        ("preview:problems,none", "Preview: problems, not previewed"),
    ],
)
def test_chips_say_what_they_filter(typed, text):
    ((kind, chosen),) = parse_search(typed).filters.items()
    assert chip_text(kind, chosen) == text


def test_chips_name_days_in_the_systems_format():
    texts = [
        chip_text(CREATED, (word,))
        for word in ("2026-11-01", "2026-11-01..2026-11-30", "2026-11-01..", "..2026-11-30")
    ]
    assert len(set(texts)) == 4
    assert "from" in texts[2]
    assert "until" in texts[3]
