"""When updates are checked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.policy import UNMANAGED, parse_policy, unreadable_policy
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.release import Installation, Release, UpdateError
from seam_portal_desktop.services.updates import NO_SOURCE, UpdateService
from tests.support.portal_rows import SettableClock

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class FakeSource:
    """An UpdateSource that offers `version`, or raises `error` if it is set."""

    def __init__(self) -> None:
        self.version = "2.0.0"
        self.error: UpdateError | None = None
        self.channels: list[str] = []

    host = "updates.example"

    async def newest(self, channel):
        self.channels.append(channel.value)
        if self.error is not None:
            raise self.error
        return Release(self.version, date(2026, 2, 1), (), {})

    async def download(self, release, folder, on_progress):
        on_progress(1, 1)
        return folder / release.version


class UpdateSetup:
    def __init__(self, policy=UNMANAGED, *, source: bool = True) -> None:
        self.source = FakeSource()
        self.clock = SettableClock(NOW)
        self.data = PreferencesData()
        self.saved = 0
        self.disk_is_full = False
        self.updates = self.new_service(policy, source=source)

    def new_service(self, policy=UNMANAGED, *, source: bool = True) -> UpdateService:
        return UpdateService(
            self.source if source else None,
            Installation.TARBALL,
            "1.0.0",
            policy=policy,
            data=self.data,
            save_preferences=self._save,
            clock=self.clock,
        )

    async def _save(self) -> None:
        self.saved += 1
        if self.disk_is_full:
            raise UserFacingError("The disk is full", "Free some space.")


@pytest.fixture
def setup():
    return UpdateSetup()


async def test_a_newer_version_is_found(setup, tmp_path):
    release = await setup.updates.check()
    assert release.version == "2.0.0"
    assert setup.source.channels == ["stable"]
    path = await setup.updates.download(release, tmp_path, lambda *_: None)
    assert path == tmp_path / "2.0.0"


async def test_a_full_disk_does_not_hide_a_newer_version(setup):
    setup.disk_is_full = True
    assert (await setup.updates.check()).version == "2.0.0"
    with pytest.raises(UserFacingError):
        await setup.updates.set_checks_daily(True)


@pytest.mark.parametrize("version", ["1.0.0", "1.0.0rc1", "0.9"])
async def test_the_same_or_an_older_version_is_no_update(setup, version):
    setup.source.version = version
    assert await setup.updates.check() is None


async def test_automatic_checks_are_off_until_switched_on(setup):
    assert not setup.updates.checks_daily
    assert not setup.updates.is_due
    await setup.updates.set_checks_daily(True)
    assert setup.updates.is_due
    assert setup.saved == 1
    await setup.updates.set_checks_daily(False)
    assert not setup.updates.is_due


async def test_automatic_checks_run_once_a_day(setup):
    await setup.updates.set_checks_daily(True)
    await setup.updates.check()
    for later, due in ((timedelta(), False), (DAY - timedelta(seconds=1), False), (DAY, True)):
        setup.clock.now = NOW + later
        assert setup.updates.is_due is due
    assert setup.new_service().last_check.at == NOW, "also after a new start"


async def test_a_clock_set_back_does_not_stop_the_checks(setup):
    await setup.updates.set_checks_daily(True)
    await setup.updates.check()
    setup.clock.now = NOW - 300 * DAY
    assert setup.updates.is_due


async def test_failures_make_the_pause_longer(setup):
    await setup.updates.set_checks_daily(True)
    setup.source.error = UpdateError("The update server can’t be reached", "Try again.")
    for pause in (2, 4, 7, 7, 7):
        with pytest.raises(UpdateError):
            await setup.updates.check()
        assert setup.updates.last_check.problem == "The update server can’t be reached"
        setup.clock.now += pause * DAY - timedelta(seconds=1)
        assert not setup.updates.is_due
        setup.clock.now += timedelta(seconds=1)
        assert setup.updates.is_due
    setup.source.error = None
    await setup.updates.check()
    assert setup.updates.last_check.problem == ""
    setup.clock.now += DAY
    assert setup.updates.is_due


async def test_the_policy_switches_checks_off(tmp_path):
    setup = UpdateSetup(parse_policy({"update_channel": "off"}, "policy.json"))
    await setup.updates.set_checks_daily(True)
    assert setup.updates.obstacle == "Fixed by your organisation (policy.json)."
    assert not setup.updates.is_due
    with pytest.raises(UpdateError):
        await setup.updates.check()
    with pytest.raises(UpdateError):
        await setup.updates.download(
            Release("2", date(2026, 1, 1), (), {}), tmp_path, lambda *_: None
        )
    assert setup.source.channels == []


async def test_an_unreadable_policy_switches_checks_off():
    setup = UpdateSetup(unreadable_policy("wrong"))
    with pytest.raises(UpdateError):
        await setup.updates.check()
    assert setup.source.channels == []


async def test_the_policy_chooses_the_channel():
    setup = UpdateSetup(parse_policy({"update_channel": "beta"}, "policy.json"))
    await setup.updates.check()
    assert setup.source.channels == ["beta"]


async def test_a_build_without_an_update_source_is_explained():
    setup = UpdateSetup(source=False)
    assert setup.updates.obstacle == NO_SOURCE
    with pytest.raises(UpdateError, match="where you got this one"):
        await setup.updates.check()


@pytest.mark.parametrize(
    "options", [None, [], {"daily": "yes"}, {"daily": True, "tried_at": 3, "failures": "x"}]
)
async def test_damaged_preferences_leave_automatic_checks_off(setup, options):
    setup.data.options["updates"] = options
    assert setup.updates.last_check is None
    assert setup.updates.checks_daily is (isinstance(options, dict) and options["daily"] is True)
    await setup.updates.check()
    assert setup.updates.last_check.at == NOW


@pytest.mark.parametrize("fixed", [True, False])
async def test_the_policy_decides_about_the_daily_check(fixed):
    setup = UpdateSetup(parse_policy({"daily_update_check": fixed}, "policy.json"))
    await setup.updates.set_checks_daily(not fixed)
    assert setup.updates.checks_daily is fixed
    assert setup.updates.daily_note == "Set by your organisation (policy.json)."
    assert UpdateSetup().updates.daily_note == ""
