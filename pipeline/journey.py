"""The journey of one record, start to end. This is the page to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import structlog

from pipeline.archive import RenditionWriter, write_alto
from pipeline.classify import classify
from pipeline.clean.orient import turned
from pipeline.disk import disk_errors, wipe
from pipeline.document_types import DocumentTypes
from pipeline.errors import HomeError, InputError, SecretMark, TransientError
from pipeline.extract import extract
from pipeline.extract.gazetteer import Gazetteer
from pipeline.handwriting import handwriting
from pipeline.jobs import EVERY_PAGE, PageWatch, timed
from pipeline.model import (
    ABSENT,
    LIST_FIELDS,
    SCALAR_FIELDS,
    Field,
    Fields,
    FieldState,
    Finding,
    MadeBy,
    Original,
    Page,
    Result,
)
from pipeline.pages import Limits, PageScan, PageSource, open_pages
from pipeline.ports import PageReader
from pipeline.read import mark_on_picture, read_page
from pipeline.record_json import write_record
from pipeline.validate import validate

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tools:
    """What a journey needs besides the scan. Made once per process by `config.wiring`."""

    reader: PageReader
    document_types: DocumentTypes
    gazetteer: Gazetteer
    made_by: MadeBy


@dataclass(frozen=True, slots=True)
class Options:
    """`today`: a document dated later cannot be right. `skip_pages` brought an earlier attempt down: they become findings.
    `work_folder`: where the pictures of every stage are kept to look at; None = nowhere. `cleared_pages`: as in Job."""

    limits: Limits
    today: date
    skip_pages: frozenset[int] = frozenset()
    work_folder: Path | None = None
    cleared_pages: frozenset[int] = frozenset()

    def is_cleared(self, page_no: int) -> bool:
        """Whether a person has said that this page carries no mark of secrecy."""
        return not self.cleared_pages.isdisjoint((page_no, EVERY_PAGE))


def digitize(file: Path, original: Original, tools: Tools, options: Options, folder: Path, watch: PageWatch) -> Result:
    """Read one file; leave `record.json`, `text.txt`, `rendition.pdf` and `alto/NNNN.xml` in `folder` (exists, empty).

    A page that fails is a finding and the others go on. Raises InputError when the file as a whole cannot be read,
    TransientError (DiskFull among them) and HomeError (ToolMissing) for what no page is to blame for, whatever `watch` raises.
    SecretMark at the first page with a mark of secrecy: then `folder` holds a `record.json` with that finding and nothing else.
    """
    try:
        return _digitized(file, original, tools, options, folder, watch)
    except MarkFound as found:
        error = SecretMark(page_no=found.finding.page_no, level=found.finding.detail or "")
        _keep_finding_alone(original, found.finding, tools, folder)
    raise error


class MarkFound(Exception):
    """The way out of a record with a mark of secrecy, however far its reading had come."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def _keep_finding_alone(original: Original, finding: Finding, tools: Tools, folder: Path) -> None:
    """Nothing that was read stays, neither of this page nor of those before it."""
    wipe(folder)
    with disk_errors():
        folder.mkdir()
    secrecy = Field(finding.detail, None, FieldState.PRESENT, None, finding.page_no, None)
    scalars = {name: secrecy if name == "secrecy" else ABSENT for name in SCALAR_FIELDS}
    fields = Fields(scalars, dict.fromkeys(LIST_FIELDS, ()), ())
    write_record(Result(original, None, fields, (), (finding,), tools.made_by), folder, text=False)


def _digitized(file: Path, original: Original, tools: Tools, options: Options, folder: Path, watch: PageWatch) -> Result:
    pages: list[Page] = []
    findings: list[Finding] = []
    with open_pages(file, original.media_type, options.limits) as source, RenditionWriter(folder / "rendition.pdf") as rendition:
        for page_no in range(1, source.page_count + 1):
            watch.page_started(page_no, source.page_count)
            scan, page, found = digitize_page(source, page_no, tools, options, watch)
            for finding in found:
                if finding.code == SecretMark.code:
                    raise MarkFound(finding)
            with timed(watch, "archive"):
                rendition.add(scan, page)
            pages.append(page)
            findings += found
        with timed(watch, "extract"):
            document_type = classify(pages, tools.document_types)
            fields = extract(pages, tools.document_types, tools.gazetteer)
        with timed(watch, "archive"):
            rendition.finish(original, document_type, fields)
        findings += source.findings
    with timed(watch, "archive"):
        findings += validate(fields, document_type, pages, tools.document_types, options.today)
        result = Result(original, document_type, fields, tuple(pages), tuple(findings), tools.made_by)
        write_alto(result, folder / "alto")
        write_record(result, folder)
    return result


def digitize_page(
    source: PageSource, page_no: int, tools: Tools, options: Options, watch: PageWatch
) -> tuple[PageScan, Page, tuple[Finding, ...]]:
    """One page: its picture, what stands on it, what went wrong. Never raises for what is on the page.

    Raises TransientError, HomeError: a full disk or a missing program would fail every page, and is no result.
    """
    if page_no in options.skip_pages:
        return failed_page(source, page_no, "PAGE_SKIPPED", None)
    scan: PageScan | None = None
    try:
        with timed(watch, "load"):
            scan = source.load(page_no)
        with timed(watch, "read"):
            page, findings = read_page(scan, tools.reader, options.work_folder, cleared=options.is_cleared(page_no))
            page = replace(page, regions=(*page.regions, *handwriting(page, turned(scan.pixels, page.orientation))))
        return scan, page, (*scan.findings, *findings)
    except InputError as error:
        failed = failed_page(source, page_no, error.code, error.detail)
    except (TransientError, HomeError):
        raise
    except Exception as error:  # whatever one page does to a library, the other 499 go on
        log.exception("page_failed", page_no=page_no)
        failed = failed_page(source, page_no, "PAGE_FAILED", type(error).__name__)
    marks = () if scan is None or options.is_cleared(page_no) else _marks_of_failed(scan, tools.reader)
    return failed[0], failed[1], (*failed[2], *marks)


def _marks_of_failed(scan: PageScan, reader: PageReader) -> tuple[Finding, ...]:
    """A page that could be opened and not be read is looked at once more, for a mark alone."""
    try:
        mark = mark_on_picture(scan, reader)
    except (TransientError, HomeError):
        raise
    except Exception as error:
        log.warning("mark_not_looked_for", page_no=scan.page_no, error=type(error).__name__)
        return ()
    return () if mark is None else (Finding(SecretMark.code, scan.page_no, mark.level),)


def failed_page(source: PageSource, page_no: int, code: str, detail: str | None) -> tuple[PageScan, Page, tuple[Finding, ...]]:
    """A page that could not be read: its notice for the rendition, a page without lines, and the finding."""
    scan = source.notice(page_no, code)
    page = Page(page_no, scan.width, scan.height, scan.dpi, 0, 0.0, False, False, (), ())
    return scan, page, (Finding(code, page_no, detail),)
