"""The same U-Net, trained without a word about borders: every ground pixel counts the same. Made to be compared."""

from functools import partial

from core.models.cell_net import SIGMA, W_0
from core.models.recipe import Recipe
from core.models.recipes import unet

RECIPE = Recipe(
    name="unet_plain",
    knows="Says where cells are: the U-Net trained as the other, but without more weight on the lines between cells.",
    data=unet.RECIPE.data,
    measure=unet.RECIPE.measure.replace(f"w_0 = {W_0:g} and sigma = {SIGMA:g}", "w_0 = 0"),
    classes=unet.RECIPE.classes,
    promise=0.95,
    steps=unet.STEPS,
    build=unet.build,
    train=partial(unet.train, w_0=0.0),
    score=unet.score,
)
