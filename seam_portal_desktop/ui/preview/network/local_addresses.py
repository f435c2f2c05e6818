"""Which hosts lead to this machine or its own network. No Qt in here."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Some versions of Python count these as global: IPv4 addresses in an old form, addresses of one
# site, and NAT64 inside of one network.
_NOT_PUBLIC = tuple(map(ipaddress.IPv6Network, ("::/96", "fec0::/10", "64:ff9b:1::/48")))

# A neighbour is in the same network as this machine. Some VPNs claim half of all addresses, so a
# network must be at least that small.
_SMALLEST_PREFIX = {4: 16, 6: 48}
_USUAL_PREFIX = {4: 32, 6: 64}


def parse_address(text: str) -> IpAddress | None:
    """The address that `text` is, without brackets; None for a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def normal_host(host: str) -> str:
    """The one form of a host: a name in lower case, or an address as Python writes it."""
    return str(parse_address(host) or host.lower())


def is_local_host(host: str) -> bool:
    """Whether `host` names this machine or something only a private network can reach."""
    host = host.rstrip(".")
    address = parse_address(host)
    if address is None:
        return "." not in host or host.endswith(_LOCAL_SUFFIXES)
    return is_local_ip(address)


def is_local_ip(address: IpAddress) -> bool:
    """Whether `address` isn't one of the public Internet.

    An IPv6 address that holds an IPv4 address (IPv4-mapped, NAT64, 6to4) is judged by that one.
    Networks that have only IPv6 reach every IPv4 host by NAT64.
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(address.packed[-4:])
        if inner is not None:
            return is_local_ip(inner)
        if any(address in network for network in _NOT_PUBLIC):
            return True
    return not address.is_global or address.is_multicast


def own_networks() -> Sequence[IpNetwork]:
    """The networks of this machine's interfaces, with its own addresses. Takes about 1 ms.

    IPv6 gives every device at home a public address, so the address alone doesn't tell.
    """
    import psutil

    networks: list[IpNetwork] = []
    try:
        interfaces = psutil.net_if_addrs()
    except OSError:
        return ()
    for addresses in interfaces.values():
        for each in addresses:
            address = parse_address(each.address.partition("%")[0])
            if address is None:
                continue  # a hardware address
            networks.append(ipaddress.ip_network(address))
            try:
                prefix: str | int = each.netmask or _USUAL_PREFIX[address.version]
                network = ipaddress.ip_network(f"{address}/{_prefix(prefix)}", strict=False)
            except ValueError:
                continue
            if network.prefixlen >= _SMALLEST_PREFIX[address.version]:
                networks.append(network)
    return networks


def _prefix(mask: str | int) -> str | int:
    """A prefix length for a netmask such as ``ffff:ffff::``, which `ipaddress` reads for IPv4."""
    if isinstance(mask, str) and ":" in mask:
        return int(IPv6Address(mask)).bit_count()
    return mask
