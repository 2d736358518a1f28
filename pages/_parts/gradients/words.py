"""What the gradients lab says of three networks, from their numbers."""

from collections.abc import Mapping

import numpy as np

from core.learning.vanishing import Depths, fades


def story(found: Mapping[str, Depths]) -> str:
    """One sentence: what of the last layer's gradient reaches the first."""
    parts = [f"**{own.fading:.2g}** in the {kind} one" for kind, own in found.items()]
    return f"Of the gradient of the last layer the first one gets, as a share, {', '.join(parts)}."


def findings(found: Mapping[str, Depths], curve: str, norm: bool, size: float) -> list[str]:
    """What there is to notice."""
    plain = found["plain"]
    factor = fades(plain)
    if factor == 0:
        said = ["In the plain network nothing reaches the first layer any more: not one unit passes the gradient on."]
    elif factor < 0.9:
        said = [
            f"In the plain network the gradient is multiplied by about {factor:.2f} from layer to layer: a product of "
            "many numbers below 1 vanishes. The first layers, which see the image, learn nothing."
        ]
    elif factor > 1.1:
        said = [
            f"In the plain network the gradient grows by {factor:.2f} from layer to layer towards the image: it "
            "explodes, and no rate fits all layers."
        ]
    else:
        said = ["In the plain network the gradient keeps its length: the weights have the right size for this curve."]
    if curve == "sigmoid" and not norm:
        said.append(
            "The slope of a sigmoid is at most 0.25, so each layer takes at least three quarters of the gradient."
        )
    if size != 1 and curve != "sigmoid":
        said.append(
            f"Weights of {size:g} times the right size multiply the gradient by about that in every plain layer."
        )
    dead = {kind: float(np.mean(own.dead)) for kind, own in found.items()}
    if max(dead.values()) > 0.02:
        told = ", ".join(f"{share:.0%} in the {kind}" for kind, share in dead.items())
        said.append(
            f"Dead units: {told} one. Their sum is below 0 for all 200 digits, so no gradient passes through them and "
            "no step wakes them. Deep down all digits look alike, and a unit is then awake for all or for none."
        )
    elif curve == "ReLU":
        said.append("No unit is dead here. Lower the bias, or take the normalisation away and go deeper.")
    else:
        said.append(f"Units of {curve} do not die: their slope is nowhere 0. Compare ReLU.")
    said += [
        "A shortcut hands the gradient down as it is, whatever the layer beside it does: that is the sum in the "
        "derivative of h + f(W h). In a dense network every layer is read by the last one directly.",
        "Shortcuts cure the vanishing, not the size: the sums of a residual network grow with its depth, so here each "
        "layer adds 1 / sqrt(depth) of its answer. Published networks normalise instead.",
    ]
    return said
