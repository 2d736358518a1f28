"""The theme's settings, read once.

At every run of a page Streamlit tells the browser the theme, and goes through all of its settings for that, six times:
a tenth of what a move takes from the server. They do not change while it serves.
"""

from functools import cache

from streamlit import config


def settle() -> None:
    """Keep what was read, from now on."""
    config.get_options_for_section = cache(config.get_options_for_section)
