"""The settings with which sohoa uses the servers that run here, as a file: `.servers/sohoa.env`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

Listed = Mapping[str, Mapping[str, str | int]]


def write_settings(folder: Path, servers: Listed) -> Path | None:
    """Write the file anew, readable by its owner alone; where nothing runs it is taken away. Its path, None without one."""
    file, new = folder / "sohoa.env", folder / "sohoa.env.new"
    if not servers:
        file.unlink(missing_ok=True)
        return None
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(settings_text(folder, servers))
    new.replace(file)
    return file


def settings_text(folder: Path, servers: Listed) -> str:
    """One `SOHOA_NAME=value` a line, the form that `sohoa migrate --to` and systemd read."""
    told: dict[str, object] = {"HOME": folder / "home"}
    if store := servers.get("minio") or servers.get("seaweedfs"):
        told |= {
            "S3_ENDPOINT": store["endpoint"],
            "S3_BUCKET": "sohoa",
            "S3_ACCESS_KEY": store["access_key"],
            "S3_SECRET_KEY": store["secret_key"],
            "S3_SECURE": "false",
        }
    if broker := servers.get("redis") or servers.get("rabbitmq"):
        told["BROKER_URL"] = broker["url"]
    if index := servers.get("elasticsearch"):
        told["ELASTIC_URL"] = index["url"]
    lines = ["# Written by `make servers`: the servers of this clone, thrown away by `make servers-stop`. It holds secrets."]
    lines += [f"SOHOA_{name}={value}" for name, value in told.items()]
    if database := servers.get("postgresql"):
        lines.append(f"# PostgreSQL, which no command uses: {database['url']}")
    return "\n".join(lines) + "\n"


def shown_address(told: Mapping[str, str | int]) -> str:
    """Where a server listens, without its password."""
    if "url" not in told:
        return str(told["endpoint"])
    url = urlsplit(str(told["url"]))
    return url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
