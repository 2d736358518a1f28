"""Data: pictures that are drawn or come with a library, and tables of published figures."""
