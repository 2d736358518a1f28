"""The votes of a class as bars: one for each answer and round, with its number beside it."""

from collections.abc import Iterator, Sequence
from html import escape

from classroom.live.answers import Bar, Tally

STYLE = """<style>
dl.votes { margin: 0; padding: 0; display: grid; grid-template-columns: auto 1fr auto; gap: 0.15rem 0.6rem;
  align-items: center; max-width: 44rem; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.votes dt { grid-column: 1 / -1; margin: 0.5rem 0 0; overflow-wrap: anywhere; font-size: 1rem; }
.votes dt.right { font-weight: 700; }
.votes.one { grid-template-columns: 1fr auto; }
.votes dd { display: contents; }
.votes .track { height: 1rem; border-radius: 0.2rem; background: color-mix(in srgb, currentColor 9%, transparent); }
.votes .bar { display: block; height: 100%; border-radius: 0.2rem; background: #0072B2; }
.votes .second .bar { background: #D55E00; }
</style>"""
ROUNDS = ("first", "second")


def bars(rounds: Sequence[Tally], *, marked: str = "") -> str:
    """One round, or both under each other; once the answer is out, the right ones are `marked` with a word.

    >>> page = bars([Tally(1, 4, 3, (Bar("13 < 15", 3, True), Bar("15", 1, False)))], marked="Right")
    >>> "Right: 13 &lt; 15</dt>" in page, "3 (75 %)" in page
    (True, True)
    """
    labels = dict.fromkeys(bar.label for tally in rounds for bar in tally.bars)
    rows = "".join(_row(label, rounds, marked=marked) for label in labels)
    return f'{STYLE}<dl class="votes{" one" if len(rounds) == 1 else ""}">{rows}</dl>'


def _row(label: str, rounds: Sequence[Tally], *, marked: str) -> str:
    found = [(tally, next((bar for bar in tally.bars if bar.label == label), Bar(label, 0, False))) for tally in rounds]
    right = marked and any(bar.right for _, bar in found)
    shown = f'<dt class="right">{marked}: {escape(label)}</dt>' if right else f"<dt>{escape(label)}</dt>"
    return shown + "".join(_bars(found))


def _bars(found: Sequence[tuple[Tally, Bar]]) -> Iterator[str]:
    for tally, bar in found:
        share, name = bar.votes / max(1, tally.votes), ROUNDS[tally.round - 1]
        said = f"<span>{name}</span>" if len(found) > 1 else ""
        filled = f'<span class="track"><span class="bar" style="width: {share:.1%}"></span></span>'
        yield f'<dd class="{name}">{said}{filled}<span>{bar.votes} ({100 * share:.0f} %)</span></dd>'
