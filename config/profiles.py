"""The data of this folder as values: document types and place names."""

from __future__ import annotations

import csv
import tomllib
from importlib import resources

from pipeline.document_types import DocumentTypes, TypeProfile
from pipeline.extract.gazetteer import Gazetteer


def document_types() -> DocumentTypes:
    """All tables of config/doctypes. Raises KeyError for a table that lacks a key: a fault of the installation."""
    folder = resources.files("config") / "doctypes"
    tables = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    types = [entry for table in tables for entry in tomllib.loads(table.read_text(encoding="utf-8"))["type"]]
    return DocumentTypes(
        tuple(
            TypeProfile(
                code=entry["code"],
                name=entry["name"],
                printed=tuple(entry.get("printed", [entry["name"].upper()])),
                abbreviations=tuple(entry["abbreviations"]),
                archive_code=entry["archive_code"],
            )
            for entry in types
        )
    )


def gazetteer() -> Gazetteer:
    """Provinces and cities, today's and those merged on 1 July 2025."""
    text = (resources.files("config") / "data" / "provinces.csv").read_text(encoding="utf-8")
    return Gazetteer.of(row["name"] for row in csv.DictReader(text.splitlines()))
