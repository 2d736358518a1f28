"""Scenes drawn by program, with everything that is true of them: class, boxes, masks, joints.

    scene = draw(sketch("train", 7), side=96)

A sketch says what is to be drawn, in coordinates from 0 to 1, and is the same whenever it is asked for; a part and a
number are its address. Drawing it gives the picture and its truth at any size, and through any warp.
"""

from core.data.scenes.drawing import draw, draw_many
from core.data.scenes.person import JOINTS, LIMBS, MIRRORED
from core.data.scenes.records import CLASSES, SHAPES, Batch, Label, Pattern, Scene, Sketch, Target, Thing
from core.data.scenes.sketching import sketch
from core.data.scenes.truth import boxes, instance_map, label_map, labels

__all__ = [
    "CLASSES",
    "JOINTS",
    "LIMBS",
    "MIRRORED",
    "SHAPES",
    "Batch",
    "Label",
    "Pattern",
    "Scene",
    "Sketch",
    "Target",
    "Thing",
    "boxes",
    "draw",
    "draw_many",
    "instance_map",
    "label_map",
    "labels",
    "sketch",
]
