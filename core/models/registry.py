"""The built-in models by name: every file of `core/models/recipes/` is one."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from core.errors import CoreError
from core.models import card as cards
from core.models import recipes, store
from core.models.card import Card
from core.models.recipe import Recipe
from core.runtime import models

if TYPE_CHECKING:
    from torch.nn import Module


@cache
def names() -> tuple[str, ...]:
    """All built-in models.

    >>> "digits" in names()
    True
    """
    return tuple(sorted(module.name for module in iter_modules(recipes.__path__)))


def recipe(name: str) -> Recipe:
    """How a model is built, trained and judged.

    >>> recipe("digits").classes[:3]
    ('0', '1', '2')
    """
    if name not in names():
        raise CoreError(f"there is no built-in model {name[:40]!r}; there are {', '.join(names())}")
    found: Recipe = import_module(f"{recipes.__name__}.{name}").RECIPE
    if found.name != name:
        raise CoreError(f"the recipe in {name}.py calls itself {found.name!r}")
    return found


def load(name: str) -> "Module":
    """The trained model, in evaluation mode and with fixed weights; one copy for everybody, so train a deepcopy.

    >>> load("digits").training, load("digits") is load("digits")
    (False, True)
    """
    return models.known(name, lambda: store.load(recipe(name)))


def card(name: str) -> Card:
    """What its card says.

    >>> card("digits").score >= recipe("digits").promise
    True
    """
    return cards.read(store.card_path(recipe(name).name))
