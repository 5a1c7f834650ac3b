"""Blocks -> strips: the header's two columns, titles, paragraphs, and the ending with recipients and signatures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from samples.document import Align, Ending, Face, Masthead, Paragraph, Run, Signature, Title
from samples.typeset.lines import extent, set_runs
from samples.typeset.sheet import A4, PrintedLine, Rule, Seat, Strip, moved_line
from samples.typeset.style import SINGLE, Style

HEAD, HEAD_BOLD, ABOUT, POSITION, ENTRY = 12.5, 13.0, 12.0, 13.5, 11.0
"""Sizes in points: header, number and date, "V/v" and "Nơi nhận:", signature block, recipients."""
OUTDENT = 14.0
"""The header's left column starts in the margin: beside the nation's name there is no other room for a long organ."""


def text_width(style: Style) -> float:
    return A4[0] - style.left - style.right


def stacked(lines: Sequence[PrintedLine], top: float, leading: float) -> list[PrintedLine]:
    """Lines set on y = 0, put one below the other from `top` on; a baseline is four fifths down its line."""
    return [moved_line(line, 0.0, top + leading * (number + 0.8)) for number, line in enumerate(lines)]


def _ruled_below(line: PrintedLine, share: float) -> Rule:
    """A thin line under the middle of a printed one."""
    left, right = extent(line)
    middle, half, y = (left + right) / 2, (right - left) * share / 2, line.words[0].y + 5.0
    return Rule(middle - half, y, middle + half, y)


def masthead_strip(head: Masthead, style: Style) -> Strip:
    """Left column: organ, number, "V/v"; right column: nation, motto, date. Number and date share a baseline."""
    nation = set_runs([Run(head.nation, Face.BOLD)], HEAD, 0, 600, Align.LEFT)
    right_width = extent(nation[0])[1] + 4.0
    left, width = style.left - OUTDENT, text_width(style) + OUTDENT - right_width - 6.0
    right = A4[0] - style.right - right_width
    leading = HEAD * SINGLE
    organ = [run for line in head.above for run in set_runs([Run(line)], HEAD, left, width, Align.CENTRE)]
    organ += [run for line in head.organ for run in set_runs([Run(line, Face.BOLD)], HEAD, left, width, Align.CENTRE)]
    state = set_runs([Run(head.nation, Face.BOLD)], HEAD, right, right_width, Align.CENTRE)
    state += set_runs([Run(head.motto, Face.BOLD)], HEAD_BOLD, right, right_width, Align.CENTRE)
    organ, state = stacked(organ, 0.0, leading), stacked(state, 0.0, leading)
    below = leading * max(len(organ), len(state)) + 10.0
    number = stacked(set_runs(head.number, HEAD_BOLD, left, width, Align.CENTRE), below, HEAD_BOLD * SINGLE)
    day = stacked(set_runs(head.dateline, HEAD_BOLD, right, right_width, Align.CENTRE), below, HEAD_BOLD * SINGLE)
    about = set_runs([Run(head.about)], ABOUT, left, width, Align.CENTRE) if head.about else []
    about = stacked(about, below + HEAD_BOLD * SINGLE + 5.0, ABOUT * SINGLE)
    lines = [*organ, *number, *about, *state, *day]
    rules = (_ruled_below(organ[-1], 0.42), _ruled_below(state[-1], 1.0))
    bottom = max(line.words[0].y for line in lines)
    return Strip(bottom + 16.0, tuple(replace(line, header=True) for line in lines), rules)


def title_strip(title: Title, style: Style) -> Strip:
    """Kind in bold capitals, summary in bold, a rule a third as long; in an appendix the line that names its document."""
    size, width = 14.0, text_width(style)
    lines = set_runs([Run(title.name, Face.BOLD)], size, style.left, width, Align.CENTRE)
    lines += set_runs([Run(title.subject, Face.BOLD)], size, style.left + width * 0.08, width * 0.84, Align.CENTRE)
    rules: tuple[Rule, ...] = ()
    if not title.basis and title.subject:
        rules = (_ruled_below(stacked(lines, 8.0, size * SINGLE)[-1], 0.36),)
    lines += set_runs(title.basis, style.size, style.left + width * 0.05, width * 0.9, Align.CENTRE)
    return Strip(size * SINGLE * len(lines) + 28.0, tuple(stacked(lines, 8.0, size * SINGLE)), rules)


def paragraph_strips(paragraph: Paragraph, style: Style) -> list[Strip]:
    """One strip a line, the gap above the first; no page ends with a first line or begins with a last one."""
    inset = paragraph.inset * text_width(style)
    indent = style.indent if paragraph.indent else 0.0
    lines = set_runs(paragraph.runs, style.size, style.left + inset, text_width(style) - inset, paragraph.align, indent)
    strips = []
    for number, line in enumerate(lines):
        gap = style.gap if number == 0 else 0.0
        lonely = len(lines) > 1 and number in (0, len(lines) - 2)
        strips.append(
            Strip(style.leading + gap, tuple(stacked([line], gap, style.leading)), keep_with_next=paragraph.keep or lonely)
        )
    return strips


def ending_strip(ending: Ending, style: Style) -> Strip:
    """One signature: recipients left, signature right. Two: side by side, recipients below them."""
    if len(ending.signatures) == 1:
        return _single_ending(ending, style)
    width = text_width(style)
    columns = [_signature(one, style.left + width / 2 * place, width / 2, style) for place, one in enumerate(ending.signatures)]
    bottom = max(height for _, _, height in columns)
    recipients = _recipients(ending.recipients, style.left, width * 0.6, bottom + 8.0)
    lines = [*columns[0][0], *columns[1][0], *recipients]
    end = recipients[-1].words[0].y + 6.0 if recipients else bottom
    return Strip(end, tuple(lines), seats=tuple(seat for _, seat, _ in columns), is_ending=True)


def _single_ending(ending: Ending, style: Style) -> Strip:
    width = text_width(style)
    signed, seat, bottom = _signature(ending.signatures[0], style.left + width * 0.47, width * 0.53, style)
    recipients = _recipients(ending.recipients, style.left, width * 0.43, 8.0)
    end = max(bottom, recipients[-1].words[0].y + 6.0 if recipients else 0.0)
    return Strip(end, (*recipients, *signed), seats=(seat,), is_ending=True)


def _recipients(entries: Sequence[str], left: float, width: float, top: float) -> list[PrintedLine]:
    if not entries:
        return []
    printed = [f"- {entry}{'.' if place == len(entries) else ';'}" for place, entry in enumerate(entries, 1)]
    lead = stacked(set_runs([Run("Nơi nhận:", Face.BOLD_ITALIC)], ABOUT, left, width, Align.LEFT), top, ABOUT * SINGLE)
    lines = [line for entry in printed for line in set_runs([Run(entry)], ENTRY, left, width, Align.LEFT)]
    return lead + stacked(lines, top + ABOUT * SINGLE, ENTRY * SINGLE)


def _signature(signature: Signature, left: float, width: float, style: Style) -> tuple[list[PrintedLine], Seat, float]:
    """Lines, where the pen goes, and the height of it all."""
    leading = POSITION * SINGLE
    position = [
        line for text in signature.position for line in set_runs([Run(text, Face.BOLD)], POSITION, left, width, Align.CENTRE)
    ]
    top = 8.0 + leading * len(position)
    name = set_runs([Run(signature.name, Face.BOLD)], POSITION, left, width, Align.CENTRE)
    lines = stacked(position, 8.0, leading) + stacked(name, top + style.signing_gap, leading)
    return (
        lines,
        Seat(left + width / 2, top + style.signing_gap / 2, style.signing_gap),
        top + style.signing_gap + leading * len(name),
    )
