"""What a student should know about an assignment before it bites, in sentences."""

from collections.abc import Iterator
from datetime import datetime

from classroom.assignments import Card, Progress
from pages._kit.course import distance, in_points, points, when

STAGES = {
    "hidden": "not published",
    "announced": "announced",
    "open": "open",
    "late": "late",
    "closed": "closed",
}
PROGRESS: dict[Progress, str] = {
    "not begun": "not begun",
    "begun": "begun",
    "waiting": "handed in, not graded yet",
    "graded": "graded",
    "partly marked": "graded; a person marks the rest",
    "undecided": "waits for your instructor",
}


def headline(card: Card, now: datetime) -> str:
    """Stage, date and points in one line.

    The date that comes next is the one that matters: when it opens, when it is due, when it closes.
    """
    late = ("closes", card.rules.closes) if card.rules.closes else ("was due", card.rules.due)
    dates = {"announced": ("opens", card.rules.opens), "late": late}
    word, date = dates.get(card.stage, ("due", card.rules.due))
    parts = [STAGES[card.stage]]
    if date is not None and card.stage != "closed":
        parts.append(f"{word} {when(date, now=now)}")
    earned = f"**{points(card.points)} of {points(card.out_of)} points**"
    parts += [PROGRESS[card.progress], earned if card.points is not None else in_points(card.out_of)]
    return " · ".join(parts)


def rules(card: Card, now: datetime) -> Iterator[str]:
    """What handing in now would mean."""
    if card.left is not None:
        hand_ins = "hand-in" if card.left == 1 else "hand-ins"
        yield (
            f"You have {card.left} {hand_ins} left, of {card.left + card.used}."
            if card.left
            else ("You have used all your hand-ins. Those you made count.")
        )
    if card.again is not None:
        yield f"The next hand-in is taken {distance(card.again, now)}."
    late = card.rules.late
    cost = [f"{late.per_day:.0%} of the points"] if late.per_day else []
    cost += [in_points(late.points_per_day)] if late.points_per_day else []
    if card.stage == "late":
        days = f"{card.days_late} day{'' if card.days_late == 1 else 's'} late"
        taken = f", which takes {' and '.join(cost)} a day" if cost else ", which costs nothing"
        yield f"Handed in now it is {days}{taken}."
    elif cost and card.stage == "open" and card.rules.due is not None:
        yield f"Every day begun after it is due takes {' and '.join(cost)}."
    if card.rules.closes is not None and card.stage in ("open", "late"):
        yield f"Nothing is taken after {when(card.rules.closes)}."
    if card.stage in ("open", "late"):
        which = "best" if card.rules.counts == "best" else "last"
        yield f"Your {which} hand-in counts."
