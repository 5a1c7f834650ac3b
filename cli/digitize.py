"""`digitize`: files and folders -> one folder of results each, without a store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.exits import DONE, SOME_FAILED
from cli.inputs import Inputs, find_inputs
from cli.intake import JSON_HELP, PATHS_HELP, say_skipped
from cli.output import complain, complain_plainly, say, say_json, tell, visible
from cli.progress import SECONDS_IN_A_MINUTE, ProgressBar, clock
from cli.reading import Jobs, ReaderName
from config.settings import Settings, read_settings, recipe_of
from config.wiring.home import MEGABYTE
from pipeline.errors import DiskFull, InputError, SecretMark, SohoaError, UsageError
from pipeline.intake import measure
from pipeline.jobs import Job, Summary
from workers.children import make_pool
from workers.pool import ChildPool, Finished
from workers.results import ResultsFolder, open_results, stem_of, stopped_by


def digitize(
    paths: Annotated[list[Path], typer.Argument(help=PATHS_HELP, show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Thư mục kết quả.", show_default=False)],
    jobs: Jobs = None,
    reader: ReaderName = None,
    resume: Annotated[bool, typer.Option("--resume", help="Giữ kết quả đã có, chỉ làm phần thiếu.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Làm lại tất cả, thay kết quả đã có.")] = False,
    keep_work: Annotated[bool, typer.Option("--keep-work", help="Giữ ảnh của từng bước trong thư mục work.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Đọc tệp và thư mục bản quét thành THƯ_MỤC/TÊN/{record.json, text.txt, rendition.pdf, alto/…}, không cần kho."""
    if resume and overwrite:
        raise UsageError("chỉ dùng một trong hai: --resume hoặc --overwrite")
    settings = read_settings(jobs=jobs, reader=reader)
    inputs = find_inputs(paths, leave_out=out)
    with open_results(out.absolute(), resume=resume, overwrite=overwrite) as results:
        run = _Run(settings, results, inputs, ProgressBar(len(inputs.files)))
        with make_pool(settings, results.work, keep_work=keep_work) as pool, run.bar:
            run.read_inputs(pool)
    _sum_up(run, as_json=as_json)
    return SOME_FAILED if run.failed else DONE


@dataclass(frozen=True, slots=True)
class Made:
    """An input whose results are there. `summary`: None when they were there before."""

    file: Path
    folder: Path
    summary: Summary | None


@dataclass(slots=True)
class _Run:
    """One call of the command: what was asked, what is under way (by job id), what came of it."""

    settings: Settings
    results: ResultsFolder
    inputs: Inputs
    bar: ProgressBar
    made: list[Made] = field(default_factory=list)
    failed: list[tuple[Path, SohoaError]] = field(default_factory=list)
    stopped: int = 0
    under_way: dict[str, tuple[Path, Path]] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def read_inputs(self, pool: ChildPool) -> None:
        for path, error in self.inputs.failed:
            self.fail(path, error)
        try:
            for finished in pool.read_all(self.jobs(), self.page_started):
                self.finish(finished)
        except KeyboardInterrupt:
            done = f"Đã dừng sau {len(self.made)} tệp; thêm --resume để làm tiếp phần còn thiếu."
            complain_plainly("sohoa", "INTERRUPTED", done)
            raise

    def jobs(self) -> Iterator[Job]:
        """Drawn from as children become free, so that reading begins before the last file has been looked at."""
        for number, file in enumerate(self.inputs.files, 1):
            job_id = str(number)
            if self.results.free_bytes() < self.settings.min_free_disk_mb * MEGABYTE:
                raise DiskFull
            try:
                original = measure(file, self.settings.max_file_mb * MEGABYTE)
            except InputError as error:
                self.fail(file, error)
                self.bar.finished(job_id)
                continue
            place = self.results.place_for(file, original.sha256)
            if place.done and (stopped := stopped_by(place.final)):
                self.stopped += 1
                self.fail(file, stopped)
                self.bar.finished(job_id)
                continue
            if place.done:
                self.made.append(Made(file, place.final, None))
                self.bar.finished(job_id)
                continue
            self.under_way[job_id] = file, place.final
            yield Job(job_id, file.absolute(), original, self.results.begin(job_id), recipe_of(self.settings))

    def page_started(self, job: Job, page_no: int, page_count: int) -> None:
        self.bar.page_started(job.job_id, page_no, page_count)

    def finish(self, finished: Finished) -> None:
        file, final = self.under_way.pop(finished.job.job_id)
        self.bar.finished(finished.job.job_id)
        if isinstance(finished.error, SecretMark):
            self.results.commit_stopped(finished.job.folder, final)
            self.stopped += 1
            self.fail(file, finished.error)
        elif finished.error is not None:
            self.results.drop(finished.job.folder)
            self.fail(file, finished.error)
        else:
            self.results.commit(finished.job.folder, final)
            self.made.append(Made(file, final, finished.summary))

    def fail(self, file: Path, error: SohoaError) -> None:
        complain(file, error)
        self.failed.append((file, error))


def _sum_up(run: _Run, *, as_json: bool) -> None:
    seconds = time.monotonic() - run.started
    new = [one.summary for one in run.made if one.summary is not None]
    pages = sum(summary.page_count for summary in new)
    if as_json:
        say_json(_run_json(run, pages, seconds))
        return
    say_skipped(run.inputs)
    for one in run.made:
        if one.folder.name.casefold() != stem_of(one.file).casefold():
            say(f"{visible(one.file)}: tên đã có kết quả khác, nằm ở {visible(one.folder.name)}")
    tell(_read(len(new), pages, seconds) if new or not run.made else "Không còn gì phải đọc.")
    say(f"Kết quả: {visible(run.results.out)}")
    counts = {
        "Đã có từ trước": len(run.made) - len(new),
        "Cần người xem lại": sum(summary.needs_review for summary in new),
        "Có dấu độ mật, chỉ ghi record.json": run.stopped,
        "Không đọc được": len(run.failed) - run.stopped,
    }
    for name, count in counts.items():
        if count:
            say(f"{name}: {count} tệp.")


def _read(files: int, pages: int, seconds: float) -> str:
    rate = pages * SECONDS_IN_A_MINUTE / max(seconds, 0.001)
    return f"Đã đọc {files} tệp, {pages} trang trong {clock(seconds)}{f' ({rate:.0f} trang/phút)' if pages else ''}."


def _run_json(run: _Run, pages: int, seconds: float) -> dict[str, Any]:
    return {
        "out": str(run.results.out),
        "done": [
            {
                "path": str(one.file),
                "folder": str(one.folder),
                "pages": one.summary.page_count if one.summary else None,
                "needs_review": one.summary.needs_review if one.summary else None,
                "already": one.summary is None,
            }
            for one in run.made
        ],
        "failed": [{"path": str(path), "code": error.code, "sentence": str(error)} for path, error in run.failed],
        "skipped": [str(path) for path in run.inputs.skipped],
        "pages": pages,
        "seconds": round(seconds, 1),
    }
