"""What can go wrong at the door of `sohoa serve`: branches of the tree in errors.py."""

from __future__ import annotations

from pipeline.errors import HomeError, UsageError


class AddressInUse(HomeError):
    code = "ADDRESS_IN_USE"
    summary = "Không nghe được ở địa chỉ này"
    next_step = "Có thể một tiến trình khác đang dùng; chọn cổng khác bằng --address hoặc SOHOA_HTTP_ADDRESS."


class BadNotification(UsageError):
    code = "BAD_NOTIFICATION"
    summary = "Thông báo của kho S3 không đúng dạng"
    next_step = "Kiểm tra cấu hình thông báo của bucket nhận; tệp vẫn nằm nguyên và lần quét sau sẽ nhận."
