"""An own picture from a visitor: read on the server, kept in the session, explained when it cannot be taken."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.uploads import MOST_BYTES, read_picture
from core.errors import CoreError
from pages._kit import lab


def upload(label: str, *, key: str) -> NDArray[np.uint8] | None:
    """A field for a JPEG, PNG or WebP; the picture (H, W, 3), or None while there is none that can be read."""
    file = st.file_uploader(
        label,
        ["jpg", "jpeg", "png", "webp"],
        key=key,
        max_upload_size=MOST_BYTES // 2**20,
        help="The picture stays in this session and is forgotten with it.",
    )
    if file is None:
        return None
    kept, read = f"_{key}-picture", (file.file_id, file.size)
    if st.session_state.get(kept, (None, None))[0] != read:
        try:
            st.session_state[kept] = read, read_picture(file.getvalue())
        except CoreError as error:
            st.session_state[kept] = read, error
    found = st.session_state[kept][1]
    if isinstance(found, CoreError):
        lab.impossible(found)
        return None
    return found
