"""The servers: how each is started on free ports of this machine, and how it is known to be ready.

Each function takes the server's folder and returns what servers.json says of it; it raises ServerFailed, and may then have left
processes that `running.stop(folder)` ends. After a stop, in the same folder, it comes up on the same ports with the same data.
"""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_hex

from tools.servers.installing import (
    debian_program,
    elasticsearch_jars,
    java,
    minio_server,
    postgresql_programs,
    rabbitmq_server,
    weed,
)
from tools.servers.running import call, free_ports, start, wait_until_ready
from tools.servers.unprivileged import as_other, place_for_other, told_in_file

Told = dict[str, str]

ACCESS_KEY = "sohoa"
HOOK = "SOHOA"
"""The name by which MinIO knows the one receiver of its announcements."""

POSTGRESQL_USERS = ("postgres", "nobody")
"""Whom it runs as where we are root; the first one comes with Debian's package."""


def redis(folder: Path) -> Told:
    (port,) = _ports(folder, 1)
    options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", "", "--appendonly", "yes"]
    start([debian_program("redis-server", "redis-server"), *options, "--maxmemory-policy", "noeviction"], folder)
    wait_until_ready(folder, lambda: _says(port, b"PING\r\n", b"+PONG"), 20)
    return {"url": f"redis://127.0.0.1:{port}/0"}


def minio(folder: Path) -> Told:
    """Its buckets can be told to announce what is written (`events_arn`) to `hook_url`, where a test listens when it likes."""
    program, (port, console, hook), secret = minio_server(), _ports(folder, 3), _secret(folder)
    env = {"MINIO_ROOT_USER": ACCESS_KEY, "MINIO_ROOT_PASSWORD": secret, "MINIO_BROWSER": "off", "MINIO_UPDATE": "off"}
    hook_url = f"http://127.0.0.1:{hook}/hooks/incoming"
    undelivered = folder / "undelivered"
    undelivered.mkdir(exist_ok=True)
    told = {"ENABLE": "on", "ENDPOINT": hook_url, "AUTH_TOKEN": secret, "QUEUE_DIR": str(undelivered)}
    env |= {f"MINIO_NOTIFY_WEBHOOK_{name}_{HOOK}": value for name, value in told.items()}
    addresses = ["--address", f"127.0.0.1:{port}", "--console-address", f"127.0.0.1:{console}"]
    start([program, "server", "--quiet", *addresses, folder / "data"], folder, env)
    wait_until_ready(folder, lambda: _answers(port, "/minio/health/ready"), 60)
    access = {"endpoint": f"127.0.0.1:{port}", "access_key": ACCESS_KEY, "secret_key": secret}
    return {**access, "events_arn": f"arn:minio:sqs::{HOOK}:webhook", "hook_url": hook_url, "hook_token": secret}


def seaweedfs(folder: Path) -> Told:
    program, secret = weed(), _secret(folder)
    (folder / "s3.json").write_text(json.dumps({"identities": [_identity(secret)]}), encoding="utf-8")
    (folder / "data").mkdir(exist_ok=True)
    listeners = [f"-{part}.port{kind}" for part in ("master", "s3", "volume", "filer") for kind in ("", ".grpc")]
    ports = _ports(folder, len(listeners))
    where = [f"{name}={port}" for name, port in zip(listeners, ports, strict=True)]
    address = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'data'}", f"-s3.config={folder / 's3.json'}"]
    size = ["-master.volumeSizeLimitMB=64", "-volume.max=50"]  # small volumes, many of them: each bucket takes some for itself
    # Telemetry is on where it is not turned off; the last two would listen on fixed ports.
    off = ["-master.telemetry=false", "-volume.preStopSeconds=0", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    start([program, f"-logdir={folder}", "server", "-filer", "-s3", *address, *where, *size, *off], folder)
    master, s3 = ports[0], ports[2]
    # The S3 side answers before there is a volume to write into.
    wait_until_ready(folder, lambda: _answers(s3, "/status") and _answers(master, "/dir/assign"), 60)
    return {"endpoint": f"127.0.0.1:{s3}", "access_key": ACCESS_KEY, "secret_key": secret}


SMALL = ["-XX:+UseSerialGC"]
LARGE = ["-XX:+UseG1GC", "-XX:G1ReservePercent=25", "-XX:InitiatingHeapOccupancyPercent=30"]
"""How Java clears its memory: with the least of it; and as Elasticsearch wants it, which refuses all work when its memory is
nearly full and nothing clears it meanwhile."""


def elasticsearch(folder: Path, heap_mb: int = 1024) -> Told:
    runtime, (port,) = java(), _ports(folder, 1)
    jars = elasticsearch_jars(runtime)
    modules = folder / "home" / "modules"
    if not modules.exists():
        modules.parent.mkdir(exist_ok=True)
        modules.symlink_to(jars / "modules")
    memory = [f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m", *(SMALL if heap_mb <= 1024 else LARGE)]
    native = ["--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
    native.append(f"-Des.nativelibs.path={folder / 'native'}")  # none there: it says so once and works without
    log = ["-Dlog4j2.disable.jmx=true", f"-Dlog4j.configurationFile={Path(__file__).with_name('log4j2.properties')}"]
    classes = ["-cp", f"{jars / 'classes'}:{jars / 'lib'}/*"]
    start([runtime, *memory, *native, *log, *classes, "EsServer", folder / "home", str(port)], folder)
    wait_until_ready(folder, lambda: _answers(port, "/_cluster/health?wait_for_status=yellow&timeout=2s"), 120)
    return {"url": f"http://127.0.0.1:{port}"}


def rabbitmq(folder: Path) -> Told:
    port, between_nodes, name_port = _ports(folder, 3)
    folder.chmod(0o700)  # the cookie that nodes know each other by lies in it
    (folder / "enabled_plugins").write_text("[].", encoding="ascii")
    limits = "vm_memory_high_watermark.absolute = 512MiB\ndisk_free_limit.absolute = 100MB\n"
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\n{limits}", encoding="ascii")
    env = _rabbitmq_environment(folder, port, between_nodes, name_port)
    program = rabbitmq_server()
    # Erlang's name server: the node would start one itself that listens to everybody and stays behind for ever.
    start([debian_program("epmd", "erlang-base"), "-address", "127.0.0.1", "-port", str(name_port)], folder, env)
    wait_until_ready(folder, lambda: _says(name_port, b"\x00\x01n", name_port.to_bytes(4, "big")), 20)
    start([program], folder, env)
    wait_until_ready(folder, lambda: _says(port, b"AMQP\x00\x00\x09\x01", b"\x01\x00\x00"), 90)
    return {"url": f"amqp://guest:guest@127.0.0.1:{port}"}


def _rabbitmq_environment(folder: Path, port: int, between_nodes: int, name_port: int) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"sohoa{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(between_nodes),
        "ERL_EPMD_PORT": str(name_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_PID_FILE": str(folder / "node.pid"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }


def postgresql(folder: Path) -> Told:
    programs, (port,), secret = postgresql_programs(), _ports(folder, 1), _secret(folder)
    before, place = as_other(POSTGRESQL_USERS), place_for_other(folder, POSTGRESQL_USERS)
    if not (place / "cluster").exists():
        _make_cluster(folder, [*before, programs / "initdb"], place, secret)
    # TCP alone: the path of a socket has a longest length. Asked by SIGTERM it would wait until its clients have gone.
    listeners = ["-h", "127.0.0.1", "-p", str(port), "-k", ""]
    start([*before, programs / "postgres", "-D", place / "cluster", *listeners], folder, at=place, stops_by=signal.SIGINT)
    asked = ["--host=127.0.0.1", f"--port={port}", f"--username={ACCESS_KEY}"]
    wait_until_ready(folder, lambda: _ends_well([programs / "pg_isready", *asked, "--quiet"]), 60)
    if not (place / "database").exists():
        call([programs / "createdb", *asked, "--no-password", ACCESS_KEY], folder, {"PGPASSWORD": secret})
        (place / "database").touch()
    return {"url": f"postgresql://{ACCESS_KEY}:{secret}@127.0.0.1:{port}/{ACCESS_KEY}"}


def _make_cluster(folder: Path, initdb: list[str | Path], place: Path, secret: str) -> None:
    """Whole or not at all."""
    making = place / "making"
    shutil.rmtree(making, ignore_errors=True)
    with told_in_file(place, secret) as password:
        how = [f"--username={ACCESS_KEY}", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        call([*initdb, f"--pgdata={making}", *how], folder, at=place)
    making.rename(place / "cluster")


SERVERS: dict[str, Callable[[Path], Told]] = {
    "redis": redis,
    "minio": minio,
    "elasticsearch": elasticsearch,
    "postgresql": postgresql,
    "seaweedfs": seaweedfs,
    "rabbitmq": rabbitmq,
}
ORDINARY = ("redis", "minio", "elasticsearch", "postgresql")
SLOW_TO_STOP = frozenset({"seaweedfs"})
"""Takes 15 seconds and more to end when it is asked to; what it holds here is thrown away."""


def _ports(folder: Path, count: int) -> list[int]:
    kept = folder / "ports"
    if not kept.exists():
        kept.write_text(" ".join(map(str, free_ports(count))), encoding="ascii")
    return [int(port) for port in kept.read_text(encoding="ascii").split()]


def _secret(folder: Path) -> str:
    kept = folder / "secret"
    if not kept.exists():
        kept.write_text(token_hex(16), encoding="ascii")
    return kept.read_text(encoding="ascii")


def _identity(secret: str) -> dict[str, object]:
    credentials = [{"accessKey": ACCESS_KEY, "secretKey": secret}]
    return {"name": ACCESS_KEY, "credentials": credentials, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}


def _says(port: int, asked: bytes, wanted: bytes) -> bool:
    """Whether what listens there speaks the language."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            line.sendall(asked)
            return line.recv(64).startswith(wanted)
    except OSError:
        return False


def _ends_well(command: Sequence[str | Path]) -> bool:
    return subprocess.run([*map(str, command)], capture_output=True, check=False).returncode == 0


def _answers(port: int, path: str) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
