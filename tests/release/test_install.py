"""The installer for machines without internet, on machines of every kind: what is around it is a small stand-in, the script is the
real one. `make bundle-proof` runs it on a real Debian with a real archive."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.source import ROOT

FAKE_APT = """#!/bin/bash
echo "$*" >> "{root}/apt.log"
exit {fails}
"""

FAKE_PYTHON = """#!/bin/bash
# Makes an environment whose pip writes down what it is asked for, and whose sohoa says that it is {version}.
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    printf '#!/bin/bash\\necho "sohoa {version}: $*"\\nexit {sick}\\n' > "$3/bin/sohoa"
    chmod +x "$3/bin/sohoa"
else
    echo "no index: $PIP_NO_INDEX, links: $PIP_FIND_LINKS, $*" >> "{root}/pip.log"
    exit {fails}
fi
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """`root`: of a Debian 12, the bundle lies in a folder with a blank in its name."""

    root: Path

    @property
    def bundle(self) -> Path:
        return self.root / "media" / "USB stick"

    def program(self, name: str, text: str, folder: str = "bin") -> None:
        file = self.root / folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def python(self, version: str = "1", *, fails: int = 0, sick: int = 0) -> None:
        text = FAKE_PYTHON.format(root=self.root, version=version, fails=fails, sick=sick)
        self.program("python3", text, folder="usr/bin")

    def pack(self, version: str = "1") -> None:
        """A bundle of that version."""
        shutil.rmtree(self.bundle, ignore_errors=True)
        for folder in ("wheels", "debs", "deploy"):
            (self.bundle / folder).mkdir(parents=True)
            (self.bundle / folder / f"content-{version}").write_text(folder)
        for name in ("install.sh", "packages.txt"):
            shutil.copy(ROOT / "tools" / "release" / name, self.bundle)
        (self.bundle / "release").write_text(f"VERSION={version}\nREVISION=abc\nDEBIAN=12\nARCH=amd64\nPYTHON=3.11\n")
        files = sorted(file for file in self.bundle.rglob("*") if file.is_file())
        sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(self.bundle)}\n" for file in files]
        (self.bundle / "SHA256SUMS").write_text("".join(sums))

    def install(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", self.bundle / "install.sh", *options],
            env={"PATH": f"{self.root / 'bin'}:{os.environ['PATH']}", "DESTDIR": str(self.root), "TMPDIR": str(self.root)},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def current(self) -> str:
        return (self.root / "opt/sohoa/current").readlink().name.partition("-")[0]

    def versions(self) -> list[str]:
        return sorted(folder.name.partition("-")[0] for folder in (self.root / "opt/sohoa/versions").iterdir())

    def log_of(self, program: str) -> str:
        log = self.root / f"{program}.log"
        return log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    there = Machine(tmp_path)
    there.program("id", "#!/bin/bash\necho 0\n")
    there.program("dpkg", "#!/bin/bash\necho amd64\n")
    there.program("df", "#!/bin/bash\necho Avail\necho 9000\n")
    there.program("apt-get", FAKE_APT.format(root=tmp_path, fails=0))
    there.python()
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n')
    there.pack()
    return there


def test_it_installs_from_its_own_folder_and_asks_no_network(machine: Machine) -> None:
    done = machine.install()
    assert done.returncode == 0, done.stderr
    assert machine.current() == "1"
    assert (machine.root / "usr/local/bin/sohoa").readlink() == Path("/opt/sohoa/current/bin/sohoa")
    update, install = machine.log_of("apt").splitlines()
    assert "Dir::Etc::sourceparts=/nowhere" in update
    assert "--no-remove ca-certificates" in install
    assert machine.log_of("pip").startswith("no index: 1, links: wheels, -m pip install --quiet --require-hashes")
    assert "sohoa init" in done.stdout


def test_installing_again_changes_nothing(machine: Machine) -> None:
    machine.install()
    again = machine.install()
    assert again.returncode == 0, again.stderr
    assert (machine.versions(), len(machine.log_of("pip").splitlines())) == (["1"], 1)
    assert not (machine.root / "opt/sohoa/previous").is_symlink()


def test_a_new_version_takes_over_and_the_one_before_is_kept_for_going_back(machine: Machine) -> None:
    for version in ("1", "2", "3"):
        machine.pack(version)
        machine.python(version)
        assert machine.install().returncode == 0
    assert (machine.current(), machine.versions()) == ("3", ["2", "3"])
    assert "0.1" not in machine.install("--rollback").stderr
    assert machine.current() == "2"
    assert machine.install("--rollback").returncode == 0
    assert machine.current() == "3"


def test_services_that_run_go_on_with_the_new_version(machine: Machine) -> None:
    machine.program("systemctl", f'#!/bin/bash\necho "$*" >> "{machine.root}/systemctl.log"\n')
    (machine.root / "run/systemd/system").mkdir(parents=True)
    assert machine.install().returncode == 0
    assert "try-restart sohoa-work.service" in machine.log_of("systemctl")


@pytest.mark.parametrize("trouble", ["a flipped bit", "a missing file", "no sums"])
def test_a_damaged_bundle_is_refused_before_anything_is_installed(machine: Machine, trouble: str) -> None:
    wheel = machine.bundle / "wheels" / "content-1"
    match trouble:
        case "a flipped bit":
            wheel.write_text("wheelz")
        case "a missing file":
            wheel.unlink()
        case _:
            (machine.bundle / "SHA256SUMS").unlink()
    done = machine.install()
    assert done.returncode == 1
    assert "KHÔNG CÀI ĐƯỢC (INCOMPLETE)" in done.stderr if trouble == "no sums" else "wheels/content-1" in done.stderr
    assert (machine.log_of("apt"), machine.log_of("pip")) == ("", "")


@pytest.mark.parametrize(
    ("code", "program", "text"),
    [
        ("NOT_ROOT", "id", "#!/bin/bash\necho 1000\n"),
        ("WRONG_ARCHITECTURE", "dpkg", "#!/bin/bash\necho arm64\n"),
        ("NO_ROOM", "df", "#!/bin/bash\necho Avail\necho 900\n"),
    ],
)
def test_a_machine_that_does_not_fit_is_refused_with_what_to_do(machine: Machine, code: str, program: str, text: str) -> None:
    machine.program(program, text)
    done = machine.install()
    assert (done.returncode, f"({code})" in done.stderr) == (1, True)
    assert machine.log_of("apt") == ""


@pytest.mark.parametrize("system", ["ID=debian\nVERSION_ID=13\n", "ID=ubuntu\nVERSION_ID=12\n", ""])
def test_another_system_is_refused(machine: Machine, system: str) -> None:
    (machine.root / "etc/os-release").write_text(system)
    assert "(WRONG_SYSTEM)" in machine.install().stderr


def test_an_upgrade_that_fails_leaves_the_version_in_use(machine: Machine) -> None:
    machine.install()
    machine.pack("2")
    for broken in ({"fails": 1}, {"sick": 4}):
        machine.python("2", **broken)
        done = machine.install()
        assert done.returncode == 1
        assert machine.current() == "1"
        assert "Bản đang dùng" in done.stderr or "bản đang dùng" in done.stderr
        assert (machine.root / "opt/sohoa/current").is_symlink()
        [unfinished] = (machine.root / "opt/sohoa/versions").glob("2-*")
        shutil.rmtree(unfinished)


def test_packages_that_apt_cannot_install_are_told_with_the_log(machine: Machine) -> None:
    machine.program("apt-get", FAKE_APT.format(root=machine.root, fails=100))
    done = machine.install()
    assert "(DEBIAN_PACKAGES)" in done.stderr
    assert "sohoa-install.log" in done.stderr


def test_a_command_that_somebody_else_installed_is_left_alone(machine: Machine) -> None:
    machine.program("sohoa", "#!/bin/bash\n", folder="usr/local/bin")
    assert "(FOREIGN)" in machine.install().stderr


def test_removing_takes_the_program_away_and_nothing_else(machine: Machine) -> None:
    machine.install()
    records = machine.root / "home/an/kho"
    records.mkdir(parents=True)
    done = machine.install("--remove")
    assert done.returncode == 0, done.stderr
    assert not (machine.root / "opt/sohoa").exists()
    assert not (machine.root / "usr/local/bin/sohoa").is_symlink()
    assert records.is_dir()


def test_going_back_without_a_version_before_is_refused(machine: Machine) -> None:
    machine.install()
    assert "(NO_PREVIOUS)" in machine.install("--rollback").stderr


def test_an_option_that_is_none_is_wrong_usage(machine: Machine) -> None:
    assert machine.install("--force").returncode == 2
