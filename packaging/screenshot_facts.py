"""Made-up facts for the pictures, which must not show those of the machine that takes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from seam_portal_desktop import __version__
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.policy_values import UpdateChannel
from seam_portal_desktop.domain.release import Release
from seam_portal_desktop.ui.help.about_dialog import AboutFacts

FACTS = AboutFacts(
    version=__version__,
    python="3.11.9",
    qt="6.11.3",
    pyside="6.11.3",
    chromium="140.0.7339.225",
    data_dir=Path("/home/kim/.local/share/seam-portal-desktop"),
    diagnostics={
        "System": "Linux",
        "Display": "wayland, 1.5×",
        "Keyring": "Secret Service",
        "Connected workspaces": "2",
    },
    policy=Policy(
        endpoint="https://connect.getseam.com",
        allowed_hosts=("*.getseam.com", "se.am"),
        update_channel=UpdateChannel.STABLE,
        live_preview=False,
        sources=dict.fromkeys(
            ("endpoint", "allowed_hosts", "update_channel", "live_preview"),
            "/etc/seam-portal-desktop/policy.json",
        ),
    ),
)
RELEASE = Release(
    version="0.2.0",
    released_at=date(2026, 3, 2),
    notes=(
        "Messages from templates, sent from the program.",
        "Portals for a whole list of customers at once.",
    ),
    files={},
)
TRACEBACK = """Traceback (most recent call last):
  File "seam_portal_desktop/ui/portals/model.py", line 118, in data
    return self._text(row, column)
  File "seam_portal_desktop/ui/portals/model.py", line 164, in _text
    return texts[column]
KeyError: <PortalColumn.NOTE: 'note'>
"""
RESERVATIONS = """Reservation key,ID,Guest key,Rooms,Check-in,Check-out,Guest name,# of adults
r-2041,81,g-17,101,03/04/2026 15:00,05/04/2026 11:00,Łukasz Dąbrowski,2
r-2042,82,g-18,102,04/04/2026 15:00,07/04/2026 11:00,Małgorzata Wiśniewska,1
r-2043,83,g-19,103,04/04/2026 16:00,06/04/2026 11:00,Zoë Álvarez,2
r-2044,84,g-20,104,#N/A,09/04/2026 11:00,Grażyna Żak,3
r-2045,85,g-21,105,06/04/2026 15:00,09/04/2026 11:00,Paweł Śliwiński,2
"""
"""A file for the import. Its encoding has to be guessed, and it leaves open what its dates mean."""

SIGN_IN = """
const page = window.open('', '_blank').document;
page.body.style.cssText = 'margin: 32px; font: 16px sans-serif';
page.body.innerHTML = `<style>input, button { display: block; box-sizing: border-box;
  width: 100%; max-width: 320px; margin: 12px 0; padding: 10px 12px; font: inherit;
  border: 1px solid #999; border-radius: 6px } button { border: 0; background: #222; color: #fff }
  </style><h2>Connect your account</h2><p>Sign in where your locks are registered.</p>
  <input placeholder="E-mail"><input placeholder="Password"><button>Sign in</button>`;
"""
"""What a provider's sign-in does: the portal opens a window for it."""
