"""What can go wrong when a home moves to another store: branches of the tree in errors.py."""

from __future__ import annotations

from pipeline.errors import DigestMismatch, HomeError, KeptWrong


class NotKept(DigestMismatch):
    code = "NOT_KEPT"
    summary = "Nơi chép đến không trả lại đúng những gì vừa ghi vào đó"
    next_step = "Kiểm tra ổ đĩa hoặc máy chủ lưu trữ của nơi chép đến, rồi chạy lại; bản ở nơi cũ vẫn nguyên."


class ObjectDiffers(KeptWrong):
    code = "DIFFERS"
    summary = "Hai nơi có hai nội dung khác nhau, cả hai đều nguyên vẹn"
    next_step = "Hai nơi đã được dùng riêng rẽ: không bên nào bị ghi đè; báo người quản trị."


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
