"""The user's settings as they are stored, and as the policy fixes them."""

from __future__ import annotations

from dataclasses import asdict, fields

import pytest

from seam_portal_desktop.domain.policy import (
    USER_SETTINGS,
    merge,
    parse_policy,
)
from seam_portal_desktop.domain.policy_values import InvalidPolicyError
from seam_portal_desktop.domain.preferences import (
    SETTING_CHOICES,
    Settings,
    check_options,
    read_settings,
    setting_problem,
    write_settings,
)

SOURCE = "/etc/seam-portal-desktop/policy.json"
OTHER = Settings(
    appearance="dark",
    language="en",
    first_view="attention",
    notifications=False,
    reminder_notifications=True,
    undo_sending=False,
    time_zone="America/Argentina/Buenos_Aires",
    date_style="iso",
    time_style="absolute",
    clipboard_seconds=10,
    preview_device="phone",
    preview_mode="live",
)
FIXED = {**asdict(OTHER), "software_rendering": True, "daily_update_check": True}


def test_what_is_written_is_read_again():
    assert read_settings(write_settings(OTHER)) == OTHER
    assert set(write_settings(OTHER)) == {each.name for each in fields(Settings)}


def test_defaults_are_usable_and_not_written():
    assert write_settings(Settings()) == {}
    assert [
        name for name, value in asdict(Settings()).items() if setting_problem(name, value)
    ] == []
    for name, choices in SETTING_CHOICES.items():
        assert getattr(Settings(), name) in choices


@pytest.mark.parametrize(
    "stored",
    [
        None,
        [],
        "dark",
        {"appearance": "blue"},
        {"appearance": ["dark"]},
        {"appearance": None},
        {"notifications": 1},
        {"notifications": "yes"},
        {"clipboard_seconds": True},
        {"clipboard_seconds": 9},
        {"clipboard_seconds": 601},
        {"clipboard_seconds": 60.5},
        {"time_zone": ""},
        {"time_zone": "../etc/passwd"},
        {"time_zone": "Europe/Bérlin"},
        {"time_zone": "A" * 61},
        {"time_zone": 1},
        {"a later version’s": True},
    ],
)
def test_an_unusable_value_has_its_default_and_is_not_reported(stored):
    assert read_settings(stored) == Settings()
    if isinstance(stored, dict):
        assert read_settings({**stored, "date_style": "iso"}) == Settings(date_style="iso")
        assert check_options({"settings": stored}) == ({"settings": stored}, [])


def test_every_setting_can_be_fixed_by_the_policy():
    assert set(FIXED) == set(USER_SETTINGS)
    policy = parse_policy(FIXED, SOURCE)
    assert policy.settings == FIXED
    assert {row.name for row in policy.rows()} >= {"Appearance", "Time zone", "First view"}
    assert all(row.source == SOURCE for row in policy.rows())
    for name in USER_SETTINGS:
        assert policy.setting_note(name) == f"Set by your organisation ({SOURCE})."
    assert parse_policy({}, SOURCE).setting_note("appearance") == ""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"appearance": "blue"}, "appearance must be one of system, light, dark."),
        ({"clipboard_seconds": 5}, "clipboard_seconds must be a number from 10 to 600."),
        ({"time_zone": "Berlin!"}, "time_zone must be a time zone such as Europe/Berlin"),
        ({"notifications": "on"}, "notifications must be true or false."),
        ({"software_rendering": 1}, "software_rendering must be true or false."),
        ({"daily_update_check": None}, "daily_update_check must be true or false."),
    ],
)
def test_a_mistake_in_a_fixed_setting_is_explained(settings, message):
    with pytest.raises(InvalidPolicyError) as caught:
        parse_policy(settings, SOURCE)
    assert str(caught.value).startswith(message)


def test_the_computers_policy_wins_over_the_users():
    computer = parse_policy({"appearance": "dark"}, "HKLM")
    user = parse_policy({"appearance": "light", "date_style": "iso"}, "HKCU")
    merged = merge([computer, user])
    assert merged.settings == {"appearance": "dark", "date_style": "iso"}
    assert merged.sources == {"appearance": "HKLM", "date_style": "HKCU"}
