"""What sohoa may remark on a record, with the sentence a clerk reads. A record with any finding is waiting for review."""

from __future__ import annotations

SENTENCES = {
    # the page
    "BLANK_PAGE": "Trang trắng: kiểm tra có phải mặt sau để trống không.",
    "NO_TEXT": "Trang có nét mực nhưng không đọc được chữ nào.",
    "LOW_CONFIDENCE": "Chữ khó đọc: cần xem lại toàn trang.",
    "PAGE_FAILED": "Trang này không xử lý được, chưa biết có dấu mật không; các trang khác vẫn được đọc.",
    "PAGE_SKIPPED": "Trang này đã làm dừng chương trình ở lần trước nên được bỏ qua, chưa biết có dấu mật không.",
    "DAMAGED": "Ảnh của trang bị hỏng hoặc bị cắt ngang.",
    "PAGE_TOO_LARGE": "Kích thước trang vượt giới hạn.",
    "SECRET_MARK": "Trang có dấu độ mật: hồ sơ không được đọc, không chữ nào được giữ.",
    "CLEARED_MARK": "Trang có dấu giống dấu độ mật; người có trách nhiệm đã xác định không phải.",
    # the file
    "FILE_REPAIRED": "Tệp bị lỗi cấu trúc và đã được sửa khi đọc: so số trang với bản giấy.",
    "TEXT_LAYER_IGNORED": "Lớp chữ có sẵn trong tệp không dùng được nên trang được đọc lại.",
    "ATTACHMENTS": "Tệp PDF có tệp đính kèm: chúng không vào bản lưu trữ.",
    # the fields; FIELD stands for the name of one
    "FIELD_HANDWRITTEN": "Trường viết tay nên không được đọc: xem trên ảnh.",
    "FIELD_UNREADABLE": "Trường có trên trang nhưng không đọc chắc chắn.",
    "FIELD_BLANK": "Trường để trống trên bản giấy.",
    "FIELD_DOUBTFUL": "Trường đọc được nhưng độ tin cậy thấp.",
    "DATE_IN_FUTURE": "Ngày ban hành sau ngày quét.",
    "NUMBER_NOT_FOUND": "Văn bản có ngày nhưng không tìm thấy số, ký hiệu.",
    "TYPE_MISMATCH": "Ký hiệu và tên loại văn bản không khớp nhau.",
    "UNKNOWN_TYPE_OF_DOCUMENT": "Không xác định được loại văn bản.",
}


FIELD = "Trường "


def sentence(code: str, field: str | None = None) -> str:
    """The Vietnamese sentence for a finding's code, about the field of that name if any; the code itself when it is from a newer
    version.
    """
    known = SENTENCES.get(code, code)
    return known if field is None else f"{field}: {known.removeprefix(FIELD)}"
