"""Segmentation: Shift and stitch

One idea: a net that answers at every f-th pixel is asked f·f times, each time on a shifted image; interleaved, its
answers are a map at full resolution.
"""

from pages._kit import lab
from pages._parts.shift_and_stitch.numbers import numbers
from pages._parts.shift_and_stitch.picture import picture, price

VIEWS = {"In numbers": numbers, "On a picture": picture, "What it costs": price}

lab.opening(
    __doc__,
    predict="A net answers at every 4th pixel, down and across. How many shifted images give an answer at every pixel?",
)
said = lab.one_of(VIEWS)

lab.closing(
    notice=said.notice,
    shows=said.shows,
    call=said.call,
    answer="16, one for each offset of rows and columns below 4. With a stride of 32, as in VGG16, it is 1,024.",
    quiz=("Q322", "Q29"),
    prepares="ps3",
    exports=said.exports,
)
