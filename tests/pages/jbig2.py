"""The smallest JBIG2 encoder there is, for no library writes the format: one generic region, template 3 (ISO 14492, 6.2, E)."""

from __future__ import annotations

from numpy import ndarray

# fmt: off
STATES = (  # Qe, next state after the likelier symbol, after the other one, whether they change places
    (0x5601, 1, 1, 1), (0x3401, 2, 6, 0), (0x1801, 3, 9, 0), (0x0AC1, 4, 12, 0), (0x0521, 5, 29, 0), (0x0221, 38, 33, 0),
    (0x5601, 7, 6, 1), (0x5401, 8, 14, 0), (0x4801, 9, 14, 0), (0x3801, 10, 14, 0), (0x3001, 11, 17, 0), (0x2401, 12, 18, 0),
    (0x1C01, 13, 20, 0), (0x1601, 29, 21, 0), (0x5601, 15, 14, 1), (0x5401, 16, 14, 0), (0x5101, 17, 15, 0), (0x4801, 18, 16, 0),
    (0x3801, 19, 17, 0), (0x3401, 20, 18, 0), (0x3001, 21, 19, 0), (0x2801, 22, 19, 0), (0x2401, 23, 20, 0), (0x2201, 24, 21, 0),
    (0x1C01, 25, 22, 0), (0x1801, 26, 23, 0), (0x1601, 27, 24, 0), (0x1401, 28, 25, 0), (0x1201, 29, 26, 0), (0x1101, 30, 27, 0),
    (0x0AC1, 31, 28, 0), (0x09C1, 32, 29, 0), (0x08A1, 33, 30, 0), (0x0521, 34, 31, 0), (0x0441, 35, 32, 0), (0x02A1, 36, 33, 0),
    (0x0221, 37, 34, 0), (0x0141, 38, 35, 0), (0x0111, 39, 36, 0), (0x0085, 40, 37, 0), (0x0049, 41, 38, 0), (0x0025, 42, 39, 0),
    (0x0015, 43, 40, 0), (0x0009, 44, 41, 0), (0x0005, 45, 42, 0), (0x0001, 45, 43, 0), (0x5601, 46, 46, 0),
)
# fmt: on


def generic_region(ink: ndarray) -> bytes:
    """Arithmetic code of a black (True) and white picture; its adaptive pixel stands at (2, -1)."""
    coder = _Coder()
    width = ink.shape[1]
    above = [0] * (width + 8)
    for row in ink.astype(int).tolist():
        here = [0] * 4 + row + [0] * 4
        for x in range(4, width + 4):
            context = (*above[x - 3 : x + 3], *here[x - 4 : x])
            coder.encode(sum(bit << at for at, bit in enumerate(context)), here[x])
        above = here
    return coder.finish()


class _Coder:
    def __init__(self) -> None:
        self._interval, self._code, self._shifts, self._byte = 0x8000, 0, 12, -1
        self._states = [0] * 1024
        self._likelier = [0] * 1024
        self._written = bytearray()

    def encode(self, context: int, bit: int) -> None:
        size, after_likelier, after_other, change = STATES[self._states[context]]
        self._interval -= size
        likely = bit == self._likelier[context]
        if likely and self._interval & 0x8000:
            self._code += size
            return
        if likely == (self._interval < size):
            self._interval = size
        else:
            self._code += size
        if not likely and change:
            self._likelier[context] = 1 - self._likelier[context]
        self._states[context] = after_likelier if likely else after_other
        while not self._interval & 0x8000:
            self._shift()

    def finish(self) -> bytes:
        highest = self._code + self._interval
        self._code |= 0xFFFF
        if self._code >= highest:
            self._code -= 0x8000
        for _ in range(2):
            self._code <<= self._shifts
            self._put()
        self._write()
        return bytes(self._written) + b"\xff\xac"

    def _shift(self) -> None:
        self._interval <<= 1
        self._code <<= 1
        self._shifts -= 1
        if self._shifts == 0:
            self._put()

    def _put(self) -> None:
        if self._byte != 0xFF and self._code >= 0x8000000:
            self._byte += 1
            self._code &= 0x7FFFFFF
        self._write()
        kept = 20 if self._byte == 0xFF else 19
        self._byte = self._code >> kept
        self._code &= (1 << kept) - 1
        self._shifts = 7 if kept == 20 else 8

    def _write(self) -> None:
        if self._byte >= 0:
            self._written.append(self._byte)
