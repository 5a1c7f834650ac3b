"""`serve`: health and metrics of the house, and the door for notifications."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.exits import DONE
from cli.output import say
from config.settings import Settings, read_settings
from config.wiring.home import open_home
from pipeline.errors import AddressInUse, BadSetting


def serve_command(
    address: Annotated[str | None, typer.Option(help="Địa chỉ nghe, dạng máy:cổng (mặc định: SOHOA_HTTP_ADDRESS).")] = None,
) -> int:
    """Cho hệ thống giám sát hỏi: /healthz, /readyz, /metrics. Ctrl-C để dừng."""
    settings = read_settings()
    host, port = host_and_port(address or settings.http_address)
    _serve(settings, host, port)
    return DONE


def host_and_port(address: str) -> tuple[str, int]:
    """Of `127.0.0.1:8080`, `[::1]:8080`. Raises BadSetting."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise BadSetting(f"{address}: cần dạng máy:cổng")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _serve(settings: Settings, host: str, port: int) -> None:
    import uvicorn

    from web.app import Services, create_app

    home = open_home(settings)
    app = create_app(Services(home.custody, home.indexing))
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, server_header=False))
    say(f"Đang nghe ở http://{host}:{port}; Ctrl-C để dừng.")
    try:
        server.run()
    except SystemExit:  # how it says that the address cannot be had; why, it has written to a log that is not ours
        raise AddressInUse(f"{host}:{port}") from None
