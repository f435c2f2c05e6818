"""What the preview costs: `python benchmarks/preview.py`. One line of JSON for each claim.

- From Create to the rendered preview, against a bare web view: as the safe preview, as the live
  link, and as the safe preview when Create is pressed at once after the dialog opened. Processes
  take turns against one sandbox, which is another: a QWebEngineView that loads a portal, and the
  program, whose filled New portal dialog is told to create one. All have a window on the screen by
  then. The bare one has imported the engine, and starts it with its view. The program has been up
  for the second or two in which it starts its engine by itself; its dialog has been open for half
  a second, less than typing a key takes, or not at all. `--parts` prints when each part of the way
  was done.
- First paint and full load of a portal's page in the preview, against a bare QWebEngineView on the
  same page, once the engine runs.
- Memory after five previews that were opened and closed in turn, against after the first (Linux).
- How long the table stands still while a heavy page loads, in frames more than without one.

One probe looks into all pages every 5 ms, until the page says that it is complete, the engine says
that it was painted, nothing covers it, and its pixels make a picture. Each load has a fresh link.
Without a display Qt's offscreen platform is used; as root the engine runs without its sandbox, in
all. Bytecode is compiled before and used by all, whatever PYTHONDONTWRITEBYTECODE says.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from urllib.request import Request, urlopen

from support.alternate import alternate, claim, compile_package, read_options, run, start

_SUPPORT = Path(__file__).parent / "support"
_LOADS = 4
_TURNS = 5
_MEMORY_SAMPLES = 3  # it varies by a percent or two, and each takes ten seconds
_STALL_SAMPLES = 3  # each takes eight seconds
_FRAME_SECONDS = 1 / 60

Address = dict[str, str]


def main() -> None:
    samples, options = read_options("parts", default=5)
    compile_package()
    with start(["-m", "seam_portal_desktop.sandbox"]) as sandbox:
        try:
            address = json.loads(sandbox.stdout.readline())
            _create_to_rendered(address, samples, options)
            _page_loads(address, samples)
            if sys.platform.startswith("linux"):
                _memory(address)
        finally:
            sandbox.terminate()
    _table_stalls()


def _create_to_rendered(address: Address, samples: int, options: Sequence[str]) -> None:
    ways = {"safe": ("safe", "0.5"), "live": ("live", "0.5"), "pressed at once": ("safe", "0")}
    with tempfile.TemporaryDirectory(prefix="seam-portal-benchmark-") as folder:
        number = count()

        def program(way: Sequence[str]) -> Sequence[str]:
            data_dir = str(Path(folder, str(next(number))))
            script = str(_SUPPORT / "program_preview.py")
            return [script, data_dir, address["endpoint"], address["api_key"], *way, *options]

        seen = alternate(
            samples,
            {
                "bare": lambda: [str(_SUPPORT / "bare_view.py"), _new_link(address)],
                **{name: partial(program, way) for name, way in ways.items()},
            },
        )
    for name in ways:
        claim(
            f"preview: create to rendered ({name})",
            [report["rendered"] for report in seen[name]],
            [report["rendered"] for report in seen["bare"]],
            goal=1.25,
            reference="a bare QWebEngineView, engine imported, not started, loading such a portal",
        )


def _page_loads(address: Address, samples: int) -> None:
    def loads(kind: str) -> Sequence[str]:
        links = [_new_link(address) for _ in range(_LOADS)]
        return [str(_SUPPORT / "page_loads.py"), kind, *links]

    seen = alternate(samples, {"bare": lambda: loads("bare"), "pane": lambda: loads("pane")})
    for name, milestone in (("first paint", "painted"), ("full load", "rendered")):
        claim(
            f"preview: {name}",
            [report[milestone] for report in seen["pane"]],
            [report[milestone] for report in seen["bare"]],
            goal=1.2,
            reference=f"{name} of the same page in a bare QWebEngineView, engine started",
        )


def _memory(address: Address) -> None:
    def turns() -> Sequence[str]:
        links = [_new_link(address) for _ in range(_TURNS)]
        return [str(_SUPPORT / "previews_memory.py"), *links]

    reports = alternate(_MEMORY_SAMPLES, {"turns": turns})["turns"]
    first, last = (
        statistics.median(report[key] for report in reports) for key in ("first", "last")
    )
    line = {
        "name": "preview: memory after five in turn",
        "ratio": round(last / first, 3),
        "goal": 1.15,
        "reference": "the same program after the first of them",
        "samples": _MEMORY_SAMPLES,
        "mb": round(last, 1),
        "reference_mb": round(first, 1),
    }
    print(json.dumps(line), flush=True)


def _table_stalls() -> None:
    with start([str(_SUPPORT / "heavy_page.py")], stdin=subprocess.PIPE) as server:
        port = json.loads(server.stdout.readline())["port"]
        url = f"http://127.0.0.1:{port}/portals/heavy"
        report = json.loads(run([str(_SUPPORT / "table_stalls.py"), url, str(_STALL_SAMPLES)]))
    line = {
        "name": "preview: the table's worst stall while a heavy page loads, in frames more",
        "ratio": round((report["with"] - report["without"]) / _FRAME_SECONDS, 3),
        "goal": 2,
        "reference": "the same table without a page; a frame is 1/60 s",
        "samples": _STALL_SAMPLES,
        "ms": round(report["with"] * 1000, 1),
        "reference_ms": round(report["without"] * 1000, 1),
    }
    print(json.dumps(line), flush=True)


def _new_link(address: Address) -> str:
    """The URL of a new portal like the one that the program creates."""
    request = Request(  # noqa: S310 - the sandbox's own address
        f"{address['endpoint']}/customers/create_portal",
        data=json.dumps({"customer_data": {"customer_key": "harbor-hotel"}}).encode(),
        headers={
            "Authorization": f"Bearer {address['api_key']}",
            "Content-Type": "application/json",
        },
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(json.load(answer)["customer_portal"]["url"])


main()
