"""Ways out of the portal: refused, or asked about in place."""

from __future__ import annotations

import pytest

from tests.support.preview_kit import ENGINE_NOISE

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

MIXED = "https://xn--pple-43d.example/in?x=1"

# What the page goes to, and what the notice calls it.
REFUSED = {
    "file:///etc/passwd": "a “file:” address",
    "chrome://version": "a “chrome:” address",
    "view-source:https://portal.example/": "a “view-source:” address",
    "qrc:/icons/x.svg": "a “qrc:” address",
    "ftp://evil.example/": "a “ftp:” address",
    "mailto:someone@evil.example": "a “mailto:” address",
    "tel:+15550100": "a “tel:” address",
    "sms:+15550100": "a “sms:” address",
    "seam-portal:open": "a “seam-portal:” address",
    "ms-settings:privacy": "a “ms-settings:” address",
    "intent://evil.example/#Intent;end": "a “intent:” address",
    "http://192.168.0.1/reboot": "192.168.0.1",
    "http://169.254.169.254/latest": "169.254.169.254",
    "https://router.local/": "router.local",
    "http://[::1]:9/": "[::1]:9",
    "http://2130706433:9/": "127.0.0.1:9",
    "http://0x7f.1:9/": "127.0.0.1:9",
    "http://0.0.0.0:9/": "0.0.0.0:9",
    "http://localhost.:9/": "localhost.:9",
}


@pytest.fixture
def after_it(hostile):
    """Wait until the engine has dealt with what the page has just done."""

    def waited():
        hostile.run("fetch('/told', {method: 'POST', body: '[\"over\", 1]'}) && 1")
        hostile.told("over")

    return waited


@pytest.mark.parametrize("address", REFUSED)
@pytest.mark.parametrize("how", ["location", "link", "frame", "refresh"])
def test_the_page_does_not_get_to(hostile, address, how):
    act = {
        "location": f"location.href = '{address}'",
        "link": f"Object.assign(document.createElement('a'), {{href: '{address}'}}).click()",
        "frame": "const frame = document.createElement('iframe');"
        f"frame.src = '{address}'; document.body.append(frame)",
        "refresh": "document.head.insertAdjacentHTML('beforeend',"
        f"`<meta http-equiv=refresh content='0;url={address}'>`)",
    }[how]
    hostile.open(f"onClick(() => {{ {act}; tell('tried', true) }})")
    hostile.click()
    hostile.told("tried")
    hostile.noticed(f"tried to open {REFUSED[address]}.")
    assert hostile.is_still_the_portal()
