from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize

from seam_portal_desktop.ui.preview.emulation.settings import (
    DEVICES,
    LARGEST_SIDE,
    LEAST_READABLE,
    SMALLEST_SIDE,
    ZOOM_STEPS,
    Agent,
    DeviceKind,
    EmulationSettings,
    Scheme,
    clamp_side,
    dump_view,
    fitting_scale,
    load_view,
    user_agent,
    zoomed_in,
    zoomed_out,
)
from seam_portal_desktop.ui.preview.view.comparison_splitter import Arrangement, arrangement_for

CHROMIUM = "140.0.7339.264"


def test_a_pane_has_no_device_and_a_turned_one_lies_on_its_side():
    assert EmulationSettings().device is None
    upright = EmulationSettings(kind=DeviceKind.PHONE).device
    turned = EmulationSettings(kind=DeviceKind.PHONE, turned=True).device
    assert (upright.width, upright.height) == (turned.height, turned.width) == (390, 844)


def test_a_custom_size_is_a_desktop_browsers():
    device = EmulationSettings(kind=DeviceKind.CUSTOM, custom_width=700, custom_height=500).device
    assert (device.width, device.height, device.agent) == (700, 500, Agent.DESKTOP)
    assert not device.touch


def test_steps_go_up_and_down_through_all_zooms_and_stop_at_the_ends():
    scale = ZOOM_STEPS[0]
    seen = [scale]
    while zoomed_in(scale) != scale:
        scale = zoomed_in(scale)
        seen.append(scale)
    assert tuple(seen) == ZOOM_STEPS
    while zoomed_out(scale) != scale:
        scale = zoomed_out(scale)
        seen.pop()
    assert seen == [ZOOM_STEPS[0]]
    assert zoomed_in(0.62) == 0.67
    assert zoomed_out(0.62) == 0.5


def test_only_the_phone_calls_itself_mobile():
    assert user_agent(Agent.ENGINE, CHROMIUM) is None
    names = {agent: user_agent(agent, CHROMIUM) for agent in Agent if agent is not Agent.ENGINE}
    assert all("Chrome/140.0.0.0" in name for name in names.values())
    assert [agent for agent, name in names.items() if " Mobile " in name] == [Agent.PHONE]
    assert "Android" in names[Agent.TABLET]


@pytest.mark.parametrize("tools_allowed", [True, False])
def test_what_is_remembered_comes_back(tools_allowed):
    look = EmulationSettings(
        kind=DeviceKind.TABLET, turned=True, scheme=Scheme.DARK, custom_width=700
    )
    assert load_view(dump_view(look, tools_allowed=tools_allowed)) == (look, tools_allowed)


def test_zoom_and_embedding_last_only_as_long_as_the_program():
    look = EmulationSettings(kind=DeviceKind.PHONE, zoom=2.0, embedded=True)
    kept, _ = load_view(dump_view(look, tools_allowed=False))
    assert kept == EmulationSettings(kind=DeviceKind.PHONE)


@pytest.mark.parametrize(
    "broken",
    [None, "", [], {}, "nothing", {"kind": "watch"}, {"turned": 1}, {"custom_width": 1e300}],
)
def test_what_cannot_be_used_is_dropped(broken):
    kept = broken
    if broken and isinstance(broken, dict):
        kept = dump_view(EmulationSettings(), tools_allowed=False) | broken
    assert load_view(kept) is None


def test_sizes_stay_within_what_makes_sense():
    assert clamp_side(1) == SMALLEST_SIDE
    assert clamp_side(99_999) == LARGEST_SIDE
    assert all(SMALLEST_SIDE < device.width < LARGEST_SIDE for device in DEVICES.values())


PHONE, TABLET, DESKTOP = (
    EmulationSettings(kind=kind).device
    for kind in (DeviceKind.PHONE, DeviceKind.TABLET, DeviceKind.DESKTOP)
)


@pytest.mark.parametrize(
    ("device", "width", "height", "scale"),
    [
        (PHONE, 400, 520, 1.0),  # scrolled, and not shrunk
        (PHONE, 400, 760, 760 / 844),  # all of it can be read
        (DESKTOP, 1300, 700, 700 / 900),
        (DESKTOP, 1000, 500, 1000 / 1440),
        (DESKTOP, 550, 520, LEAST_READABLE),  # panned
        (TABLET, 400, 520, 400 / 820),  # nearly wide enough
        (TABLET, 3000, 3000, 1.0),
    ],
)
def test_a_device_is_never_smaller_than_need_be(device, width, height, scale):
    assert fitting_scale(device, width, height) == pytest.approx(scale)


@given(
    st.sampled_from([PHONE, TABLET, DESKTOP]),
    st.integers(100, 4000),
    st.integers(100, 4000),
)
def test_a_fitted_device_can_be_read_and_wastes_no_width(device, width, height):
    scale = fitting_scale(device, width, height)
    assert 0.45 <= scale <= 1
    whole = fitting_scale(device, width, height, whole=True)
    assert whole <= scale
    if scale < 1 and scale != LEAST_READABLE:
        assert device.width * scale == pytest.approx(
            width
        ) or device.height * scale == pytest.approx(height)


@pytest.mark.parametrize(
    ("width", "height", "devices", "arrangement"),
    [
        (1000, 500, (PHONE, DESKTOP), Arrangement.BESIDE),
        (700, 500, (None, None), Arrangement.BESIDE),
        (560, 900, (PHONE, DESKTOP), Arrangement.BELOW),
        (560, 600, (PHONE, DESKTOP), Arrangement.TABS),
        (420, 600, (None, None), Arrangement.TABS),
    ],
)
def test_two_devices_share_the_room_only_if_both_can_be_read(width, height, devices, arrangement):
    assert arrangement_for(QSize(width, height), devices) is arrangement
