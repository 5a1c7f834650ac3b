"""Everything that can go wrong, as one tree.

    SohoaError
      TransientError      try again later: the record is not to blame
        StoreUnavailable  IndexUnavailable  QueueUnavailable  DiskFull  Interrupted
      PermanentError      trying again changes nothing: a person has to act
        InputError          the file as given
          EmptyFile UnknownType TooLarge UnreadableFile FileChanging
          Damaged NeedsPassword NoPages TooManyPages PageTooLarge        (found when decoding)
        ChildFault          the process that read it
          ChildCrashed ChildTimeout ChildOutOfMemory ChildOutOfSpace InterruptedTooOften
        KeyExists KeyMissing DigestMismatch                              (store)
        KeptWrong           what is kept, as `fixity`, `backup` and `restore` find it
          ObjectMissing ObjectChanged ObjectOrphaned BackupDamaged
        UsageError          what was asked
          OutputExists OutputUnusable UnknownRecord AmbiguousRecord BadQuery BadDate BadSetting BadName
          FolderTooWide BackupMissing OtherHome
        HomeError           the installation or home
          HomeMissing HomeReadOnly HomeLocked HomeTooNew FolderUnusable EquationBroken ToolMissing ReaderBroken
          StoreRefused StoreUnsafe
        ProgramFault        a fault of the program itself

Further branches: incoming_errors.py (where others drop files), move_errors.py (a home that moves), door_errors.py (`serve`).
Each class has a stable English `code`, a Vietnamese `summary` for the clerk and a Vietnamese `next_step`. `str(error)` is the
whole sentence. `detail` is added to the summary: a name, a number, never text of a page; pipeline/details.py puts it into
Vietnamese.
"""

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


RESTORE = (
    "Chạy «sohoa restore THƯ_MỤC_SAO_LƯU»: chỉ thay những gì hỏng hoặc thiếu; "
    "bản sao lưu không có thì nộp lại đúng tệp gốc, hoặc đọc lại bằng «sohoa reread»."
)
"""What to do about anything that is damaged in the store."""


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


class HomeError(PermanentError):
    """The installation or the home folder is not usable (exit code 4)."""


class HomeMissing(HomeError):
    code = "HOME_MISSING"
    summary = "Chưa có kho dữ liệu"
    next_step = "Chạy «sohoa init» hoặc đặt SOHOA_HOME."


class HomeReadOnly(HomeError):
    code = "HOME_READ_ONLY"
    summary = "Không ghi được vào kho dữ liệu"
    next_step = "Kiểm tra quyền ghi của SOHOA_HOME."


class HomeLocked(HomeError):
    code = "HOME_LOCKED"
    summary = "Một «sohoa work» khác đang chạy trên kho này"
    next_step = "Đợi tiến trình kia xong hoặc dừng nó trước."


class HomeTooNew(HomeError):
    code = "HOME_TOO_NEW"
    summary = "Kho dữ liệu do phiên bản sohoa khác tạo ra"
    next_step = "Cài phiên bản sohoa mới hơn rồi chạy lại; dữ liệu được giữ nguyên."


class FolderUnusable(HomeError):
    code = "FOLDER_UNUSABLE"
    summary = "Không tạo được thư mục"
    next_step = "Chọn nơi khác: một thư mục trên ổ đĩa của máy (ext4, NTFS; không phải FAT) mà người dùng này ghi được."


class EquationBroken(HomeError):
    code = "EQUATION"
    summary = "Số tệp không khớp: có dữ liệu bị mất trong kho"
    next_step = "Chạy «sohoa fixity», rồi «sohoa restore THƯ_MỤC_SAO_LƯU», và báo người quản trị."


class StoreRefused(HomeError):
    code = "STORE_REFUSED"
    summary = "Kho lưu trữ không chấp nhận tài khoản này"
    next_step = "Kiểm tra SOHOA_S3_ACCESS_KEY, SOHOA_S3_SECRET_KEY và quyền của tài khoản trên bucket."


class StoreUnsafe(HomeError):
    code = "STORE_UNSAFE"
    summary = "Kho lưu trữ ghi đè lên đối tượng đã có dù được yêu cầu không ghi đè"
    next_step = "Dùng kho S3 tuân theo lệnh ghi có điều kiện (If-None-Match); docs/deploy.md ghi những kho đã thử."


class ReaderBroken(HomeError):
    code = "READER_BROKEN"
    summary = "Bộ đọc không khởi động được"
    next_step = "Chạy «sohoa doctor» để xem cần sửa gì; hồ sơ được giữ nguyên."


class ToolMissing(HomeError):
    code = "TOOL_MISSING"
    summary = "Thiếu chương trình cần thiết"
    next_step = "Chạy «sohoa doctor» để xem thiếu gì, rồi cài lại bằng «make setup» hoặc install.sh của gói cài đặt."


class ProgramFault(PermanentError):
    """Nobody's wish: `detail` names the class and the place, never what a document says."""

    code = "INTERNAL"
    summary = "Chương trình có lỗi"
    next_step = "Dữ liệu đã nhận được giữ nguyên; chạy lại với SOHOA_LOG_LEVEL=debug và báo người quản trị."


def error_from(code: str, detail: str = "") -> SohoaError:
    """The error with this code, as it was before it was kept; a newer version's unknown code is carried by a PermanentError."""
    kinds = [SohoaError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        if kind.code == code:
            return kind(detail)
    unknown = PermanentError(detail)
    unknown.code = code
    return unknown
