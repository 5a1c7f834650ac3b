"""What the image promises, as far as its recipe tells; `make image-proof` carries the recipe out."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

from tests.house.source import ROOT, tracked_files

RECIPE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
STAGES = RECIPE.split("\nFROM ")[1:]
INSTALLED = re.compile(r"apt-get install --yes --no-install-recommends ([^&]+) &&")


def installed(stage: str) -> set[str]:
    return {name for found in INSTALLED.findall(stage.replace("\\\n", " ")) for name in found.split()}


def packages() -> set[str]:
    return set((ROOT / "tools" / "release" / "packages.txt").read_text(encoding="utf-8").split())


def test_every_stage_stands_on_the_same_debian() -> None:
    assert all(stage.startswith("${BASE}") for stage in STAGES)
    assert "ARG BASE=debian:bookworm-slim\n" in RECIPE


def test_it_runs_as_a_user_of_a_fixed_number_with_its_data_in_one_place() -> None:
    assert re.search(r"^USER 10001:10001$", STAGES[-1], re.MULTILINE)
    assert re.search(r"^VOLUME /data$", STAGES[-1], re.MULTILINE)
    assert "SOHOA_HOME=/data/home" in STAGES[-1]
    assert STAGES[-1].index("\nUSER ") > STAGES[-1].rindex("\nRUN ")


def test_packages_are_pinned_by_digest_and_taken_as_wheels() -> None:
    assert "--require-hashes --only-binary :all: --requirement requirements-image.lock" in STAGES[0]


def test_the_image_and_the_bundle_bring_the_same_debian_packages() -> None:
    assert installed(STAGES[-1]) == packages() - {"python3-venv"}
    assert "python3-venv" in installed(STAGES[0])


def test_what_set_up_installs_is_in_the_image_and_in_the_bundle() -> None:
    script = (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8")
    of_debian = set(re.findall(r"debian:\w+\) echo ([\w-]+) ;;", script))
    assert of_debian <= packages()


def test_what_is_copied_is_let_through_by_dockerignore_and_nothing_else() -> None:
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", RECIPE, re.MULTILINE) for name in line.split()}
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)


def test_every_room_of_the_product_is_copied() -> None:
    rooms = {file.relative_to(ROOT).parts[0] for file in tracked_files() if file.name == "__init__.py"} - {"tests", "tools"}
    copied = re.findall(r"^COPY (\w+) \1$", RECIPE, re.MULTILINE)
    assert set(copied) == {room for room in rooms if not fnmatch(room, "*.egg-info") and Path(ROOT / room).is_dir()}
