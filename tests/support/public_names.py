"""Names that lead where a test wants, for a preview without a network."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from seam_portal_desktop.ui.preview.network.connector import Connector
from seam_portal_desktop.ui.preview.network.local_addresses import parse_address

_PUBLIC = "93.184.215.{}"


class NamedAddresses(Connector):
    """Names have addresses, as texts, or an error.

    The addresses in `servers` answer: a connection ends at that port of this machine. So does this
    machine itself. `connected` are the addresses to which a connection was begun.
    """

    def __init__(self, names, servers=()):
        super().__init__()
        self.names = names
        self.servers = dict(servers)
        self.connected = []

    def resolve(self, host):
        found = self.names.get(host, socket.gaierror(socket.EAI_NONAME, "unknown here"))
        if isinstance(found, Exception):
            raise found
        return tuple(parse_address(text) for text in found)

    async def connect(self, address, port):
        self.connected.append(address)
        if address in self.servers:
            return await super().connect("127.0.0.1", self.servers[address])
        if address == "127.0.0.1":
            return await super().connect(address, port)
        raise ConnectionRefusedError


class PublicNames(NamedAddresses):
    """`names` have a port of this machine, for a public server, or any address as a text."""

    def __init__(self, names: Mapping[str, int | str]) -> None:
        numbered = enumerate(names.items(), start=1)
        addresses = {
            name: place if isinstance(place, str) else _PUBLIC.format(number)
            for number, (name, place) in numbered
        }
        ports = {addresses[name]: port for name, port in names.items() if isinstance(port, int)}
        super().__init__({name: [address] for name, address in addresses.items()}, ports)
