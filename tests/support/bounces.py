"""Made-up returned mails, in the forms in which servers write them, and mails that are none."""

from __future__ import annotations

from dataclasses import dataclass

ORIGINAL_ID = "<0123456789abcdef0123456789abcdef@example.com>"
ORIGINAL_HEADERS = f"""\
From: "Acme Stays" <desk@example.com>
To: <ann@example.org>
Subject: Your portal is ready
Date: Tue, 01 Dec 2026 13:35:07 +0000
Message-ID: {ORIGINAL_ID}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
"""
ORIGINAL = f"{ORIGINAL_HEADERS}\nYour link:\nhttps://portal.example.com/portals/0?token=made_up\n"


@dataclass(frozen=True)
class MadeUpBounce:
    """`expected` are (address, status, a part of the reason)."""

    text: str
    expected: tuple[tuple[str, str, str], ...] = (("ann@example.org", "5.1.1", ""),)
    is_permanent: bool = True
    has_id: bool = True


def report(
    sender: str,
    words: str,
    blocks: str,
    *,
    original: str = ORIGINAL,
    original_type: str = "message/rfc822",
    status_type: str = "message/delivery-status",
    headers: str = "",
) -> str:
    """RFC 3464's form."""
    return f"""\
Return-Path: <>
From: {sender}
To: desk@example.com
Subject: Delivery report
Message-ID: <returned-1@mx.example.net>
{headers}Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

{words}

--b1
Content-Type: {status_type}

Reporting-MTA: dns; mx.example.net
Arrival-Date: Tue, 1 Dec 2026 13:35:10 +0000

{blocks}

--b1
Content-Type: {original_type}

{original}
--b1--
"""


def plain(sender: str, subject: str, words: str, headers: str = "") -> str:
    return f"""\
From: {sender}
To: desk@example.com
Subject: {subject}
Message-ID: <returned-2@mx.example.net>
{headers}Content-Type: text/plain; charset=utf-8

{words}
"""


POSTFIX_WORDS = """\
This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

                   The mail system

<ann@example.org>: host mx.example.org[192.0.2.10] said: 550 5.1.1
    <ann@example.org>: Recipient address rejected: User unknown in virtual
    mailbox table (in reply to RCPT TO command)
"""

POSTFIX = report(
    "MAILER-DAEMON@mx.example.net (Mail Delivery System)",
    POSTFIX_WORDS,
    """\
Final-Recipient: rfc822; ann@example.org
Original-Recipient: rfc822;ann@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>: Recipient address rejected:
    User unknown in virtual mailbox table""",
)

QMAIL = plain(
    "MAILER-DAEMON@mx.example.net",
    "failure notice",
    f"""\
Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@example.org>:
192.0.2.10 does not like recipient.
Remote host said: 550 5.1.1 User unknown
Giving up on 192.0.2.10.

--- Below this line is a copy of the message.

Return-Path: <desk@example.com>
Received: (qmail 123 invoked from network); 1 Dec 2026 13:35:10 -0000
{ORIGINAL}""",
)

EXIM = plain(
    "Mail Delivery System <Mailer-Daemon@mx.example.net>",
    "Mail delivery failed: returning message to sender",
    f"""\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@example.org
    host mx.example.org [192.0.2.10]
    SMTP error from remote mail server after RCPT TO:<ann@example.org>:
    550 No such user here

------ This is a copy of the message, including all the headers. ------

{ORIGINAL}""",
    "Auto-Submitted: auto-replied\nX-Failed-Recipients: ann@example.org\n",
)

SENDMAIL = plain(
    "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
    "Returned mail: see transcript for details",
    f"""\
The original message was received at Tue, 1 Dec 2026 13:35:10 GMT
from relay.example.net [192.0.2.20]

   ----- The following addresses had permanent fatal errors -----
<ann@example.org>
    (reason: 550 5.1.1 <ann@example.org>... User unknown)

   ----- Transcript of session follows -----
... while talking to mx.example.org.:
>>> DATA
<<< 550 5.1.1 <ann@example.org>... User unknown

   ----- Original message follows -----

{ORIGINAL}""",
)

EXCHANGE = report(
    "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>",
    """\
Your message to ann@example.org couldn't be delivered.

ann wasn't found at example.org.""",
    """\
Final-Recipient: rfc822;ann@example.org
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by lookup""",
    headers=f"In-Reply-To: {ORIGINAL_ID}\nX-MS-Exchange-Message-Is-Ndr:\n",
)

EXCHANGE_AS_TEXT = plain(
    "Microsoft Outlook <postmaster@example.net>",
    "Undeliverable: Your portal is ready",
    f"""\
Delivery has failed to these recipients or groups:

ann@example.org (ann@example.org)
The email address you entered couldn't be found. Please check the recipient's
email address and try to resend the message.

Diagnostic information for administrators:

Generating server: AB1PR02.example.net

ann@example.org
Remote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'

Original message headers:

Received: from mail.example.com (192.0.2.5) by AB1PR02.example.net
{ORIGINAL_HEADERS}""",
)

EXCHANGE_IN_GERMAN = plain(
    "Microsoft Outlook <postmaster@example.net>",
    "Unzustellbar: Ihr Portal ist bereit",
    f"""\
Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:

ann@example.org
Ihre Nachricht konnte nicht zugestellt werden. Das Postfach des Empfängers ist voll.

Diagnoseinformationen für Administratoren:
ann@example.org
Remote Server returned '554 5.2.2 mailbox full; STOREDRV.Deliver'

Ursprüngliche Nachrichtenkopfzeilen:

{ORIGINAL_HEADERS}""",
)

GMAIL = report(
    "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    """\

** Address not found **

Your message wasn't delivered to ann@example.org because the address couldn't be found.""",
    f"""\
X-Original-Message-ID: {ORIGINAL_ID}

Final-Recipient: rfc822; ann@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org. (192.0.2.10, the server for the domain example.org.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please
 550-5.1.1 try double-checking the recipient's email address for typos""",
    original="Received: by 2002:a17\n",
    original_type="text/rfc822-headers",
)

HEADERS_ONLY = report(
    "postmaster@mx.example.net",
    "The mail system",
    "Final-Recipient: RFC822; <ann@example.org>\nAction: Failed (bounced)\nStatus: 5.1.1 (bad)\n",
    original=ORIGINAL_HEADERS,
    original_type="text/rfc822-headers",
)

INTERNATIONAL = report(
    "postmaster@mx.example.net",
    "The mail system",
    "Final-Recipient: utf-8; анна@example.org\nAction: failed\nStatus: 5.6.7\n"
    "Diagnostic-Code: smtp; 553 5.6.7 адрес не принят",
    status_type="message/global-delivery-status",
    original_type="message/global",
)

SEVERAL = report(
    "MAILER-DAEMON@mx.example.net",
    "Two of three",
    """\
Final-Recipient: rfc822; ann@example.org
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; bob@example.org
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

Final-Recipient: rfc822; cy@example.org
Action: delivered
Status: 2.0.0""",
)

DELAYED = report(
    "MAILER-DAEMON@mx.example.net",
    "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
    """\
Final-Recipient: rfc822; ann@example.org
Action: delayed
Status: 4.4.1
Will-Retry-Until: Sun, 6 Dec 2026 13:35:10 +0000
Diagnostic-Code: X-Postfix; connect to mx.example.org[192.0.2.10]:25: Connection timed out""",
)

GIVEN_UP_AFTER_DAYS = report(
    "MAILER-DAEMON@mx.example.net",
    "Given up",
    "Final-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: 4.4.7\n",
)

EXIM_DELAY = plain(
    "Mail Delivery System <Mailer-Daemon@mx.example.net>",
    "Warning: message 1abcDE-000 delayed 24 hours",
    f"""\
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.net.

The message identifier is:     1abcDE-000
Message-ID: {ORIGINAL_ID}
The address to which the message has not been delivered yet is:

  ann@example.org
    host mx.example.org [192.0.2.10]: 451 4.7.1 Try again later

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals if the message
remains undelivered.""",
)

FORWARDED_INLINE = plain(
    "Robin Example <robin@example.com>",
    "Fwd: Undelivered Mail Returned to Sender",
    f"""\
Look at this.

---------- Forwarded message ---------
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
Date: Tue, 1 Dec 2026 at 14:36
Subject: Undelivered Mail Returned to Sender
To: <desk@example.com>

{POSTFIX_WORDS}
{ORIGINAL_HEADERS}""",
)

FORWARDED_AS_ATTACHMENT = """\
From: Robin Example <robin@example.com>
To: desk@example.com
Subject: Fwd: failure notice
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b2"

--b2
Content-Type: text/plain

Please see ann@example.com's answer.

--b2
Content-Type: message/rfc822

{attached}
--b2--
"""

HTML_ONLY = """\
From: postmaster@mx.example.net
To: desk@example.com
Subject: Undeliverable: Your portal is ready
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><body><p>Delivery has failed to these recipients or groups:</p>
<p><a href=3D"mailto:ann@example.org">ann@example.org</a><br>
The address couldn=E2=80=99t be found.</p><p>Remote Server returned &#39;550 5.1.1 unknown&#39;</p>
</body></html>
"""

DOMINO = plain(
    "Postmaster@example.net",
    "DELIVERY FAILURE: User ann (ann@example.org) not listed in Domino Directory",
    f"""\
Your message

  Subject: Your portal is ready

was not delivered to:

  ann@example.org

because:

  550 5.1.1 User ann (ann@example.org) not listed in Domino Directory

----- Original message -----
> {ORIGINAL_HEADERS.replace(chr(10), chr(10) + "> ")}""",
)

NAMES_THE_SENDER = plain(
    "Postmaster <postmaster@mx.example.net>",
    "Undeliverable mail",
    f"""\
The mail from desk@example.com was answered with 550 5.1.1 by mx.example.org.
It could not be delivered to one or more recipients:

<ann@example.org>: 550 5.1.1 unknown

{ORIGINAL_HEADERS}""",
)

BOUNCES = {
    "names the sender": MadeUpBounce(NAMES_THE_SENDER),
    "postfix": MadeUpBounce(POSTFIX, (("ann@example.org", "5.1.1", "User unknown in virtual"),)),
    "qmail": MadeUpBounce(QMAIL, (("ann@example.org", "5.1.1", "does not like recipient"),)),
    "exim": MadeUpBounce(EXIM, (("ann@example.org", "5.0.0", "550 No such user here"),)),
    "sendmail": MadeUpBounce(SENDMAIL),
    "exchange": MadeUpBounce(EXCHANGE, (("ann@example.org", "5.1.10", "RecipientNotFound"),)),
    "exchange, as text": MadeUpBounce(EXCHANGE_AS_TEXT),
    "exchange, in German": MadeUpBounce(
        EXCHANGE_IN_GERMAN, (("ann@example.org", "5.2.2", "mailbox full"),)
    ),
    "gmail": MadeUpBounce(GMAIL, (("ann@example.org", "5.1.1", "does not exist"),)),
    "headers only": MadeUpBounce(HEADERS_ONLY),
    "international": MadeUpBounce(INTERNATIONAL, (("анна@example.org", "5.6.7", "не принят"),)),
    "several": MadeUpBounce(
        SEVERAL, (("ann@example.org", "5.1.1", ""), ("bob@example.org", "5.2.2", "full"))
    ),
    "delayed": MadeUpBounce(
        DELAYED, (("ann@example.org", "4.4.1", "timed out"),), is_permanent=False
    ),
    "given up": MadeUpBounce(GIVEN_UP_AFTER_DAYS, (("ann@example.org", "4.4.7", ""),)),
    "exim, delayed": MadeUpBounce(
        EXIM_DELAY, (("ann@example.org", "4.7.1", "Try again"),), is_permanent=False
    ),
    "forwarded inline": MadeUpBounce(FORWARDED_INLINE),
    "report attached": MadeUpBounce(FORWARDED_AS_ATTACHMENT.format(attached=POSTFIX)),
    "text attached": MadeUpBounce(FORWARDED_AS_ATTACHMENT.format(attached=QMAIL)),
    "html": MadeUpBounce(HTML_ONLY, has_id=False),
    "domino": MadeUpBounce(DOMINO),
}

OUT_OF_OFFICE = plain(
    "Ann <ann@example.org>",
    "Automatic reply: Your portal is ready",
    "I am away until 550 days from now. Mail to bob@example.org.",
    f"Auto-Submitted: auto-replied\nIn-Reply-To: {ORIGINAL_ID}\nX-Auto-Response-Suppress: All\n",
)

OUT_OF_OFFICE_WITHOUT_A_MARK = plain(
    "Ann <ann@example.org>",
    "Abwesend: Ihr Portal ist bereit",
    "Ich bin bis 7. Januar nicht im Haus.",
    "X-Autoreply: yes\n",
)

RECEIPT = report(
    "Ann <ann@example.org>",
    "Your message was read.",
    "",
    status_type="message/disposition-notification",
).replace("delivery-status;", "disposition-notification;")

DELIVERED = report(
    "MAILER-DAEMON@mx.example.net",
    "Your message was successfully delivered.",
    "Final-Recipient: rfc822; ann@example.org\nAction: relayed\nStatus: 2.0.0\n",
)

COMPLAINT = report(
    "abuse@example.net", "Somebody complained.", "Feedback-Type: abuse\n",
    status_type="message/feedback-report",
)  # fmt: skip

ANSWER = plain(
    "Ann <ann@example.org>",
    "Re: Your portal is ready",
    "Thank you. My colleague says that mail to her could not be delivered. Error 550?",
    f"In-Reply-To: {ORIGINAL_ID}\n",
)

OTHERS = {
    "out of office": (OUT_OF_OFFICE, "automatic reply"),
    "out of office, older": (OUT_OF_OFFICE_WITHOUT_A_MARK, "automatic reply"),
    "receipt": (RECEIPT, "receipt"),
    "delivered": (DELIVERED, "delivered"),
    "complaint": (COMPLAINT, "complaint"),
    "answer": (ANSWER, "doesn’t tell"),
    "our own mail": (ORIGINAL, "doesn’t tell"),
    "nothing": ("", "doesn’t tell"),
}
