"""`serve`: health and metrics of the house, and the door for notifications."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exits import DONE
from cli.output import say
from config.settings import Settings, read_settings
from config.wiring.home import open_home
from config.wiring.incoming import open_desk
from pipeline.custody import Custody
from pipeline.errors import AddressInUse, BadSetting
from workers.taker import Taker

if TYPE_CHECKING:
    from web.incoming import Door


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
    home.sweep()
    with _door(settings, home.custody) as door:
        app = create_app(Services(home.custody, home.indexing, door))
        server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, server_header=False))
        say(f"Đang nghe ở http://{host}:{port}; Ctrl-C để dừng.")
        try:
            server.run()
        except SystemExit:  # how it says that the address cannot be had; why, it has written to a log that is not ours
            raise AddressInUse(f"{host}:{port}") from None


@contextmanager
def _door(settings: Settings, custody: Custody) -> Iterator[Door | None]:
    """Where the object store announces what was dropped, and who takes it; None where no token opens it. Raises BadSetting."""
    from web.incoming import Door

    token = settings.incoming_token.get_secret_value()
    if not token:
        yield None
        return
    desk = open_desk(settings, custody) if settings.incoming_bucket else None
    if desk is None:
        raise BadSetting("SOHOA_INCOMING_TOKEN cần SOHOA_INCOMING_BUCKET")
    with Taker(desk, settings.incoming_bucket) as taker:
        yield Door(token, taker.notified)
