"""replace_head: a network that learned one task is prepared for another."""

from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.models.new_head import with_new_head
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

if TYPE_CHECKING:
    from torch.nn import Module


def pretrained(seed: int, features: int, old: int, trained: bool) -> "Module":
    """A small network: two convolutions, normalisation, dropout, a head. In training mode and learning, or neither."""
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        body = nn.Sequential(
            *(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, features, 2), nn.ReLU()),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3)),
        )
        model = nn.Sequential(OrderedDict(body=body, head=nn.Linear(features, old)))
        for values in model.buffers():
            if values.is_floating_point():
                values.uniform_(0.5, 1.5)
    return model.train(trained).requires_grad_(trained)


def fact(model: Any, old: Any, key: str) -> Any:
    """What is asked about a network: plain data."""
    head = model.head
    if key == "head":
        return [list(head.weight.shape), list(head.bias.shape)]
    if key == "drawn":  # neither a part of the old one nor all the same
        rows, known = head.weight.detach().numpy(), old["head.weight"].numpy()
        return [list(rows.shape), bool(np.ptp(rows) > 0), not np.isin(rows, known).any()]
    if key == "learns":
        return {name: list(values.shape) for name, values in model.named_parameters() if values.requires_grad}
    if key == "training":
        return {name: bool(module.training) for name, module in model.named_modules() if _has_modes(name)}
    if key == "everything":
        return {part: fact(model, old, part) for part in ("head", "learns", "training", "body")}
    parts = dict((*model.named_parameters(), *model.named_buffers()))
    same = [name in parts and bool((parts[name] == values).all()) for name, values in old.items() if "body." in name]
    return [list(head.weight.shape), all(same)]


def _has_modes(name: str) -> bool:
    """Normalisation and dropout, and the head: the others do the same in both modes."""
    return name in ("body.1", "body.7", "head")


def asked(function: Any, model: Any, old: Any, classes: int, freeze: bool, key: str) -> Any:
    """The student's network, asked for one fact; what is no network answers nothing."""
    import torch

    made = function(model, classes, freeze)
    return fact(made, old, key) if isinstance(made, torch.nn.Module) else {"no network"}


def given(seed: int, features: int, old: int, trained: bool, classes: int, freeze: bool, key: str) -> tuple[Any, ...]:
    """The network, and what only the referee needs: the numbers it came with."""
    model = pretrained(seed, features, old, trained)
    return model, {name: values.clone() for name, values in model.state_dict().items()}, classes, freeze, key


def made_by(function: Any) -> Any:
    """A fact about the network that a function makes; the same table is asked about again and again."""
    return lru_cache(maxsize=200)(lambda *table: asked(function, *given(*table)))


def right(model: Any, classes: int, freeze: bool) -> Any:
    """The reference."""
    return with_new_head(model, classes, freeze=freeze)


def old_head(model: Any, classes: int, freeze: bool) -> Any:
    """Freezes, and forgets the head."""
    made: Any = right(model, classes, freeze)
    made.head = model.head.train().requires_grad_(True)
    return made


def part_of_the_old(model: Any, classes: int, freeze: bool) -> Any:
    """The new head begins with rows of the old one."""
    import torch

    made: Any = right(model, classes, freeze)
    with torch.no_grad():
        made.head.weight.copy_(model.head.weight.repeat(classes, 1)[:classes])
    return made


def all_zero(model: Any, classes: int, freeze: bool) -> Any:
    """All weights of the new head are equal."""
    made: Any = right(model, classes, freeze)
    made.head.weight.requires_grad_(False).zero_().requires_grad_(True)
    return made


def from_outputs(model: Any, classes: int, freeze: bool) -> Any:
    """As many inputs as the old head had outputs."""
    from torch import nn

    made: Any = right(model, classes, freeze)
    made.head = nn.Linear(model.head.out_features, classes)
    return made


def without_bias(model: Any, classes: int, freeze: bool) -> Any:
    """Weights only."""
    from torch import nn

    made: Any = right(model, classes, freeze)
    made.head = nn.Linear(model.head.in_features, classes, bias=False)
    return made


def frozen_head(model: Any, classes: int, freeze: bool) -> Any:
    """First the new head, then everything is frozen."""
    return right(model, classes, freeze).requires_grad_(not freeze)


def body_learns(model: Any, classes: int, freeze: bool) -> Any:
    """The modes are right, and nothing is frozen."""
    return right(model, classes, freeze).requires_grad_(True)


def always_frozen(model: Any, classes: int, freeze: bool) -> Any:
    """Whatever was asked."""
    return right(model, classes, True)


def still_frozen(model: Any, classes: int, freeze: bool) -> Any:
    """What was frozen on arrival stays so."""
    was = next(model.body.parameters()).requires_grad
    made: Any = right(model, classes, freeze)
    made.body.requires_grad_(was and not freeze)
    return made


def weights_only(model: Any, classes: int, freeze: bool) -> Any:
    """The biases of the body go on learning."""
    made: Any = right(model, classes, freeze)
    for name, values in made.named_parameters():
        if name.endswith("bias"):
            values.requires_grad_(True)
    return made


def norms_learn(model: Any, classes: int, freeze: bool) -> Any:
    """The scale and shift of the normalisation go on learning."""
    made: Any = right(model, classes, freeze)
    made.body[1].requires_grad_(True)
    return made


def body_trains(model: Any, classes: int, freeze: bool) -> Any:
    """Frozen weights, and means that drift."""
    return right(model, classes, freeze).train()


def norms_still(model: Any, classes: int, freeze: bool) -> Any:
    """Normalisation is in evaluation mode, dropout is not."""
    made: Any = right(model, classes, freeze)
    made.body[7].train()
    return made


def all_evaluates(model: Any, classes: int, freeze: bool) -> Any:
    """The whole network, the head as well."""
    made: Any = right(model, classes, freeze)
    return made.eval() if freeze else made


def modes_kept(model: Any, classes: int, freeze: bool) -> Any:
    """What was in evaluation mode on arrival stays so."""
    made: Any = right(model, classes, freeze)
    return made if freeze else made.train(model.training)


def drawn_anew(model: Any, classes: int, freeze: bool) -> Any:
    """Nothing is left of what was learned."""
    made: Any = right(model, classes, freeze)
    for layer in made.body:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return made


def about(*keys: str, freeze: bool | None = None, trained: bool | None = None) -> Drawn:
    """Networks of several sizes, asked for some facts; more classes than before, or fewer."""

    def draw(random: np.random.Generator) -> Case:
        features, old, classes = (int(number) for number in random.choice(np.arange(3, 12), size=3, replace=False))
        how = bool(random.integers(2)) if freeze is None else freeze
        learned = bool(random.integers(2)) if trained is None else trained
        return case(int(random.integers(1000)), features, old, learned, classes, how, str(random.choice(keys)))

    return draw


replace_head = Referee(
    name="replace_head",
    points=2,
    reference=made_by(right),
    given=given,
    ask=asked,
    groups=(
        Group(
            "examples of the notebook",
            weight=1,
            visible=True,
            cases=(
                case(0, 6, 10, True, 3, True, "head", title="six features, three classes: the new head"),
                case(0, 6, 10, True, 3, True, "learns", title="six features, three classes, frozen: what learns"),
                case(0, 6, 10, False, 3, False, "learns", title="six features, three classes: what learns"),
            ),
        ),
        Group(
            "all of it at once: head, what learns, modes, and the body",
            weight=4,
            drawn=about("everything"),
            count=1,
            cases=(
                case(4, 4, 8, True, 5, True, "everything"),
                case(5, 9, 6, False, 3, True, "everything"),
                case(6, 3, 7, False, 4, False, "everything"),
            ),
        ),
        Group(
            "the new head",
            weight=3,
            drawn=about("head"),
            count=3,
            cases=(
                case(1, 5, 4, True, 9, True, "drawn"),
                case(2, 7, 9, False, 4, False, "drawn"),
                case(3, 3, 4, True, 1, True, "head"),
            ),
        ),
        Group("what learns where the body is frozen", weight=3, drawn=about("learns", freeze=True), count=3),
        Group(
            "what learns where nothing is frozen", weight=1, drawn=about("learns", freeze=False, trained=False), count=3
        ),
        Group("modes where the body is frozen", weight=2, drawn=about("training", freeze=True), count=4),
        Group("modes where nothing is frozen", weight=1, drawn=about("training", freeze=False, trained=False), count=3),
        Group("what the body has learned", weight=1, drawn=about("body"), count=2),
    ),
    mistakes=(
        Mistake(
            "keeps the old head",
            made_by(old_head),
            hint="The network still has its old head. Put a new layer in its place: model.head = ...",
        ),
        Mistake(
            "begins with a part of the old head",
            made_by(part_of_the_old),
            hint="Your head begins with the weights of the old one, which belong to other classes. Draw it at random, "
            "as nn.Linear does.",
        ),
        Mistake(
            "begins with equal weights",
            made_by(all_zero),
            hint="All weights of your head are equal. Leave them as nn.Linear draws them.",
        ),
        Mistake(
            "takes the outputs for inputs",
            made_by(from_outputs),
            hint="Your head takes as many inputs as the old one had outputs. Its inputs are the features of the body.",
        ),
        Mistake("has no bias", made_by(without_bias), hint="The new head has weights and a bias, as the old one had."),
        Mistake(
            "freezes the head, too",
            made_by(frozen_head),
            hint="Your new head is frozen as well, so that nothing is left that could learn.",
        ),
        Mistake(
            "freezes nothing",
            made_by(body_learns),
            hint="With `freeze`, no parameter of the body may learn: requires_grad is false for all of them.",
        ),
        Mistake(
            "freezes always",
            made_by(always_frozen),
            hint="You freeze the body although `freeze` is false: then all of the network learns, in training mode.",
        ),
        Mistake(
            "leaves frozen what was frozen",
            made_by(still_frozen),
            hint="A network may arrive frozen. Where `freeze` is false, everything learns: set requires_grad to true.",
        ),
        Mistake(
            "leaves the biases free",
            made_by(weights_only),
            hint="The biases of the body are parameters as well, and still learn.",
        ),
        Mistake(
            "leaves the normalisation free",
            made_by(norms_learn),
            hint="Scale and shift of the normalisation are parameters as well, and still learn. Freeze them, too.",
        ),
        Mistake(
            "lets the means drift",
            made_by(body_trains),
            hint="The frozen body is in training mode: its normalisation would go on moving its means and variances "
            "with every batch. Put the body in evaluation mode, after any call of train() on the whole network.",
        ),
        Mistake(
            "lets dropout go on",
            made_by(norms_still),
            hint="Normalisation is in evaluation mode, and dropout in the body is not. Call eval() of the whole body.",
        ),
        Mistake(
            "evaluates as a whole",
            made_by(all_evaluates),
            hint="Only the body goes into evaluation mode. The head is to be trained.",
        ),
        Mistake(
            "leaves the mode as it was",
            made_by(modes_kept),
            hint="A network may arrive in evaluation mode. Where nothing is frozen, all of it goes into training mode.",
        ),
        Mistake(
            "forgets what was learned",
            made_by(drawn_anew),
            hint="You draw the body anew, or change its weights. What it has learned is what is to be kept.",
        ),
    ),
)
