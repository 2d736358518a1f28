"""Referees: they ask a student's function many questions, compare, and name the mistake when they know it.

A referee is written like a page of a book: a reference, groups of cases, a tolerance with its reason, and the usual
mistakes with a hint each. A hidden test cell calls it in one line, and what that line returns are the points.
"""

from grading.referee.cases import Case, Drawn, Forbidden, Group, Mistake, case
from grading.referee.errors import RefereeError
from grading.referee.link import Link, connect, disconnect
from grading.referee.referee import Referee
from grading.referee.rulings import Finding, GroupRuling, Kind, Ruling, forget_ruling, last_ruling
from grading.referee.seeds import seed, set_seed
from grading.referee.tolerance import EXACT, Tolerance

__all__ = [
    "EXACT",
    "Case",
    "Drawn",
    "Finding",
    "Forbidden",
    "Group",
    "GroupRuling",
    "Kind",
    "Link",
    "Mistake",
    "Referee",
    "RefereeError",
    "Ruling",
    "Tolerance",
    "case",
    "connect",
    "disconnect",
    "forget_ruling",
    "last_ruling",
    "seed",
    "set_seed",
]
