"""Speed, accuracy and memory beside OCRmyPDF and bare Tesseract, all on the same pages in one run.

    python -m tests.bench --samples 60 --jobs 2 [--scans DIR] [--memory-pages 1000]

Ratios count, not seconds: machines differ, and so does one machine from hour to hour. OCRmyPDF is needed here and nowhere else.
"""
