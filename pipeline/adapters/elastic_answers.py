"""What an Elasticsearch server answers, in our words. What it says of an error is never passed on: it may quote a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import elastic_transport
import structlog
from elastic_transport import ApiError, ConnectionTimeout, TransportError

from pipeline.adapters.tls import TLS, failed_in_tls
from pipeline.errors import IndexUnavailable
from pipeline.ports import Putting

Json = dict[str, Any]

LONG_BYTES = 10_000_000
"""More than a batch has. A server's memory is a limit too: with 1 GB, 13 MB were taken in one call, and 54 MB never."""

OK, BAD, TOO_OLD, TOO_LONG, BUSY, UNAVAILABLE = 200, 400, 409, 413, 429, 503
REFUSED = (401, 403)
NO_PARTS = ("search_phase_execution_exception", "no_shard_available_action_exception")
NOT_READY = "chỉ mục chưa sẵn sàng"
"""Its parts have not started: for a moment after it was made, or the server, or for longer where one is lost."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Document:
    """`content`: JSON. One with a lower version than the one that stands is refused, also beside a deleted record."""

    document_id: str
    version: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document. `error`: why it was put off."""

    putting: Putting
    error: IndexUnavailable | None = None


@contextmanager
def elastic_errors() -> Iterator[None]:
    """Around all use of the library. Raises IndexUnavailable."""
    try:
        yield
    except ApiError as error:
        raise in_our_words(error.meta.status, error_type(error.body)) from error
    except ConnectionTimeout as error:
        raise _failed("TIMEOUT") from error
    except elastic_transport.ConnectionError as error:
        raise _failed(TLS if failed_in_tls(error) else "không kết nối được với máy chủ tìm kiếm") from error
    except TransportError as error:
        raise _failed(type(error).__name__) from error


def in_our_words(status: int, kind: str) -> IndexUnavailable:
    return _failed(_reason(status, kind))


def _reason(status: int, kind: str) -> str:
    if status == UNAVAILABLE and kind in NO_PARTS:
        return NOT_READY
    if kind == "cluster_block_exception":
        return "máy chủ tìm kiếm không cho ghi, thường vì ổ đĩa của nó đầy"
    if kind == "index_not_found_exception":
        return "chưa có chỉ mục"
    if status in REFUSED:
        return "máy chủ tìm kiếm không nhận khóa API"
    if status == BUSY:
        return "máy chủ tìm kiếm đang quá tải"
    if status == TOO_LONG:
        return "hồ sơ dài quá mức máy chủ tìm kiếm nhận"
    return f"{status} {kind}"


def _failed(detail: str) -> IndexUnavailable:
    log.warning("index_failed", reason=detail)
    return IndexUnavailable(detail)


def status_of(error: IndexUnavailable) -> int | None:
    """Which the server gave; None: it gave no answer."""
    return error.__cause__.meta.status if isinstance(error.__cause__, ApiError) else None


def error_type(answer: Any) -> str:
    """The name of an error. Its reason is left where it is: it may quote what was written or asked."""
    error = answer.get("error") if isinstance(answer, Mapping) else None
    return str(error.get("type", "")) if isinstance(error, Mapping) else ""


def blocked(answer: Any) -> bool:
    """A full disk is told with the same number as a busy server, but does not pass."""
    return error_type(answer) == "cluster_block_exception"


def passes(answer: Json) -> bool:
    """Whether the same document may be taken in a moment."""
    return bool(answer["status"] == BUSY) and not blocked(answer)


def outcome_of(document: Document, answer: Json) -> Outcome:
    """A server says "busy" also of what will never fit into its memory: of a document that is longer than any batch, and is put
    off through all pauses, that is believed."""
    status, kind = answer["status"], error_type(answer)
    if status <= OK + 1:
        return Outcome(Putting.WRITTEN)
    if status == TOO_OLD:
        return Outcome(Putting.NEWER_STANDS)
    if status in (BAD, TOO_LONG) or (passes(answer) and len(document.content) > LONG_BYTES):
        log.warning("document_refused", record_id=document.document_id, version=document.version, status=status, reason=kind)
        return Outcome(Putting.REFUSED)
    log.warning("document_put_off", record_id=document.document_id, status=status, reason=kind)
    return Outcome(Putting.PUT_OFF, IndexUnavailable(_reason(status, kind)))
