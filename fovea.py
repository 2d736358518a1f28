"""The command line: a thin skin over the library."""


def main() -> int:
    """Run one subcommand."""
    return 0
