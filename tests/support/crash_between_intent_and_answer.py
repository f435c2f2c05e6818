"""Records an intent and waits until a test kills the process."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.portal.record import Sent
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.ledger_data import NOW, answer, requested


async def main(path: Path) -> None:
    ledger = SqlLedger(path, UrlCipher(SessionSecretStore()), system_clock)
    await ledger.open()
    await ledger.record_intent(requested("hidden", "old-mill"), PortalRequest())
    await ledger.record_intent(requested("deleted", "grand-hotel"), PortalRequest())
    await ledger.record_created("deleted", answer())
    await ledger.mark_sent("deleted", Sent(NOW, "ada", None, "for the desk"))
    await ledger.delete(["hidden", "deleted"])
    await ledger.record_intent(requested(), PortalRequest())
    sys.stdout.write("intent recorded\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


asyncio.run(main(Path(sys.argv[1])))
