"""Segmentation: What pooling takes away

One idea: a coarse map knows what is there and no longer where it ends. Growing it again gives back its size, and only
as much of the borders as its values still tell.
"""

from pages._kit import lab
from pages._parts.resolution.views import factors, one, unpooled

VIEWS = {"Down and up": one, "Over all factors": factors, "Without pooling": unpooled}

lab.opening(
    __doc__,
    predict="Perfect labels are kept at an eighth of their size and grown again. Which mean IoU is left?",
)
said = lab.one_of(VIEWS)

lab.closing(
    notice=said.notice,
    shows=said.shows,
    call=said.call,
    answer="About 0.8 if every block keeps one label, about 0.9 if it keeps the shares of its classes: see the second "
    "view. Near the borders it is about 0.5 and 0.7.",
    quiz=("Q323", "Q29", "Q10"),
    prepares="ps3",
    exports=said.exports,
)
