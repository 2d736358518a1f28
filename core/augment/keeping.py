"""Which changes leave a label true: the question before every augmentation (lecture C).

It depends on the subject, and within it on the class: a turned 8 is an 8, a turned 6 is a 9.
"""

from dataclasses import dataclass

from core.augment.subjects import Subject, spoken
from core.errors import CoreError

TOLERANCE = 30.0  # degrees: so far anybody's writing leans
HALF_TURN = {0: 0, 1: 1, 6: 9, 8: 8, 9: 6}  # what a digit reads as upside down; the others as nothing
MIRRORED = {0: 0, 1: 1, 8: 8}
SIZES_APART = 1.15  # the five types of sea lion differ in length by a fifth and more


@dataclass(frozen=True)
class Change:
    """What is done to an image, as far as labels care: degrees clockwise, mirrored or not, how many times as large."""

    turn: float = 0.0
    mirror: bool = False
    scale: float = 1.0

    @property
    def angle(self) -> float:
        """The turn from -180 to 180."""
        return (self.turn + 180) % 360 - 180


@dataclass(frozen=True)
class Verdict:
    """Whether the label is still true, and why."""

    kept: bool
    why: str


def digit_after(digit: int, change: Change) -> int | None:
    """What a digit reads as after a change; None if as no digit.

    >>> digit_after(6, Change(turn=180)), digit_after(8, Change(turn=170)), digit_after(4, Change(mirror=True))
    (9, 8, None)
    """
    if digit not in range(10):
        raise CoreError(f"a digit is one of 0 to 9, got {digit}")
    if digit == 0:
        return 0
    found = MIRRORED.get(digit) if change.mirror else digit
    if found is None or abs(change.angle) <= TOLERANCE:
        return found
    return HALF_TURN.get(found) if abs(change.angle) >= 180 - TOLERANCE else None


def verdict(subject: Subject, label: str, change: Change) -> Verdict:
    """Whether a label survives a change; of the sea lions the labels of all.

    >>> verdict("digit", "6", Change(turn=180))
    Verdict(kept=False, why='This reads as a 9 now, and its label still says 6.')
    >>> verdict("drawn scene", "star", Change(turn=77)).kept
    True
    """
    if subject == "digit":
        read = digit_after(int(label), change)
        if read == int(label):
            return Verdict(True, f"It still reads as a {label}.")
        now = "no digit at all" if read is None else f"a {read}"
        return Verdict(False, f"This reads as {now} now, and its label still says {label}.")
    if subject == "clock":
        return _clock(label, change)
    if subject == "cat":
        if change.mirror:
            return Verdict(False, "In a mirror the right eye is a left one: the two names have to change places.")
        return Verdict(True, "An eye is an eye, however the head is held.")
    if subject == "sea lions":
        if not 1 / SIZES_APART <= change.scale <= SIZES_APART:
            return Verdict(False, "From above the types differ in size, so a larger female passes for a male.")
        return Verdict(True, "From above no way is up: turns and mirrors give sea lions that could lie there.")
    return Verdict(True, "A shape stays what it is in every position. The joints of figures change sides in a mirror.")


def _clock(label: str, change: Change) -> Verdict:
    if change.mirror:
        return Verdict(False, f"In a mirror the hands run backwards: this is no {label} any more.")
    if abs(change.angle) <= 2:
        return Verdict(True, f"The hands still say {label}.")
    hours, minutes = (int(part) for part in label.split(":"))
    hour_hand = (60 * hours + minutes) % 720 / 2 + change.angle  # degrees
    minute_hand = (6 * minutes + change.angle) % 360
    shown = 2 * hour_hand % 720  # minutes after twelve, by the hour hand alone
    off = abs((minute_hand - 6 * (shown % 60) + 180) % 360 - 180)
    if off <= 6:
        return Verdict(False, f"Without numerals this is a clock at {spoken(shown)}, and its label still says {label}.")
    return Verdict(False, "The two hands contradict each other now: no time looks like this.")
