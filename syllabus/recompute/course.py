"""Sums and dates of the course itself: nothing of core is needed."""

from datetime import date

from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N158")
def left_for_other_classes() -> Value:
    """Percent that the two named classes of each example leave."""
    return 100 - (65 + 30), 100 - (55 + 43)


@ours("N179")
def earlier_marks() -> Value:
    """Assignments of 25, 10 and 10 points, project, oral."""
    return (25 + 10 + 10) + 30 + 25


@ours("N180")
def later_marks() -> Value:
    """Assignments, project and oral, as printed and as corrected by hand."""
    return 35 + 20 + 45, 35 + 25 + 40


@ours("N182")
def weekdays() -> Value:
    """The days in May 2020 for registration, pitches, talk and late hand-in."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return tuple(names[date(2020, 5, day).weekday()] for day in (18, 19, 22, 29, 31))
