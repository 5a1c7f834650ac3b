"""The authority of a province's own, as `deploy/certificates.sh` makes it."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


def make(folder: Path, *servers: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "deploy" / "certificates.sh"
    return subprocess.run([script, folder, *servers], capture_output=True, text=True, check=False, timeout=60)


def names_in(certificate: Path) -> str:
    command = ["openssl", "x509", "-in", str(certificate), "-noout", "-ext", "subjectAltName"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[1].strip()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("store.tinh.local", "DNS:store.tinh.local"),
        ("10.0.0.5", "IP Address:10.0.0.5"),
        ("fe80::1", "IP Address:FE80:0:0:0:0:0:0:1"),
        ("a.b.c.dad", "DNS:a.b.c.dad"),
        ("a,10.0.0.5", "DNS:a, IP Address:10.0.0.5"),
    ],
)
def test_a_certificate_bears_the_names_that_clients_call(name: str, told: str, tmp_path: Path) -> None:
    assert make(tmp_path, f"store={name}").returncode == 0
    assert names_in(tmp_path / "store" / "public.crt") == f"DNS:localhost, IP Address:127.0.0.1, {told}"


def test_the_authority_vouches_for_its_servers_and_python_takes_both(tmp_path: Path) -> None:
    make(tmp_path, "store", "redis")
    certificates = [tmp_path / name / "public.crt" for name in ("store", "redis")]
    verify = ["openssl", "verify", "-x509_strict", "-CAfile", str(tmp_path / "ca.pem"), *map(str, certificates)]
    told = subprocess.run(verify, check=True, capture_output=True, text=True).stdout
    assert told.splitlines() == [f"{certificate}: OK" for certificate in certificates]
    believed = ssl.create_default_context(cafile=tmp_path / "ca.pem").get_ca_certs()
    assert len(believed) == 1
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificates[0], certificates[0].with_name("private.key"))


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    make(tmp_path, "store")
    assert [file.stat().st_mode & 0o077 for file in (tmp_path / "ca.key", tmp_path / "store" / "private.key")] == [0, 0]


def test_what_is_there_stays_and_a_server_is_added_later(tmp_path: Path) -> None:
    make(tmp_path, "store")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file.name != "ca.srl"}
    assert make(tmp_path, "store", "redis").returncode == 0
    assert {file: file.read_bytes() for file in before} == before
    assert (tmp_path / "redis" / "public.crt").is_file()


def test_without_the_authoritys_key_no_other_authority_is_made_in_its_place(tmp_path: Path) -> None:
    make(tmp_path, "store")
    (tmp_path / "ca.key").unlink()
    done = make(tmp_path, "redis")
    assert done.returncode == 1
    assert "ca.key is missing" in done.stderr
    assert not (tmp_path / "redis").exists()


@pytest.mark.parametrize("servers", [(), ("../store=a",), ("=a",)])
def test_a_wrong_call_says_how_it_is_called(servers: tuple[str, ...], tmp_path: Path) -> None:
    done = make(tmp_path / "tls", *servers)
    assert done.returncode == 1
    assert "SERVER=NAME" in done.stderr
