"""The benchmarks run and print their results. Their goals hold only on a quiet machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("name", "claims"), [("startup", 2), ("preview", 7), ("import", 5), ("send", 3)]
)
def test_a_benchmark_prints_one_line_of_json_for_each_claim(name, claims):
    done = subprocess.run(
        [sys.executable, f"benchmarks/{name}.py", "--samples", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=400,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == claims
    for line in lines:
        assert {"name", "ratio", "goal", "reference", "samples"} <= line.keys()
        assert line["samples"] >= 1
        assert isinstance(line["ratio"], float)
        assert line.get("reference_ms", line.get("reference_mb")) > 1
