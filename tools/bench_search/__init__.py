"""Fills a search index with made-up Vietnamese pages and measures searching it: `python -m tools.bench_search --help`."""
