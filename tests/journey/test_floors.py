"""Every class of degradation reads at least as well as it once did: `make bench-accuracy` measures, this holds."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from config.wiring.readers import load_tools
from pipeline.journey import Tools
from samples import DEGRADATIONS
from tests.bench.accuracy.cases import sample_cases
from tests.bench.accuracy.running import read_one

SEED = 63
FLOORS = {
    "none": 0.980,
    "light": 0.977,
    "mixed": 0.979,
    "heavy": 0.832,
    "dpi-100": 0.980,
    "dpi-150": 0.980,
    "dpi-300": 0.980,
    "skew": 0.980,
    "turn": 0.980,
    "noise": 0.980,
    "specks": 0.980,
    "show-through": 0.977,
    "low-contrast": 0.979,
    "yellow-paper": 0.980,
    "jpeg": 0.980,
    "blur": 0.980,
    "seal": 0.980,
    "signature": 0.980,
    "handwriting": 0.977,
    "blanks": 0.980,
    "urgent": 0.980,
    "incoming": 0.970,
    "folds": 0.980,
    "holes": 0.980,
    "edge": 0.980,
    "bilevel": 0.980,
    "fax": 0.980,
    "photo": 0.980,
}
"""Word F1 of the first sample of each class, less two hundredths: other processors round otherwise."""


@lru_cache(maxsize=1)
def tools() -> Tools:
    return load_tools("fused")


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_no_class_reads_worse_than_it_did(name: str, tmp_path: Path) -> None:
    (case,) = sample_cases([name], 1, SEED, tmp_path)
    assert read_one(case, tools()).word_f1 >= FLOORS[name]
