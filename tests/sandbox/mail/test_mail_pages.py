"""The mailbox over HTTP: pages, JSON, faults."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from seam_portal_desktop.sandbox.mail.faults import MailFault, SmtpPhase
from seam_portal_desktop.sandbox.mail.web.reading import read_mail, subject_of

SENDER, ANN = "ops@example.com", "ann@example.com"
HOSTILE = "<script>alert(1)</script>\"'><img src=https://example.com/x>"


class _Page(HTMLParser):
    """Elements and the attributes of the frame."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.frame, self.text = [], {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "iframe":
            self.frame = dict(attrs)

    def handle_data(self, data):
        self.text += data


def hostile_message() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = HOSTILE
    message["From"] = f'"{HOSTILE.replace(chr(34), "")}" <{SENDER}>'
    message["To"] = ANN
    message.set_content(HOSTILE)
    message.add_alternative(
        f'<p>{HOSTILE}</p><img src="cid:qr"><img src="cid:other">', subtype="html"
    )
    picture = message.get_payload()[1]
    picture.add_related(b"PNG", "image", "png", cid="<qr>")
    message.add_attachment(b"x", maintype="text", subtype="csv", filename=f"{HOSTILE}.csv")
    return message


@pytest.fixture
def sent(connect):
    def sent(message=None):
        connect().send_message(message or hostile_message(), SENDER, [ANN])

    return sent


def test_the_list_is_json_for_programs(mailbox, http, sent):
    sent()
    (listed,) = http.get(f"{mailbox_url(http)}.json").json()
    assert listed["raw"].startswith("Subject: <script>")
    raw = listed.pop("raw")
    mail = mailbox.messages()[0]
    assert listed == {
        "id": mail.mail_id,
        "at": mail.at.isoformat(),
        "from": SENDER,
        "to": [ANN],
        "tls": False,
        "ehlo": "localhost",
        "user": mailbox.username,
        "size": len(mail.raw),
        "subject": HOSTILE,
        "raw_url": f"{mailbox_url(http)}/{mail.mail_id}/raw",
    }
    assert raw.encode() == mail.raw
    answer = http.get("", headers={"accept": "application/json"})
    assert answer.json()[0]["raw"] == raw
    answer = http.get(listed["raw_url"])
    assert (answer.content, answer.headers["content-type"]) == (mail.raw, "message/rfc822")
    assert answer.headers["cache-control"] == "no-store"


def mailbox_url(http) -> str:
    return str(http.base_url).rstrip("/")


def test_bytes_that_are_no_text_can_be_listed(http, connect):
    connect().sendmail(SENDER, ANN, b"Subject: \xff\xfe\r\n\r\n\xff\r\n")
    (listed,) = http.get("", headers={"accept": "application/json"}).json()
    assert "�" in listed["raw"]
    assert http.get(listed["raw_url"]).content == b"Subject: \xff\xfe\r\n\r\n\xff\r\n"
    assert http.get(f"/{listed['id']}").status_code == 200


def test_the_pages_have_a_strict_policy_and_escape_every_text(mailbox, http, sent):
    sent()
    mail = mailbox.messages()[0]
    for path in ("", f"/{mail.mail_id}"):
        answer = http.get(path)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "script-src" not in policy
        assert "http" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        page = _Page(answer.text)
        assert not {"script", "img", "object", "embed"} & set(page.tags)
        assert HOSTILE in page.text
    assert f"{HOSTILE}.csv".replace("/", "") in page.text.replace("/", "")


def test_the_mails_html_is_in_a_frame_without_scripts_with_its_own_pictures(mailbox, http, sent):
    sent()
    page = _Page(http.get(f"/{mailbox.messages()[0].mail_id}").text)
    assert page.frame["sandbox"].split() == ["allow-popups", "allow-popups-to-escape-sandbox"]
    assert f"<p>{HOSTILE}</p>" in page.frame["srcdoc"]
    assert 'src="data:image/png;base64,UE5H"' in page.frame["srcdoc"]
    assert 'src="cid:other"' in page.frame["srcdoc"]


def test_an_empty_mailbox_says_so_and_looks_again(http):
    page = http.get("").text
    assert "No mail yet" in page
    assert 'http-equiv="refresh"' in page


def test_the_mailbox_is_emptied(mailbox, http, sent):
    sent()
    assert 'http-equiv="refresh"' not in http.get("").text
    assert http.delete("").status_code == 204
    assert mailbox.messages() == ()
    sent()
    answer = http.post("/empty", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, mailbox.path)
    assert mailbox.messages() == ()
    assert http.get("/1").status_code == 404


def test_nobody_finds_the_mailbox_without_its_address(mail_sandbox, http):
    for path in ("", ".json", "/faults", "/counters", "/ca.pem"):
        wrong = mail_sandbox.endpoint + "/mailbox/guess" + path
        assert http.get(wrong).status_code == 404


def test_faults_come_go_and_are_shown(mailbox, http, connect):
    fault = {"phase": "rcpt", "code": 550, "text": "5.1.1 No", "address": "*@example.com"}
    shown = http.post("/faults", json=fault | {"count": 2}).json()
    usual = {"delay": 0.0, "drop": False, "after_effect": False}
    assert shown["faults"] == [fault | usual | {"count": 2}]
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        connect().sendmail(SENDER, ANN, b"x")
    http.post("/faults", json=[{"phase": "quit", "drop": True}])
    shown = http.post("/faults", json={"starttls": False, "auth": ["LOGIN"], "size": None}).json()
    assert [each["phase"] for each in shown["faults"]] == ["rcpt", "quit"]
    assert shown["faults"][0]["count"] == 1
    assert (shown["starttls"], shown["auth"], shown["size"]) == (False, ["LOGIN"], None)
    assert mailbox.faults.rules.auth == ("LOGIN",)
    assert http.get("/faults").json() == shown
    shown = http.delete("/faults").json()
    assert (shown["faults"], shown["starttls"], shown["size"]) == ([], True, 25 * 1024 * 1024)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"phase": "rcpt", "code": "550"},
            "Expected integer or null, received string at faults.0.code",
        ),
        ({"phase": "later", "drop": True}, "Invalid enum value. Expected 'connect' | "),
        ({"phase": "rcpt", "code": 100}, "Number must be greater than or equal to 200 at faults.0"),
        ({"phase": "rcpt", "code": 600}, "Number must be less than or equal to 599 at faults.0"),
        ({"phase": "rcpt", "delay": -1}, "Number must be greater than or equal to 0 at faults.0"),
        ({"phase": "rcpt", "drop": True, "count": 0}, "Number must be greater than or equal to 1"),
        ({"phase": "rcpt"}, "A fault needs a code, a delay, or drop."),
        ({"faults": [{"code": 550}]}, "Required at faults.0.phase"),
        ({"faults": {}}, "Expected array, received object at faults"),
        ({"starttls": "no"}, "Expected boolean, received string at starttls"),
        ({"auth": ["CRAM-MD5"]}, "Invalid enum value. Expected 'PLAIN' | 'LOGIN' | 'XOAUTH2'"),
        ({"mails_per_minute": 1.5}, "Expected integer or null, received number"),
        ({"unknown": 1}, "Unrecognized key: 'unknown' at unknown"),
        ("text", "Expected object, received string"),
        ([1], "Expected object, received number at faults.0"),
    ],
)
def test_wrong_faults_change_nothing_and_name_the_field(mailbox, http, body, message):
    if isinstance(body, dict) and "phase" not in body:
        body |= {"smtputf8": False}
    answer = http.post("/faults", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(message)
    assert (mailbox.faults.pending(), mailbox.faults.rules.smtputf8) == ((), True)


def test_what_is_not_json_is_refused(http):
    assert http.post("/faults", content=b"{}").status_code == 400
    json = {"content-type": "application/json"}
    assert http.post("/faults", content=b"{", headers=json).status_code == 400
    assert http.post("/faults", content=b'{"greylist": NaN}', headers=json).status_code == 400


def test_counters_and_the_authority_are_there(mailbox, http, sent):
    before = http.get("/counters").json()
    sent()
    after = http.get("/counters").json()
    assert after["rcpt_by_address"][ANN] == before["rcpt_by_address"].get(ANN, 0) + 1
    assert after["accepted"] == before["accepted"] + 1
    assert http.get("/ca.pem").text == mailbox.ca_pem


def test_faults_may_be_added_in_python_and_seen_over_http(mailbox, http):
    mailbox.faults.add(MailFault(SmtpPhase.AFTER_DOT, delay=1.5))
    assert http.get("/faults").json()["faults"][0]["delay"] == 1.5


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"Subject: =?utf-8?B?!!!?=\r\n\r\n",
        b"Subject: =?nonsense?Q?a?=\r\n\r\n",
        b"From: <<<>>>@@\r\nTo: =?x?=, ,;\r\nDate: never\r\nMessage-ID: <\r\n\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: text/html; charset=nonsense\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n!",
        b"Content-Type: image/png\r\nContent-ID: <\xff>\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 100,
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"Content-Type: a/b; name*=x''%ff\r\n\r\nx",
    ],
)
def test_broken_mails_are_shown_as_well_as_can_be(http, connect, raw):
    connect().sendmail(SENDER, ANN, raw)
    assert http.get("").status_code == 200
    (listed,) = http.get("", headers={"accept": "application/json"}).json()
    assert http.get(f"/{listed['id']}").status_code == 200


def test_subjects_are_read_in_all_languages():
    message = EmailMessage()
    message["Subject"] = "Ваш портал 🏨 für Zoë"
    assert subject_of(message.as_bytes()) == "Ваш портал 🏨 für Zoë"
    assert read_mail(message.as_bytes()).headers == (("Subject", "Ваш портал 🏨 für Zoë"),)
