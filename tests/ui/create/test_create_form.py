"""What the New portal form writes into a request, and reads back out of one."""

from __future__ import annotations

import json

import pytest

from seam_portal_desktop.domain.request import (
    Locale,
    PortalRequest,
    decode_request,
    encode_request,
)
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.settings import CUSTOMER_KEY, FEATURES, LOCALES


def as_sent(request: PortalRequest) -> dict:
    return json.loads(encode_request(request))


def test_only_set_fields_are_sent():
    draft = RequestDraft()
    draft.put(CUSTOMER_KEY, "harbor-hotel")
    for feature in FEATURES:
        draft.put(feature.path, None)

    assert as_sent(draft.build()) == {"customer_data": {"customer_key": "harbor-hotel"}}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_can_be_left_out(feature):
    draft = RequestDraft()
    draft.put(feature.path, True)

    assert as_sent(draft.build()) == {"features": {feature.name: {"exclude": True}}}


def test_an_explicit_no_stays_explicit():
    # If it is left out, the customization profile decides, which may enable it.
    base = decode_request('{"features": {"manage": {"exclude": false}}, "read_only": true}')
    draft = RequestDraft(base)
    draft.put("features.manage.exclude", False)
    draft.put("read_only", False)
    draft.put("is_embedded", None)

    assert as_sent(draft.build()) == {
        "features": {"manage": {"exclude": False}},
        "read_only": False,
    }


def test_fields_of_the_base_stay():
    base = decode_request(
        '{"customer_data": {"customer_key": "old", "spaces": [{"space_key": "s", "name": "S"}]},'
        '"features": {"connect": {"accepted_providers": ["august"], "exclude": true}},'
        '"locale": "fr-FR", "deep_link": {"resource_type": "space", "resource_key": "s"}}'
    )
    draft = RequestDraft(base)
    draft.put(CUSTOMER_KEY, "new")
    draft.put("features.connect.exclude", None)
    draft.put("locale", None)

    built = draft.build()
    assert built.customer_key == "new"
    assert as_sent(built)["deep_link"] == {"resource_type": "space", "resource_key": "s"}
    assert as_sent(built)["features"] == {"connect": {"accepted_providers": ["august"]}}


def test_leaving_a_field_out_leaves_no_empty_objects():
    draft = RequestDraft()
    draft.put("features.manage.exclude", True)
    draft.put("features.manage.exclude", None)
    draft.put("features.organize.exclude", None)

    assert as_sent(draft.build()) == {}


def test_empty_objects_and_lists_of_the_base_stay():
    body = {"features": {"manage": {}}, "landing_page": {}, "customer_resources_filters": []}
    draft = RequestDraft(decode_request(json.dumps(body)))
    draft.put("features.manage.exclude", None)
    draft.put("landing_page.manage", None)

    assert as_sent(draft.build()) == body


def test_the_base_is_not_changed():
    base = decode_request('{"customer_data": {"customer_key": "old"}}')
    RequestDraft(base).put(CUSTOMER_KEY, "new")

    assert base.customer_key == "old"


def test_every_locale_of_the_contract_is_offered_once():
    assert sorted(code for code, _ in LOCALES) == sorted(locale.value for locale in Locale)
