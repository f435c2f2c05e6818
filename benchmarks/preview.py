"""From Create to the rendered preview, against a bare web view: `python benchmarks/preview.py`.

Two processes take turns against one sandbox, which is a third: a QWebEngineView that loads a
portal, and the program, whose filled New portal dialog is told to create one. Both have a window
on the screen by then. The bare one has imported the engine, and starts it with its view. The
program's dialog has been open for half a second, less than typing a key takes; the program uses
that time to start its engine, so the figure holds for people and not for a script that presses
Create at once. The same probe looks into both every 10 ms, from pressing Create or making the
view, until the page says that it is complete, the engine says that it was painted, and its pixels
make a picture. Each load has a fresh link. Without a display Qt's offscreen platform is used; as
root the engine runs without its sandbox, in both.

Bytecode is compiled before and used by all, whatever PYTHONDONTWRITEBYTECODE says.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.request import Request, urlopen

from support.alternate import alternate, claim, compile_package, sample_count, start

_SUPPORT = Path(__file__).parent / "support"


def main() -> None:
    samples = sample_count()
    compile_package()
    with (
        start(["-m", "seam_portal_desktop.sandbox"]) as sandbox,
        tempfile.TemporaryDirectory(prefix="seam-portal-benchmark-") as folder,
    ):
        address = json.loads(sandbox.stdout.readline())
        made = iter(range(samples + 1))

        def program() -> Sequence[str]:
            data_dir = str(Path(folder, str(next(made))))
            script = str(_SUPPORT / "program_preview.py")
            return [script, data_dir, address["endpoint"], address["api_key"]]

        seen = alternate(
            samples,
            {
                "bare": lambda: [str(_SUPPORT / "bare_view.py"), _new_link(address)],
                "program": program,
            },
        )
        sandbox.terminate()
    claim(
        "preview: create to rendered",
        [report["rendered"] for report in seen["program"]],
        [report["rendered"] for report in seen["bare"]],
        goal=1.3,
        reference="a bare QWebEngineView, engine imported, not started, loading such a portal",
    )


def _new_link(address: dict[str, str]) -> str:
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
