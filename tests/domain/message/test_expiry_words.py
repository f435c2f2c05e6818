"""When a link ends, in all languages of portals and in zones that change their clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.message.rendering.times import expiry_words
from seam_portal_desktop.domain.request.request import Locale

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)

# 6 days 23 hours, 1 day 23 h, 23 h 59 min, 1 h 59 min, 59 min 59 s, over
REMAINING = {
    "en-US": ("6 days", "1 day", "23 hours", "1 hour", "59 minutes", "0 minutes"),
    "pt-PT": ("6 dias", "1 dia", "23 horas", "1 hora", "59 minutos", "0 minutos"),
    "fr-FR": ("6 jours", "1 jour", "23 heures", "1 heure", "59 minutes", "0 minute"),
    "it-IT": ("6 giorni", "1 giorno", "23 ore", "1 ora", "59 minuti", "0 minuti"),
    "es-ES": ("6 días", "1 día", "23 horas", "1 hora", "59 minutos", "0 minutos"),
    "de-DE": ("6 Tage", "1 Tag", "23 Stunden", "1 Stunde", "59 Minuten", "0 Minuten"),
    "nl-NL": ("6 dagen", "1 dag", "23 uur", "1 uur", "59 minuten", "0 minuten"),
    "el-GR": ("6 ημέρες", "1 ημέρα", "23 ώρες", "1 ώρα", "59 λεπτά", "0 λεπτά"),
    "pl-PL": ("6 dni", "1 dzień", "23 godziny", "1 godzina", "59 minut", "0 minut"),
    "ru-RU": ("6 дней", "1 день", "23 часа", "1 час", "59 минут", "0 минут"),
}
LEFT = (
    timedelta(days=6, hours=23, minutes=59, seconds=59),
    timedelta(days=1, hours=23),
    timedelta(hours=23, minutes=59),
    timedelta(hours=1, minutes=59),
    timedelta(minutes=59, seconds=59),
    timedelta(days=-1),
)


@pytest.mark.parametrize("locale", list(Locale))
def test_what_is_left_is_rounded_down(locale):
    words = tuple(
        expiry_words(NOW + left, NOW, locale, "UTC").remaining.replace("\u00a0", " ")
        for left in LEFT
    )
    assert words == REMAINING[locale]


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=60)))
def test_no_more_is_promised_than_there_is(left):
    number, unit = expiry_words(NOW + left, NOW, "en-US", "UTC").remaining.split()
    promised = int(number) * timedelta(**{f"{unit.removesuffix('s')}s": 1})
    assert left / 2 < promised <= left


@pytest.mark.parametrize(
    ("expires_at", "zone", "at"),
    [
        # Europe's clocks go back on 25 October 2026 and forward on 29 March 2026.
        ("2026-10-25T00:30+00:00", "Europe/Berlin", "2:30\u00a0AM (Central European Summer Time)"),
        (
            "2026-10-25T01:30+00:00",
            "Europe/Berlin",
            "2:30\u00a0AM (Central European Standard Time)",
        ),
        ("2026-03-29T01:00+00:00", "Europe/Berlin", "3:00\u00a0AM (Central European Summer Time)"),
        ("2026-07-01T23:30+00:00", "Asia/Kolkata", "5:00\u00a0AM (India Standard Time)"),
        ("2026-07-01T12:00+00:00", "UTC", "12:00\u00a0PM (Coordinated Universal Time)"),
        ("2026-07-01T12:00+00:00", "No/Where", "12:00\u00a0PM (Coordinated Universal Time)"),
        ("2026-07-01T12:00+00:00", "../etc", "12:00\u00a0PM (Coordinated Universal Time)"),
        ("2026-07-01T12:00+00:00", "", "12:00\u00a0PM (Coordinated Universal Time)"),
    ],
)
def test_times_are_those_of_the_zone(expires_at, zone, at):
    words = expiry_words(datetime.fromisoformat(expires_at), NOW, "en-US", zone)
    assert words.at.endswith(at)
    assert words.is_in(f"It works until {words.at}.")
    assert not words.is_in("It works for a while.")


def test_unknown_languages_are_english():
    assert expiry_words(NOW, NOW, "xx-YY", "UTC").date == "Tuesday, December 1, 2026"
    assert expiry_words(NOW, NOW, "", "UTC").date == "Tuesday, December 1, 2026"
