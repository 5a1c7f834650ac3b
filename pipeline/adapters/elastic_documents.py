"""Index entries as documents of Elasticsearch: one document a record, and inside it one a page (nested), so that a record comes,
changes and goes whole, with all its pages, in one write of one version.

    the record's own document   its values, for filters, counts and order; a tombstone keeps the generation and nothing else
    a page's document           its words, those of the record's fields and the keys of the record's number beside them, by which
                                it is found, neighbouring words as pairs, by which a phrase is found without looking at every
                                page that has its words; and the page packed, from which it is shown

The records of every part of the index lie newest first (`index.sort`): a search for the newest that match ends when it has them.

What a text is found by is made by pipeline/index.py: words come folded and apart by spaces, and the server folds nothing.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import islice

from pipeline.adapters.elastic_answers import Document, Json
from pipeline.index import (
    BATCH_END,
    RECORD_FIELDS,
    IndexedPage,
    IndexEntry,
    Kind,
    field_words,
    folded_words,
    newness,
    own_keys,
    pairs_of,
    record_values,
    searched_words,
)
from pipeline.packed_page import pack

SCHEMA_VERSION = 2
"""In the name of every index. One more whenever mappings, keys or the normaliser give other documents for the same entry."""

BATCH_BYTES = 10_000_000
"""Of one bulk call, as servers like them; 200 ordinary records have half of it. A longer record goes alone."""

BATCH_DOCUMENTS = 200
"""Of one bulk call: a writer is told of trouble before it has read much more from the store."""

MOST_PAGES = 131_071
"""Above the largest SOHOA_MAX_PAGES. The server's own limit is a call of 100 MB, about 12,000 full pages."""

LONGEST_KEY = 8_000
"""Characters. A longer value is shown, but neither found nor counted: the server refuses keys of 32,766 bytes."""

LONGEST_ISSUER_KEY = 600
MOST_ISSUER_WORDS = 100
"""By which an issuer is found: nobody can type more characters (three may come of one when it is folded), and no name has as many
words."""

NO_PAGE = IndexedPage(0, 0, 0, "", ())
"""Stands for a record without pages, whose fields are to be found all the same."""

KEYWORD = {"type": "keyword", "ignore_above": LONGEST_KEY}
SHOWN = {"type": "keyword", "index": False, "doc_values": False}
WORDS = {"type": "text", "analyzer": "whitespace", "norms": False}
BESIDE = "_"
"""Between the two words of a pair: in no word."""

PAIRS = {**WORDS, "index_options": "docs"}

MAPPINGS = {
    "dynamic": "strict",
    "_source": {"excludes": ["issuer_starts", "pages"]},  # what is shown is read from the source, and that is read whole
    "properties": {
        "record_id": KEYWORD,
        "generation": {"type": "long"},
        "removed": {"type": "boolean"},
        "page_count": {"type": "integer"},
        "newness": {"type": "long"},
        **{name: SHOWN if kind is Kind.SHOWN else KEYWORD for name, kind in RECORD_FIELDS.items()},
        "issuer_starts": {**KEYWORD, "doc_values": False},
        "beat": {"type": "long", "index": False, "doc_values": False},
        "pages": {
            "type": "nested",
            "properties": {
                "page_no": {"type": "integer", "index": False},
                "fields_exact": WORDS,
                "fields_folded": WORDS,
                "codes": {**KEYWORD, "doc_values": False},
                "exact": WORDS,
                "folded": WORDS,
                "fields_pairs": PAIRS,
                "pairs": PAIRS,
                "packed": {"type": "binary", "doc_values": True},
            },
        },
    },
}


SERVING: Json = {"auto_expand_replicas": "0-1", "refresh_interval": "30s", "translog": {"durability": "request"}}
"""Of an index in use: a copy of each shard on a second machine, where there is one. Whoever puts something shows it, too."""

BUILDING: Json = {"auto_expand_replicas": False, "refresh_interval": "-1", "translog": {"durability": "async"}}
"""Of an index that is being filled: nobody asks it, and what a crash takes of it is filled in anew."""

FEW_PARTS: Json = {"merge": {"policy": {"segments_per_tier": 4, "max_merged_segment": "20gb"}}}
"""Of an index in use: every question looks into each of its parts, and the newest matches are found in one for a third of the
work that ten take (docs/decisions/0014). While an index is filled the server's own choice is quicker: ten, of 5 GB."""


def settings(shards: int) -> Json:
    """Of every index, for its whole life."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,
        "sort": {"field": ["newness", "record_id"], "order": ["desc", "asc"]},
        "mapping": {"nested_objects": {"limit": MOST_PAGES}},
    }


def record_document(entry: IndexEntry) -> Document:
    """The values of a record by which it is filtered, counted, ordered and shown."""
    place = entry.placement
    values: Json = dict(record_values(entry))
    values["batches"] = [name for name in (values["batches"] or "").split(BATCH_END) if name]
    issuer_key = values["issuer_key"] or ""
    fields = field_words(entry)
    beside = {f"fields_{name}": words for name, words in _found_by(fields).items()} | {"codes": own_keys(entry)}
    pages = [{**beside, **_page(page)} for page in entry.pages or (NO_PAGE,)]
    content = {
        **values,
        "issuer_key": issuer_key if values["issuer"] else None,
        "issuer_starts": list(_starts(issuer_key)),
        "record_id": place.record_id,
        "generation": place.generation,
        "removed": False,
        "page_count": len(pages),
        "newness": newness(entry),
        "pages": pages,
    }
    return _document(place.record_id, _version(place.generation, removed=False), content)


def tombstone(record_id: str, generation: int) -> Document:
    """Stands in the record's place and keeps its entries of this generation or older away, for as long as the index lasts: the
    server itself forgets the version of a deleted document after a minute."""
    content = {"record_id": record_id, "generation": generation, "removed": True}
    return _document(record_id, _version(generation, removed=True), content)


def in_batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """As many as one call takes."""
    batch: list[Document] = []
    size = 0
    for one in documents:
        if batch and (size + len(one.content) > BATCH_BYTES or len(batch) == BATCH_DOCUMENTS):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.content)
    if batch:
        yield batch


def _version(generation: int, *, removed: bool) -> int:
    """A tombstone stands against records of its own generation."""
    return 2 * generation + removed


def _page(page: IndexedPage) -> Json:
    return {"page_no": page.page_no, **_found_by(searched_words(page.text)), "packed": b64encode(pack(page)).decode()}


def _found_by(exact: list[str]) -> dict[str, str]:
    folded = folded_words(exact)
    return {"exact": " ".join(exact), "folded": " ".join(folded), "pairs": " ".join(pairs_of(folded, BESIDE))}


def _starts(issuer_key: str) -> Iterator[str]:
    """The key from each of its words on: an issuer is found by the beginning of some of its words."""
    for found in islice(re.finditer(r"\S+", issuer_key), MOST_ISSUER_WORDS):
        yield issuer_key[found.start() :][:LONGEST_ISSUER_KEY]


def _document(document_id: str, version: int, content: Json) -> Document:
    known = {name: value for name, value in content.items() if value is not None}
    return Document(document_id, version, json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))
