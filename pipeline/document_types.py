"""Document types as values; their data lie in config/doctypes."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.text import fold, match_key


@dataclass(frozen=True, slots=True)
class TypeProfile:
    """One document type as data (config/doctypes). `printed`: what stands above the subject, in capitals with marks."""

    code: str
    name: str
    printed: tuple[str, ...]
    abbreviations: tuple[str, ...]
    archive_code: str


@dataclass(frozen=True, slots=True)
class DocumentTypes:
    """All types known. `letter` is the type without a printed name (công văn)."""

    profiles: tuple[TypeProfile, ...]
    letter: str = "CV"

    def printed_in(self, text: str) -> tuple[TypeProfile, str] | None:
        """The type whose printed name `text` is, but for a letter or two, and that name."""
        bare = fold(text).strip(" .:;,'\"*-_|")
        best: tuple[float, TypeProfile, str] | None = None
        for profile in self.profiles:
            for name in profile.printed:
                score = fuzz.ratio(bare, fold(name))
                if score >= 86 and (best is None or score > best[0]):
                    best = (score, profile, name)
        return (best[1], best[2]) if best else None

    def abbreviated(self, notation: str) -> TypeProfile | None:
        """The type that a notation's first part (after a year) names: QĐ-UBND -> QD, 2025/TT-BNV -> TT, KH/TW -> KH."""
        parts = notation.split("/")
        first = (parts[1] if parts[0].isdigit() and len(parts) > 1 else parts[0]).split("-")[0]
        key = match_key(first)
        exact = [p for p in self.profiles for a in p.abbreviations if a == first]
        return exact[0] if exact else next((p for p in self.profiles for a in p.abbreviations if match_key(a) == key), None)

    def of_code(self, code: str) -> TypeProfile:
        return next(profile for profile in self.profiles if profile.code == code)
