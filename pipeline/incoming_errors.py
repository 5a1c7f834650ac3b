"""What can go wrong where others drop files: branches of the tree in errors.py."""

from __future__ import annotations

from pipeline.errors import HomeError, InputError


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


class IncomingMissing(HomeError):
    code = "INCOMING_MISSING"
    summary = "Chưa có nơi nhận tệp từ máy quét và hệ thống khác"
    next_step = "Kiểm tra SOHOA_INCOMING_BUCKET hoặc SOHOA_INCOMING_FOLDER rồi chạy «sohoa init»."
