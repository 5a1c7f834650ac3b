"""The process that read a record."""

from __future__ import annotations

from pipeline.errors.root import PermanentError


class ChildFault(PermanentError):
    """The process that read the record ended badly; counted as an attempt.

    `page_no`: the page under way, None before the first one.
    """

    def __init__(self, detail: str = "", page_no: int | None = None) -> None:
        super().__init__(detail)
        self.page_no = page_no


class ChildCrashed(ChildFault):
    code = "CRASHED"
    summary = "Chương trình đọc bị dừng đột ngột khi đọc tệp"
    next_step = "Mở tệp gốc kiểm tra; chạy «sohoa retry» để đọc lại."


class ChildTimeout(ChildFault):
    code = "TIMEOUT"
    summary = "Đọc quá thời gian cho phép"
    next_step = "Tách tệp hoặc tăng SOHOA_PAGE_TIMEOUT_SECONDS, rồi chạy «sohoa retry»."


class ChildOutOfMemory(ChildFault):
    code = "OUT_OF_MEMORY"
    summary = "Đọc cần nhiều bộ nhớ hơn cho phép"
    next_step = "Quét lại ở 200-300 dpi hoặc tăng SOHOA_CHILD_MEMORY_MB, rồi chạy «sohoa retry»."


class ChildOutOfSpace(ChildFault):
    code = "OUT_OF_SPACE"
    summary = "Đọc cần nhiều chỗ ghi tạm hơn cho phép"
    next_step = "Tách tệp thành nhiều phần, rồi chạy «sohoa retry»."


class InterruptedTooOften(ChildFault):
    code = "INTERRUPTED_TOO_OFTEN"
    summary = "Chương trình bị dừng quá nhiều lần khi đang đọc tệp này"
    next_step = "Kiểm tra nguồn điện, bộ nhớ và ổ đĩa của máy, rồi chạy «sohoa retry»."
