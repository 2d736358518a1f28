"""Answers that earn nothing, whatever was asked."""

import numpy as np

WORTHLESS = {
    "zero": lambda *arguments: 0,
    "one": lambda *arguments: 1,
    "None": lambda *arguments: None,
    "NaN": lambda *arguments: float("nan"),
    "an empty array": lambda *arguments: np.empty((0, 0)),
    "its first argument": lambda *arguments: arguments[0],
    "NotImplementedError": lambda *arguments: (_ for _ in ()).throw(NotImplementedError()),
    "ValueError": lambda *arguments: (_ for _ in ()).throw(ValueError()),
}
