"""TLS in front of a real server that has none, as a proxy of a province has it: what comes in is decrypted and passed on."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from tests.house.source import ROOT


def certificates(folder: Path, *servers: str) -> Path:
    """Made by the script that a province uses; the folder with ca.pem and one folder a server."""
    subprocess.run([ROOT / "deploy" / "certificates.sh", folder, *servers], check=True, capture_output=True, timeout=60)
    return folder


@contextmanager
def tls_front(target: str, certificate: Path) -> Iterator[str]:
    """`host:port` that reaches `target` (the same in the clear) over TLS, with the certificate of that folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "public.crt", certificate / "private.key")
    host, _, port = target.rpartition(":")
    with socket.create_server(("127.0.0.1", 0)) as door:
        Thread(target=_let_in, args=(door, context, (host, int(port))), daemon=True).start()
        yield f"127.0.0.1:{door.getsockname()[1]}"
        door.shutdown(socket.SHUT_RDWR)  # ends the wait for the next one


def _let_in(door: socket.socket, context: ssl.SSLContext, target: tuple[str, int]) -> None:
    with suppress(OSError):
        while True:
            line, _ = door.accept()
            Thread(target=_pass_on, args=(line, context, target), daemon=True).start()


def _pass_on(line: socket.socket, context: ssl.SSLContext, target: tuple[str, int]) -> None:
    """A client that does not trust us ends it in the middle of the handshake: nothing for anybody to see here."""
    with (
        suppress(OSError),
        line,
        context.wrap_socket(line, server_side=True) as inside,
        socket.create_connection(target) as server,
    ):
        back = Thread(target=_copied, args=(server, inside), daemon=True)
        back.start()
        _copied(inside, server)
        back.join()


def _copied(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
