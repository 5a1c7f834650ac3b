"""What each server's program is and where it comes from: found, or installed once and kept for all clones of this machine.

Every function raises ServerFailed with what to do where a program is missing and cannot be had.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.servers.running import ServerFailed

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sohoa-servers"

MINIO = "v0.0.0-20260212201848-7aac2a2c5b7c"
"""The last state of MinIO's community server; its releases have no version that Go understands."""

ELASTICSEARCH = "9.5.3"
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
OLDEST_JAVA = 21

POSTGRESQL = Path("/usr/lib/postgresql")
POSTGRESQL_CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")
NO_CLUSTER = """# Written by `make servers` of sohoa before it installed PostgreSQL, whose package would
# otherwise make a server of its own and start it. Take the line away to have one with the next version, or call pg_createcluster.
create_main_cluster = false
"""


def say(text: str) -> None:
    sys.stderr.write(f"servers: {text}\n")


def debian_program(name: str, package: str) -> Path:
    """The path of a program that a Debian package brings."""
    found = _on_path(name) or (_apt_install(package) and _on_path(name))
    if not found:
        raise ServerFailed(f"{name} is missing and could not be installed; please run: sudo apt-get install {package}")
    return found


def postgresql_programs() -> Path:
    """The folder of the newest PostgreSQL's programs, which Debian keeps off the path."""
    if not (found := _postgresql_folders()):
        if not POSTGRESQL_CLUSTERS.exists():
            _write_as_root(POSTGRESQL_CLUSTERS, NO_CLUSTER)
        _apt_install("postgresql")
        found = _postgresql_folders()
    if not found:
        raise ServerFailed("PostgreSQL is missing and could not be installed; please run: sudo apt-get install postgresql")
    return found[-1]


def _postgresql_folders() -> list[Path]:
    """The oldest first."""
    found = [server.parent for server in POSTGRESQL.glob("*/bin/postgres") if server.with_name("initdb").exists()]
    return sorted(found, key=lambda folder: [int(part) for part in re.findall(r"\d+", folder.parent.name)])


def rabbitmq_server() -> Path:
    """The script itself: the one of the same name on the path wants to become a user of its own."""
    wrapper, script = debian_program("rabbitmq-server", "rabbitmq-server"), Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    return script if script.exists() else wrapper


def has_minio() -> bool:
    """Whether MinIO is built or can be."""
    return _minio_folder().exists() or shutil.which("go") is not None


def minio_server() -> Path:
    """Built with Go: 1 to 7 minutes, once on a machine."""
    return _kept(_minio_folder(), _build_minio) / "minio"


def weed() -> Path:
    """SeaweedFS, which the profile `servers` of the set-up installs."""
    program = Path(sys.executable).with_name("weed")
    if not program.exists():
        raise ServerFailed("SeaweedFS is missing; please run: tools/setup.sh servers")
    return program


def java() -> Path:
    """The Java of a JDK that Elasticsearch runs on: of JAVA_HOME, else of /usr/lib/jvm, else on the path."""
    named, on_path = os.environ.get("JAVA_HOME"), shutil.which("java")
    homes = [Path(named)] if named else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    homes += [Path(on_path).resolve().parents[1]] if on_path else []
    for home in homes:
        if (home / "bin" / "javac").exists() and _java_version(home / "bin" / "java") >= OLDEST_JAVA:
            return home / "bin" / "java"
    raise ServerFailed(f"Elasticsearch needs a JDK {OLDEST_JAVA} or newer; install one (Temurin, for instance), or set JAVA_HOME")


def elasticsearch_jars(runtime: Path) -> Path:
    """The folder with Elasticsearch's jars (`lib`), our main (`classes`) and its network module (`modules`)."""
    recipe = hashlib.sha256((HERE / "EsServer.java").read_bytes() + (HERE / "elasticsearch.xml").read_bytes()).hexdigest()[:8]
    return _kept(CACHE / f"elasticsearch-{ELASTICSEARCH}-{recipe}", lambda making: _gather_elasticsearch(making, runtime))


def _kept(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, made whole or not at all, and once however many ask for it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = CACHE / f"{folder.name}.making"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(folder)
    return folder


def _minio_folder() -> Path:
    return CACHE / f"minio-{MINIO}"


def _build_minio(making: Path) -> None:
    if not shutil.which("go"):
        raise ServerFailed("MinIO is built with Go, and there is no Go here; SeaweedFS does as an object store: start seaweedfs")
    say("minio: building it (once on this machine, 1 to 7 minutes)")
    _finish(["go", "install", f"github.com/minio/minio@{MINIO}"], {"GOBIN": str(making)})


def _gather_elasticsearch(making: Path, runtime: Path) -> None:
    if not shutil.which("mvn"):
        raise ServerFailed("Elasticsearch comes through Maven, and there is none here; please run: sudo apt-get install maven")
    say(f"elasticsearch: fetching {ELASTICSEARCH} (once on this machine)")
    shutil.copy(HERE / "elasticsearch.xml", making / "pom.xml")
    lib = making / "lib"
    pinned = [f"-Delasticsearch={ELASTICSEARCH}", "-DincludeScope=runtime", f"-DoutputDirectory={lib}"]
    _finish(["mvn", "-B", "-q", "-f", making / "pom.xml", COPY_JARS, *pinned], {"JAVA_HOME": str(runtime.parents[1])})
    _move_netty(lib, making / "modules" / "transport-netty4")
    _finish(
        [
            runtime.with_name("javac"),
            "--release",
            str(OLDEST_JAVA),
            "-cp",
            f"{lib}/*",
            "-d",
            making / "classes",
            HERE / "EsServer.java",
        ]
    )


def _move_netty(lib: Path, module: Path) -> None:
    """The network module has a class loader of its own: a plain one, where it is not called a module of Java's."""
    module.mkdir(parents=True)
    for jar in (*lib.glob("netty-*.jar"), *lib.glob("transport-netty4-*.jar")):
        jar.rename(module / jar.name)
    with zipfile.ZipFile(module / f"transport-netty4-{ELASTICSEARCH}.jar") as packed:
        text = packed.read("META-INF/es-plugins/transport-netty4/plugin-descriptor.properties").decode()
    lines = [line for line in text.splitlines() if not line.startswith("modulename=")]
    (module / "plugin-descriptor.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _java_version(program: Path) -> int:
    """Its major version; 0 where it does not tell."""
    told = subprocess.run([program, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=False).stderr
    numbers = [line.split("=")[1].strip() for line in told.splitlines() if "java.specification.version" in line]
    return int(numbers[0].removeprefix("1.")) if numbers else 0


def _on_path(name: str) -> Path | None:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return Path(found) if found else None


def _apt_install(package: str) -> bool:
    """Whether apt could; a list of packages that is empty or old is fetched first when it must be."""
    if not shutil.which("apt-get"):
        return False
    say(f"installing {package}")
    install = ["install", "--yes", "--no-install-recommends", package]
    return _apt(install) or (_apt(["update"]) and _apt(install))


def _apt(arguments: Sequence[str]) -> bool:
    return _as_root(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", *arguments])


def _write_as_root(file: Path, content: str) -> bool:
    return _as_root(["install", "-D", "--mode=644", "/dev/stdin", str(file)], content)


def _as_root(command: Sequence[str], told: str = "") -> bool:
    """Whether it could be done, by root or with a `sudo` that asks for no password."""
    before = [] if os.geteuid() == 0 else ["sudo", "-n"]
    try:
        done = subprocess.run([*before, *command], input=told, text=True, capture_output=True, check=False)
    except FileNotFoundError:  # neither root nor sudo
        return False
    return done.returncode == 0


def _finish(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
    ended = subprocess.run([*map(str, command)], env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise ServerFailed(f"{Path(command[0]).name} failed:\n{(ended.stdout + ended.stderr)[-2000:]}")
