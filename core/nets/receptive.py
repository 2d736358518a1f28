"""Receptive field: which inputs an output depends on (lectures A, C and D).

One direction at a time. Walking from the input to the output, three numbers follow every volume:
how many inputs one of its values sees, how far apart neighbours look, and where the first one looks.
Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """What one value of a volume sees of the input, in input pixels.

    `start` is the first pixel the first value sees: negative once padding lets it look over the edge.
    """

    size: int = 1
    jump: int = 1
    start: int = 0

    def through(self, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> "Field":
        """The field after one more window.

            size'  = size + dilation * (kernel - 1) * jump
            jump'  = jump * stride
            start' = start - padding * jump

        >>> Field().through(3).through(2, stride=2)
        Field(size=4, jump=2, start=0)
        """
        return Field(
            size=self.size + dilation * (kernel - 1) * self.jump,
            jump=self.jump * stride,
            start=self.start - padding * self.jump,
        )

    def patch(self, position: int) -> tuple[int, int]:
        """First and last input pixel that the value at `position` sees; either may lie off the image.

        >>> Field(size=4, jump=2).patch(3)
        (6, 9)
        """
        first = self.start + position * self.jump
        return first, first + self.size - 1
