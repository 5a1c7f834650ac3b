"""The details of errors and findings in the clerk's language. The one place where they are translated.

A detail is kept as it was raised, short and stable: the English of our own modules, the system's name of an error (ENOENT), the
class of a library's exception, a size beside its limit. Names, paths, ids and what is Vietnamese already stay as they are.
"""

from __future__ import annotations

import errno
import os
import re

SYSTEM = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "hệ điều hành không cho phép",
    errno.EEXIST: "đã có tệp mang tên này",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.ENOTEMPTY: "thư mục không trống",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EDQUOT: "đã dùng hết dung lượng được cấp",
    errno.EIO: "ổ đĩa hoặc mạng báo lỗi khi đọc, ghi",
    errno.ENXIO: "thiết bị không có hoặc đã ngắt",
    errno.ENODEV: "thiết bị không có hoặc đã ngắt",
    errno.ESTALE: "thư mục mạng đã ngắt",
    errno.ENOTCONN: "thư mục mạng đã ngắt",
    errno.ETIMEDOUT: "chờ quá lâu",
    errno.EBUSY: "đang được chương trình khác dùng",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "liên kết vòng",
    errno.EINVAL: "tên hoặc cách dùng không hợp lệ",
    errno.EFBIG: "tệp lớn quá mức cho phép",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENFILE: "mở quá nhiều tệp cùng lúc",
    errno.ENOMEM: "thiếu bộ nhớ",
    errno.EMLINK: "quá nhiều liên kết đến một tệp",
    errno.EXDEV: "hai nơi không cùng một ổ đĩa",
    errno.EOPNOTSUPP: "ổ đĩa không hỗ trợ",
}

CLASSES = {
    "FileNotFoundError": errno.ENOENT,
    "PermissionError": errno.EACCES,
    "FileExistsError": errno.EEXIST,
    "NotADirectoryError": errno.ENOTDIR,
    "IsADirectoryError": errno.EISDIR,
    "TimeoutError": errno.ETIMEDOUT,
    "BlockingIOError": errno.EBUSY,
    "OSError": errno.EIO,
    "MemoryError": errno.ENOMEM,
}

PHRASES = {
    # the file
    "not a regular file": "không phải tệp thường",
    "Group 4": "ảnh nén kiểu fax bị hỏng",
    "tables of a JPEG in a TIFF": "bảng nén JPEG trong tệp TIFF bị hỏng",
    "a strip without a scan": "một dải ảnh trong tệp TIFF không có dữ liệu",
    "forms nested too deeply": "nội dung trang lồng nhau quá sâu",
    "too many instructions": "nội dung trang quá phức tạp",
    "an image of the page is missing": "thiếu một ảnh của trang",
    "the image has another size than its dictionary says": "kích thước ảnh khác với kích thước ghi trong tệp",
    "nothing is left of the page": "trang không còn nội dung",
    "a palette without its colours": "bảng màu của ảnh bị thiếu",
    "the image ends too early": "ảnh bị cắt ngang",
    "pages are missing": "thiếu trang",
    "MediaBox": "khổ trang ghi sai",
    "poppler": "không vẽ được trang",
    "pdftotext": "không lấy được lớp chữ",
    "tesseract": "Tesseract không trả lời",
    "error": "thư viện ảnh báo lỗi",
    # where others drop files
    "key": "tên không bắt đầu bằng incoming/ hoặc dài quá 1024 byte",
    "control characters": "tên có ký tự điều khiển",
    "an empty or dotted name in the path": "đường dẫn có tên thư mục trống, «.» hoặc «..»",
    "unit and batch are missing": "thiếu thư mục đơn vị hoặc thư mục lô",
    "name of the batch": "tên thư mục lô",
    "code of the unit": "mã đơn vị",
    "no room to set it aside": "không còn chỗ để chuyển sang refused/",
    "no JSON": "không phải JSON",
    "the declared count": "số tệp khai báo (declared) phải là số nguyên từ 0",
    "the fonds or sector": "mã phông (fonds) hoặc lĩnh vực (sector)",
    "urgent": "urgent phải là true hoặc false",
    "a number or nothing": "_DONE phải trống hoặc chỉ có số tệp",
    # the store and the children
    "CHECKSUM": "nội dung không khớp mã kiểm tra",
    "MaxRetryError": "không kết nối được máy chủ",
    "NewConnectionError": "không kết nối được máy chủ",
    "ConnectionError": "không kết nối được máy chủ",
    "AMQPConnectionError": "không kết nối được máy chủ",
    "ConnectTimeoutError": "chờ máy chủ quá lâu",
    "ReadTimeoutError": "chờ máy chủ quá lâu",
    "ProtocolError": "máy chủ ngắt kết nối giữa chừng",
    "IncompleteRead": "máy chủ ngắt kết nối giữa chừng",
    "SlowDown": "máy chủ quá tải",
    "AccessDenied": "không có quyền",
    "TLS": "máy chủ không dùng TLS, hoặc chứng chỉ của nó không được tin: xem SOHOA_…_CA_FILE và tên máy chủ",
    "NOT_STORED": "máy chủ báo đã ghi nhưng không có đối tượng",
    "no hard links on this file system": "ổ đĩa không có liên kết cứng",
    "TIMEOUT": "chờ quá lâu",
    "sohoa samples": "khi tạo bản mẫu",
    # the index
    "pages": "chỉ tìm được theo các trường, không theo chữ trong trang",
    "all": "không tìm được",
}

_PATTERNS = (
    (re.compile(r"> (\d+) (MB|kB)"), r"quá \1 \2"),
    (re.compile(r"> ([\d.]+) s"), r"quá \1 giây"),
    (re.compile(r"> (\d+)"), r"quá \1"),
    (re.compile(r"(\d+) > (\d+)"), r"\1, giới hạn \2"),
    (re.compile(r"(\d+) x (\d+) > (\d+) MP"), r"\1 × \2 điểm ảnh, giới hạn \3 triệu"),
    (re.compile(r"(\d+) x (\d+) in"), r"\1 × \2 inch"),
    (re.compile(r"(\d+) x (\d+)"), r"\1 × \2 điểm ảnh"),
    (re.compile(r"page (\d+): (.+)"), r"trang \1: \2"),
    (re.compile(r"no (\S+)"), r"thiếu \1"),
    (re.compile(r"(SIG[A-Z0-9]+)"), r"bị dừng bởi \1"),
    (re.compile(r"(?:exit|status) (-?\d+)"), r"mã kết thúc \1"),
    (re.compile(r"tesseract: (\w+)"), r"Tesseract báo lỗi \1"),
    (re.compile(r"(/[A-Z]\w*)"), r"mục \1 trong tệp PDF ghi sai"),
    (re.compile(r"(\w+(?:Error|Exception|Warning))"), r"lỗi kỹ thuật \1"),
)
"""Each for a whole detail."""


def in_vietnamese(detail: str) -> str:
    """What a person reads of a detail; what is not known here stays as it is."""
    if detail in PHRASES:
        return PHRASES[detail]
    number = CLASSES.get(detail) or _NUMBERS.get(detail)
    if number is not None:
        return SYSTEM.get(number, f"lỗi hệ thống {detail}")
    for pattern, shown in _PATTERNS:
        if found := pattern.fullmatch(detail):
            return found.expand(shown)
    return _told_by_the_system(detail)


def _told_by_the_system(detail: str) -> str:
    """A path may stand before what the system said about it ("out: No space left on device")."""
    for number, sentence in SYSTEM.items():
        place, said, rest = detail.rpartition(os.strerror(number))
        if said and not rest:
            return f"{place.rstrip(' :')}: {sentence}" if place else sentence
    return detail


_NUMBERS = {name: number for number, name in errno.errorcode.items()}
