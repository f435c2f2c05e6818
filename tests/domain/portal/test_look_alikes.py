from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.domain.portal.customers import KnownCustomer, KnownCustomers
from seam_portal_desktop.domain.portal.look_alikes import LookAlikes, edit_distance

KNOWN = LookAlikes(
    ["harbor-hotel", "Old-Mill", "casa_verde", "inn", "Zoë’s", "room-12", "🏨", "מלון", "h" * 300]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("harbour-hotel", "harbor-hotel"),
        ("harbor hotel", "harbor-hotel"),
        ("harbor_hotel", "harbor-hotel"),
        ("harborhotel", "harbor-hotel"),
        ("harbor\u200b-hotel", "harbor-hotel"),
        ("harb0r-h0te1", "harbor-hotel"),
        ("hrabor-hotle", "harbor-hotel"),
        ("HARBOR-HOTEL", "harbor-hotel"),
        ("old-mill", "Old-Mill"),
        ("oldmil", "Old-Mill"),
        ("Casa-Verde", "casa_verde"),
        ("Zoe\u0308’s", "Zoë’s"),
        ("מלון\u200f", "מלון"),
        ("h" * 299, "h" * 300),
        ("room12", "room-12"),
    ],
)
def test_a_mistyped_key_is_recognised(typed, meant):
    assert KNOWN.of(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["room-13", "harbor-motel-north", "in", "ann", "🏰", "", "\u200b", "sea-view", "x" * 300],
)
def test_another_key_is_not(typed):
    assert KNOWN.of(typed) is None


def test_of_two_that_are_near_the_nearer_is_meant_and_then_the_first():
    assert LookAlikes(["harbor-motels", "harbor-hotels"]).of("harbor-hotel") == "harbor-hotels"
    assert LookAlikes(["sea-view-b", "sea-view-a"]).of("sea-view-x") == "sea-view-b"


NAMED = KnownCustomers(
    [
        KnownCustomer("cust-8841", details=CustomerDetails("Grand Hôtel Verona", ("vip",))),
        KnownCustomer("cust-8842", details=CustomerDetails("Room 12")),
        KnownCustomer("room-12"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Grand Hôtel Verona", "cust-8841"),
        ("grand-hôtel-verona", "cust-8841"),
        ("Grand Hotel Verrona", "cust-8841"),
        ("Room 12", "room-12"),
        ("Room 13", None),
        ("vip", None),
    ],
)
def test_a_typed_name_means_the_key_of_its_customer_and_a_key_goes_before_a_name(typed, meant):
    assert NAMED.similar_to(typed) == meant


def test_customers_are_found_by_a_part_of_their_name_or_of_a_tag():
    assert [each.customer_key for each in NAMED.matching("hôtel", 9)] == ["cust-8841"]
    assert [each.customer_key for each in NAMED.matching("VI", 9)] == ["cust-8841"]
    assert [each.customer_key for each in NAMED.matching("room", 9)] == ["cust-8842", "room-12"]


def plain_distance(one: str, other: str) -> int:
    """The same distance, with the whole table."""
    table = {(y, 0): y for y in range(len(one) + 1)} | {(0, x): x for x in range(len(other) + 1)}
    for y, x in product(range(1, len(one) + 1), range(1, len(other) + 1)):
        table[y, x] = min(
            table[y - 1, x - 1] + (one[y - 1] != other[x - 1]),
            table[y - 1, x] + 1,
            table[y, x - 1] + 1,
        )
        if y > 1 and x > 1 and one[y - 1] == other[x - 2] and one[y - 2] == other[x - 1]:
            table[y, x] = min(table[y, x], table[y - 2, x - 2] + 1)
    return table[len(one), len(other)]


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(1, 3))
def test_the_distance_is_the_one_of_the_whole_table_up_to_a_limit(one, other, most):
    assert edit_distance(one, other, most) == min(plain_distance(one, other), most + 1)


def test_customers_are_found_by_a_part_of_their_key():
    known = KnownCustomers(KnownCustomer(key) for key in ("Old-Mill", "mill-inn", "hotel"))
    assert [each.customer_key for each in known.matching("MILL", 9)] == ["Old-Mill", "mill-inn"]
    assert [each.customer_key for each in known.matching("", 2)] == ["Old-Mill", "mill-inn"]
    assert known.in_other_capitals("old-mill") == "Old-Mill"
    assert known.in_other_capitals("Old-Mill") is None
