"""Names of provinces and cities, before and after 1 July 2025: to mend what OCR did to a known name, never to invent one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.text import fold, match_key


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names by their folded form; one folded form is one place."""

    names: dict[str, str]

    @staticmethod
    def of(names: Iterable[str]) -> Gazetteer:
        return Gazetteer({fold(name): name for name in names})

    def mend(self, place: str, *, well_read: bool = False) -> str:
        """The known name that `place` is but for marks or one letter; `place` itself when there is none or more than one.

        `well_read`: then its letters are right (a commune may be called nearly as a province is), and only marks are mended.
        """
        bare = fold(place)
        if bare in self.names:
            return self._like(place, self.names[bare])
        if well_read or len(bare) < 6:
            return place
        near = process.extract(bare, self.names.keys(), scorer=Levenshtein.distance, score_cutoff=1, limit=2)
        return self._like(place, self.names[near[0][0]]) if len(near) == 1 else place

    @staticmethod
    def _like(written: str, known: str) -> str:
        """Tone placement and capitals as written stay; a place name begins with a capital."""
        if match_key(written) == match_key(known):
            return written
        return known.upper() if written.isupper() else known
