"""The secrets of compose.yml as `docker/prepare.sh` makes them: each for one container's user alone, once and for all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.house.source import ROOT

SCRIPT = ROOT / "docker" / "prepare.sh"
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("openssl") is None, reason="needs root, who gives files away, and openssl"
)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    subprocess.run([SCRIPT, folder, "province.local,10.0.0.5"], check=True, capture_output=True, timeout=60)
    return folder


def files_of(secrets: Path) -> dict[str, Path]:
    """Of each secret that compose mounts."""
    whole = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text(encoding="utf-8"))
    return {name: secrets / one["file"].removeprefix("${SECRETS:-./secrets}/") for name, one in whole["secrets"].items()}


def test_every_secret_of_compose_is_there(secrets: Path) -> None:
    assert [name for name, file in files_of(secrets).items() if not file.stat().st_size] == []


def test_the_folder_is_for_root_and_a_secret_for_its_container_alone(secrets: Path) -> None:
    assert secrets.stat().st_mode & 0o777 == 0o700
    public = ("ca", "store_cert", "redis_cert", "elastic_cert")
    assert {file.stat().st_mode & 0o777 for name, file in files_of(secrets).items() if name not in public} == {0o400}
    owners = {name: file.stat().st_uid for name, file in files_of(secrets).items()}
    assert (owners["s3_secret_key"], owners["redis_password"], owners["elastic_password"]) == (10001, 999, 1000)


def test_a_secret_that_two_have_is_the_same_for_both(secrets: Path) -> None:
    password = (secrets / "redis_password").read_text().split()[1]
    assert (secrets / "broker_url").read_text() == f"rediss://:{password}@redis:6379/0\n"
    assert (secrets / "elastic_admin").read_text() == (secrets / "elastic_password").read_text()
    assert f"AUTH_TOKEN_SOHOA={(secrets / 'hook_token').read_text()}" in (secrets / "store_admin").read_text()


def test_made_again_nothing_changes(secrets: Path) -> None:
    before = {file: file.read_bytes() for file in secrets.rglob("*") if file.is_file()}
    subprocess.run([SCRIPT, secrets], check=True, capture_output=True, timeout=60)
    assert {file: file.read_bytes() for file in secrets.rglob("*") if file.is_file()} == before


def test_no_secret_is_short_or_made_twice(secrets: Path) -> None:
    chosen = [
        (secrets / name).read_text().strip() for name in ("s3_secret_key", "elastic_password", "postgres_password", "hook_token")
    ]
    assert len(set(chosen)) == len(chosen)
    assert all(len(one) == 48 for one in chosen)
