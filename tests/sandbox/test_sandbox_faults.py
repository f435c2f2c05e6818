"""Each fault has its effect, once or until it is removed."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from seam_portal_desktop.sandbox.errors import ApiError
from seam_portal_desktop.sandbox.faults import Faults
from seam_portal_desktop.sandbox.server import SandboxConfig
from tests.support.sandboxes import running_sandbox

CREATE = "/customers/create_portal"
BODY = {"customer_data": {"customer_key": "a"}}


def test_a_scripted_answer_is_given_once_and_without_effect(client, sandbox):
    sandbox.faults.next_answer(status=409, body={"error": {"type": "x", "message": "y"}})
    assert client.post(CREATE, json=BODY).status_code == 409
    assert sandbox.state.portals() == []
    assert client.post(CREATE, json=BODY).status_code == 200


def test_a_script_for_one_route_waits_for_it(client, sandbox):
    sandbox.faults.next_answer(status=503, headers={"Retry-After": "7"}, path=CREATE)
    assert client.post("/workspaces/get").status_code == 200
    answer = client.post(CREATE, json=BODY)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert answer.json()["ok"] is False


def test_an_answer_can_be_lost_after_the_link_was_made(client, sandbox):
    sandbox.faults.next_drop(path=CREATE, after_effect=True)
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(CREATE, json=BODY)
    assert len(sandbox.state.portals()) == 1


def test_a_connection_is_dropped_without_an_answer(client, sandbox):
    sandbox.faults.next_drop()
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        client.post(CREATE, json=BODY)
    assert sandbox.state.portals() == []


def test_a_proxy_answers_with_a_page(client, sandbox):
    sandbox.faults.next_html()
    answer = client.post(CREATE, json=BODY)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")


def test_json_is_cut_off_although_the_link_was_made(client, sandbox):
    sandbox.faults.next_truncated()
    answer = client.post(CREATE, json=BODY)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert len(sandbox.state.portals()) == 1


def test_a_held_call_stalls_until_it_is_released(client, sandbox):
    sandbox.faults.hold(path=CREATE)
    with pytest.raises(httpx.ReadTimeout):
        client.post(CREATE, json=BODY, timeout=0.2)
    assert client.post("/workspaces/get").status_code == 200
    answers = []
    thread = threading.Thread(target=lambda: answers.append(client.post(CREATE, json=BODY)))
    thread.start()
    while len(sandbox.state.requests(CREATE)) < 2:
        time.sleep(0.01)
    assert sandbox.state.portals() == []
    sandbox.faults.release()
    thread.join(5)
    assert answers[0].status_code == 200


def test_a_server_stops_while_calls_are_held():
    with running_sandbox() as server:
        server.faults.hold()
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(server.endpoint + "/workspaces/get", timeout=0.2, trust_env=False)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 5
    with pytest.raises(httpx.ConnectError):
        httpx.post(server.endpoint + "/workspaces/get", trust_env=False)


def test_failures_and_slowness_last_until_they_are_cleared(client, sandbox):
    sandbox.faults.fail_rate = 1.0
    sandbox.faults.latency = 0.15
    began = time.monotonic()
    answer = client.post("/workspaces/get")
    assert time.monotonic() - began >= 0.15
    assert (answer.status_code, answer.json()["error"]["type"]) == (500, "internal_server_error")
    sandbox.faults.clear()
    assert client.post("/workspaces/get").status_code == 200


def test_too_many_calls_get_a_retry_after(client, sandbox):
    sandbox.faults.rate_limit = 0.5
    assert client.post("/workspaces/get").status_code == 200
    answer = client.post("/workspaces/get")
    assert answer.status_code == 429
    assert answer.json()["error"]["type"] == "too_many_requests"
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["seam-request-id"]


@pytest.mark.anyio
async def test_the_limit_refills_with_time():
    now = 100.0
    faults = Faults(rate_limit=4, monotonic=lambda: now)

    async def allowed():
        try:
            await faults.answer("/x", object)
        except ApiError:
            return False
        return True

    assert [await allowed() for _ in range(5)] == [True] * 4 + [False]
    now += 0.5
    assert [await allowed() for _ in range(3)] == [True, True, False]
    now += 3600
    assert [await allowed() for _ in range(5)] == [True] * 4 + [False]


def test_the_page_has_its_own_faults(client, sandbox):
    url = client.post(CREATE, json=BODY).json()["customer_portal"]["url"]
    sandbox.faults.fail_rate = 1.0
    assert client.get(url).status_code == 200
    sandbox.page_faults.next_html(status=503)
    assert client.get(url).status_code == 503
    assert client.get(url).status_code == 200


def test_links_expire_by_the_given_lifetime_and_clock():
    now = datetime(2030, 1, 1, tzinfo=UTC)
    config = SandboxConfig(portal_lifetime=timedelta(seconds=90))
    with running_sandbox(config, clock=lambda: now) as server:
        key = {"authorization": f"Bearer {server.api_key}"}
        with httpx.Client(base_url=server.endpoint, headers=key, trust_env=False) as client:
            portal = client.post(CREATE, json=BODY).json()["customer_portal"]
            assert portal["created_at"] == "2030-01-01T00:00:00.000Z"
            assert portal["expires_at"] == "2030-01-01T00:01:30.000Z"
            assert client.get(portal["url"]).status_code == 200
            now += timedelta(seconds=90)
            assert client.get(portal["url"]).status_code == 410
            assert client.post("/client_sessions/list").json()["client_sessions"] == []
