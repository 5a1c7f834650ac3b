"""The dashboard shows figures that there are, and every figure is shown."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.custody.doubles import Office
from tests.custody.test_pending import bring
from tests.house.source import ROOT
from tests.web.test_health import client, figures

DASHBOARD: dict[str, Any] = json.loads((ROOT / "docker" / "grafana" / "sohoa.json").read_text(encoding="utf-8"))
EXPRESSIONS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
BESIDE = {"sohoa_store_up", "sohoa_equation_looked_at"}
"""For alarms, not for eyes."""


@pytest.fixture
def told(office: Office) -> set[str]:
    bring(office, "a", 1)
    return {name for name, _ in figures(client(office.custody, office.indexing))}


def test_every_panel_asks_for_figures_that_are_told(told: set[str]) -> None:
    with_labels_that_may_be_empty = {"sohoa_stage_seconds_per_page", "sohoa_quarantined_records"}
    asked = {name for expression in EXPRESSIONS for name in re.findall(r"sohoa_\w+", expression)}
    assert asked - told - with_labels_that_may_be_empty == set()


def test_every_figure_is_shown(told: set[str]) -> None:
    assert {name for name in told - BESIDE if not any(name in expression for expression in EXPRESSIONS)} == set()


def test_panels_do_not_lie_on_one_another() -> None:
    cells: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        own = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not own & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        cells |= own
