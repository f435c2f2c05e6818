"""Seam's API over HTTP: the port SeamGateway.

Methods, paths, headers and bodies are those of the official SDK. A test compares the two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from seam_portal_desktop.adapters.seam import answer_errors
from seam_portal_desktop.adapters.seam import errors as seam_errors
from seam_portal_desktop.adapters.seam import lists as seam_lists
from seam_portal_desktop.adapters.seam import wire as seam_wire
from seam_portal_desktop.adapters.seam.call import Answer, Call
from seam_portal_desktop.adapters.seam.list_reader import ListReader
from seam_portal_desktop.domain.clock import SeamClock
from seam_portal_desktop.domain.credential import Credential
from seam_portal_desktop.domain.errors import SeamError, UnauthorizedError
from seam_portal_desktop.domain.lookups import CustomersPage, CustomizationProfile, DeviceProvider
from seam_portal_desktop.domain.ports import (
    ClientSession,
    CreatedDeepLink,
    CreatedPortal,
    SeamGateway,
)
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.request import (
    CustomerData,
    PortalRequest,
    encode_customer_data,
    encode_request,
)
from seam_portal_desktop.domain.workspace import Workspace
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from seam_portal_desktop.adapters.seam.transport import Limits, SeamTransport

_T = TypeVar("_T")


class HttpSeamGateway:
    """One endpoint, one credential, one connection pool. Making one doesn't use the network.

    Every method raises SeamError and nothing else; cancelling its task closes the connection.
    """

    def __init__(
        self,
        endpoint: str,
        credential: Credential,
        limits: Limits | None = None,
        clock: SeamClock | None = None,
    ) -> None:
        """`endpoint` as parse_endpoint gives it. `clock` gets Seam's time from the answers."""
        self._endpoint = endpoint
        self._clock = clock or SeamClock()
        self._credential = credential
        self._limits = limits
        self._host = urlsplit(endpoint).netloc
        self._opening = asyncio.Lock()
        self._transport: SeamTransport | None = None
        self._closed = False

    async def get_workspace(self) -> Workspace:
        call = self._call("/workspaces/get")
        transport = await self._open(call)
        return _read(call, await transport.get(call), seam_wire.read_workspace)

    async def create_portal(self, request: PortalRequest) -> CreatedPortal:
        call = self._call("/customers/create_portal", creates=True)
        transport = await self._open(call)
        answer = await transport.post(call, encode_request(request))
        portal = _read(call, answer, seam_wire.read_customer_portal)
        return CreatedPortal(portal, answer.request_id)

    async def open_portal(self, customer_key: str) -> CreatedPortal:
        call = self._call("/seam/customer/v1/customers/open_portal", creates=True)
        transport = await self._open(call)
        body = seam_wire.write_json({"customer_key": customer_key})
        answer = await transport.post(call, body)
        return CreatedPortal(_read(call, answer, seam_wire.read_open_portal), answer.request_id)

    async def list_client_sessions(
        self,
        client_session_id: str | None = None,
        *,
        keep: Callable[[ClientSession], bool] | None = None,
    ) -> Sequence[ClientSession]:
        def is_wanted(session: ClientSession) -> bool:
            # The service may ignore the filter, and the caller must get no other session.
            if client_session_id not in (None, session.client_session_id):
                return False
            return keep is None or keep(session)

        query = {"client_session_id": client_session_id} if client_session_id else None
        call = self._call("/client_sessions/list")
        return await self._list(call, seam_lists.client_sessions(is_wanted), query)

    async def revoke_client_session(self, client_session_id: str) -> None:
        call = self._call("/client_sessions/revoke")
        transport = await self._open(call)
        body = seam_wire.write_json({"client_session_id": client_session_id})
        _read(call, await transport.post(call, body), seam_wire.read_ok)

    async def create_reservation_deep_link(
        self, customer_key: str, reservation_key: str
    ) -> CreatedDeepLink:
        call = self._call("/customers/reservations/create_deep_link", creates=True)
        transport = await self._open(call)
        names = {"customer_key": customer_key, "reservation_key": reservation_key}
        answer = await transport.post(call, seam_wire.write_json(names))
        link = _read(call, answer, seam_wire.read_deep_link)
        return replace(link, seam_request_id=answer.request_id)

    async def push_data(self, data: CustomerData) -> None:
        call = self._call("/customers/push_data")
        transport = await self._open(call)
        answer = await transport.post(call, encode_customer_data(data))
        _read(call, answer, seam_wire.read_ok)

    async def delete_data(self, keys: DeletedKeys) -> None:
        call = self._call("/customers/delete_data", removes=True)
        transport = await self._open(call)
        answer = await transport.delete(call, seam_wire.write_query(keys.by_field()))
        _read(call, answer, seam_wire.read_ok)

    async def list_customers(
        self, search: str = "", page_cursor: str | None = None
    ) -> CustomersPage:
        query = {"search": search, "page_cursor": page_cursor}
        call = self._call("/seam/customer/v1/customers/list")
        given = {name: text for name, text in query.items() if text}
        transport = await self._open(call)
        answer, reader = await transport.get_list(call, seam_lists.customers(), given)
        return _read(call, answer, lambda _: seam_lists.customers_page(reader))

    async def list_customization_profiles(self) -> Sequence[CustomizationProfile]:
        call = self._call("/workspaces/customization_profiles/list")
        return await self._list(call, seam_lists.customization_profiles())

    async def has_spaces(self, customer_key: str) -> bool:
        call = self._call("/spaces/list")
        return bool(await self._list(call, seam_lists.space_ids(), _one_of(customer_key)))

    async def has_devices(self, customer_key: str) -> bool:
        call = self._call("/devices/list")
        return bool(await self._list(call, seam_lists.device_ids(), _one_of(customer_key)))

    async def list_device_providers(self) -> Sequence[DeviceProvider]:
        call = self._call("/devices/list_device_providers")
        return await self._list(call, seam_lists.device_providers())

    async def aclose(self) -> None:
        """Close the connections; later calls fail. May be called again."""
        self._closed = True
        async with self._opening:
            transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    async def _list(
        self, call: Call, reader: ListReader[Any, _T], query: Mapping[str, str] | None = None
    ) -> list[_T]:
        transport = await self._open(call)
        answer, reader = await transport.get_list(call, reader, query)
        return _read(call, answer, lambda _: reader.items)

    def _call(self, route: str, *, creates: bool = False, removes: bool = False) -> Call:
        return Call(
            route,
            self._host,
            self._credential,
            creates=creates,
            removes=removes,
            clock=self._clock,
        )

    async def _open(self, call: Call) -> SeamTransport:
        """The transport, built on first use in a thread, because that is slow."""
        failure: SeamError | None = None
        async with self._opening:
            if self._transport is None and not self._closed:
                built = await asyncio.to_thread(self._build, call)
                if isinstance(built, SeamError):
                    failure = built
                else:
                    self._transport = built
            if self._transport is not None:
                return self._transport
        if failure is None:
            from seam_portal_desktop.adapters.seam.network_errors import closed

            failure = closed(call)
        raise failure

    def _build(self, call: Call) -> SeamTransport | SeamError:
        headers = {"authorization": f"Bearer {self._credential.secret.reveal()}"}
        if self._credential.workspace_id:
            headers["seam-workspace"] = self._credential.workspace_id
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            # httpx's own refusal would quote the header.
            return call.fail(
                UnauthorizedError,
                _("This {credential_name} can't be sent.").format(
                    credential_name=call.credential_name
                ),
                _(
                    "It, or its workspace id, has characters that Seam never uses. Copy it again "
                    "from the Seam Console."
                ),
                reached=False,
            )
        from seam_portal_desktop.adapters.seam import transport as seam_transport

        return seam_transport.SeamTransport(
            self._endpoint, headers, self._limits or seam_transport.Limits(), self._clock
        )


def create_gateway(
    endpoint: str, credential: Credential, clock: SeamClock | None = None
) -> SeamGateway:
    """The GatewayFactory of the program; does no I/O and imports no HTTP library."""
    return HttpSeamGateway(endpoint, credential, clock=clock)


def _one_of(customer_key: str) -> dict[str, str]:
    return {"customer_key": customer_key, "limit": "1"}


def _read(call: Call, answer: Answer, read: Callable[[bytes], _T]) -> _T:
    if not answer.is_success:
        raise seam_errors.refused(call, answer)
    try:
        return read(answer.body)
    except seam_wire.UnreadableAnswerError as error:
        problem = error
    raise answer_errors.unreadable(call, answer, problem)
