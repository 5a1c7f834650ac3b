"""Settings in a file: the other side of a move, in the form that systemd reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings_file import settings_in
from pipeline.errors import BadSetting


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOHOA_HOME", "/elsewhere")
    monkeypatch.setenv("SOHOA_MAX_PAGES", "17")
    return tmp_path / "settings"


def test_what_the_file_names_is_set_and_the_environment_has_no_say(file: Path) -> None:
    (file.parent / "secret").write_text("hush\n")
    file.write_text(
        "# servers of the province\n; and more\n\n"
        "SOHOA_HOME=/var/lib/sohoa\n"
        ' SOHOA_S3_ENDPOINT = "minio:9000" \n'
        f"SOHOA_S3_SECRET_KEY_FILE='{file.parent}/secret'\n"
        "SOHOA_S3_SECURE=false\nSOHOA_JOBS=3\nSOHOA_S3_REGION=\nOMP_THREAD_LIMIT=1\n"
    )
    settings = settings_in(file)
    assert (settings.home, settings.s3_endpoint, settings.s3_secure) == (Path("/var/lib/sohoa"), "minio:9000", False)
    assert settings.s3_secret_key.get_secret_value() == "hush"
    assert (settings.jobs, settings.s3_region, settings.max_pages) == (3, "us-east-1", 2000)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("SOHOA_HOME=a\nSOHOA_MAX_PAGE=1", "SOHOA_MAX_PAGE: gần nhất là SOHOA_MAX_PAGES"),
        ("SOHOA_HOME=a\nSOHOA_JOBS=0", "SOHOA_JOBS: nhận từ 1 đến 256"),
        ("SOHOA_HOME=a\nexport SOHOA_JOBS=1", "dòng 2: cần dạng SOHOA_TÊN=giá trị"),
        ("SOHOA_HOME=a      SOHOA_JOBS=1", "dòng 1: mỗi dòng chỉ một thiết lập"),
        ('SOHOA_HOME="a', "dòng 1: giá trị viết dở"),
        ("SOHOA_HOME=a\\\nb", "dòng 1: giá trị viết dở"),
        ("SOHOA_HOME=a\nSOHOA_HOME=b", "dòng 2: SOHOA_HOME đã có ở trên"),
        ("SOHOA_JOBS=1", "thiếu SOHOA_HOME"),
        ("", "thiếu SOHOA_HOME"),
        ("SOHOA_HOME=a\nSOHOA_S3_SECRET_KEY_FILE=/nowhere", "SOHOA_S3_SECRET_KEY_FILE: không đọc được tệp này"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_place(file: Path, content: str, told: str) -> None:
    file.write_text(content)
    with pytest.raises(BadSetting) as refused:
        settings_in(file)
    assert told in str(refused.value)
    assert str(file) in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 2_000_000, None], ids=["no text", "huge", "missing"])
def test_what_is_no_settings_file_is_refused(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadSetting):
        settings_in(file)


@given(value=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters="'\"\\"), min_size=1))
def test_any_value_comes_through_with_quotes_and_without(value: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("any") / "settings"
    for written in (value, f"'{value}'", f'"{value}"'):
        file.write_text(f"SOHOA_HOME=a\nSOHOA_S3_BUCKET={written}\n", encoding="utf-8", newline="\n")
        assert settings_in(file).s3_bucket == value
