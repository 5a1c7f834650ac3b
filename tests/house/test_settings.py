"""Settings come from the environment once, whole and checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.settings import OUTSIDE_NAMES, Settings, environment_name, on_a_folder, read_settings, refuse_unknown_names
from pipeline.errors import BadSetting, UsageError


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(environment_name(name), raising=False)


def test_without_any_name_every_setting_has_its_default() -> None:
    settings = read_settings()
    assert settings.home == Path("sohoa-data")
    assert settings.jobs >= 1


def test_an_environment_name_sets_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_MAX_PAGES", "17")
    assert read_settings().max_pages == 17


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_HOME", "")
    assert read_settings().home == Path("sohoa-data")


def test_an_option_of_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_JOBS", "3")
    assert read_settings().jobs == 3
    assert read_settings(jobs=2).jobs == 2


def test_a_misspelt_name_is_refused_and_the_closest_one_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_MAX_PAGE", "17")
    with pytest.raises(BadSetting, match="SOHOA_MAX_PAGE: gần nhất là SOHOA_MAX_PAGES"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SOHOA_JOBS", "0", "nhận từ 1 đến 256"),
        ("SOHOA_JOBS", "nhiều", "nhận từ 1 đến 256"),
        ("SOHOA_LOG_LEVEL", "loud", "chọn một trong debug, info, warning, error"),
    ],
)
def test_a_value_out_of_its_range_is_refused_with_what_would_do(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as refused:
        read_settings()
    assert f"{name}: {told}" in str(refused.value)
    assert value not in refused.value.detail.split(": ", 1)[1].split(" ")


def test_an_option_out_of_its_range_is_called_an_option() -> None:
    with pytest.raises(UsageError, match="--reader foo: chọn một trong fused") as refused:
        read_settings(reader="foo")
    assert "SOHOA_READER" not in str(refused.value)


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValidationError):
        read_settings().jobs = 3


def test_names_of_the_tests_and_of_other_programs_are_left_alone() -> None:
    others = dict.fromkeys((*OUTSIDE_NAMES, "PATH", "SOHO", "MY_SOHOA_HOME"), "1")
    refuse_unknown_names(others)
    with pytest.raises(BadSetting, match="SOHOA_NOBODY"):
        refuse_unknown_names(others | {"SOHOA_NOBODY": "1"})


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ_", min_size=1).map("SOHOA_".__add__))
def test_any_unknown_name_with_our_prefix_is_refused(name: str) -> None:
    known = {environment_name(setting) for setting in Settings.model_fields} | OUTSIDE_NAMES.keys()
    if name in known:
        refuse_unknown_names({name: "1"})
    else:
        with pytest.raises(BadSetting, match=name):
            refuse_unknown_names({name: "1"})


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is_for(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")


def test_quantities_have_their_unit_in_their_name() -> None:
    units = ("_seconds", "_mb", "_megapixels", "_dpi", "_pages", "_attempts", "_shards", "_per_child", "jobs")
    quantities = [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)]
    assert [name for name in quantities if not name.endswith(units)] == []


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("hush hush\n", encoding="utf-8")
    monkeypatch.setenv("SOHOA_S3_SECRET_KEY_FILE", str(tmp_path / "secret"))
    settings = read_settings()
    assert settings.s3_secret_key.get_secret_value() == "hush hush"
    assert "hush" not in repr(settings)


@pytest.mark.parametrize("trouble", ["missing", "both"])
def test_a_secret_that_cannot_be_had_is_told_by_its_name_alone(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_BROKER_URL_FILE", str(tmp_path / "nowhere"))
    if trouble == "both":
        monkeypatch.setenv("SOHOA_BROKER_URL", "redis://:hush@broker")
    with pytest.raises(BadSetting, match="SOHOA_BROKER_URL") as refused:
        read_settings()
    assert "hush" not in str(refused.value)


def test_only_secrets_may_lie_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_UNIT_FILE", "x")
    with pytest.raises(BadSetting, match="SOHOA_UNIT_FILE"):
        read_settings()


def test_a_trial_on_a_folder_knows_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("S3_ENDPOINT", "BROKER_URL", "ELASTIC_URL"):
        monkeypatch.setenv(f"SOHOA_{name}", "server:1")
    monkeypatch.setenv("SOHOA_JOBS", "3")
    trial = on_a_folder(read_settings())
    assert (trial.s3_endpoint, trial.broker_url.get_secret_value(), trial.elastic_url) == ("", "", "")
    assert trial.jobs == 3
