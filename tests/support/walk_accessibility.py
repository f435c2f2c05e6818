"""Walks the accessibility tree of a program on the session's bus, as a screen reader does.

Run it in `dbus-run-session` with a display. It starts the driver in the demo, waits until a page is
loaded, prints one line of JSON for each visible object, presses two controls, prints their objects
again, and ends the program.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from typing import Any

from jeepney import DBusAddress, Message, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.support.processes import DRIVER, until

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ROOT = "/org/a11y/atspi/accessible/root"
_MOST = 3000
_STATES = {"focusable": 11, "expandable": 9, "expanded": 10, "collapsed": 5, "checked": 4}
_SHOWING = 25


class _Bus:
    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection

    def call(self, owner: str, path: str, method: str) -> Any:
        message = new_method_call(DBusAddress(path, owner, _ACCESSIBLE), method)
        return self._answer(message)

    def press(self, node: dict[str, Any]) -> None:
        action = DBusAddress(node["path"], node["owner"], "org.a11y.atspi.Action")
        reply = self._connection.send_and_get_reply(
            new_method_call(action, "DoAction", "i", (0,)), timeout=20
        )
        assert reply.body == (True,), reply

    def name(self, owner: str, path: str) -> str:
        message = Properties(DBusAddress(path, owner, _ACCESSIBLE)).get("Name")
        return str(self._answer(message)[1])

    def _answer(self, message: Message) -> Any:
        reply = self._connection.send_and_get_reply(message, timeout=20)
        if reply.header.message_type is MessageType.error:
            raise LookupError(reply.body)
        return reply.body[0]


def accessibility_bus() -> _Bus:
    session = open_dbus_connection("SESSION")
    asked = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
    address = session.send_and_get_reply(new_method_call(asked, "GetAddress")).body[0]
    return _Bus(open_dbus_connection(address))


def walk(bus: _Bus) -> list[dict[str, Any]]:
    """The visible objects in reading order. Raises LookupError if one vanishes meanwhile."""
    found: list[dict[str, Any]] = []
    waiting = list(bus.call("org.a11y.atspi.Registry", _ROOT, "GetChildren"))
    while waiting and len(found) < _MOST:
        owner, path = waiting.pop(0)
        low, high = bus.call(owner, path, "GetState")
        bits = low | high << 32
        role = bus.call(owner, path, "GetRoleName")
        if role != "application" and not bits >> _SHOWING & 1:
            continue
        states = [name for name, bit in _STATES.items() if bits >> bit & 1]
        node = {"role": role, "name": bus.name(owner, path), "states": states}
        found.append(node | {"owner": owner, "path": path})
        # In reading order: the children come before the siblings.
        waiting[:0] = bus.call(owner, path, "GetChildren")
    return found


def named(bus: _Bus, name: str, state: str) -> dict[str, Any]:
    """The object with this name, once it is shown and has the state."""
    found: list[dict[str, Any]] = []

    def is_there() -> bool:
        with contextlib.suppress(LookupError):
            nodes = walk(bus)
            found[:] = [each for each in nodes if each["name"] == name and state in each["states"]]
        return bool(found)

    until(is_there, f"{name!r} is {state}", timeout=20)
    return found[0]


def write(kind: str, node: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"kind": kind} | node) + "\n")


def main() -> int:
    command = [sys.executable, "-m", DRIVER, "preview", "--demo", *sys.argv[1:]]
    variables = os.environ | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    bus = accessibility_bus()
    with subprocess.Popen(
        command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert '"loaded"' in program.stdout.readline()
        try:
            for node in walk(bus):
                write("node", node)
            bus.press(named(bus, "Details", "focusable"))
            unfolded = named(bus, "Dates", "expanded")
            write("fold", unfolded)
            bus.press(unfolded)
            write("fold", named(bus, "Dates", "collapsed"))
        except BaseException:
            program.kill()
            raise
        program.stdin.write("quit\n")
        program.stdin.flush()
        return program.wait(60)


if __name__ == "__main__":
    sys.exit(main())
