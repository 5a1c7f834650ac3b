"""Names of Vietnamese families, of the Kinh and of the peoples of the highlands; Văn and Thị are middle names far more often."""

from __future__ import annotations

from pipeline.text import fold

FAMILY_NAMES = frozenset(
    """
    An Âu Ân Bạc Bạch Bàn Bành Bảo Bế Biện Bồ Bùi Ca Cái Cam Cao Cát Cầm Cấn Châu Chu Chúc Chung Chử Cổ Công Cồ Cù
    Cung Cư Cự Danh Diêm Diệp Doãn Du Dư Dương Đái Đàm Đan Đào Đặng Đậu Đèo Đèn Điền Điểu Điêu Đinh Đoàn Đỗ Đồng Đổng
    Đới Đường Giản Giang Giàng Giáp Hà Hạ Hàn Hàng Hạng Hầu Hình Hoa Hoàng Hoắc Hồ Hồng Hờ Hùng Huỳnh Hứa Kha Khà Khâu
    Khiếu Khoàng Khổng Khuất Khúc Khương Kiên Kiểu Kiều Kim Kỳ La Lã Lai Lại Lãnh Lang Lăng Lầu Lâm Lê Lều Liêu Liễu
    Lò Lô Lỗ Lộc Lộ Lù Lục Luân Luyện Lư Lữ Lương Lường Lưu Lý Ma Mã Mạc Mạch Mai Man Mạnh Mao Mẫn Mè Mễ Mông Mùa Mục
    Nghê Nghiêm Ngô Nguỵ Ngụy Nguyên Nguyễn Nhan Nhâm Nhiêu Nhữ Ninh Nông Ong Ông Phạm Phan Phàn Phí Phó Phong Phù Phú
    Phùng Phương Quách Quan Quán Quàng Quảng Quyền Sa Sái Sầm Sìn Sơn Sử Sùng Sũng Tạ Tăng Tần Tẩn Tất Thạch Thái
    Thang Thàng Thành Thân Thào Thẩm Thập Thế Thi Thiều Thịnh Thoàn Thôi Thới Tiên Tiết Tiêu Tiếp Tò Tô Tôn Tông Tòng
    Tống Trà Trác Trang Tráng Trần Trầm Trì Triệu Trịnh Trương Trưng Từ Tường Tưởng Ty Uông Ung Ưng Ứng Vàng Vạn Vi
    Viên Võ Vòng Vũ Vừ Vương Vưu Vy Xa Xã Xồng Xuân Yên
    """.split()
)
COMMON = frozenset("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Trương Đoàn".split())
"""Families of nine Vietnamese in ten: of two names that differ in their marks alone the one that is meant."""


def family_name_like(read: str) -> str | None:
    """The one family name with these letters and other marks: "Trân" -> "Trần"; None where none or several are."""
    alike = [name for name in FAMILY_NAMES if fold(name) == fold(read)]
    usual = [name for name in alike if name in COMMON]
    return next((names[0] for names in (usual, alike) if len(names) == 1), None)
