"""A stock Streamlit that has been up for a while: what the labs import is there, then `streamlit` as the shell has it.

A server that has shown every lab once has torch, scikit-learn, plotly and pandas in memory. Ours gets there with
FOVEA_WARM_UP=full; this gives a stock server the same modules, so that both pay for the same heap.

    python -m benchmarks.stock run pages/_kit/shell.py
"""

import importlib
import sys

from streamlit.web.cli import main

from pages._kit.server import FULL

if __name__ == "__main__":
    for module in FULL:
        importlib.import_module(module)
    sys.exit(main(prog_name="streamlit"))
