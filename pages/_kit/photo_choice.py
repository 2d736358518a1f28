"""Choosing a photo: one of those that come with the house, or one of the visitor's own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.photos import photo, picture
from pages._kit.upload import upload

OWN = "my own"


@dataclass(frozen=True, eq=False)
class Chosen:
    """A photo (H, W, 3), its name, and what it shows; no pixels as long as the visitor has given none."""

    name: str
    shows: str
    image: NDArray[np.uint8] | None


def photo_choice(names: Sequence[str]) -> Chosen:
    """Draw the two controls."""
    name = st.selectbox("Photo", [*names, OWN], 0, key="photo", bind="query-params")
    if name == OWN:
        return Chosen(OWN, "your photo", upload("A photo of yours", key="own-photo"))
    return Chosen(name, picture(name).shows, photo(name))
