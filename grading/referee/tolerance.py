"""How close is close enough, and why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerance:
    """An answer a is close to the expected e if |a - e| <= absolute + relative * |e|."""

    relative: float
    absolute: float
    because: str

    def __post_init__(self) -> None:
        if self.relative < 0 or self.absolute < 0:
            raise ValueError(f"a tolerance is 0 or more, got {self.relative} and {self.absolute}")
        if not self.because:
            raise ValueError("a tolerance needs its reason: because=...")


EXACT = Tolerance(0.0, 0.0, because="whole numbers are exact")
