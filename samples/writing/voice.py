"""How sentences are made: phrases with slots, filled from the facts of a document, its topic and a few things that are drawn."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from samples.writing.wordlists import invented_person, load

SLOT = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")
ISSUED_ABOVE = (("QĐ", "Quyết định"), ("KH", "Kế hoạch"), ("CT", "Chỉ thị"), ("CTr", "Chương trình"), ("TB", "Thông báo"))
ISSUED_BY_PREMIER = (("QĐ", "Quyết định"), ("CT", "Chỉ thị"))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def long_date(day: date) -> str:
    """ "05 tháng 02 năm 2024": the decree puts a zero before days below 10 and before January and February."""
    month = f"{day.month:02d}" if day.month < 3 else f"{day.month}"
    return f"{day.day:02d} tháng {month} năm {day.year}"


class Voice:
    """One document's choice of words. A phrase comes back only when all others of its rule have been used."""

    def __init__(self, rng: random.Random, facts: Mapping[str, str], topic: Mapping[str, Any], today: date) -> None:
        self._rng, self._facts, self._today = rng, facts, today
        plural = ("task", "result", "problem", "cause", "meeting", "council", "paper", "service", "law", "alarm")
        self._rules = {**load("phrases"), **{name: topic.get(f"{name}s", ()) for name in plural}}
        self._left: dict[str, list[str]] = {}
        self._settled: dict[str, str] = {}

    def say(self, rule: str) -> str:
        """A phrase of `rule` with all slots filled."""
        return self._fill(self._next(rule))

    def several(self, rule: str, fewest: int, most: int) -> list[str]:
        return [self.say(rule) for _ in range(self._rng.randint(fewest, most))]

    def settle(self, rule: str) -> str:
        """Say `rule` once and mean the same thing each time it is named later on (the council that a decision sets up)."""
        self._settled[rule] = self.say(rule)
        return self._settled[rule]

    def _next(self, rule: str) -> str:
        left = self._left.setdefault(rule, [])
        if not left:
            left.extend(self._rules[rule])
            self._rng.shuffle(left)
        return left.pop()

    def _fill(self, phrase: str) -> str:
        return SLOT.sub(self._slot, phrase)

    def _slot(self, found: re.Match[str]) -> str:
        name, low, high = found.groups(default="0")
        text = self._meaning(name.lower(), int(low), int(high))
        return capital(text) if name[0].isupper() else text

    def _meaning(self, name: str, low: int, high: int) -> str:
        rule = name.rstrip("0123456789")
        if name in self._settled or name in self._facts:
            return self._settled.get(name) or self._facts[name]
        if rule in self._rules:
            return self._fill(self._next(rule))
        return self._drawn(name, low, high)

    def _drawn(self, name: str, low: int, high: int) -> str:
        rng = self._rng
        match name:
            case "number":
                return grouped(rng.randint(low, high))
            case "decimal":
                return f"{rng.randint(low, high)},{rng.randint(1, 9)}"
            case "percent":
                return f"{rng.randint(low, high - 1)}{rng.choice(('', f',{rng.randint(1, 9)}'))}%"
            case "money":
                return f"{grouped(rng.randint(12, 9800) * 5)} triệu đồng"
            case "past":
                return long_date(self._today - timedelta(days=rng.randint(3, 60)))
            case "deadline":
                return f"ngày {long_date(self._today + timedelta(days=rng.randint(10, 200)))}"
            case "soon":
                return long_date(self._today + timedelta(days=rng.randint(3, 12)))
            case "clock":
                return f"{rng.randint(7, 16):02d} giờ {rng.choice(('00', '00', '15', '30', '45'))} phút"
            case "phone":
                return f"0{rng.randint(200, 299)}.3{rng.randint(100, 999)}.{rng.randint(100, 999)}"
            case "person":
                who = invented_person(rng)
                return f"{capital(who.courtesy)} {who.name}"
            case "reference":
                return self._reference()
            case "decree":
                return self._decree()
        raise KeyError(f"no phrase, fact or drawn thing is called {name}")

    def _reference(self) -> str:
        symbol = self._facts["superior_symbol"]
        short, name = self._rng.choice(ISSUED_BY_PREMIER if symbol == "TTg" else ISSUED_ABOVE)
        day = self._today - timedelta(days=self._rng.randint(20, 900))
        written = long_date(day) if self._rng.random() < 0.6 else f"{day.day:02d}/{day.month}/{day.year}"
        number = self._rng.randint(1, 3200)
        return f"{name} số {number:02d}/{short}-{symbol} ngày {written} của {self._facts['superior']}"

    def _decree(self) -> str:
        day = self._today - timedelta(days=self._rng.randint(200, 3000))
        kind, issuer = self._rng.choice(
            (
                ("NĐ-CP", "Chính phủ"),
                ("NĐ-CP", "Chính phủ"),
                ("TT-BNV", "Bộ trưởng Bộ Nội vụ"),
                ("TT-BTC", "Bộ trưởng Bộ Tài chính"),
            )
        )
        name = "Nghị định" if issuer == "Chính phủ" else "Thông tư"
        return f"{name} số {self._rng.randint(1, 180):02d}/{day.year}/{kind} ngày {long_date(day)} của {issuer}"


def grouped(number: int) -> str:
    """1234567 -> "1.234.567", as Vietnamese print has it; four-digit numbers keep the dot too."""
    return f"{number:,}".replace(",", ".")
