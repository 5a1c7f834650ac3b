"""`show`, `open`: one record."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import DONE
from cli.intake import JSON_HELP
from cli.output import complain, say, say_json, tell, visible
from cli.record import (
    Found,
    RecordPurged,
    found_record,
    record_json,
    say_damage,
    show_record,
    show_tombstone,
    tombstone_json,
)
from config.settings import read_settings
from config.wiring.home import open_home
from pipeline.custody import records
from pipeline.errors import Purged, SecretMark
from workers.results import stem_of, stems_like, translated

ID_HELP = "Mã hồ sơ, hoặc ít nhất 6 ký tự đầu của mã."
LONGEST_ENDING = 16
NOT_READ = "(chưa có: hồ sơ chưa đọc xong)"

RecordId = Annotated[str, typer.Argument(help=ID_HELP, show_default=False)]
CopyTo = Annotated[Path | None, typer.Option(help="Chép hai tệp ra thư mục này, mang tên của tệp gốc.")]


def show_command(
    record_id: RecordId,
    text: Annotated[bool, typer.Option("--text", help="In toàn văn.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Cho xem những gì đã đọc được của một hồ sơ, và những gì cần người xem lại."""
    try:
        found = found_record(open_home(read_settings()), record_id)
    except RecordPurged as purged:
        say_json(tombstone_json(purged.tombstone)) if as_json else show_tombstone(purged.tombstone)
        return DONE
    if as_json:
        say_json(record_json(found))
    elif text:
        say(found.text())
    else:
        show_record(found)
    return DONE


def open_command(
    record_id: RecordId,
    copy_to: CopyTo = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Cho biết bản gốc và bản PDF/A của một hồ sơ nằm ở đâu, hoặc chép chúng ra để mở."""
    try:
        found = found_record(open_home(read_settings()), record_id)
    except RecordPurged as purged:
        raise Purged(f"{purged.tombstone.at:%Y-%m-%d}, {purged.tombstone.record_id}") from None
    _refuse_to_copy_out(found, copy_to)
    sha256 = found.manifest.original.sha256
    paths: dict[str, Path | None] = {
        "original": found.home.path_of(records.original_key(sha256), sha256).absolute(),
        "rendition": found.path("rendition.pdf"),
    }
    if copy_to is not None:
        paths = copied(found, paths, copy_to.absolute())
    if as_json:
        say_json({name: path and str(path) for name, path in paths.items()})
        return DONE
    say_damage(found)
    say(f"Bản gốc:   {visible(paths['original'] or NOT_READ)}")
    say(f"Bản PDF/A: {visible(paths['rendition'] or NOT_READ)}")
    if copy_to is None:
        tell("Trong kho, bản gốc mang mã băm làm tên; thêm --copy-to THƯ_MỤC để chép cả hai ra dưới tên của tệp.", hanging="  ")
    return DONE


def _refuse_to_copy_out(found: Found, copy_to: Path | None) -> None:
    """What carries a mark of secrecy is looked at where it lies, by those who may. Raises SecretMark."""
    if found.stop is None:
        return
    error = SecretMark(found.stop.detail)
    if copy_to is not None or not found.home.alone:
        raise error
    complain(found.manifest.record_id, error)


def copied(found: Found, paths: dict[str, Path | None], folder: Path) -> dict[str, Path | None]:
    """Copies of what there is, under the file's own name; nothing that lies there is replaced.

    Raises DiskFull, OutputUnusable.
    """
    name = Path(found.manifest.original.name)
    names = {"original": (stem_of(name), name.suffix[:LONGEST_ENDING]), "rendition": (f"{stem_of(name)}-PDFA", ".pdf")}
    made: dict[str, Path | None] = {}
    with translated():
        folder.mkdir(parents=True, exist_ok=True)
        for kind, path in paths.items():
            made[kind] = None if path is None else _copy(path, _free_names(folder, *names[kind]))
    return made


def _free_names(folder: Path, stem: str, ending: str) -> Iterator[Path]:
    return (folder / f"{one}{ending}" for one in stems_like(stem))


def _copy(path: Path, names: Iterator[Path]) -> Path:
    """The first of the names that is free is taken at once, so that two commands never write the same file."""
    while True:
        target = next(names)
        with suppress(FileExistsError), target.open("xb") as file, path.open("rb") as source:
            shutil.copyfileobj(source, file)
            return target
