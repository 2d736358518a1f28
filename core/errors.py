"""What can go wrong with a visitor's input, each with a sentence that says what would fit.

The message of these errors is meant to be read by a student: pages show it as it is.
"""


class CoreError(ValueError):
    """An input that cannot be computed; the message names it and says what would fit."""


class ShapeError(CoreError):
    """Sizes that do not fit together."""


class LimitError(CoreError):
    """A request larger than one visitor may ask for, refused before anything is allocated."""


class FormError(CoreError):
    """A text form that cannot be read; `line` counts from 1."""

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
