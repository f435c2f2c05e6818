"""The data of a small hotel's page, and the parsed page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from seam_portal_desktop.sandbox.portal_page import PageData, render_portal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

PROVIDERS = tuple(
    {
        "device_provider_name": name,
        "display_name": label,
        "image_url": "",
        "provider_categories": [category],
    }
    for name, label, category in (
        ("yale", "Yale", "consumer_smartlocks"),
        ("salto_ks", "Salto KS", "access_control_systems"),
        ("ecobee", "ecobee", "thermostats"),
        ("future_thing", "Future Thing", "beta"),
    )
)

HOTEL = {
    "rooms": [
        {"room_key": "r1", "name": "Blue room"},
        {"room_key": "r2", "name": "Red room"},
    ],
    "common_areas": [{"common_area_key": "spa", "name": "Spa"}],
    "guests": [{"guest_key": "g1", "name": "Ada Guest", "email_address": "ada@example.com"}],
    "reservations": [
        {
            "reservation_key": "now",
            "guest_key": "g1",
            "room_keys": ["r1"],
            "starts_at": (NOW - timedelta(days=1)).isoformat(),
            "ends_at": (NOW + timedelta(days=2)).isoformat(),
            "preferred_code": "481516",
        },
        {
            "reservation_key": "later",
            "name": "Bo Later",
            "room_keys": ["r2"],
            "starts_at": (NOW + timedelta(days=5)).isoformat(),
            "ends_at": (NOW + timedelta(days=6)).isoformat(),
        },
    ],
    "staff_members": [{"staff_member_key": "s1", "name": "Cleo Staff", "room_keys": ["r1"]}],
}


def page_data(**changes) -> PageData:
    """The data of the hotel's page; ``request`` is create_portal's body without customer_data."""
    settings = {
        "workspace_name": "Test workspace",
        "customer_key": "hotel",
        "request": {},
        "resources": HOTEL,
        "providers": PROVIDERS,
        "profile": None,
        "actions_path": "/portals/x/actions",
        "static_path": "/static",
        "read_only": False,
        "expires_at": NOW + timedelta(days=7),
        "now": NOW,
    }
    return PageData(**(settings | changes))


class ParsedPage(HTMLParser):
    """A parsed page: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._in_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._in_script = tag in ("script", "style")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        self._in_script = False

    def handle_data(self, data):
        if not self._in_script:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def elements_with(self, attribute: str, value: str | None = None) -> list[dict[str, str]]:
        """The attributes of every element that has `attribute` (with that value)."""
        return [
            attrs
            for _, attrs in self.elements
            if attribute in attrs and value in (None, attrs[attribute])
        ]

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] for attrs in self.elements_with(attribute)]

    @property
    def opening(self) -> str:
        """The one view that isn't hidden."""
        shown = [a["data-view"] for a in self.elements_with("data-view") if "hidden" not in a]
        assert len(shown) == 1, shown
        return shown[0]


def parsed_page(**changes) -> ParsedPage:
    return ParsedPage(render_portal(page_data(**changes)))
