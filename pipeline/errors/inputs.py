"""A file as it was given, wherever it came from."""

from __future__ import annotations

from pipeline.errors.root import PermanentError


class InputError(PermanentError):
    """The file itself."""


class EmptyFile(InputError):
    code = "EMPTY_FILE"
    summary = "Tệp rỗng"
    next_step = "Quét lại trang giấy và nộp tệp mới."


class UnknownType(InputError):
    code = "UNKNOWN_TYPE"
    summary = "Nội dung không phải PDF, TIFF, JPEG, PNG hay JPEG 2000"
    next_step = "Quét hoặc xuất lại thành một trong các định dạng đó."


class TooLarge(InputError):
    code = "TOO_LARGE"
    summary = "Tệp lớn quá giới hạn"
    next_step = "Tách tệp thành nhiều phần hoặc tăng SOHOA_MAX_FILE_MB."


class UnreadableFile(InputError):
    code = "UNREADABLE"
    summary = "Không mở được tệp"
    next_step = "Kiểm tra quyền đọc, đường dẫn và ổ đĩa rồi nộp lại."


class FileChanging(InputError):
    code = "CHANGING"
    summary = "Tệp thay đổi trong lúc đang nhận"
    next_step = "Đợi máy quét hoặc chương trình kia ghi xong rồi nộp lại."


class Damaged(InputError):
    code = "DAMAGED"
    summary = "Tệp hỏng hoặc bị cắt ngang"
    next_step = "Sao chép lại từ máy quét hoặc quét lại; bản đã nhận vẫn được giữ."


class NeedsPassword(InputError):
    code = "NEEDS_PASSWORD"
    summary = "Tệp PDF có mật khẩu mở"
    next_step = "Bỏ mật khẩu mở tệp rồi nộp lại."


class NoPages(InputError):
    code = "NO_PAGES"
    summary = "Tệp không có trang nào"
    next_step = "Quét lại và nộp tệp mới."


class TooManyPages(InputError):
    code = "TOO_MANY_PAGES"
    summary = "Tệp có quá nhiều trang"
    next_step = "Tách tệp hoặc tăng SOHOA_MAX_PAGES."


class PageTooLarge(InputError):
    code = "PAGE_TOO_LARGE"
    summary = "Kích thước trang hoặc ảnh vượt giới hạn"
    next_step = "Quét lại ở 200-300 dpi hoặc tăng SOHOA_MAX_PAGE_MEGAPIXELS."


class SecretMark(InputError):
    """`detail`: the page and the level, `page 17: TỐI MẬT`."""

    code = "SECRET_MARK"
    summary = "Trang có dấu độ mật"
    next_step = (
        "Việc đọc đã dừng, không chữ nào được giữ; báo người phụ trách bảo mật. Đúng là tài liệu mật: «sohoa purge». "
        "Đọc nhầm dấu: «sohoa retry MÃ_HỒ_SƠ --not-secret --by HỌ_TÊN --why LÝ_DO»."
    )

    def __init__(self, detail: str = "", page_no: int | None = None, level: str = "") -> None:
        super().__init__(detail or (f"page {page_no}: {level}" if page_no else ""))


class Purged(InputError):
    """`detail`: the day and the record."""

    code = "PURGED"
    summary = "Tệp này đã bị hủy khỏi kho theo quyết định của hai người"
    next_step = "Không nhận lại; xem ai hủy, khi nào, vì sao bằng «sohoa show MÃ_HỒ_SƠ»."


class WrongPlace(InputError):
    code = "WRONG_PLACE"
    summary = "Tệp không nằm đúng chỗ để được nhận"
    next_step = "Đặt tệp vào incoming/ĐƠN_VỊ/LÔ/; mã đơn vị và tên lô chỉ gồm chữ cái, chữ số và các dấu - _ ."


class SidecarBroken(InputError):
    code = "SIDECAR_BROKEN"
    summary = "Tệp khai báo của lô (batch.json hoặc _DONE) không đúng dạng"
    next_step = "Sửa rồi gửi lại tệp đó; lô còn để mở."


class SidecarLate(InputError):
    code = "SIDECAR_LATE"
    summary = "batch.json ghi phông hoặc lĩnh vực khác, nhưng đến sau khi đã nhận tệp của lô"
    next_step = (
        "Tệp đã nhận giữ phông và lĩnh vực cũ; lần sau gửi batch.json trước, hoặc đặt SOHOA_INCOMING_WAIT_FOR_SIDECAR=true."
    )


class Superseded(InputError):
    code = "SUPERSEDED"
    summary = "Bản đang ghi dở, đã được ghi đè ngay sau đó"
    next_step = "Không cần làm gì: bản ghi sau cùng đã được nhận."
