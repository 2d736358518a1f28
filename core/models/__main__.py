"""Train the built-in models anew: python -m core.models [NAME ...], which `make models` runs."""

import argparse
import sys
from collections.abc import Sequence

from tqdm import tqdm

from core.errors import CoreError
from core.models import registry
from core.models.make import make


def main(argv: Sequence[str] | None = None) -> int:
    """Train the named models, or all; 1 if one stays below its promise."""
    parser = argparse.ArgumentParser(prog="python -m core.models", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(registry.names())}")
    failed = False
    try:
        recipes = [registry.recipe(name) for name in parser.parse_args(argv).names or registry.names()]
    except CoreError as error:
        parser.error(str(error))
    for recipe in recipes:
        with tqdm(
            total=100, desc=recipe.name, unit="%", bar_format="{desc}: {percentage:3.0f}% |{bar}| {elapsed}{postfix}"
        ) as bar:

            def report(done: float, doing: str, bar: tqdm = bar) -> None:
                bar.set_postfix_str(doing, refresh=False)
                bar.update(round(100 * done) - bar.n)

            try:
                card = make(recipe, progress=report)
            except CoreError as error:
                failed = True
                tqdm.write(str(error), file=sys.stdout)
                continue
        said = f"{card.name}: {card.score:.4f}, promised {card.promise:.4f}; {card.size:,} bytes, {card.seconds:.0f} s"
        tqdm.write(said, file=sys.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
