"""What can go wrong between the store and the search index: a branch of the tree in errors.py."""

from __future__ import annotations

from pipeline.errors import KeptWrong


class NotIndexed(KeptWrong):
    """`detail`: what of the record is not in the index, `pages` or `all`."""

    code = "NOT_INDEXED"
    summary = "Máy chủ tìm kiếm không nhận hồ sơ này"
    next_step = (
        "Hồ sơ còn nguyên trong kho («sohoa show»). Nếu hồ sơ có nhiều nghìn trang, tăng bộ nhớ của máy chủ tìm kiếm "
        "rồi chạy «sohoa reindex»; nếu không, báo người quản trị."
    )
