"""What the activation lab asks of the networks, kept per picture, class and layer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.explain.gradcam import Looked, look, votes
from core.explain.sanity import alike, cascade
from core.learning.threads import one_thread
from core.models.pretrained import prepared
from core.runtime.shared import shared
from core.types import Floats, Heatmap
from pages._parts.cam.subjects import NETS, SHOWN, NetName, Subject, module_of

Pixels = NDArray[np.uint8]
Found = TypeVar("Found")


def _kept(ask: Callable[..., Found], most: int, *, says: str | bool = False) -> Callable[..., Found]:
    """Ask once about a picture: for everybody about those of the lab, for its session alone about a visitor's own."""
    shared = st.cache_resource(show_spinner=says, max_entries=most)(ask)  # nobody writes into what is kept
    private = st.cache_resource(show_spinner=says, max_entries=10, scope="session")(ask)

    def asked(subject: Subject, *more: Any) -> Found:
        return (private if subject.own else shared)(subject.net.name, subject.pixels, *more)

    return asked


@dataclass(frozen=True)
class Answer:
    """One class that can be asked about."""

    of: int
    name: str
    rank: str
    probability: float


def _scores(net: NetName, pixels: Pixels) -> Floats:
    """The network's scores for a picture: (K,)."""
    module_of(net)  # says so if that takes a while
    found: Floats = shared(net)(prepared(pixels[None]))[0].double().numpy()
    return found


def answers(subject: Subject) -> list[Answer]:
    """The first answers of the network and its last one."""
    given = scores(subject)
    shares = np.exp(given - given.max())
    shares /= shares.sum()
    order = (-given).argsort(kind="stable")
    ranks = ["1st", "2nd", "3rd", "4th", "5th", "last"]
    places = order[:SHOWN].tolist() if len(order) <= SHOWN else [*order[:SHOWN].tolist(), int(order[-1])]
    return [
        Answer(place, subject.classes[place], rank, float(shares[place]))
        for place, rank in zip(places, ranks[: len(places)], strict=True)
    ]


def _looked(net: NetName, pixels: Pixels, of: int, layer: str) -> Looked:
    """The maps of one layer, and their slopes."""
    module = module_of(net)
    with one_thread():
        return look(module, prepared(pixels[None]), module.get_submodule(layer), of)[0]


def _every_layer(net: NetName, pixels: Pixels, of: int) -> dict[str, Heatmap]:
    """The votes at every layer, by what the layer is called here."""
    module, inputs = module_of(net), prepared(pixels[None])
    with one_thread():
        return {
            title: votes(look(module, inputs, module.get_submodule(layer), of)[0])
            for title, layer in NETS[net].layers.items()
        }


@st.cache_resource(show_spinner=False)
def dense(net: NetName) -> tuple[Floats, Floats]:
    """The weights (K, C) and the bias (K,) of the dense layer behind the average."""
    head = module_of(net).get_submodule(NETS[net].head)
    weights, bias = (each.detach().double().numpy() for each in head.parameters())
    return weights, bias


@dataclass(frozen=True, eq=False)
class Forgotten:
    """One step of the sanity check: what was shuffled last, the votes now, how alike, and the first answer now."""

    part: str
    votes: Heatmap
    alike: float
    says: int


def _forgetting(net: NetName, pixels: Pixels, of: int, seed: int) -> list[Forgotten]:
    """The votes of the network as it is, and after each part that is shuffled, the last part first."""
    known, inputs, found = NETS[net], prepared(pixels[None]), list[Forgotten]()
    titles = {part: title for title, part in known.parts.items()}
    with one_thread():
        module = module_of(net)
        (first,) = look(module, inputs, module.get_submodule(known.last), of)
        found.append(Forgotten("nothing", votes(first), 1.0, int(first.scores.argmax())))
        for part, changed in cascade(module, tuple(known.parts.values()), seed=seed):
            (now,) = look(changed, inputs, changed.get_submodule(known.last), of)
            found.append(Forgotten(titles[part], votes(now), alike(votes(first), votes(now)), int(now.scores.argmax())))
    return found


scores = _kept(_scores, 200)
looked = _kept(_looked, 100)
every_layer = _kept(_every_layer, 200)
forgetting = _kept(_forgetting, 100, says="Forgetting, layer by layer ...")
