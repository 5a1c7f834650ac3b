"""The compose files hold what an administrator relies on: hardened, limited, watched, and no secret where it can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.main import COMMANDS
from config.settings import FILE, PREFIX, SECRETS, Settings, environment_name
from tests.house.source import ROOT

FILES = [ROOT / "docker" / name for name in ("compose.yml", "compose.embedded.yml")]

KNOWN = {environment_name(name) for name in Settings.model_fields} | {environment_name(name) + FILE for name in SECRETS}
IMAGE = re.compile(r"\$\{IMAGE_[A-Z]+:-[a-z/]+:[A-Za-z0-9][\w.-]+\}")
SECRET_WORDS = re.compile(r"PASSWORD|SECRET|TOKEN|KEY\b|_KEY", re.IGNORECASE)


def compose(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


def services() -> Iterator[Any]:
    for file in FILES:
        for name, service in compose(file)["services"].items():
            yield pytest.param(file, service, id=f"{file.stem}-{name}")


each_service = pytest.mark.parametrize(("file", "service"), list(services()))


@each_service
def test_an_image_is_named_by_a_variable_with_a_pinned_default(file: Path, service: dict[str, Any]) -> None:
    assert IMAGE.fullmatch(service["image"])
    assert ":latest" not in service["image"]


@each_service
def test_a_container_can_do_no_more_than_it_has_to(file: Path, service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True or service["x-writable-root"]
    assert not service.get("privileged")
    assert service.get("user", "10001") != "0"


@each_service
def test_a_container_has_limits_and_short_logs(file: Path, service: dict[str, Any]) -> None:
    assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()
    assert {"max-size", "max-file"} <= service["logging"]["options"].keys()


@each_service
def test_a_container_is_asked_how_it_is_or_says_why_not(file: Path, service: dict[str, Any]) -> None:
    assert ("healthcheck" in service) != ("x-no-healthcheck" in service)


@each_service
def test_no_secret_stands_in_the_environment(file: Path, service: dict[str, Any]) -> None:
    told = service.get("environment", {})
    shown = [name for name, value in told.items() if SECRET_WORDS.search(name) and not name.endswith(FILE) and value]
    assert [name for name in shown if not name.startswith("xpack.") and name != "SOHOA_S3_ACCESS_KEY"] == []


@each_service
def test_every_setting_is_one_that_the_program_knows(file: Path, service: dict[str, Any]) -> None:
    assert {name for name in service.get("environment", {}) if name.startswith(PREFIX)} <= KNOWN


@each_service
def test_secrets_volumes_networks_and_neighbours_are_those_of_the_file(file: Path, service: dict[str, Any]) -> None:
    whole = compose(file)
    for kind in ("secrets", "configs", "networks"):
        used = {one["source"] if isinstance(one, dict) else one for one in service.get(kind, [])}
        assert used <= whole.get(kind, {}).keys(), kind
    assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= whole["volumes"].keys()
    assert service.get("depends_on", {}).keys() <= whole["services"].keys()


@each_service
def test_a_healthy_neighbour_is_one_that_is_asked(file: Path, service: dict[str, Any]) -> None:
    neighbours = compose(file)["services"]
    for name, wanted in service.get("depends_on", {}).items():
        assert (wanted["condition"] == "service_healthy") == ("healthcheck" in neighbours[name])


@each_service
def test_a_container_of_ours_runs_a_command_that_there_is(file: Path, service: dict[str, Any]) -> None:
    if "IMAGE_SOHOA" in service["image"] and service["restart"] != "no":
        assert service["init"]
    if "IMAGE_SOHOA" in service["image"] and service.get("entrypoint", ["/bin/sh"])[0] == "/bin/sh":
        assert service["command"][0] in COMMANDS


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_variable_of_compose_could_be_taken_for_a_setting(file: Path) -> None:
    assert re.findall(r"\$\{SOHOA_\w*", file.read_text(encoding="utf-8")) == []


def test_everything_that_is_declared_is_used() -> None:
    whole = compose(FILES[0])
    used = yaml.safe_dump(list(whole["services"].values()))
    declared = [name for kind in ("secrets", "configs", "volumes", "networks") for name in whole[kind]]
    assert [name for name in declared if not re.search(rf"\b{name}\b", used)] == []


def test_every_secret_is_made_by_the_script_that_prepares_them() -> None:
    script = (ROOT / "docker" / "prepare.sh").read_text(encoding="utf-8")
    for secret in compose(FILES[0])["secrets"].values():
        name = secret["file"].removeprefix("${SECRETS:-./secrets}/")
        made = (
            f'"{name.split("/")[1]}=' if name.startswith("tls/") and name != "tls/ca.pem" else "tls" if "ca.pem" in name else name
        )
        assert made in script, name


def test_files_that_are_mounted_lie_beside_the_compose_file() -> None:
    for config in compose(FILES[0])["configs"].values():
        assert (ROOT / "docker" / config["file"]).is_file()
