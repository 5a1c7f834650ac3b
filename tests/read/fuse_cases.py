"""Lines with known answers. All sentences, names and numbers are made up."""

from __future__ import annotations

TWO = [
    # first reading, its doubtful characters, second reading, its doubtful characters, what is printed
    # -- marks wrong in the first reading
    ("Nhiệm vụ cụ thế như sau:", "ế", "Nhiệm vụ cụ thể như sau:", "", "Nhiệm vụ cụ thể như sau:"),
    (
        "báo cáo Ủy ban nhân dân thành phổ xem xét",
        "ổ",
        "báo cáo Ủy ban nhân dân thành phố xem xét",
        "",
        "báo cáo Ủy ban nhân dân thành phố xem xét",
    ),
    (
        "Căn cứ chức năng và quyển hạn được giao;",
        "ể",
        "Căn cứ chức năng và quyền hạn được giao;",
        "",
        "Căn cứ chức năng và quyền hạn được giao;",
    ),
    (
        "tính từ ngày 01 đển ngày 15 của tháng",
        "ể",
        "tính từ ngày 01 đến ngày 15 của tháng",
        "",
        "tính từ ngày 01 đến ngày 15 của tháng",
    ),
    ("công bổ thủ tục hành chính mới", "ổ", "công bố thủ tục hành chính mới", "", "công bố thủ tục hành chính mới"),
    ("khãc phục hậu quả thiên tai", "ã", "khắc phục hậu quả thiên tai", "", "khắc phục hậu quả thiên tai"),
    ("bãng hình thức chuyển khoản", "ã", "bằng hình thức chuyển khoản", "", "bằng hình thức chuyển khoản"),
    ("Trung tâm y tể huyện", "ể", "Trung tâm y tế huyện", "", "Trung tâm y tế huyện"),
    ("đảm bảo an toàn thực phâm", "â", "đảm bảo an toàn thực phẩm", "", "đảm bảo an toàn thực phẩm"),
    ("tổng sổ tiến là 5 triệu đồng", "ổế", "tổng số tiền là 5 triệu đồng", "", "tổng số tiền là 5 triệu đồng"),
    # -- marks wrong in the second reading
    ("Lịch kiểm tra, đánh giá chất lượng", "", "Lịch kiểm tra, đánh giá chât lượng", "â", "Lịch kiểm tra, đánh giá chất lượng"),
    (
        "hỗ trợ chi phí học tập cho học sinh",
        "",
        "hỗ trợ chỉ phí học tập cho học sinh",
        "ỉ",
        "hỗ trợ chi phí học tập cho học sinh",
    ),
    ("có hiệu lực kể từ ngày ký", "", "có hiệu lực kế từ ngày ký", "ế", "có hiệu lực kể từ ngày ký"),
    ("Triển khai thực hiện nhiệm vụ", "", "Triên khai thực hiện nhiệm vụ", "ê", "Triển khai thực hiện nhiệm vụ"),
    ("Thẩm định hồ sơ đề nghị cấp phép", "", "Thâm định hồ sơ đê nghị cấp phép", "âê", "Thẩm định hồ sơ đề nghị cấp phép"),
    ("Bệnh viện Y học cổ truyền", "", "Bệnh viện Y học cô truyền", "ô", "Bệnh viện Y học cổ truyền"),
    (
        "xây dựng đời sống văn hóa ở khu dân cư",
        "",
        "xây dựng đời sông văn hóa ở khu dân cư",
        "ô",
        "xây dựng đời sống văn hóa ở khu dân cư",
    ),
    # -- both wrong, each in its own word
    (
        "Điều 9. Trưởng hợp đặc biệt được xét đông thời",
        "ởô",
        "Điêu 9. Trường hợp đặc biệt được xét đồng thời",
        "ê",
        "Điều 9. Trường hợp đặc biệt được xét đồng thời",
    ),
    ("thế dục thể thao quần chúng", "ế", "thể dục thế thao quần chúng", "ế", "thể dục thể thao quần chúng"),
    ("giải quyêt khiếu nại, tố cáo", "ê", "giải quyết khiêu nại, tô cáo", "êô", "giải quyết khiếu nại, tố cáo"),
    ("nâng cao chât lượng giáo dục", "â", "nâng cao chất lượng giáo dực", "ự", "nâng cao chất lượng giáo dục"),
    # -- both wrong in the same word
    ("kiếm tra việc chấp hành pháp luật", "ế", "kiếm tra việc chấp hành pháp luật", "ế", "kiểm tra việc chấp hành pháp luật"),
    (
        "theo học bông xã hội của nhà trường",
        "ô",
        "theo học bồng xã hội của nhà trường",
        "ồ",
        "theo học bổng xã hội của nhà trường",
    ),
    ("danh sách thí sinh trúng tuyên", "ê", "danh sách thí sinh trúng tuyên", "ê", "danh sách thí sinh trúng tuyển"),
    # -- letters
    ("Sô: 12/KH-UBND", "ô", "Số: 12/KH-UBND", "", "Số: 12/KH-UBND"),
    ("Nơi nhân: như trên", "â", "Nơi nhận: như trên", "", "Nơi nhận: như trên"),
    ("trong phạm vi toàn tinh", "i", "trong phạm vi toàn tỉnh", "", "trong phạm vi toàn tỉnh"),
    ("đại diện lãnh đạo các sở", "", "đại điện lãnh đạo các sở", "điện", "đại diện lãnh đạo các sở"),
    # -- signs
    ("Có tên trong danh sách,", ",", "Có tên trong danh sách.", "", "Có tên trong danh sách."),
    ("Thủ trưởng các đơn vị;", "", "Thủ trưởng các đơn vị:", ":", "Thủ trưởng các đơn vị;"),
    ("thi hành quyết định này./,", ",", "thi hành quyết định này./.", "", "thi hành quyết định này./."),
    ("Ban Thường vụ Thành ủy;", "", "| Ban Thường vụ Thành ủy;", "|", "Ban Thường vụ Thành ủy;"),
    ("Bệnh viện đa khoa tỉnh", "", "Bệnh viện đa khoa tỉnh |", "|", "Bệnh viện đa khoa tỉnh"),
    # -- signs that the network cannot write
    ("về việc 'chuyển đổi số' năm nay", "'", 'về việc "chuyển đổi số" năm nay', "", 'về việc "chuyển đổi số" năm nay'),
    ("diện tích 120 m2 đất ở", "2", "diện tích 120 m² đất ở", "", "diện tích 120 m² đất ở"),
    ("giai đoạn 2021 - 2025", "-", "giai đoạn 2021 – 2025", "", "giai đoạn 2021 – 2025"),
    # -- spaces
    ("Kiên Lâm,ngày20tháng 4 năm 2019", "", "Kiên Lâm, ngày 20 tháng 4 năm 2019", "", "Kiên Lâm, ngày 20 tháng 4 năm 2019"),
    ("miễn giảm phícho học sinh", "", "miễn giảm phí cho học sinh", "", "miễn giảm phí cho học sinh"),
    ("Nơinhận:", "", "Nơi nhận:", "", "Nơi nhận:"),
    ("-Lưu:VT, KHTC.", "", "- Lưu: VT, KHTC.", "", "- Lưu: VT, KHTC."),
    ("nghiêm túc triển khai thực hiện", "", "nghiêm túc triển khaithực hiện", "", "nghiêm túc triển khai thực hiện"),
    ("Quyết định số 1572/QĐ-UBND", "", "Quyết định số 15 72/QĐ-UBND", "", "Quyết định số 1572/QĐ-UBND"),
    ("kinh phí 2.182 triệu đồng", "", "kinh phí 2. 182 triệu đồng", "", "kinh phí 2.182 triệu đồng"),
    ("công nghiệp hóa nông thôn", "", "công nghiệp. hóa nông thôn", ".", "công nghiệp hóa nông thôn"),
    # -- headings
    ("ŨY BAN NHÂN DÂN", "Ũ", "ỦY BAN NHÂN DÂN", "", "ỦY BAN NHÂN DÂN"),
    ("QUYẾT ĐỊNH", "", "QUYÉT ĐỊNH", "É", "QUYẾT ĐỊNH"),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("CHÙ TỊCH", "Ù", "CHỦ TỊCH", "", "CHỦ TỊCH"),
    ("MỘT SÓ GIẢI PHÁP TRỌNG TÂM", "Ó", "MỘT SÓ GIẢI PHÁP TRỌNG TÂM", "Ó", "MỘT SỐ GIẢI PHÁP TRỌNG TÂM"),
    ("VI. Tổ chức thực hiện", "", "VỊ. Tổ chức thực hiện", "Ị", "VI. Tổ chức thực hiện"),
    ("cơ sở mới", "", "CƠ SỞ MỚI", "CƠSỞMỚI", "cơ sở mới"),
    ("Bộ Ytế", "", "Bộ Y tế", "", "Bộ Y tế"),
    # -- names on which the readers differ
    ("Bà Doàn Thị Lụa", "D", "Bà Đoàn Thị Lụa", "", "Bà Đoàn Thị Lụa"),
    ("Ông Phan Quốc Khánh", "", "Ông Phan Quốc Khành", "à", "Ông Phan Quốc Khánh"),
]

ONE = [
    # reading, its doubtful characters, what is printed
    ("Nhiệm vụ cụ thế của các phòng", "ế", "Nhiệm vụ cụ thể của các phòng"),
    ("quyêt định của Chủ tịch nước", "ê", "quyết định của Chủ tịch nước"),
    ("thực hiện nghiêm túc quy đinh này", "i", "thực hiện nghiêm túc quy định này"),
    ("Ủy ban nhân dân thành phổ", "ổ", "Ủy ban nhân dân thành phố"),
    ("vể việc thành lập tổ công tác", "ể", "về việc thành lập tổ công tác"),
    ("phòng, chông dịch bệnh", "ô", "phòng, chống dịch bệnh"),
    ("bảo hiêm y tế bắt buộc", "ê", "bảo hiểm y tế bắt buộc"),
    ("trách nhiệm cúa người đứng đầu", "ú", "trách nhiệm của người đứng đầu"),
    ("đề nghi các cơ quan phối hợp", "i", "đề nghị các cơ quan phối hợp"),
    ("khen thường tập thể và cá nhân", "ờ", "khen thưởng tập thể và cá nhân"),
    ("tổ chưc hội nghị tổng kết", "ư", "tổ chức hội nghị tổng kết"),
    ("ĐỘC LẬP - TỰ DO - HANH PHÚC", "A", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"),
    ("KÊ HOẠCH", "Ê", "KẾ HOẠCH"),
    ("Kế hoạch phát triên kinh tế - xã hội", "ê", "Kế hoạch phát triển kinh tế - xã hội"),
    ("giấy chứng nhân quyền sử dụng đất", "â", "giấy chứng nhận quyền sử dụng đất"),
    ("Phòng,chống thiên tai", "", "Phòng, chống thiên tai"),
    ("Nghịđịnh của Chính phủ", "", "Nghị định của Chính phủ"),
    ("NGHỊQUYẾT", "", "NGHỊ QUYẾT"),
    ("Hà Giang, ngày20 tháng 5 năm 2018", "", "Hà Giang, ngày 20 tháng 5 năm 2018"),
    ("Bà Lê HoàngLan", "", "Bà Lê Hoàng Lan"),
    ("Văn phòngUBND huyện", "", "Văn phòng UBND huyện"),
    ("-Như Điều 3;", "", "-Như Điều 3;"),
    ("hiện đại hoá nông nghiệp và nông thồn", "ồ", "hiện đại hoá nông nghiệp và nông thôn"),
]

KEPT = [
    # names
    "Nguyễn Thị Tỵ", "Trần Văn Sảng", "Ông Lò Văn Kha", "Bà Đinh Thị Ngần", "Lê Trung Chinh", "Hồ Sỹ Nhượng", "Bà Y Blơ Niê",
    "ông Ma Seo Páo", "Đồng chí Vừ A Dơ", "Ông Thạch Sa Rây", "bà Kpă H'Linh", "Huỳnh Thị Út Mót", "Phạm Gia Khiêm", "Bùi Chí Tình",
    "xã Đắk Ơ, huyện Bù Gia Mập", "phường Ba Ngòi", "thôn Nà Lùng, xã Bản Phiệt", "ấp Kinh Xáng, xã Tân Lợi", "Tạ Quang Bửu",
    # offices, brands, other languages
    "- Lưu: VT, KGVX, TTĐT.", "Công ty TNHH Vinatex Toms", "Doctor of Business Administration", "TM. UBND HUYỆN", "KT. GIÁM ĐỐC",
    "Sở LĐTBXH, Sở TT&TT, VP.UBND", "vi rút SARS-CoV-2", "HIV/AIDS", "phần mềm iOffice, eOffice 4.0",
    # numbers, symbols, addresses
    "Số: 15/QĐ-UBND", "Số: 1572/2017/TT-BYT", "Nghị quyết số 29-NQ/TW", "123/2016/NĐ-CP", "ngày 05/11/2019", "48.640.000đ",
    "Điện thoại: 0296.3956 123", "Fax: (0296) 3.956.456", "Website: https://www.mau.gov.vn/tin-tuc?id=12", "phongvanthu@mau.gov.vn",
    "a@b.vn", "mã hồ sơ H12.34.56-7890-0001", "tỷ lệ 99,8%", "từ 8h30' đến 11h00'", "tờ bản đồ số 12, thửa 345",
    # words that look wrong and are right
    "qui định", "quy chế", "gìn giữ", "hoà bình", "hòa bình", "thủy lợi", "thuỷ sản", "khoẻ mạnh", "khỏe mạnh", "y sĩ", "lý do", "kĩ thuật",
]  # fmt: skip
