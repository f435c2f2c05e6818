"""The sandbox accepts one API key, and one token together with its workspace."""

from __future__ import annotations

import uuid

import pytest

from seam_portal_desktop.domain.credential import CredentialKind, recognise_credential


def headers_of(demo, case):
    key, token, workspace = demo.api_key, demo.personal_access_token, demo.workspace_id
    return {
        "api key": {"authorization": f"Bearer {key}"},
        "token with workspace": {"authorization": f"Bearer {token}", "seam-workspace": workspace},
        "token without workspace": {"authorization": f"Bearer {token}"},
        "token with another workspace": {
            "authorization": f"Bearer {token}",
            "seam-workspace": str(uuid.uuid4()),
        },
        "nothing": {},
        "empty": {"authorization": "Bearer"},
        "key without Bearer": {"authorization": key},
        "Basic": {"authorization": f"Basic {key}"},
        "key and more": {"authorization": f"Bearer {key}x"},
        "part of the key": {"authorization": f"Bearer {key[:-1]}"},
        "key in capitals": {"authorization": f"Bearer {key.upper()}"},
        "two spaces": {"authorization": f"Bearer  {key}"},
        "client session": {"authorization": "Bearer seam_cst_not_a_real_token"},
        "not ASCII": {"authorization": "Bearer seam_ä".encode()},
    }[case]


VALID = ("api key", "token with workspace")
INVALID = (
    "token with another workspace",
    "nothing",
    "empty",
    "key without Bearer",
    "Basic",
    "key and more",
    "part of the key",
    "key in capitals",
    "two spaces",
    "client session",
    "not ASCII",
)


@pytest.mark.parametrize("case", VALID)
def test_a_valid_credential_is_accepted(anonymous, demo, case):
    assert anonymous.post("/workspaces/get", headers=headers_of(demo, case)).status_code == 200


@pytest.mark.parametrize("case", [*INVALID, "token without workspace"])
def test_an_invalid_credential_is_refused(anonymous, demo, case):
    answer = anonymous.post("/workspaces/get", headers=headers_of(demo, case))
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "unauthorized"
    assert answer.json()["ok"] is False
    assert answer.headers["seam-request-id"]
    assert demo.api_key[:-1] not in answer.text


@pytest.mark.parametrize("case", INVALID)
def test_the_list_of_workspaces_refuses_invalid_credentials(anonymous, demo, case):
    assert anonymous.get("/workspaces/list", headers=headers_of(demo, case)).status_code == 401


def test_the_list_of_workspaces_needs_no_workspace(anonymous, demo):
    headers = headers_of(demo, "token without workspace")
    assert anonymous.post("/workspaces/list", headers=headers).status_code == 200


def test_without_a_credential_no_field_is_checked(anonymous, contract):
    for path in contract.routes:
        answer = anonymous.post(path, json={"unknown": 1})
        assert (answer.status_code, answer.json()["error"]["type"]) == (401, "unauthorized")


def test_its_credentials_look_like_seams(demo):
    kinds = [recognise_credential(text).kind for text in (demo.api_key, demo.personal_access_token)]
    assert kinds == [CredentialKind.API_KEY, CredentialKind.PERSONAL_ACCESS_TOKEN]
