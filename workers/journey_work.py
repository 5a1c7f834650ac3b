"""The work that child processes do: the journey of one record, with the models loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.log import start_logging
from config.wiring.readers import load_tools
from pipeline.custody.batches import VIETNAM
from pipeline.jobs import Job, JobWork, PageWatch, Summary
from pipeline.journey import Options, Tools, digitize
from pipeline.pages import Limits
from pipeline.record_json import made_by_of


def load_journey(settings: Mapping[str, Any]) -> JobWork:
    """`settings`: reader, max_pages, max_page_megapixels, draw_dpi, keep_work, log_level, log_format.

    Raises ToolMissing, BadSetting.
    """
    start_logging(settings["log_level"], settings["log_format"])
    limits = Limits(settings["max_pages"], settings["max_page_megapixels"], settings["draw_dpi"])
    loaded: dict[str, Tools] = {settings["reader"]: load_tools(settings["reader"])}

    def read_record(job: Job, watch: PageWatch) -> Summary:
        reader = str(job.recipe.get("reader", settings["reader"]))
        if reader not in loaded:
            loaded.clear()  # one set of models at a time: memory
            loaded[reader] = load_tools(reader)
        work_folder = job.folder / "work" if settings["keep_work"] else None
        if work_folder:
            work_folder.mkdir()
        options = Options(limits, datetime.now(VIETNAM).date(), job.skip_pages, work_folder, job.cleared_pages)
        result = digitize(job.file, job.original, loaded[reader], options, job.folder, watch)
        return Summary(len(result.pages), bool(result.findings), made_by_of(result.made_by))

    return read_record
