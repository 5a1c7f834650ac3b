"""Readers by name: the fallback reads where no wheel works, an unknown name is told at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from config.settings import Settings, read_settings
from config.wiring.readers import load_tools, page_reader
from pipeline.errors import BadSetting, ToolMissing
from samples import draw_sample
from tests.house.source import ROOT

READERS = get_args(Settings.model_fields["reader"].annotation)
WHEELS = ("tesserocr", "trueocr", "onnxruntime")
"""Packages with compiled code or models that some machines cannot load; `tesseract` is to read without them."""

BLOCKER = """
import json, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError("blocked: " + name, name=name)

sys.meta_path.insert(0, Absent())
"""

READ = """
from datetime import date
from pathlib import Path
from config.wiring.readers import load_tools
from pipeline.intake import measure
from pipeline.journey import Options, digitize
from pipeline.pages import Limits

class Deaf:
    def page_started(self, page_no, page_count): pass
    def stage_took(self, stage, seconds): pass

file, out = map(Path, sys.argv[1:])
result = digitize(file, measure(file, 10**9), load_tools("tesseract"), Options(Limits(10, 50), date(2026, 6, 1)), out, Deaf())
print(json.dumps([[name, result.fields[name].value] for name in result.fields.scalars]))
"""

REFUSE = """
from config.wiring.readers import page_reader
from pipeline.errors import SohoaError

said = {{}}
for reader in {readers!r}:
    try:
        page_reader(reader)
        said[reader] = ["OK", ""]
    except SohoaError as error:
        said[reader] = [error.code, error.detail]
print(json.dumps(said))
"""


def without(blocked: Sequence[str], program: str, *arguments: Path) -> Any:
    """What a fresh interpreter prints that cannot import these packages."""
    command = [sys.executable, "-c", BLOCKER.format(blocked=set(blocked)) + program, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _environment() -> Mapping[str, str]:
    return os.environ | {"OMP_THREAD_LIMIT": "1", "PYTHONUTF8": "1"}


def test_the_fallback_reads_a_scan_where_no_wheel_can_be_loaded(tmp_path: Path) -> None:
    drawn = draw_sample(5, 7, "holes")
    file, out = tmp_path / f"quet{drawn.suffix}", tmp_path / "out"
    file.write_bytes(drawn.content)
    out.mkdir()
    fields, true = dict(without(WHEELS, READ, file, out)), drawn.truth["fields"]
    read = [name for name, value in fields.items() if value is not None and name in true]
    assert {"organName", "codeNumber", "codeNotation", "issuedDate", "subject"} <= set(read)
    assert [fields[name] for name in read] == [str(true[name]) for name in read]
    printed, found = (Counter(text.split()) for text in (drawn.transcript, (out / "text.txt").read_text(encoding="utf-8")))
    assert (printed & found).total() > 0.9 * printed.total()
    assert {path.name for path in out.iterdir()} == {"record.json", "text.txt", "rendition.pdf", "alto"}


@pytest.mark.parametrize(
    ("blocked", "usable"),
    [
        (WHEELS, {"tesseract"}),
        (("tesserocr",), {"onnx", "tesseract"}),
        (("trueocr",), {"tesseract"}),
        ((), set(READERS)),
    ],
    ids=["no wheel", "no tesserocr", "no trueocr", "all there"],
)
def test_a_reader_whose_package_is_missing_says_which_and_the_others_work(blocked: tuple[str, ...], usable: set[str]) -> None:
    said = without(blocked, REFUSE.format(readers=READERS))
    assert {reader for reader, (code, _) in said.items() if code == "OK"} == usable
    for code, detail in (said[reader] for reader in READERS if reader not in usable):
        assert code == ToolMissing.code
        assert detail.partition(".")[0] in blocked


@pytest.mark.parametrize("name", ["", "Fused", "google", "../fused"])
def test_an_unknown_reader_is_told_by_its_name(name: str) -> None:
    with pytest.raises(BadSetting, match="SOHOA_READER") as told:
        load_tools(name)
    assert name in str(told.value)


def test_an_unknown_reader_in_the_environment_is_refused_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_READER", "google")
    with pytest.raises(BadSetting) as told:
        read_settings()
    assert "SOHOA_READER" in told.value.detail
    assert all(reader in told.value.detail for reader in READERS)


@pytest.mark.parametrize("name", READERS)
def test_every_reader_names_the_models_that_have_a_part_in_what_it_reads(name: str) -> None:
    infos = page_reader(name).infos
    assert all(info.name and info.version and len(info.model_digest) == 64 for info in infos)
    assert len({info.name for info in infos}) == len(infos) == {"fused": 4, "lines": 2, "onnx": 2, "tesseract": 1}[name]


def test_a_record_says_by_which_reader_it_was_read() -> None:
    made_by = load_tools("onnx").made_by
    assert made_by.parameters["reader"] == "onnx"
    assert made_by.readers == page_reader("onnx").infos


def test_without_the_language_model_of_tesseract_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    for name in ("fused", "lines", "tesseract"):
        with pytest.raises(ToolMissing, match="tesseract-ocr-vie"):
            page_reader(name)


@pytest.mark.parametrize("reader", ["fused", "onnx", "lines"])
def test_a_reader_keeps_what_it_does_to_itself(reader: str, tmp_path: Path) -> None:
    """The libraries under it number the machine and note for their maker what they did, unless they are told not to."""
    code = f"import time; from config.wiring.readers import load_tools; load_tools({reader!r}); time.sleep(0.5)"
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, timeout=120)
    assert list(tmp_path.rglob("*")) == []
