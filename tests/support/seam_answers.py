"""Seam's answers, for test servers. Every secret is a fake."""

from __future__ import annotations

from typing import Any

from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.secret import Secret

API_KEY = "seam_test_not_a_real_key"
PERSONAL_ACCESS_TOKEN = "seam_at_test_not_a_real_token"
WORKSPACE_ID = "11111111-2222-4333-8444-555555555555"
PORTAL_URL = "https://portal.example/portals/not-real?token=seam_cst_not_a_real_token"
REQUEST_ID = "request-not-real-1"

api_key_credential = Credential(CredentialKind.API_KEY, Secret(API_KEY))
token_credential = Credential(
    CredentialKind.PERSONAL_ACCESS_TOKEN, Secret(PERSONAL_ACCESS_TOKEN), WORKSPACE_ID
)


def workspace_answer(**changes: Any) -> dict[str, Any]:
    workspace = {
        "workspace_id": WORKSPACE_ID,
        "name": "Acme Stays",
        "company_name": "Acme",
        "is_sandbox": True,
        "is_suspended": False,
        "connect_partner_name": None,
        "connect_webview_customization": {},
        "is_publishable_key_auth_enabled": False,
        "organization_id": None,
    }
    return {"workspace": workspace | changes, "ok": True}


def portal_answer(**changes: Any) -> dict[str, Any]:
    portal = {
        "url": PORTAL_URL,
        "customer_key": "harbor-hotel",
        "workspace_id": WORKSPACE_ID,
        "created_at": "2025-11-12T09:14:00.000Z",
        "expires_at": "2025-11-19T10:14:00.000+01:00",
    }
    portal |= changes
    return {"customer_portal": portal, "magic_link": portal, "ok": True}


def open_portal_answer(**changes: Any) -> dict[str, Any]:
    return {"magic_link": portal_answer(**changes)["magic_link"], "ok": True}


def deep_link_answer(**changes: Any) -> dict[str, Any]:
    link = {
        "url": PORTAL_URL,
        "expires_at": "2025-11-19T10:14:00.000+01:00",
        "customer_portal_id": "44444444-2222-4333-8444-555555555555",
    }
    return {"deep_link": link | changes, "ok": True}


def client_sessions_answer() -> dict[str, Any]:
    session = {
        "client_session_id": "22222222-2222-4333-8444-555555555555",
        "workspace_id": WORKSPACE_ID,
        "token": "seam_cst_not_a_real_token",
        "customer_key": "harbor-hotel",
        "created_at": "2025-11-12T09:14:00.000Z",
        "expires_at": "2025-11-19T09:14:00.000Z",
        "user_identifier_key": None,
        "device_count": 0,
        "connected_account_ids": [],
        "connect_webview_ids": [],
        "user_identity_ids": [],
    }
    without_customer = {k: v for k, v in session.items() if k != "customer_key"}
    return {"client_sessions": [session, without_customer], "ok": True}


def customers_answer(*keys: str, cursor: str | None = None) -> dict[str, Any]:
    customers = [
        {
            "customer_key": key,
            "workspace_id": WORKSPACE_ID,
            "created_at": "2025-11-12T09:14:00.000Z",
        }
        for key in keys or ("harbor-hotel",)
    ]
    pagination = {
        "has_next_page": cursor is not None,
        "next_page_cursor": cursor,
        "next_page_url": None,
    }
    return {"customers": customers, "pagination": pagination, "ok": True}


def customization_profiles_answer() -> dict[str, Any]:
    shared = {"workspace_id": WORKSPACE_ID, "created_at": "2025-11-12T09:14:00.000Z"}
    full = {
        "customization_profile_id": "44444444-2222-4333-8444-555555555555",
        "name": "Harbor Hotel",
        "logo_url": "https://portal.example/logo.svg",
        "primary_color": "#1a58ad",
        "message_overrides": {},
    }
    bare = {"customization_profile_id": "55555555-2222-4333-8444-555555555555", "name": None}
    return {"customization_profiles": [shared | full, shared | bare], "ok": True}


def device_providers_answer() -> dict[str, Any]:
    provider = {
        "device_provider_name": "salto_ks",
        "display_name": "Salto KS",
        "image_url": "https://portal.example/salto_ks.svg",
        "provider_categories": ["stable", "access_control_systems"],
        "can_remotely_unlock": True,
    }
    return {"device_providers": [provider], "ok": True}


def error_answer(
    kind: str = "some_error",
    message: str = "Something is wrong",
    validation_errors: dict[str, Any] | None = None,
) -> dict[str, Any]:
    error: dict[str, Any] = {"type": kind, "message": message, "request_id": REQUEST_ID}
    if validation_errors is not None:
        error["validation_errors"] = validation_errors
    return {"error": error, "ok": False}
