"""What is passed on with a bundle, under which licence: one table, and each licence's own text beside it.

    python3 tools/release/notices.py BUNDLE

Reads BUNDLE/wheels and BUNDLE/debs and writes BUNDLE/LICENSES. Uses the standard library and dpkg-deb alone.
"""

from __future__ import annotations

import email
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying|notice|authors|copyright)[^/]*$", re.IGNORECASE)
COPYRIGHT = re.compile(r"\./usr/share/doc/([^/]+)/copyright$")
NOT_TOLD = "see its text"

HEAD = """# Licences

Everything in this bundle and under which licence it is passed on. The folders beside this file hold the texts.
Debian's packages are passed on as Debian built them; the column `source` names the source package and its version, which Debian's
archive keeps, and from which the same binary is built. Who passes this bundle on passes these texts on with it.

| package | version | licence | source |
| --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """`texts`: file name -> content."""

    package: str
    version: str
    licence: str
    source: str
    texts: dict[str, bytes]


def notice_of_wheel(wheel: Path) -> Notice:
    """From the metadata of a wheel. Raises StopIteration for a file that is none."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        told = email.message_from_bytes(archive.read(metadata))
        folder = metadata.rpartition("/")[0]
        texts = {
            name.removeprefix(f"{folder}/").replace("/", "_"): archive.read(name)
            for name in names
            if name.startswith(folder) and LICENCE_FILE.search(name) and not name.endswith("/")
        }
    return Notice(told["Name"], told["Version"], licence_told(told), source_told(told), texts)


def licence_told(told: email.message.Message) -> str:
    """The expression if there is one, else a short word for it, else the classifiers."""
    short = (told["License-Expression"] or told["License"] or "").strip()
    if short and "\n" not in short and len(short) <= 60:
        return short
    classifiers = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    return ", ".join(classifiers) or NOT_TOLD


def source_told(told: email.message.Message) -> str:
    """Where the source is, else the project's page; empty where neither is told."""
    links = dict(link.split(", ", 1) for link in told.get_all("Project-URL", []))
    named = (links[name] for word in ("source", "repository", "code", "home") for name in links if word in name.lower())
    return str(next(named, told["Home-page"] or next(iter(links.values()), "")))


def notice_of_deb(deb: Path) -> Notice:
    """From a Debian package. Its copyright file is often kept by another package of the same source, to which a link leads."""
    fields = email.message_from_string(_said("dpkg-deb", "--field", deb).decode())
    source = fields["Source"] or fields["Package"]
    version = fields["Version"]
    texts: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(_said("dpkg-deb", "--fsys-tarfile", deb))) as tree:
        for entry in tree:
            if COPYRIGHT.match(entry.name) and entry.isfile() and (file := tree.extractfile(entry)):
                texts["copyright"] = file.read()
    name, _, of_source = source.partition(" ")
    return Notice(fields["Package"], version, short_licences(texts), f"{name} {of_source.strip('()') or version}", texts)


def short_licences(texts: dict[str, bytes]) -> str:
    """The names in a machine-readable copyright file, each once."""
    found = re.findall(r"^License:[ \t]*(\S.*)$", texts.get("copyright", b"").decode("utf-8", "replace"), re.MULTILINE)
    return ", ".join(dict.fromkeys(one.strip() for one in found)) or NOT_TOLD


def notices_of(bundle: Path) -> Iterator[tuple[str, Notice]]:
    """Folder below LICENSES, notice."""
    for wheel in sorted((bundle / "wheels").glob("*.whl")):
        yield "python", notice_of_wheel(wheel)
    for deb in sorted((bundle / "debs").glob("*.deb")):
        yield "debian", notice_of_deb(deb)


def write_notices(bundle: Path) -> int:
    """How many packages were described."""
    place = bundle / "LICENSES"
    rows = []
    for kind, notice in notices_of(bundle):
        for name, text in notice.texts.items():
            file = place / kind / notice.package / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
        rows.append(f"| {notice.package} | {notice.version} | {notice.licence.replace('|', '/')} | {notice.source} |\n")
    place.mkdir(exist_ok=True)
    (place / "README.md").write_text(HEAD + "".join(rows), encoding="utf-8")
    return len(rows)


def _said(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    print(f"{write_notices(Path(sys.argv[1]))} packages")
