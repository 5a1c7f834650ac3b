"""What is kept: in the store, in a backup, in the index, in a home that moves."""

from __future__ import annotations

from pipeline.errors.root import PermanentError

RESTORE = (
    "Chạy «sohoa restore THƯ_MỤC_SAO_LƯU»: chỉ thay những gì hỏng hoặc thiếu; "
    "bản sao lưu không có thì nộp lại đúng tệp gốc, hoặc đọc lại bằng «sohoa reread»."
)
"""What to do about anything that is damaged in the store."""


class KeyExists(PermanentError):
    code = "KEY_EXISTS"
    summary = "Đối tượng đã có trong kho"
    next_step = "Không cần làm gì: bản đã có được giữ nguyên."


class KeyMissing(PermanentError):
    code = "KEY_MISSING"
    summary = "Không có đối tượng này trong kho"
    next_step = "Chạy «sohoa fixity» để kiểm tra kho."


class DigestMismatch(PermanentError):
    code = "DIGEST_MISMATCH"
    summary = "Nội dung trong kho khác với mã băm đã ghi"
    next_step = RESTORE


class KeptWrong(PermanentError):
    """One object of the store (or of its backup) is not as it should be; one line each, exit code 3."""


class ObjectMissing(KeptWrong):
    code = "MISSING"
    summary = "Thiếu trong kho"
    next_step = RESTORE


class ObjectChanged(KeptWrong):
    code = "CHANGED"
    summary = "Nội dung khác với mã băm đã ghi"
    next_step = RESTORE


class ObjectOrphaned(KeptWrong):
    code = "ORPHANED"
    summary = "Không hồ sơ nào cần đến"
    next_step = "Bản nhận dở thì «sohoa reconcile» dọn; tệp lạ thì người quản trị chuyển ra khỏi kho."


class BackupDamaged(KeptWrong):
    code = "BACKUP_DAMAGED"
    summary = "Trong bản sao lưu cũng hỏng hoặc thiếu"
    next_step = "Dùng bản sao lưu khác; không có thì nộp lại đúng tệp gốc, hoặc đọc lại bằng «sohoa reread»."


class NotKept(DigestMismatch):
    code = "NOT_KEPT"
    summary = "Nơi chép đến không trả lại đúng những gì vừa ghi vào đó"
    next_step = "Kiểm tra ổ đĩa hoặc máy chủ lưu trữ của nơi chép đến, rồi chạy lại; bản ở nơi cũ vẫn nguyên."


class ObjectDiffers(KeptWrong):
    code = "DIFFERS"
    summary = "Hai nơi có hai nội dung khác nhau, cả hai đều nguyên vẹn"
    next_step = "Hai nơi đã được dùng riêng rẽ: không bên nào bị ghi đè; báo người quản trị."


class PurgeIncomplete(KeptWrong):
    """`detail`: how many objects, and until when."""

    code = "PURGE_INCOMPLETE"
    summary = "Đã hủy, nhưng kho S3 còn giữ bản cũ mà tài khoản này không xóa được"
    next_step = "Sau ngày hết khóa, hoặc bằng tài khoản quản trị kho, chạy lại đúng lệnh «sohoa purge» này để xóa nốt."


class NotIndexed(KeptWrong):
    """`detail`: what of the record is not in the index, `pages` or `all`."""

    code = "NOT_INDEXED"
    summary = "Chỉ mục tìm kiếm không nhận hồ sơ này"
    next_step = (
        "Hồ sơ còn nguyên trong kho («sohoa show»). Nếu hồ sơ có nhiều nghìn trang, tăng bộ nhớ của máy chủ tìm kiếm "
        "rồi chạy «sohoa reindex»; nếu không, báo người quản trị."
    )
