"""Whoever passes a bundle on passes on whose work is in it and under which licence."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools.release.notices import write_notices


def wheel(folder: Path, name: str, metadata: str, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{metadata}\n")
        for file, text in files.items():
            archive.writestr(f"{name}-1.0.dist-info/{file.replace('__', '/')}", text)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ("License-Expression: MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("License: BSD", "BSD"),
        ("License: line one\n        line two\nClassifier: License :: OSI Approved :: MIT License", "MIT License"),
        ("Classifier: Programming Language :: Python", "see its text"),
    ],
)
def test_a_wheel_is_told_with_its_licence_however_it_says_so(metadata: str, told: str, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "one", metadata)
    assert write_notices(tmp_path) == 1
    assert f"| one | 1.0 | {told} |" in (tmp_path / "LICENSES" / "README.md").read_text()


def test_the_text_of_a_licence_is_passed_on(tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "one", "", LICENSE="old place", licenses__NOTICE="new place", RECORD="no licence")
    write_notices(tmp_path)
    texts = {file.name: file.read_text() for file in (tmp_path / "LICENSES" / "python" / "one").iterdir()}
    assert texts == {"LICENSE": "old place", "licenses_NOTICE": "new place"}


def test_where_the_source_is_is_told_where_the_wheel_says_so(tmp_path: Path) -> None:
    links = "Project-URL: Changelog, https://a/changes\nProject-URL: Source Code, https://a/source\n"
    wheel(tmp_path / "wheels", "one", links)
    write_notices(tmp_path)
    assert "| https://a/source |" in (tmp_path / "LICENSES" / "README.md").read_text()


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs Debian's dpkg-deb")
def test_a_debian_package_is_told_with_its_source_and_copyright(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        "Package: libone1\nVersion: 1:2-3\nSource: one (2-3)\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: one\n"
    )
    (tree / "usr/share/doc/libone1").mkdir(parents=True)
    (tree / "usr/share/doc/libone1/copyright").write_text(
        "Files: *\nLicense: Expat\n text\n\nFiles: a\nLicense: GPL-2+\n\nLicense: Expat\n"
    )
    (tmp_path / "debs").mkdir()
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", tree, tmp_path / "debs" / "one.deb"], check=True, capture_output=True
    )
    write_notices(tmp_path)
    assert "| libone1 | 1:2-3 | Expat, GPL-2+ | one 2-3 |" in (tmp_path / "LICENSES" / "README.md").read_text()
    assert (tmp_path / "LICENSES/debian/libone1/copyright").is_file()
