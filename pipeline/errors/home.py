"""The installation or the home."""

from __future__ import annotations

from pipeline.errors.root import PermanentError


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


class IncomingMissing(HomeError):
    code = "INCOMING_MISSING"
    summary = "Chưa có nơi nhận tệp từ máy quét và hệ thống khác"
    next_step = "Kiểm tra SOHOA_INCOMING_BUCKET hoặc SOHOA_INCOMING_FOLDER rồi chạy «sohoa init»."


class HomeMoving(HomeError):
    code = "HOME_MOVING"
    summary = "Kho dữ liệu này đang được chuyển đi nơi khác"
    next_step = "Chạy lại «sohoa migrate --to TỆP» cho xong; muốn dùng tiếp kho này: «sohoa migrate --reopen»."


class HomeMoved(HomeError):
    code = "HOME_MOVED"
    summary = "Kho dữ liệu này đã được chuyển đi nơi khác"
    next_step = (
        "Dùng thiết lập của nơi mới. Muốn quay lại đây: ở nơi mới chạy «sohoa migrate --to TỆP» với thiết lập của kho này; "
        "hoặc «sohoa migrate --reopen» ở đây nếu nơi mới chưa được dùng."
    )


class HomeIncomplete(HomeError):
    code = "HOME_INCOMPLETE"
    summary = "Kho dữ liệu này chưa được chuyển đến đầy đủ"
    next_step = "Chạy lại «sohoa migrate --to TỆP» ở kho cũ cho xong."


class AddressInUse(HomeError):
    code = "ADDRESS_IN_USE"
    summary = "Không nghe được ở địa chỉ này"
    next_step = "Có thể một tiến trình khác đang dùng; chọn cổng khác bằng --address hoặc SOHOA_HTTP_ADDRESS."
