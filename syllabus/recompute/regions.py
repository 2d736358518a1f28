"""Detection region by region: how many losses teach it, and how many numbers its masks are."""

from core.detect.regions.pasting import values_of
from core.detect.regions.region_losses import FOUR
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N137")
def losses_of_faster_r_cnn() -> Value:
    """The test of the losses counts those that the net of two stages adds up, masks and joints left out."""
    return len(FOUR)


@ours("N147")
def values_of_the_masks_of_a_region() -> Value:
    """One mask of 14x14 for each of 80 classes."""
    return values_of(80)
