"""What was asked of the program."""

from __future__ import annotations

from pipeline.errors.root import PermanentError


class UsageError(PermanentError):
    """What was asked cannot be done as asked."""

    code = "USAGE"
    summary = "Lệnh không đúng"
    next_step = "Xem «sohoa --help»."


class OutputExists(UsageError):
    code = "OUTPUT_EXISTS"
    summary = "Thư mục kết quả đã có dữ liệu"
    next_step = "Chọn thư mục trống, hoặc thêm --overwrite để ghi đè; với «sohoa digitize», --resume làm tiếp phần thiếu."


class OutputUnusable(UsageError):
    code = "OUTPUT_UNUSABLE"
    summary = "Không ghi được vào thư mục kết quả"
    next_step = "Chọn thư mục khác hoặc kiểm tra quyền ghi."


class UnknownRecord(UsageError):
    code = "UNKNOWN_RECORD"
    summary = "Không có hồ sơ này"
    next_step = "Xem mã hồ sơ bằng «sohoa search» hoặc «sohoa status»."


class AmbiguousRecord(UnknownRecord):
    code = "AMBIGUOUS_RECORD"
    summary = "Nhiều hồ sơ có mã bắt đầu như vậy"
    next_step = "Gõ thêm vài ký tự của mã."


class BadQuery(UsageError):
    code = "BAD_QUERY"
    summary = "Câu tìm kiếm không hợp lệ"
    next_step = "Rút ngắn hoặc viết lại câu tìm kiếm, điều kiện lọc."


class BadDate(BadQuery):
    code = "BAD_DATE"
    summary = "Ngày không dùng được"
    next_step = "Viết ngày có thật theo dạng 31/12/2024 hoặc 2024-12-31."


class BadSetting(UsageError):
    code = "BAD_SETTING"
    summary = "Thiết lập không dùng được"
    next_step = "Sửa hoặc bỏ thiết lập đó (biến môi trường, hoặc dòng trong tệp); danh sách có trong docs/settings.md."


class BadName(UsageError):
    code = "BAD_NAME"
    summary = "Mã hoặc tên đợt không dùng được"
    next_step = "Dùng chữ cái, chữ số và các dấu - _ . (tối đa 64 ký tự, bắt đầu bằng chữ cái hoặc chữ số)."


class BackupMissing(UsageError):
    code = "BACKUP_MISSING"
    summary = "Thư mục này không có bản sao lưu nào đã hoàn tất"
    next_step = "Kiểm tra lại đường dẫn; bản sao lưu dở dang thì chạy lại «sohoa backup» để làm tiếp."


class FolderTooWide(UsageError):
    code = "FOLDER_TOO_WIDE"
    summary = "Đường dẫn này là gốc của máy, nằm trong kho dữ liệu hoặc chứa cả kho dữ liệu"
    next_step = "Chỉ đúng thư mục chứa bản quét, hoặc đặt SOHOA_HOME ra ngoài thư mục đó."


class OtherHome(UsageError):
    code = "OTHER_HOME"
    summary = "Nơi kia là của một kho dữ liệu khác"
    next_step = "Kiểm tra SOHOA_HOME và nơi kia: chỉ sao lưu, khôi phục, chuyển giữa hai nơi của một kho, hoặc vào nơi trống."


class BadNotification(UsageError):
    code = "BAD_NOTIFICATION"
    summary = "Thông báo của kho S3 không đúng dạng"
    next_step = "Kiểm tra cấu hình thông báo của bucket nhận; tệp vẫn nằm nguyên và lần quét sau sẽ nhận."
