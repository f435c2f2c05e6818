"""The user's settings: what they chose, except for what the policy fixes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seam_portal_desktop.domain.preferences import Settings

if TYPE_CHECKING:
    from seam_portal_desktop.domain.policy import Policy

OnChange = Callable[[Settings, Settings], None]
"""Called with the settings before and after a change."""


class SettingsService:
    """``current`` are the settings in use. It exists before there is a window: import little."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._policy: Policy | None = None
        self._on_change: list[OnChange] = []
        self.current = chosen

    @property
    def chosen(self) -> Settings:
        """What the user chose, without the policy."""
        return self._chosen

    def set_policy(self, policy: Policy) -> None:
        """Fix the policy's settings. The user's choice of them is kept, and not used."""
        self._policy = policy
        self._update()

    def subscribe(self, on_change: OnChange) -> None:
        self._on_change.append(on_change)

    def choose(self, **values: Any) -> None:  # noqa: ANN401 - of the fields of Settings
        """Use these values from now on."""
        self._chosen = replace(self._chosen, **values)
        self._update()

    def reset(self) -> None:
        """Use the defaults from now on."""
        self._chosen = Settings()
        self._update()

    def _update(self) -> None:
        before, fixed = self.current, {}
        if self._policy is not None:
            names = Settings.__dataclass_fields__
            fixed = {name: value for name, value in self._policy.settings.items() if name in names}
        self.current = replace(self._chosen, **fixed)
        if self.current != before:
            for on_change in self._on_change:
                on_change(before, self.current)
