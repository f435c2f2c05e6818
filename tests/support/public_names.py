"""Names that lead where a test wants, for a preview without a network.

A name has an address, which the preview checks as that of any other name. A connection to a public
address ends at a server of this machine.
"""

from __future__ import annotations

from collections.abc import Mapping

from seam_portal_desktop.ui.preview.network.connector import Connector
from seam_portal_desktop.ui.preview.network.local_addresses import parse_address

PUBLIC = "93.184.215.{}"


class PublicNames(Connector):
    """`names` have a port of this machine, for a public server, or any address as a text."""

    def __init__(self, names: Mapping[str, int | str]) -> None:
        super().__init__()
        self._addresses: dict[str, str] = {}
        self._ports: dict[str, int] = {}
        for number, (name, place) in enumerate(names.items(), start=1):
            address = place if isinstance(place, str) else PUBLIC.format(number)
            self._addresses[name] = address
            if isinstance(place, int):
                self._ports[address] = place

    def resolve(self, host):
        if host not in self._addresses:
            return super().resolve(host)
        return (parse_address(self._addresses[host]),)

    async def connect(self, address, port):
        if address in self._ports:
            return await super().connect("127.0.0.1", self._ports[address])
        return await super().connect(address, port)
