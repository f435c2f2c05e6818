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


class Source:
    """An UpdateSource that offers `version`, or raises `error` if it is set."""

    def __init__(self) -> None:
        self.version = "2.0.0"
        self.error: UpdateError | None = None
        self.asked: list[str] = []

    host = "updates.example"

    async def newest(self, channel):
        self.asked.append(channel.value)
        if self.error is not None:
            raise self.error
        return Release(self.version, date(2026, 2, 1), (), {})

    async def download(self, release, folder, on_progress):
        on_progress(1, 1)
        return folder / release.version


class World:
    def __init__(self, policy=UNMANAGED, *, source: bool = True) -> None:
        self.source = Source()
        self.clock = SettableClock(NOW)
        self.data = PreferencesData()
        self.saved = 0
        self.full = False
        self.updates = self.again(policy, source=source)

    def again(self, policy=UNMANAGED, *, source: bool = True) -> UpdateService:
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
        if self.full:
            raise UserFacingError("The disk is full", "Free some space.")


@pytest.fixture
def world():
    return World()


async def test_a_newer_version_is_found(world, tmp_path):
    release = await world.updates.check()
    assert release.version == "2.0.0"
    assert world.source.asked == ["stable"]
    path = await world.updates.download(release, tmp_path, lambda *_: None)
    assert path == tmp_path / "2.0.0"


async def test_a_full_disk_does_not_hide_what_was_found(world):
    world.full = True
    assert (await world.updates.check()).version == "2.0.0"
    with pytest.raises(UserFacingError):
        await world.updates.set_checks_daily(True)


@pytest.mark.parametrize("version", ["1.0.0", "1.0.0rc1", "0.9"])
async def test_the_same_or_an_older_version_is_no_update(world, version):
    world.source.version = version
    assert await world.updates.check() is None


async def test_automatic_checks_are_off_until_switched_on(world):
    assert not world.updates.checks_daily
    assert not world.updates.is_due
    await world.updates.set_checks_daily(True)
    assert world.updates.is_due
    assert world.saved == 1
    await world.updates.set_checks_daily(False)
    assert not world.updates.is_due


async def test_automatic_checks_run_once_a_day(world):
    await world.updates.set_checks_daily(True)
    await world.updates.check()
    for later, due in ((timedelta(), False), (DAY - timedelta(seconds=1), False), (DAY, True)):
        world.clock.now = NOW + later
        assert world.updates.is_due is due
    assert world.again().last_check.at == NOW, "also after a new start"


async def test_a_clock_set_back_does_not_stop_the_checks(world):
    await world.updates.set_checks_daily(True)
    await world.updates.check()
    world.clock.now = NOW - 300 * DAY
    assert world.updates.is_due


async def test_failures_make_the_pause_longer(world):
    await world.updates.set_checks_daily(True)
    world.source.error = UpdateError("The update server can’t be reached", "Try again.")
    for pause in (2, 4, 7, 7, 7):
        with pytest.raises(UpdateError):
            await world.updates.check()
        assert world.updates.last_check.problem == "The update server can’t be reached"
        world.clock.now += pause * DAY - timedelta(seconds=1)
        assert not world.updates.is_due
        world.clock.now += timedelta(seconds=1)
        assert world.updates.is_due
    world.source.error = None
    await world.updates.check()
    assert world.updates.last_check.problem == ""
    world.clock.now += DAY
    assert world.updates.is_due


async def test_the_policy_switches_checks_off(tmp_path):
    world = World(parse_policy({"update_channel": "off"}, "policy.json"))
    await world.updates.set_checks_daily(True)
    assert world.updates.obstacle == "Fixed by your organisation (policy.json)."
    assert not world.updates.is_due
    with pytest.raises(UpdateError):
        await world.updates.check()
    with pytest.raises(UpdateError):
        await world.updates.download(
            Release("2", date(2026, 1, 1), (), {}), tmp_path, lambda *_: None
        )
    assert world.source.asked == []


async def test_an_unreadable_policy_switches_checks_off():
    world = World(unreadable_policy("wrong"))
    with pytest.raises(UpdateError):
        await world.updates.check()
    assert world.source.asked == []


async def test_the_policy_chooses_the_channel():
    world = World(parse_policy({"update_channel": "beta"}, "policy.json"))
    await world.updates.check()
    assert world.source.asked == ["beta"]


async def test_a_build_without_an_update_source_is_explained():
    world = World(source=False)
    assert world.updates.obstacle == NO_SOURCE
    with pytest.raises(UpdateError, match="where you got this one"):
        await world.updates.check()


@pytest.mark.parametrize(
    "options", [None, [], {"daily": "yes"}, {"daily": True, "tried_at": 3, "failures": "x"}]
)
async def test_damaged_preferences_leave_automatic_checks_off(world, options):
    world.data.options["updates"] = options
    assert world.updates.last_check is None
    assert world.updates.checks_daily is (isinstance(options, dict) and options["daily"] is True)
    await world.updates.check()
    assert world.updates.last_check.at == NOW
