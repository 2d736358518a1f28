"""A pair of COCO files from somebody nobody knows: how large they may be, before anything is computed.

Masks are left out: what unpacks them is compiled code that trusts its input.
"""

from core.errors import CoreError, LimitError
from core.measure.coco.reading import Read, read
from core.measure.coco.records import Kind

MOST_BYTES = 20 * 2**20  # of one file: COCO's own of 5,000 pictures has 19 MB
MOST_CLASSES = 400
MOST_GROUPS = 2_000_000  # pictures times classes; COCO's validation set has 400,000
KINDS: tuple[Kind, ...] = ("bbox", "keypoints")


def read_uploads(truth: bytes, answers: bytes, kind: Kind = "bbox") -> Read:
    """The same as `read`, or an error that says what is too large or no number.

    >>> read_uploads(b'{"images": [], "annotations": [], "categories": []}', b"[]").problem.images
    0
    """
    if kind not in KINDS:
        raise CoreError(f"files from a visitor may hold {' or '.join(KINDS)}, got {kind}")
    for content, what in ((truth, "the file of what is true"), (answers, "the file of answers")):
        if len(content) > MOST_BYTES:
            raise LimitError(f"{what} has {len(content):,} bytes, at most {MOST_BYTES:,} are read here")
    found = read(truth, answers, kind)
    problem = found.problem
    if problem.classes > MOST_CLASSES or problem.images * problem.classes > MOST_GROUPS:
        raise LimitError(
            f"{problem.images:,} pictures and {problem.classes:,} classes are too many here: at most "
            f"{MOST_CLASSES} classes, and {MOST_GROUPS:,} for one times the other"
        )
    return found
