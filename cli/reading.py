"""Options of every command that reads."""

from __future__ import annotations

from typing import Annotated

import typer

Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, max=256, help="Số hồ sơ đọc cùng lúc (mặc định: số nhân máy).")]
ReaderName = Annotated[str | None, typer.Option("--reader", help="Bộ đọc; «sohoa doctor» liệt kê tên.")]
