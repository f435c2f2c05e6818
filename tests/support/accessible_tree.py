"""What a screen reader is given: the tree of accessible objects that are visible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_ALONE = {
    QAccessible.Role.Table,
    QAccessible.Role.List,
    QAccessible.Role.Tree,
    QAccessible.Role.EditableText,
}
_BESIDE = (QAccessible.Role.ScrollBar, QAccessible.Role.Grip)
_PAGE = "QtWebEngineCore"
_SLACK = 3


@dataclass(frozen=True)
class Node:
    """A visible accessible object. `path` are the names or roles from the surface down to it."""

    role: QAccessible.Role
    name: str
    description: str
    state: QAccessible.State
    rect: QRect
    path: str
    has_children: bool

    def __str__(self) -> str:
        return f"{self.path} {self.role.name} {self.name!r} {self.rect.getRect()}"


def tree_of(widget: QWidget) -> list[Node]:
    """The visible accessible objects of `widget`, in the order in which they are read.

    What lists, tables, text fields and web pages consist of isn't among them.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    surface = QAccessible.queryAccessibleInterface(widget)
    assert surface is not None
    return list(_visit(surface, ""))


def _visit(interface: QAccessibleInterface, path: str) -> Iterator[Node]:
    state, role = interface.state(), interface.role()
    if state.invisible or not interface.isValid():
        return
    name = _name_of(interface)
    path = f"{path} › {name or _class_name(interface)}"
    children = [] if _is_opaque(interface) else _children(interface)
    description = interface.text(QAccessible.Text.Description)
    yield Node(role, name, description, state, interface.rect(), path, bool(children))
    for child in children:
        yield from _visit(child, path)


def _name_of(interface: QAccessibleInterface) -> str:
    if interface.role() is not QAccessible.Role.ComboBox:
        return interface.text(QAccessible.Text.Name)
    # On Linux the name of a combo box is its value. A screen reader speaks its label.
    kind = QAccessible.RelationFlag.Label
    labels = [label for label, relation in interface.relations(kind) if relation & kind]
    return " ".join(label.text(QAccessible.Text.Name) for label in labels)


def _children(interface: QAccessibleInterface) -> list[QAccessibleInterface]:
    found = [interface.child(index) for index in range(interface.childCount())]
    return [child for child in found if child is not None]


def _class_name(interface: QAccessibleInterface) -> str:
    thing = interface.object()
    return thing.metaObject().className() if thing is not None else interface.role().name


def _is_opaque(interface: QAccessibleInterface) -> bool:
    return interface.role() in _ALONE or _class_name(interface).startswith(_PAGE)


def nameless(nodes: Sequence[Node]) -> list[str]:
    """The controls, and what else can have the focus, that have no name."""
    return [str(node) for node in nodes if node.state.focusable and not node.name.strip()]


def in_wrong_order(nodes: Sequence[Node], direction: Qt.LayoutDirection) -> list[str]:
    """Neighbours of which the second is read before the first by somebody who looks."""
    leaves = [node for node in nodes if not node.has_children and not node.rect.isEmpty()]
    leaves = [node for node in leaves if node.role not in _BESIDE]
    return [
        f"{after} is read after {before}"
        for before, after in pairwise(leaves)
        if _precedes(after.rect, before.rect, direction)
    ]


def _precedes(one: QRect, other: QRect, direction: Qt.LayoutDirection) -> bool:
    """Whether the eye comes to `one` before `other`: it is above it, or before it in a line.

    What is above, but in a later column, isn't before it.
    """
    if direction is Qt.LayoutDirection.RightToLeft:
        is_before, is_after = one.left() >= other.right() - _SLACK, one.right() <= other.left()
    else:
        is_before, is_after = one.right() <= other.left() + _SLACK, one.left() >= other.right()
    if one.bottom() <= other.top() + _SLACK:
        return not is_after
    return is_before and one.top() < other.bottom() - _SLACK and one.bottom() > other.top() + _SLACK


def tab_stops(start: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """The widgets that have the focus in turn, from `start` until one has it again."""
    assert start.window().isActiveWindow(), "only the active window has the focus"
    start.setFocus(Qt.FocusReason.TabFocusReason)
    stops: list[QWidget] = []
    while (focused := QApplication.focusWidget()) not in stops:
        assert focused is not None, f"the focus was lost after {stops[-1:]}"
        stops.append(focused)
        QTest.keyClick(focused, key)
    return stops


def stops_in_wrong_order(stops: Sequence[QWidget]) -> list[str]:
    """Neighbours of tab stops of which the second precedes the first on the screen."""
    rects = [QRect(stop.mapToGlobal(stop.rect().topLeft()), stop.size()) for stop in stops]
    places = list(zip(stops, rects, strict=True))
    wrong = [
        f"{_words(after)} comes after {_words(before)}"
        for (before, first), (after, second) in pairwise([*places, places[0]])
        if _precedes(second, first, before.layoutDirection())
    ]
    # Once in the round the focus goes back to the top.
    return wrong if len(wrong) > 1 else []


def _words(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text!r}"


def problems_of(surface: QWidget) -> list[str]:
    """What a screen reader's user would stumble over in `surface`."""
    nodes = tree_of(surface)
    markup = [f"{node}: {node.description}" for node in nodes if "</" in node.description]
    return nameless(nodes) + in_wrong_order(nodes, surface.layoutDirection()) + markup


def node_named(surface: QWidget, name: str) -> Node:
    """The only visible object of `surface` with this name that can have the focus."""
    nodes = tree_of(surface)
    found = [node for node in nodes if node.name == name and node.state.focusable]
    assert len(found) == 1, f"{len(found)} controls {name!r} among {[str(node) for node in nodes]}"
    return found[0]
