"""A certificate that a setting names is there and is one, or the setting is told to be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import Settings, read_settings
from config.wiring.broker import open_broker_queue
from config.wiring.servers import open_index, open_s3_store, store_place
from pipeline.errors import BadSetting

SERVERS = {
    "s3_endpoint": "store:9000",
    "s3_access_key": "a",
    "s3_secret_key": SecretStr("b"),
    "elastic_url": "https://elastic:9200",
    "broker_url": SecretStr("rediss://:hush@redis:6379/0"),
}


def open_store(settings: Settings) -> object:
    place = store_place(settings)
    assert place
    return open_s3_store(place)


@pytest.mark.parametrize("content", [None, "no certificate\n", ""], ids=["missing", "something else", "empty"])
@pytest.mark.parametrize(
    ("setting", "open_it"),
    [("s3_ca_file", open_store), ("elastic_ca_file", open_index), ("broker_ca_file", open_broker_queue)],
)
def test_a_file_that_is_no_certificate_is_told_by_its_setting(
    setting: str, open_it: Callable[[Settings], object], content: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadSetting, match=f"SOHOA_{setting.upper()}") as refused:
        open_it(read_settings().model_copy(update={**SERVERS, setting: file}))
    assert "hush" not in str(refused.value)


def test_a_broker_of_amqp_is_asked_for_the_same(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    asked = {"broker_url": SecretStr("amqps://a:b@rabbit"), "broker_ca_file": file}
    with pytest.raises(BadSetting, match="SOHOA_BROKER_CA_FILE"):
        open_broker_queue(read_settings().model_copy(update=asked))
