"""The snippets do what the program does: they are run, by a real shell and the real SDK."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess

import pytest

from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.ui.create.json.code_snippets import ApiTarget, as_curl, as_python
from tests.support.contract import create_portal_schema, full_example
from tests.support.http_server import ScriptedServer, json_answer
from tests.support.seam_answers import (
    API_KEY,
    PERSONAL_ACCESS_TOKEN,
    WORKSPACE_ID,
    portal_answer,
)

FULL = full_example(create_portal_schema())
NASTY = {
    "customer_data": {
        "customer_key": 'it\'s "$HOME" `id` \\ \n !! {x} הנמל 🏨',
        "spaces": [
            {"space_key": "'", "name": '"', "geolocation": {"latitude": 1, "longitude": 0.1}},
            {"space_key": "'\"", "name": "", "customer_data": {"address": None}},
        ],
    },
    "read_only": False,
    "features": {"connect": {"accepted_providers": []}, "organize": {}},
}
SECRETS = {
    CredentialKind.API_KEY: API_KEY,
    CredentialKind.PERSONAL_ACCESS_TOKEN: PERSONAL_ACCESS_TOKEN,
}


@pytest.fixture(scope="module")
def server():
    with ScriptedServer(default=json_answer(portal_answer())) as server:
        yield server


def cases(run):
    run = pytest.mark.parametrize("kind", CredentialKind)(run)
    wires = {"full": FULL, "nasty": NASTY, "empty": {}}
    return pytest.mark.parametrize("wire", wires.values(), ids=wires)(run)


@cases
def test_python_sends_the_request(wire, kind, server, monkeypatch):
    server.requests.clear()
    target = ApiTarget(server.url, kind, WORKSPACE_ID)
    source = as_python(wire, target)
    monkeypatch.setenv(target.variable, SECRETS[kind])
    made: dict[str, object] = {}
    exec(source, made)
    made["seam"].client.close()

    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/customers/create_portal")
    assert (request.json or {}) == wire
    assert request.headers["authorization"] == f"Bearer {SECRETS[kind]}"
    assert SECRETS[kind] not in source


@cases
@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")
def test_curl_gets_the_request_from_a_shell(wire, kind):
    target = ApiTarget("https://seam.example", kind, WORKSPACE_ID)
    # A function named curl, so that the shell splits and quotes but nothing is sent.
    script = f'curl() {{ for each; do printf "%s\\0" "$each"; done; }}\n{as_curl(wire, target)}'
    ran = subprocess.run(
        [shutil.which("sh"), "-c", script],
        env={target.variable: SECRETS[kind], "HOME": "/nowhere"},
        capture_output=True,
        check=True,
    )
    url, *options = ran.stdout.decode().split("\0")[:-1]
    assert url == "https://seam.example/customers/create_portal"
    assert options[0::2] == ["--header"] * (len(options) // 2 - 1) + ["--data"]
    assert f"Authorization: Bearer {SECRETS[kind]}" in options
    is_token = kind is CredentialKind.PERSONAL_ACCESS_TOKEN
    assert (f"seam-workspace: {WORKSPACE_ID}" in options) is is_token
    assert json.loads(options[-1]) == wire


def test_seam_itself_needs_no_endpoint():
    assert "endpoint" not in as_python({}, ApiTarget())
    assert shlex.split(as_curl({}, ApiTarget()))[1].startswith("https://connect.getseam.com/")
