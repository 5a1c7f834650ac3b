"""The one settings object: read from the environment once, at the edge, and handed down frozen.

Every setting has a default, a unit in its name and a help line that says why the default is what it is. `docs/settings.md` is
written from this file by `python -m tools.write_docs`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from rapidfuzz import process

from pipeline.errors import BadSetting, UsageError
from pipeline.jobs import Recipe

PREFIX = "SOHOA_"

OUTSIDE_NAMES = {
    "SOHOA_REAL_SCANS": "folder of real scans with their truth that the tests read, when it is there",
    "SOHOA_REQUIRE_JUDGES": "`1`: a test whose outside judge (veraPDF) is missing fails instead of being skipped",
    "SOHOA_REQUIRE_SERVERS": "`1`: a test whose server is missing fails instead of being skipped",
}
"""Names with our prefix that the tests read and the program does not."""


def usable_cores() -> int:
    """Processor cores that this process may use: fewer than the machine has in a container or under taskset."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """What an office may choose. Names below with `SOHOA_` before them are the environment names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    home: Path = Field(Path("sohoa-data"), description="Folder that holds everything: originals, results, index.")
    unit: str = Field("don-vi", description="Code of the office that hands files over, where `--unit` is not given.")
    fonds: str = Field("phong", description="Code of the fonds (phông) new records belong to, where `--fonds` is not given.")
    sector: str = Field("chung", description="Code of the sector (lĩnh vực) of new records, where `--sector` is not given.")
    jobs: int = Field(
        default_factory=usable_cores,
        ge=1,
        le=256,
        description="Records read at the same time; each takes one core and one child process.",
    )
    reader: Literal["fused", "lines", "onnx", "tesseract"] = Field(
        "fused",
        description="What reads the text. fused: a small network, the language, Tesseract; lines: Tesseract on found lines; "
        "onnx: the network alone; tesseract: the program on whole pages, which needs no package but itself.",
    )

    s3_endpoint: str = Field(
        "", description="`host:port` of the object store. Empty: originals and results are kept in the folder `SOHOA_HOME`."
    )
    s3_bucket: str = Field("sohoa", description="Bucket that holds everything; made by `sohoa init`.")
    s3_access_key: str = Field("", description="Name under which the object store knows us.")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="Secret that belongs to the access key.")
    s3_region: str = Field("us-east-1", description="Region of the bucket; named, so that no call is spent on asking for it.")
    s3_secure: bool = Field(True, description="Whether the object store is spoken to over TLS.")
    s3_ca_file: Path = Field(
        Path(), description="Certificate of the authority that signed the object store's own; not given: those the system trusts."
    )
    broker_url: SecretStr = Field(
        SecretStr(""),
        description="`redis://…`, `rediss://…`, `amqp://…` or `amqps://…` with its password. Empty: the queue of one machine.",
    )
    broker_ca_file: Path = Field(
        Path(), description="The same for the broker of a `rediss://` or `amqps://` address; not given: those the system trusts."
    )
    broker_heartbeat_seconds: float = Field(
        60.0,
        ge=1,
        le=3600,
        description="Redis only: a worker that was silent for so long is taken for dead, and its messages are given to others.",
    )
    reconcile_seconds: float = Field(
        60.0,
        ge=1,
        le=86_400,
        description="How often one machine of all sends again what the broker has lost and mends the index.",
    )
    elastic_url: str = Field("", description="`https://host:port` of Elasticsearch. Empty: the index is SQLite in `SOHOA_HOME`.")
    elastic_name: str = Field("sohoa", description="Name of the index in Elasticsearch.")
    elastic_shards: int = Field(
        1,
        ge=1,
        le=128,
        description="Parts of an index that is made from now on (`sohoa init`, `sohoa reindex`): one for each ten million pages.",
    )
    elastic_api_key: SecretStr = Field(SecretStr(""), description="API key for Elasticsearch, where it asks for one.")
    elastic_ca_file: Path = Field(
        Path(), description="Certificate of the authority that signed Elasticsearch's own; not given: those the system trusts."
    )

    incoming_bucket: str = Field(
        "",
        description="Bucket in which scanners and other systems drop files: `incoming/<unit>/<batch>/…`; made by `sohoa init`. "
        "Empty: none. Never the bucket of the store, so that their keys do not open it.",
    )
    incoming_endpoint: str = Field(
        "", description="`host:port` of the server with that bucket, where the store is a folder. Empty: that of the store."
    )
    incoming_events_arn: str = Field(
        "",
        description="Target to which the server tells each dropped file, e.g. `arn:minio:sqs::SOHOA:webhook`; `sohoa init` "
        "subscribes it. Empty: files are found by listing alone.",
    )
    incoming_token: SecretStr = Field(
        SecretStr(""),
        description="What the server shows when it tells a dropped file to `sohoa serve`, at `/hooks/incoming`. Empty: no door.",
    )
    incoming_folder: Path = Field(
        Path(), description="A folder shared with others, laid out like that bucket, in its place. Not given: none."
    )
    incoming_settle_seconds: float = Field(
        0.0,
        ge=0,
        le=3600,
        description="A dropped file is taken when it has not changed for this long, by the server's clock. 0: an S3 client shows "
        "a file when it is whole; 10 where a mounted bucket writes files in several goes. In a folder at least "
        "`SOHOA_WATCH_SETTLE_SECONDS`.",
    )
    incoming_wait_for_sidecar: bool = Field(
        False,
        description="Whether nothing of a dropped batch is taken before its `batch.json` or `_DONE` lies there: for systems that "
        "write it last and name a fonds or sector in it.",
    )

    http_address: str = Field(
        "127.0.0.1:8080",
        description="`host:port` on which `sohoa serve` answers; of this machine alone, unless a proxy with TLS is before it.",
    )

    max_file_mb: int = Field(
        2048, ge=1, le=1_000_000, description="Larger files are rejected at intake: a 2 GB scan is 1,000 pages at 2 MB each."
    )
    max_pages: int = Field(
        2000, ge=1, le=100_000, description="A file with more pages is quarantined: a dossier is bound long before that."
    )
    max_page_megapixels: int = Field(
        120,
        ge=1,
        le=2000,
        description="A page with more is not decoded. A3 at 600 dpi has 70, A2 at 400 dpi 62; each costs 18 MB of memory.",
    )
    draw_dpi: int = Field(300, ge=100, le=600, description="Resolution at which pages are drawn that are not one scanned image.")

    page_timeout_seconds: int = Field(
        180,
        ge=1,
        le=86_400,
        description="A page that takes longer is given up. An ordinary one takes 1 to 3 seconds, one of 120 megapixels 8.",
    )
    record_timeout_seconds: int = Field(
        14_400,
        ge=1,
        le=604_800,
        description="A record that takes longer is given up: 2,000 pages at 5 seconds, with room for slow ones.",
    )
    child_memory_mb: int = Field(
        2500,
        ge=256,
        le=1_000_000,
        description="Memory one child process may hold: a colour page of 120 megapixels took 2.2 GB, A4 at 300 dpi 0.25 GB.",
    )
    child_scratch_mb: int = Field(
        8000, ge=64, le=1_000_000, description="Disk space that reading one record may take: 2,000 pages at 2 MB, twice."
    )
    records_per_child: int = Field(
        200,
        ge=1,
        le=100_000,
        description="A child process is replaced after this many records, so that a leaking library cannot add up.",
    )
    min_free_disk_mb: int = Field(
        1024,
        ge=0,
        le=1_000_000,
        description="Intake and work stop while less is free, so that what is under way can still be written.",
    )
    crash_attempts: int = Field(
        3,
        ge=1,
        le=100,
        description="Crashes, time-outs and memory faults after which a record is quarantined: twice may be chance.",
    )
    interrupted_attempts: int = Field(
        10, ge=1, le=1000, description="Attempts that ended because `work` itself died, after which a record is quarantined."
    )
    poll_seconds: float = Field(
        1.0, ge=0.05, le=3600, description="How often `work` looks for newly received records and `watch` looks into its folder."
    )
    watch_settle_seconds: float = Field(
        5.0,
        ge=0,
        le=3600,
        description="A scanner's file is taken when it has not changed for this long: scanners pause between pages.",
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "error", description="Least severe event that is logged (to stderr); what concerns a clerk is told in any case."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="`auto`: for eyes on a terminal, JSON lines elsewhere."
    )


SECRETS = tuple(name for name, field in Settings.model_fields.items() if field.annotation is SecretStr)
FILE = "_FILE"
"""Ends the name that gives a secret by its file."""


def read_settings(*, home: Path | None = None, jobs: int | None = None, reader: str | None = None) -> Settings:
    """Settings from the environment; what is given here (the command line's options) goes before it.

    Raises BadSetting for an unknown `SOHOA_` name, naming the closest one known, and for a value out of its range; UsageError for
    an option's value out of its range.
    """
    refuse_unknown_names(os.environ)
    given: dict[str, Any] = {"home": home, "jobs": jobs, "reader": reader}
    chosen = {name: value for name, value in given.items() if value is not None}
    secrets: dict[str, Any] = secrets_in_files(os.environ)
    try:
        return Settings(**secrets, **chosen)
    except ValidationError as error:
        if options := [name for name in _faulty(error) if name in chosen]:
            raise UsageError("; ".join(f"--{name} {chosen[name]}: {_choices(name)}" for name in options)) from None
        raise _bad_setting(error) from None


class _Told(Settings):
    """Settings that come from what is handed over, and not from the environment of this process."""

    @classmethod
    def settings_customise_sources(cls, settings_cls: Any, init_settings: Any, *_: Any, **__: Any) -> Any:  # noqa: ARG003
        return (init_settings,)


def settings_told(environ: Mapping[str, str]) -> Settings:
    """The settings that these names give, as `read_settings` would from an environment that has no others. Raises BadSetting."""
    refuse_unknown_names(environ)
    named = {name.upper(): value for name, value in environ.items() if value}
    told = {name: named[environment_name(name)] for name in Settings.model_fields if environment_name(name) in named}
    given: dict[str, Any] = secrets_in_files(named) | told
    try:
        return _Told(**given)
    except ValidationError as error:
        raise _bad_setting(error) from None


def _faulty(error: ValidationError) -> list[str]:
    return [str(fault["loc"][0]) for fault in error.errors()]


def _bad_setting(error: ValidationError) -> BadSetting:
    return BadSetting("; ".join(f"{environment_name(name)}: {_choices(name)}" for name in _faulty(error)))


def on_a_folder(settings: Settings) -> Settings:
    """The same without its servers: a trial must not end up among an office's records."""
    none = {"s3_endpoint": "", "broker_url": SecretStr(""), "elastic_url": "", "incoming_bucket": "", "incoming_folder": Path()}
    return settings.model_copy(update=none)


def secrets_in_files(environ: Mapping[str, str]) -> dict[str, str]:
    """What `SOHOA_<NAME>_FILE` holds, for each secret given that way: a file may be kept from those who see the environment.

    Raises BadSetting for a file that cannot be read, and where both ways are used.
    """
    found = {}
    for name in SECRETS:
        variable = environment_name(name)
        if not (file := environ.get(variable + FILE)):
            continue
        if environ.get(variable):
            raise BadSetting(f"{variable}: đặt trực tiếp hoặc bằng {variable}{FILE}, không cả hai")
        try:
            found[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise BadSetting(f"{variable}{FILE}: không đọc được tệp này") from error
    return found


def recipe_of(settings: Settings) -> Recipe:
    """How records that come in now are to be read; pinned in their manifests, so that an upgrade changes no result."""
    return {"reader": settings.reader}


def refuse_unknown_names(environ: Mapping[str, str]) -> None:
    """Raises BadSetting for each name with our prefix that is no setting: a typing error must not be silently ignored."""
    known = {environment_name(name) for name in Settings.model_fields} | {environment_name(name) + FILE for name in SECRETS}
    unknown = sorted(
        name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in known | OUTSIDE_NAMES.keys()
    )
    if unknown:
        closest = (process.extractOne(name.upper(), sorted(known)) for name in unknown)
        raise BadSetting("; ".join(f"{name}: gần nhất là {best[0]}" for name, best in zip(unknown, closest, strict=True)))


def environment_name(setting: str) -> str:
    return PREFIX + setting.upper()


def allowed_values(setting: str) -> str:
    """What a setting takes, in short: "1 - 256", "auto | console | json", "text"."""
    field = Settings.model_json_schema()["properties"][setting]
    if "enum" in field:
        return " | ".join(field["enum"])
    if "minimum" in field:
        return f"{field['minimum']:g} - {field['maximum']:,}"
    if field.get("type") == "boolean":
        return "true | false"
    return "a secret" if setting in SECRETS else str(field.get("format", "text"))


def _choices(setting: str) -> str:
    """What a setting takes, for the clerk: "chọn một trong auto, console, json", "nhận từ 1 đến 256"."""
    allowed = allowed_values(setting)
    if " | " in allowed:
        return f"chọn một trong {allowed.replace(' | ', ', ')}"
    return f"nhận từ {allowed.replace(' - ', ' đến ')}"
