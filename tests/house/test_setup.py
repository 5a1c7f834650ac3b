"""tools/setup.sh on machines of every kind: the programs around it are small stand-ins, the script is the real one."""

from __future__ import annotations

import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.source import ROOT

PLAIN_PROGRAMS = ("bash", "cat", "cp", "dirname", "find", "grep", "mkdir", "rm", "sha256sum", "sort", "touch", "tr", "chmod")

FAKE_PYTHON = """#!{bash}
# A Python that knows what set-up asks of it, and writes down each call of pip.
case "$1 $2" in
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip") [ "$3" = --version ] || echo "$*" >> "{root}/pip.log" ;;
    "-c "*hashlib*) sha256sum ;;
    "-c "*"version_info <"*) exit {unfit} ;;
    "-c "*ensurepip*) exit 0 ;;
    "--version "*) echo "Python 3.12.1" ;;
esac
"""

FAKE_TESSERACT = """#!{bash}
[ "$1" = --list-langs ] && printf 'List of languages\\neng\\nosd\\nvie\\n'
exit 0
"""

FAKE_APT = """#!{bash}
# Installs tesseract for real (as far as this machine goes), and writes down what it was asked for.
echo "$*" >> "{root}/apt.log"
case "$*" in *"install"*"tesseract-ocr "*) cp "{root}/later/"* "{root}/bin/" ;; esac
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A folder with a copy of what set-up reads, and a PATH of its own."""

    root: Path

    def program(self, name: str, text: str, *, folder: str = "bin", unfit: int = 0) -> None:
        path = self.root / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.format(bash=shutil.which("bash"), root=self.root, unfit=unfit), encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def set_up(self, profile: str = "run") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "tools/setup.sh", profile],
            cwd=self.root,
            env={"PATH": str(self.root / "bin"), "HOME": str(self.root / "home")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def pip_calls(self) -> list[str]:
        log = self.root / "pip.log"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def with_programs(self, *, folder: str = "bin") -> Machine:
        self.program("tesseract", FAKE_TESSERACT, folder=folder)
        for name in ("pdftoppm", "pdftotext", "pdftocairo"):
            self.program(name, "#!{bash}\n", folder=folder)
        return self

    def as_user(self, number: int) -> Machine:
        self.program("id", f"#!{{bash}}\necho {number}\n")
        return self


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """No tesseract, no package manager, an unknown system; fonts and Python are there."""
    there = Machine(tmp_path)
    (tmp_path / "tools").mkdir()
    for name in ("tools/setup.sh", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for program in PLAIN_PROGRAMS:
        found = shutil.which(program)
        assert found
        (tmp_path / "bin" / program).symlink_to(found)
    fonts = tmp_path / "home" / ".fonts"
    fonts.mkdir(parents=True)
    for font in ("Tinos-Regular.ttf", "DejaVuSans.ttf"):
        (fonts / font).touch()
    there.program("uname", "#!{bash}\necho Plan9\n")
    there.program("python3", FAKE_PYTHON)
    return there.as_user(1000)


@pytest.mark.parametrize(
    ("manager", "advice"),
    [
        ("dnf", "sudo dnf install poppler-utils tesseract tesseract-langpack-vie tesseract-osd"),
        ("pacman", "sudo pacman -S poppler tesseract tesseract-data-osd tesseract-data-vie"),
        ("apt-get", "sudo apt-get install poppler-utils tesseract-ocr tesseract-ocr-osd tesseract-ocr-vie"),
        (None, "install these by your system's means (tesseract 5 with its vie and osd data, poppler"),
    ],
)
def test_a_system_without_the_programs_is_told_exactly_what_to_install(
    machine: Machine, manager: str | None, advice: str
) -> None:
    if manager:
        machine.program(manager, "#!{bash}\nexit 1\n")
    found = machine.set_up()
    assert found.returncode == 1
    assert advice in found.stderr
    assert "this user may not install system packages here" in found.stderr
    assert machine.pip_calls() == []


def test_a_mac_is_told_its_own_package_names(machine: Machine) -> None:
    machine.program("uname", "#!{bash}\necho Darwin\n")
    assert "brew install poppler tesseract tesseract-lang" in machine.set_up().stderr


def test_root_on_debian_gets_what_is_missing_and_nothing_else(machine: Machine) -> None:
    machine.as_user(0).with_programs(folder="later").program("apt-get", FAKE_APT)
    machine.program("pdftoppm", "#!{bash}\n")
    found = machine.set_up()
    assert found.returncode == 0, found.stderr
    asked = (machine.root / "apt.log").read_text(encoding="utf-8")
    assert (
        "install --yes --quiet --no-install-recommends poppler-utils tesseract-ocr tesseract-ocr-osd tesseract-ocr-vie" in asked
    )
    assert "fonts" not in asked


def test_root_whose_packages_cannot_be_had_is_told_so(machine: Machine) -> None:
    machine.as_user(0).program("apt-get", "#!{bash}\nexit 100\n")
    found = machine.set_up()
    assert found.returncode == 1
    assert "please run: sudo apt-get install" in found.stderr


def test_packages_come_from_the_lock_with_their_digests(machine: Machine) -> None:
    assert machine.with_programs().set_up().returncode == 0
    lock, itself = machine.pip_calls()
    assert "--require-hashes --requirement requirements.lock" in lock
    assert "--no-deps --no-build-isolation --editable ." in itself


def test_the_second_time_nothing_is_installed(machine: Machine) -> None:
    machine.with_programs().set_up()
    again = machine.set_up()
    assert again.returncode == 0
    assert len(machine.pip_calls()) == 2


def test_a_changed_lock_is_installed(machine: Machine) -> None:
    machine.with_programs().set_up()
    with (machine.root / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    machine.set_up()
    assert len(machine.pip_calls()) == 4


def test_what_the_tests_need_covers_what_the_program_needs(machine: Machine) -> None:
    machine.with_programs().set_up("dev")
    calls = machine.pip_calls()
    machine.set_up("run")
    assert machine.pip_calls() == calls


def test_a_python_of_another_age_is_refused_with_the_ones_that_fit(machine: Machine) -> None:
    machine.with_programs().program("python3", FAKE_PYTHON, unfit=1)
    found = machine.set_up()
    assert found.returncode == 1
    assert "no Python 3.11, 3.12 or 3.13 found" in found.stderr


def test_an_unknown_profile_is_refused(machine: Machine) -> None:
    found = machine.with_programs().set_up("everything")
    assert found.returncode == 1
    assert "unknown profile 'everything'" in found.stderr
