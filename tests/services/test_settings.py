"""The settings in use: what the user chose, except for what the policy fixes."""

from __future__ import annotations

from seam_portal_desktop.domain.policy import parse_policy
from seam_portal_desktop.domain.preferences import Settings
from seam_portal_desktop.services.settings import SettingsService

SOURCE = "/etc/seam-portal-desktop/policy.json"


def test_a_change_is_told_once_and_only_if_it_is_one():
    settings = SettingsService(Settings())
    changes: list[tuple[Settings, Settings]] = []
    settings.subscribe(lambda before, now: changes.append((before, now)))
    settings.choose(appearance="dark")
    settings.choose(appearance="dark")
    assert changes == [(Settings(), Settings(appearance="dark"))]
    assert settings.current == settings.chosen == Settings(appearance="dark")


def test_a_fixed_setting_hides_the_users_choice_and_keeps_it():
    settings = SettingsService(Settings(appearance="light", date_style="iso"))
    settings.set_policy(parse_policy({"appearance": "dark", "software_rendering": True}, SOURCE))
    assert settings.current == Settings(appearance="dark", date_style="iso")
    settings.choose(date_style="system")
    assert settings.current == Settings(appearance="dark")
    assert settings.chosen == Settings(appearance="light")


def test_a_reset_takes_the_defaults_but_for_the_policys():
    settings = SettingsService(Settings(date_style="iso"))
    settings.set_policy(parse_policy({"appearance": "dark"}, SOURCE))
    settings.reset()
    assert settings.current == Settings(appearance="dark")
    assert settings.chosen == Settings()
