"""Why a page could not be loaded."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWebEngineCore import QWebEngineLoadingInfo

from seam_portal_desktop.domain.preview.load_failure import (
    FailureKind,
    LoadFailure,
    classify_http,
    classify_net_error,
)
from seam_portal_desktop.ui.preview.network.page_network import PageNetwork
from seam_portal_desktop.ui.preview.security.addresses import origin_of
from seam_portal_desktop.ui.preview.security.profile import encoded

# What the engine reports if its proxy, which is ours, gives no connection.
_PROXY_ERRORS = frozenset({-120, -121})


def failure_of(
    info: QWebEngineLoadingInfo, cause: LoadFailure | None, network: PageNetwork, *, at_home: bool
) -> LoadFailure:
    """The failure of a load. `cause` is what the page's challenges reported before, if anything.

    `at_home`: the address is the portal's own.
    """
    if cause is not None and cause.kind in {FailureKind.TLS, FailureKind.SIGN_IN}:
        return cause
    code = info.errorCode()
    if info.errorDomain() is QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain:
        return classify_http(code, at_home=at_home)
    origin = origin_of(encoded(info.url()))
    if code not in _PROXY_ERRORS or origin is None:
        return classify_net_error(code)
    reason = network.failure_of(origin.host, origin.port)
    if reason is None:
        return classify_net_error(code)
    failure = classify_net_error(reason.code)
    return replace(failure, detail=reason.detail) if reason.detail else failure
