"""Tells assistive technology that a button shows and hides something."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleStateChangeEvent
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget
from shiboken6 import isValid

_EXPANDED = "expanded"


def set_expanded(button: QAbstractButton, expanded: bool) -> None:  # noqa: FBT001 - a setter
    """Give `button` the states expandable, and expanded or collapsed.

    Qt can't set them for a button, so it gets an accessible object of our own.
    """
    button.setProperty(_EXPANDED, expanded)
    given = QAccessible.queryAccessibleInterface(button)
    if not isinstance(given, _ExpandableButton):
        # Qt's own object has to be deleted first, or nothing ever deletes it.
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(given))
        # Qt deletes ours with the button. Until then Python must not delete it.
        _registered[:] = [each for each in _registered if isValid(each)]
        _registered.append(_ExpandableButton(button))
        QAccessible.registerAccessibleInterface(_registered[-1])
    if QAccessible.isActive():
        changed = QAccessible.State()
        changed.expanded = True
        QAccessible.updateAccessibility(QAccessibleStateChangeEvent(button, changed))


class _ExpandableButton(QAccessibleWidget):
    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button, QAccessible.Role.Button, "")

    def state(self) -> QAccessible.State:
        state = super().state()
        state.expandable = True
        button = self.widget()
        state.expanded = button is not None and bool(button.property(_EXPANDED))
        state.collapsed = not state.expanded
        return state

    def text(self, kind: QAccessible.Text) -> str:
        text = super().text(kind)
        button = self.widget()
        if kind is QAccessible.Text.Name and not text and isinstance(button, QAbstractButton):
            return button.text()
        return text

    def actionNames(self) -> list[str]:
        return [self.pressAction(), *super().actionNames()]

    def doAction(self, actionName: str) -> None:  # noqa: N803 - Qt's name
        button = self.widget()
        if actionName == self.pressAction() and isinstance(button, QAbstractButton):
            button.click()
        else:
            super().doAction(actionName)


_registered: list[_ExpandableButton] = []
