"""Settings that stand in a file: one `SOHOA_NAME=value` a line, the form of systemd's EnvironmentFile.

Empty lines and those that begin with `#` or `;` say nothing; a value may stand in single or double quotes; names of other
programs are passed over. What is not named has its default, whatever the environment says.
"""

from __future__ import annotations

import re
from pathlib import Path

from config.settings import PREFIX, Settings, environment_name, settings_told
from pipeline.errors import BadSetting

LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)")
QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)\"""")
SECOND_SETTING = re.compile(rf"\s{PREFIX}\w+=")
LARGEST = 1_000_000
"""Bytes: whoever names a scan instead of the settings is told so, and not kept waiting."""


def settings_in(file: Path) -> Settings:
    """Raises BadSetting for a file that cannot be read, a line that is none, an unknown name, a value out of its range, and where
    the folder of the home is not named: by default it would be wherever the command is called."""
    told: dict[str, str] = {}
    for number, line in enumerate((line.strip(" \t\r") for line in _text(file).split("\n")), 1):
        if not line or line[0] in "#;":
            continue
        found = LINE.fullmatch(line)
        if not found:
            raise BadSetting(f"{file}, dòng {number}: cần dạng {PREFIX}TÊN=giá trị")
        name = found[1].upper()
        if name in told:
            raise BadSetting(f"{file}, dòng {number}: {name} đã có ở trên")
        told[name] = _value(found[2], f"{file}, dòng {number}")
    if not told.get(environment_name("home")):
        raise BadSetting(f"{file}: thiếu {environment_name('home')}")
    try:
        return settings_told(told)
    except BadSetting as error:
        raise BadSetting(f"{file}: {error.detail}") from None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise BadSetting(f"{file}: không đọc được tệp thiết lập này") from error


def _value(written: str, place: str) -> str:
    """Without its quotes."""
    if quoted := QUOTED.fullmatch(written):
        return quoted[1] if quoted[1] is not None else re.sub(r"\\(.)", r"\1", quoted[2])
    if SECOND_SETTING.search(written):
        raise BadSetting(f"{place}: mỗi dòng chỉ một thiết lập")
    if written.endswith("\\") or written[:1] in ("'", '"'):
        raise BadSetting(f"{place}: giá trị viết dở")
    return written
