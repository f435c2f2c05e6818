"""The page's HTML follows the request of create_portal."""

from __future__ import annotations

import json

import pytest

from seam_portal_desktop.sandbox.portal_page import LOCALES, render_error, render_portal
from seam_portal_desktop.sandbox.portal_page.theme import legible, text_color_on
from tests.support.portal_page_kit import HOTEL, ParsedPage, page_data, parsed_page

ALL_SECTIONS = [
    "places",
    "stays",
    "devices",
    "staff",
    "activity",
    "accounts",
    "organize",
    "automations",
]
HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</script><b>&amp;",
    "فندق الميناء",
    "🏨✨",
    "{count} {0.__class__} %s",
    "x" * 300,
)


def features(**settings):
    return {"request": {"features": settings}}


def test_everything_is_there_when_nothing_is_excluded():
    page = parsed_page()
    assert page.values("data-nav") == ALL_SECTIONS
    assert page.opening == "places"
    assert "hotel – Test workspace" in page.html
    assert "Blue room" in page.text
    assert "Ada Guest" in page.text


@pytest.mark.parametrize(
    ("feature", "gone"),
    [
        ("connect", {"accounts"}),
        ("organize", {"organize"}),
        ("manage", {"places", "stays", "staff", "activity"}),
        ("manage_devices", {"devices"}),
        ("configure", {"automations"}),
    ],
)
def test_an_excluded_feature_is_not_in_the_page(feature, gone):
    page = parsed_page(**features(**{feature: {"exclude": True}}))
    left = [name for name in ALL_SECTIONS if name not in gone]
    assert page.values("data-nav") == left
    assert gone.isdisjoint(page.values("data-parent"))
    assert page.opening == left[0]


def test_without_any_feature_the_page_has_a_message():
    off = {"exclude": True}
    names = ("connect", "organize", "manage", "manage_devices", "configure")
    page = parsed_page(**features(**dict.fromkeys(names, off)))
    assert page.values("data-view") == []
    assert "Nothing to show here" in page.text


def test_reservation_management_can_be_excluded():
    assert "cancel_reservation" in parsed_page().html
    page = parsed_page(**features(manage={"exclude_reservation_management": True}))
    assert "cancel_reservation" not in page.html
    assert "new-stay" not in page.html
    assert "stays" in page.values("data-nav")


def test_technical_details_can_be_excluded():
    assert "481516" in parsed_page().html
    page = parsed_page(**features(manage={"exclude_reservation_technical_details": True}))
    assert "481516" not in page.html
    assert "Technical details" not in page.text


def test_staff_management_can_be_excluded():
    page = parsed_page(**features(manage={"exclude_staff_management": True}))
    assert "staff" not in page.values("data-nav")
    assert "add_staff" not in page.html


def test_only_allowed_events_are_in_the_page_and_default_ones_chosen():
    events = {"allowed_events": ["lock.locked", "reservation.created"]}
    page = parsed_page(**features(manage={"events": events}))
    assert set(page.values("data-event")) == set(events["allowed_events"])
    page = parsed_page(**features(manage={"events": {"default_events": ["lock.locked"]}}))
    chosen = [a["data-event-kind"] for a in page.elements_with("data-event-kind") if "checked" in a]
    assert chosen == ["lock.locked"]
    shown = {a["data-event"] for a in page.elements_with("data-event") if "hidden" not in a}
    assert shown == {"lock.locked"}
    assert len(set(page.values("data-event"))) > 1


def test_device_actions_ask_with_the_links_own_words():
    words = {
        "title": "Turn {count} keys?",
        "body": "<b>{count}</b> doors",
        "confirm_button_label": "Go",
        "cancel_button_label": "No",
    }
    page = parsed_page(**features(manage={"device_management_confirmation": words}))
    questions = {
        attrs["id"]: json.loads(attrs["data-confirm"])
        for attrs in page.elements_with("data-confirm")
        if "set_lock" in attrs["data-action"]
    }
    one = next(question for name, question in questions.items() if name != "lock-all")
    assert one == {"title": "Turn 1 keys?", "body": "<b>1</b> doors", "ok": "Go", "cancel": "No"}


def test_device_actions_do_not_ask_unless_the_link_wants_it():
    locks = [
        a for a in parsed_page().elements_with("data-action") if "set_lock" in a["data-action"]
    ]
    assert locks
    assert not any("data-confirm" in attrs for attrs in locks)


def test_providers_are_accepted_and_excluded():
    def offered(**connect):
        return set(parsed_page(**features(connect=connect)).values("data-provider"))

    assert offered() == {"yale", "salto_ks", "ecobee", "future_thing"}
    assert offered(accepted_providers=["yale", "ecobee"]) == {"yale", "ecobee"}
    assert offered(excluded_providers=["yale"]) == {"salto_ks", "ecobee", "future_thing"}
    both = offered(accepted_providers=["yale", "ecobee"], excluded_providers=["yale"])
    assert both == {"ecobee"}


@pytest.mark.parametrize(
    ("permission", "group"),
    [
        ("allow_access_automation_rule_customization", "access"),
        ("allow_climate_automation_rule_customization", "climate"),
        ("allow_instant_key_customization", "instant"),
    ],
)
def test_each_permission_enables_its_switches(permission, group):
    page = parsed_page(**features(configure={permission: True}))
    allowed = {
        a["data-automations"]: a["data-allowed"] for a in page.elements_with("data-automations")
    }
    assert allowed == {g: "yes" if g == group else "no" for g in ("access", "climate", "instant")}
    free = [a["id"] for a in page.elements_with("role", "switch") if "disabled" not in a]
    assert free
    assert all("disabled" in a for a in parsed_page().elements_with("role", "switch"))


def test_a_read_only_page_has_no_actions():
    configure = {"allow_access_automation_rule_customization": True}
    page = parsed_page(read_only=True, **features(configure=configure))
    assert page.elements_with("data-action") == []
    assert page.elements_with("data-form") == []
    assert page.elements_with("data-open") == []
    assert all("disabled" in attrs for attrs in page.elements_with("data-change"))
    assert [a["data-notice"] for a in page.elements_with("data-notice")] == ["read-only"]


def test_an_embedded_page_has_no_header_and_no_footer():
    tags = [tag for tag, _ in parsed_page().elements]
    assert tags.count("footer") == 1
    embedded = parsed_page(request={"is_embedded": True})
    tags = [tag for tag, _ in embedded.elements]
    assert "footer" not in tags
    assert not embedded.elements_with("class", "topbar")
    assert embedded.elements_with("data-layout", "embedded")
    assert embedded.values("data-nav") == ALL_SECTIONS


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("mode", ["full", "restricted"])
def test_the_locale_picker_can_be_left_out(embedded, mode):
    request = {"is_embedded": embedded, "navigation_mode": mode}
    assert len(parsed_page(request=request).elements_with("data-locale-picker")) == 1
    request |= {"exclude_locale_picker": True}
    assert not parsed_page(request=request).elements_with("data-locale-picker")


def test_restricted_navigation_shows_only_the_landing_page():
    page = parsed_page(request={"navigation_mode": "restricted"})
    assert page.values("data-nav") == []
    assert set(page.values("data-parent")) == {"places"}
    landing = {"manage": {"room_key": "r2"}}
    page = parsed_page(request={"navigation_mode": "restricted", "landing_page": landing})
    assert page.values("data-view") == ["place/rooms:r2"]
    links = {link for link in page.values("href") if link.startswith("#") and len(link) > 1}
    assert {link for link in links if not link.startswith(("#i-", "#content"))} == set()


@pytest.mark.parametrize(
    ("request_part", "opens"),
    [
        ({"landing_page": {"manage": {"room_key": "r1"}}}, "place/rooms:r1"),
        ({"landing_page": {"manage": {"common_area_key": "spa"}}}, "place/common_areas:spa"),
        ({"landing_page": {"manage": {"space_key": "r1"}}}, "place/rooms:r1"),
        ({"landing_page": {"manage": {"reservation_key": "now"}}}, "stay/reservations:now"),
        ({"deep_link": {"resource_type": "reservation", "resource_key": "later"}}, "stay"),
        ({"deep_link": {"resource_type": "space", "resource_key": "r2"}}, "place/rooms:r2"),
    ],
)
def test_a_link_opens_at_its_target(request_part, opens):
    page = parsed_page(request=request_part)
    assert page.opening.startswith(opens)
    assert not page.elements_with("data-notice")


def test_a_link_opens_at_its_device():
    wanted = next(v for v in parsed_page().values("data-view") if v.startswith("device/"))
    link = {"resource_type": "device", "resource_id": wanted.removeprefix("device/")}
    assert parsed_page(request={"deep_link": link}).opening == wanted


def test_a_missing_target_is_shown():
    link = {"resource_type": "device", "resource_id": "none"}
    page = parsed_page(request={"deep_link": link})
    assert page.opening == "places"
    assert page.values("data-notice") == ["missing"]


def test_filters_are_shown():
    filters = [{"field": "floor", "operation": "=", "value": "2"}]
    page = parsed_page(request={"customer_resources_filters": filters})
    assert page.values("data-notice") == ["filters"]
    assert "floor = 2" in page.text


@pytest.mark.parametrize(
    ("resources", "word"),
    [
        ({"rooms": [{"room_key": "a", "name": "A"}]}, "Rooms"),
        ({"units": [{"unit_key": "a", "name": "A"}]}, "Units"),
        ({"property_listings": [{"property_listing_key": "a", "name": "A"}]}, "Property listings"),
        ({"listings": [{"listing_key": "a", "name": "A"}]}, "Property listings"),
        ({"sites": [{"site_key": "a", "name": "A"}]}, "Sites"),
        ({"spaces": [{"space_key": "a", "name": "A"}]}, "Spaces"),
        ({}, "Spaces"),
    ],
)
def test_a_vertical_has_its_own_word(resources, word):
    page = parsed_page(resources=resources)
    assert page.text.split(" Day to day ")[1].startswith(word)


def test_time_zones_are_shown_and_used():
    space = {
        "space_key": "a",
        "name": "A",
        "customer_data": {"time_zone": "Europe/Lisbon", "default_checkin_time": "16:00:00"},
    }
    stay = {**HOTEL["reservations"][0], "room_keys": [], "space_keys": ["a"]}
    page = parsed_page(resources={"spaces": [space], "reservations": [stay]})
    assert "Europe/Lisbon" in page.text
    assert "16:00" in page.text
    assert "Europe/Lisbon" in page.values("data-clock")
    assert "Europe/Lisbon" in page.values("data-zone")


def test_a_profile_gives_logo_colours_fonts_and_words():
    profile = {
        "logo_url": "https://logos.example/a.svg",
        "primary_color": "#111111",
        "customer_portal_theme": {
            "primary_color": "#aa2233",
            "primary_foreground_color": "#fefefe",
            "font_family": "Georgia, serif",
        },
        "message_overrides": {
            "en-US": {"nav.staff": "Crew <b>", "no.such.key": "x"},
            "de-DE": {"nav.staff": "Mannschaft"},
        },
    }
    page = parsed_page(profile=profile)
    assert "https://logos.example/a.svg" in page.values("src")
    assert "--brand:#aa2233;--on-brand:#fefefe;" in page.html
    assert "--font:Georgia, serif, var(--font-base);" in page.html
    assert "Crew <b>" in page.text
    assert "Mannschaft" in parsed_page(profile=profile, locale="de-DE").text


@pytest.mark.parametrize(
    "evil", ["red;}body{display:none", "url(//x.example)", "#fff</style><script>", "a\\62", 7, ""]
)
def test_a_profile_can_not_write_style(evil):
    theme = {"primary_color": evil, "font_family": "x;}" + str(evil), "secondary_color": evil}
    assert "--brand" not in parsed_page(profile={"customer_portal_theme": theme}).html


def test_brand_text_is_legible():
    assert text_color_on("#ffe066") == "#14181a"
    assert text_color_on("#12304f") == "#ffffff"
    assert legible("#12304f", "#ffffff", 4.5) == "#12304f"
    assert legible("#12304f", "#1d2124", 4.5) != "#12304f"


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
def test_names_are_escaped(name, locale):
    resources = {
        "rooms": [{"room_key": name, "name": name}],
        "guests": [{"guest_key": name, "name": name, "email_address": name}],
        "reservations": [{"reservation_key": name, "guest_key": name, "room_keys": [name]}],
        "staff_members": [{"staff_member_key": name, "name": name, "room_keys": [name]}],
    }
    page = parsed_page(
        resources=resources,
        customer_key=name,
        customer_display=name,
        workspace_name=name,
        locale=locale,
        profile={"logo_url": name, "message_overrides": {locale: {"nav.staff": name}}},
        request={
            "features": {"manage": {"device_management_confirmation": {"title": name}}},
            "customer_resources_filters": [{"field": "a", "operation": "=", "value": name}],
        },
        events=[{"event_type": name, "occurred_at": "2026-03-01T10:00:00Z", "subject": name}],
    )
    scripts = [a for tag, a in page.elements if tag == "script"]
    assert [a.get("src") for a in scripts] == ["/static/portal.js", None]
    assert scripts[1]["type"] == "application/json"
    assert not any("onerror" in attrs for _, attrs in page.elements)
    assert name in " ".join(page.words)


def test_the_page_loads_nothing_from_other_servers_and_has_no_inline_script():
    page = parsed_page()
    for attribute in ("src", "href"):
        assert all(v.startswith(("/static/", "#")) for v in page.values(attribute))
    handlers = [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert handlers == []


def test_unusual_data_is_drawn():
    page = parsed_page(
        resources={
            "spaces": [
                {"space_key": "a", "name": "A", "customer_data": None, "geolocation": None},
                {"space_key": "b", "name": "B", "customer_data": {"time_zone": "<nonsense>"}},
            ],
            "reservations": [
                {"reservation_key": "x"},
                {"reservation_key": "y", "starts_at": "not a time", "space_keys": ["gone"]},
            ],
            "staff_members": [{"staff_member_key": "s"}, {"name": "No key"}],
        }
    )
    assert "<nonsense>" not in page.text
    assert {"stay/reservations:x", "stay/reservations:y"} <= set(page.values("data-view"))


@pytest.mark.parametrize("kind", ["expired", "revoked", "unknown"])
def test_an_error_page_has_its_language(kind):
    titles = set()
    for locale in LOCALES:
        page = ParsedPage(render_error(kind, locale))
        assert page.elements_with("data-portal-error", kind)[0]["lang"] == locale
        assert not page.elements_with("src")
        titles.add(page.text)
    assert len(titles) == len(LOCALES)
    assert ParsedPage(render_error(kind, "xx-XX")).elements_with("lang", "en-US")
    assert ParsedPage(render_error(kind, None)).elements_with("lang", "en-US")


def test_a_visitors_language_overrides_the_links():
    assert parsed_page(request={"locale": "fr-FR"}).elements_with("lang", "fr-FR")
    assert 'lang="de-DE" data-layout' in render_portal(
        page_data(request={"locale": "fr-FR"}, locale="de-DE")
    )
    assert 'lang="fr-FR" data-layout' in render_portal(
        page_data(request={"locale": "fr-FR"}, locale="tlh")
    )
