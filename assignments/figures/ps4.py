"""A parcel as seven numbers; pictures whose nearest were looked for by their pixels and in a layer of a network."""

from assignments.figures.board import BLACK, GREEN, GREY, RED, Board
from core.data.parcels import parcel
from core.features.handcrafted import FEATURES, parcel_features
from core.features.neighbours import Places, nearest
from core.features.sets import PIXELS, before_classifier, pictures, vectors_in
from core.types import Mask

SHOWS = (
    "Left, the height map of a box on a belt and the seven numbers that are read off it. Right, three drawn things "
    "that were searched for, a star, a circle and a square: of the nearest three by pixels two of nine "
    "show the same kind, "
    "of the nearest three in the layer before the classifier all nine do"
)
NUMBER = 7  # of the parcel, a box
QUERIES = (13, 6, 1)
TOP, SIDE, GAP = 62, 64, 8
LEFT, QUERY, FIRST, SECOND = 8, 254, 336, 556
COUNT = 200  # pictures to be found, and queries


def found(space: str, k: int = 3) -> tuple[Places, Mask]:
    """The places of the nearest of all queries, and whether they show the same kind: (200, k) each."""
    places = nearest(vectors_in("scenes", "train", COUNT, space), vectors_in("scenes", "test", COUNT, space), k, "l1")
    known, asked = pictures("scenes", "train", COUNT), pictures("scenes", "test", COUNT)
    return places, known.labels[places] == asked.labels[:, None]


def shares() -> tuple[float, float]:
    """Which share of what is found shows the same kind: by pixels, and in the layer before the classifier."""
    by_pixels, in_layer = (float(found(space)[1].mean()) for space in (PIXELS, before_classifier("scenes")))
    return by_pixels, in_layer


def draw() -> Board:
    """The parcel with its numbers, and three rows of neighbours."""
    board = Board(760, 304)
    heights = parcel("train", NUMBER).heights
    board.text(LEFT, 8, "Seven numbers", size=17)
    board.text(LEFT, 32, f"for {heights.size:,} heights of a box", colour=GREY)
    board.picture(LEFT, TOP, heights / heights.max(), scale=4)
    for place, name in enumerate(FEATURES):
        column, row = divmod(place, 4)
        value = f"{parcel_features(heights)[name]:.{0 if name in ('area', 'perimeter') else 1}f}"
        board.text(LEFT + 116 * column, TOP + 138 + 20 * row, f"{name.replace(' height', '')} {value}", size=14)
    _neighbours(board)
    return board


def _neighbours(board: Board) -> None:
    asked, known = pictures("scenes", "test", COUNT), pictures("scenes", "train", COUNT)
    board.text(QUERY, 8, "Find this", size=17)
    halves = (FIRST, "nearest by pixels", PIXELS), (SECOND, "nearest in a layer", before_classifier("scenes"))
    for left, title, space in halves:
        places, same = found(space)
        board.text(left, 8, title, size=17)
        board.text(left, 32, f"{100 * same.mean():.0f} of 100 show the same kind", colour=GREY)
        for row, query in enumerate(QUERIES):
            y = TOP + row * (SIDE + GAP)
            board.picture(QUERY, y, asked.images[query])
            board.box(QUERY - 2, y - 2, QUERY + SIDE + 1, y + SIDE + 1, colour=BLACK)
            for rank, (place, right) in enumerate(zip(places[query], same[query], strict=True)):
                x = left + rank * (SIDE + 4)
                board.picture(x, y, known.images[place])
                board.box(x - 1, y - 1, x + SIDE, y + SIDE, colour=GREEN if right else RED, width=4 if right else 1)
    board.text(FIRST, TOP + 3 * (SIDE + GAP) + 6, "thick green frame: the same kind as what was searched for", size=14)
