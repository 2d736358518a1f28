"""Learning: How AlexNet was trained

One idea: a network is as good as the recipe it is trained by, and each part of the recipe can be taken away.
"""

from core.learning.augment import shifted
from core.learning.schedule import Plateau
from core.learning.start import started
from core.learning.train import train
from pages._kit import lab
from pages._parts.recipe import training
from pages._parts.recipe.figures import of_runs, whole_story

lab.opening(__doc__, predict="Which part of the recipe is missed most, if it alone is left out?")
controls, stage = lab.columns()
with controls:
    setting = training.controls()
with stage:
    training.stage(setting)
found, ran = training.runs(), training.ran(setting)
lab.closing(
    notice=of_runs(found),
    shows=(train, Plateau, shifted, started),
    call=f"train(started(small_alexnet(), seed={ran.seed}), learned, validated, {ran.recipe}, "
    f"generator=dice, schedule={'Plateau()' if training.PLATEAU in ran.parts else 'constant'}, "
    f"augment={'shifts_by_one' if training.SHIFTS in ran.parts else None})",
    answer="The batches and the momentum: without either of them 30 to 40 % are still wrong after 90 epochs. Next come "
    "the shifts: without them the network is perfect on its own digits and wrong on a quarter of the others.",
    quiz=("E27", "E32"),
    errata=("N76", "D43"),
    exports={"curves.csv": lambda: whole_story(found)} if found else {},
)
