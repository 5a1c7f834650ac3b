"""What can go wrong with servers: branches of the tree in errors.py."""

from __future__ import annotations

from pipeline.errors import DiskFull, KeptWrong


class StoreFull(DiskFull):
    """The object store has no room, or has used up its quota; no machine is to blame. The code is that of DiskFull."""

    summary = "Kho lưu trữ (bucket S3) đã đầy hoặc hết hạn mức"
    next_step = "Tăng dung lượng hoặc hạn mức của bucket rồi chạy lại; những gì đã nhận không bị mất."


class NotIndexed(KeptWrong):
    """`detail`: what of the record is not in the index, `pages` or `all`."""

    code = "NOT_INDEXED"
    summary = "Chỉ mục tìm kiếm không nhận hồ sơ này"
    next_step = (
        "Hồ sơ còn nguyên trong kho («sohoa show»). Nếu hồ sơ có nhiều nghìn trang, tăng bộ nhớ của máy chủ tìm kiếm "
        "rồi chạy «sohoa reindex»; nếu không, báo người quản trị."
    )
