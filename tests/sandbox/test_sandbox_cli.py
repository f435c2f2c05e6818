"""The sandbox as a command."""

from __future__ import annotations

import json
import signal
import smtplib
import socket
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from seam_portal_desktop.sandbox.__main__ import main

COMMAND = [sys.executable, "-m", "seam_portal_desktop.sandbox"]


@contextmanager
def command(*arguments):
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't send these to a process")
def test_it_prints_its_address_and_serves_until_interrupted(number):
    options = ["--expires-in", "60", "--rate-limit", "100/s", "--latency", "1", "--fail-rate", "0"]
    with command(*options) as process:
        address = json.loads(process.stdout.readline())
        assert set(address) == {"endpoint", "api_key", "personal_access_token", "workspace_id"}
        answer = httpx.post(
            address["endpoint"] + "/seam/customer/v1/customers/list",
            headers={
                "authorization": f"Bearer {address['personal_access_token']}",
                "seam-workspace": address["workspace_id"],
            },
            trust_env=False,
        )
        assert len(answer.json()["customers"]) > 10
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_with_an_smtp_port_it_serves_mail_and_a_mailbox():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with command("--smtp-port", str(port)) as process:
        address = json.loads(process.stdout.readline())
        smtp = address["smtp"]
        assert (smtp["host"], smtp["port"]) == ("127.0.0.1", port)
        with smtplib.SMTP(smtp["host"], smtp["port"], timeout=10) as client:
            client.login(smtp["username"], smtp["password"])
            client.sendmail("ops@example.com", "ann@example.com", b"Subject: Hello\r\n")
        (mail,) = httpx.get(f"{address['mailbox_url']}.json", trust_env=False).json()
        assert (mail["to"], mail["subject"]) == (["ann@example.com"], "Hello")
        page = httpx.get(address["mailbox_url"], trust_env=False)
        assert page.headers["content-type"].startswith("text/html")
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert errors == ""


@pytest.mark.parametrize("option", ["--port", "--smtp-port"])
def test_a_busy_port_is_one_line_of_error(option):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*COMMAND, option, port], capture_output=True, text=True, check=False, timeout=60
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Port {port} can't be used: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "65536"],
        ["--port", "-1"],
        ["--smtp-port", "65536"],
        ["--smtp-port", "x"],
        ["--latency", "-1"],
        ["--latency", "nan"],
        ["--fail-rate", "1.1"],
        ["--rate-limit", "0"],
        ["--rate-limit", "5/m"],
        ["--expires-in", "0"],
        ["--expires-in", "soon"],
        ["--unknown"],
        ["extra"],
    ],
)
def test_a_wrong_argument_gets_the_usage_and_2(arguments, capsys):
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    assert exited.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m seam_portal_desktop.sandbox")
