"""Write the tables of the guides anew: `python -m assignments.guides [SET ...]`."""

import sys

from assignments.guides.tables import filled, guides

if __name__ == "__main__":
    for name, path in guides().items():
        if name in (sys.argv[1:] or guides()):
            path.write_text(filled(path.read_text(encoding="utf-8"), name), encoding="utf-8")
            sys.stdout.write(f"{path.name}\n")
