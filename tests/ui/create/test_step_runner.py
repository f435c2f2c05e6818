"""The runner of long computations on the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.ui.create import step_runner
from seam_portal_desktop.ui.create.step_runner import StepRunner


class _Thread:
    """Computes until `looked` times were looked for it."""

    def __init__(self, looked: int) -> None:
        self.left = looked

    def is_computing(self) -> bool:
        self.left -= 1
        return self.left >= 0


def test_two_computations_take_turns(qtbot, monkeypatch):
    """Steps of both in one turn of the event loop would double the time that the window waits."""
    monkeypatch.setattr(step_runner, "_SLICE_S", 0)
    monkeypatch.setattr(step_runner, "_TURN_S", 60)
    seen: list[str] = []

    def compute(name: str, steps: int) -> Steps[None]:
        for _step in range(steps):
            seen.append(name)
            yield None

    parent = QObject()
    first, second = StepRunner(parent), StepRunner(parent)
    first.start(compute("first", 1))
    second.start(compute("second", 3))
    assert seen == ["first", "second"], "start() never waits"
    first._go_on()
    second._go_on()
    assert seen == ["first", "second"], "steps have just been done"
    monkeypatch.setattr(step_runner, "_TURN_S", 0)
    with qtbot.waitSignal(second.done, timeout=5_000):
        pass
    assert seen == ["first", "second", "second", "second"]
    assert not first.is_running


def test_steps_wait_while_a_thread_computes(qtbot, monkeypatch):
    thread = _Thread(looked=3)
    monkeypatch.setattr(step_runner, "is_computing", thread.is_computing)
    monkeypatch.setattr(step_runner, "_SLICE_S", 0)
    monkeypatch.setattr(step_runner, "_WAIT_MS", 1)
    seen: list[int] = []

    def compute() -> Steps[str]:
        for _step in range(3):
            seen.append(thread.left)
            yield None
        return "result"

    parent = QObject()
    runner = StepRunner(parent)
    with qtbot.waitSignal(runner.done, timeout=5_000) as done:
        runner.start(compute())
    assert done.args == ["result"]
    assert seen[0] == 3, "a computation of one step is done when start() returns"
    assert all(left < 0 for left in seen[1:]), "no step is done while the thread computes"
    assert not runner.is_running
