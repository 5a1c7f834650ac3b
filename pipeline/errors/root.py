"""The trunk of the tree: what may succeed later, what a person has to act on, what is our own fault."""

from __future__ import annotations

from pipeline.details import in_vietnamese


class SohoaError(Exception):
    """Root of all errors that sohoa raises on purpose."""

    code = "ERROR"
    summary = "Có lỗi"
    next_step = "Chạy «sohoa doctor» và báo người quản trị."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.summary}{f' ({in_vietnamese(self.detail)})' if self.detail else ''}. {self.next_step}"


class TransientError(SohoaError):
    """Trying again later may succeed; no attempt is charged to the record."""


class StoreUnavailable(TransientError):
    code = "STORE_UNAVAILABLE"
    summary = "Kho lưu trữ không trả lời"
    next_step = "Việc dở dang được giữ nguyên; kiểm tra ổ đĩa hoặc máy chủ lưu trữ rồi chạy lại."


class IndexUnavailable(TransientError):
    code = "INDEX_UNAVAILABLE"
    summary = "Chỉ mục tìm kiếm không trả lời"
    next_step = "Dữ liệu gốc vẫn an toàn; chạy «sohoa reindex» khi chỉ mục hoạt động lại."


class QueueUnavailable(TransientError):
    code = "QUEUE_UNAVAILABLE"
    summary = "Hàng đợi không trả lời"
    next_step = "Hồ sơ đã được giữ và sẽ tự vào hàng đợi khi hàng đợi hoạt động lại."


class DiskFull(TransientError):
    code = "DISK_FULL"
    summary = "Ổ đĩa sắp đầy hoặc đã đầy"
    next_step = "Giải phóng chỗ trống rồi chạy lại; những gì đã nhận không bị mất."


class Interrupted(TransientError):
    code = "INTERRUPTED"
    summary = "Việc bị ngắt giữa chừng"
    next_step = "Chạy «sohoa work» để làm tiếp."


class PermanentError(SohoaError):
    """Trying again changes nothing until a person acts."""


class ProgramFault(PermanentError):
    """Nobody's wish: `detail` names the class and the place, never what a document says."""

    code = "INTERNAL"
    summary = "Chương trình có lỗi"
    next_step = "Dữ liệu đã nhận được giữ nguyên; chạy lại với SOHOA_LOG_LEVEL=debug và báo người quản trị."


class StoreFull(DiskFull):
    """The object store has no room, or has used up its quota; no machine is to blame. The code is that of DiskFull."""

    summary = "Kho lưu trữ (bucket S3) đã đầy hoặc hết hạn mức"
    next_step = "Tăng dung lượng hoặc hạn mức của bucket rồi chạy lại; những gì đã nhận không bị mất."
