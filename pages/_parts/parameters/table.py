"""The tables of the parameter calculator: layers or blocks as HTML, and one layer worked out."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.nets.blocks import Block
from core.nets.shapes import drawn
from core.nets.trace import Row, Trace
from core.nets.wording import described
from core.nets.workings import COLUMNS, workings
from pages._parts.parameters.figures import MOST_NAMES, Part, memory, shown

HEADINGS = ("Layer", "Output", "Parameters", "Multiply-accumulates", "Memory", "Receptive field", "Jump")
STYLE = """<style>
.layers { overflow-x: auto; }
.layers.long { max-height: 80vh; overflow-y: auto; }
.layers.long thead th { position: sticky; top: 0; background: var(--st-background-color, Canvas); }
.layers table { border-collapse: collapse; width: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.layers caption { text-align: left; padding: 0 0 0.5rem; }
.layers th, .layers td {
  padding: 0.3rem 0.6rem; text-align: right; vertical-align: top; white-space: nowrap;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent);
}
.layers thead th { white-space: normal; vertical-align: bottom; }
.layers th:first-child { text-align: left; padding-left: 0.3rem; }
.layers tbody th { font-weight: 600; }
.layers small { display: block; font-weight: 400; font-size: 0.8rem; }
.layers .chosen { background: color-mix(in srgb, #0072B2 16%, transparent); }
.layers .chosen th { box-shadow: inset 3px 0 0 #0072B2; }
.layers tfoot th, .layers tfoot td { font-weight: 700; border-bottom: 0; }
</style>"""


def work_out(traced: Trace, parts: Sequence[Part], *, every: bool) -> None:
    """Choose a layer, in a block first where there are blocks: its columns worked out, and the table around it."""
    rows, block = [part for part in parts if isinstance(part, Row)], None
    if not rows:
        names = [part.name for part in parts]
        opened = st.selectbox("Open one block", names, _heaviest(parts), key="block", bind="query-params")
        st.html(layer_table(traced, parts, chosen=opened))
        block = next(part for part in parts if part.name == opened)
        rows = shown(block.rows, every=every) or list(block.rows)
    names = [row.name for row in rows]
    chosen = st.selectbox("Work out one layer", names, _heaviest(rows), key="chosen", bind="query-params")
    row = rows[names.index(chosen)]
    st.markdown("\n".join(f"- **{column.capitalize()}.** {workings(row, column)}" for column in COLUMNS))
    st.html(layer_table(traced, rows, chosen=chosen, block=block))


def layer_table(traced: Trace, parts: Sequence[Part], *, chosen: str, block: Block | None = None) -> str:
    """Layers or blocks as HTML: the table scrolls by itself where the screen is narrow, also by keyboard."""
    layers = {layer.name: layer for layer in traced.network.layers}
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    body = "".join(
        _line(part, _told(part) if isinstance(part, Block) else described(layers[part.name]).partition(": ")[2], chosen)
        for part in parts
    )
    what = "Block" if isinstance(parts[0], Block) else "Layer"
    name, size = escape(traced.network.name), drawn(traced.input)
    caption = f"{name} on an input of {size}. Volumes are maps x height x width."
    whole, kept = traced, f"{memory(traced.activations)}<small>with the input</small>"
    if block is not None:
        name, whole, kept = f"{escape(block.name)} in {name}", block, memory(block.values)
        caption = f"The layers of {name}."
    long = " long" if len(parts) > MOST_NAMES else ""
    foot = f"<td>{whole.parameters:,}</td><td>{whole.macs:,}</td><td>{kept}</td><td></td><td></td>"
    return (
        f'{STYLE}<div class="layers{long}" tabindex="0" role="region" aria-label="{what} table of {name}">'
        f"<table><caption>{caption}</caption>"
        f"<thead><tr>{head.replace('Layer', what, 1)}</tr></thead><tbody>{body}</tbody>"
        f'<tfoot><tr><th scope="row">All {what.lower()}s</th><td></td>{foot}</tr></tfoot></table></div>'
    )


def _heaviest(parts: Sequence[Part]) -> int:
    """The place of the layer or block with most parameters."""
    return max(range(len(parts)), key=lambda place: parts[place].parameters)


def _told(block: Block) -> str:
    return "1 layer" if len(block.rows) == 1 else f"{len(block.rows)} layers"


def _line(part: Part, form: str, chosen: str) -> str:
    sees, steps = "-", "-"
    if part.fields:
        sizes, jump = (part.fields[0].size, part.fields[1].size), (part.fields[0].jump, part.fields[1].jump)
        sees, steps = drawn(sizes), str(jump[0]) if jump[0] == jump[1] else drawn(jump)
    formula = part.formula.rpartition(" = ")[0] if isinstance(part, Row) else ""
    cells = (
        drawn(part.shape),
        f"{part.parameters:,}" + (f"<small>{escape(formula)}</small>" if formula else ""),
        f"{part.macs:,}",
        memory(part.values) if part.values else "0",
        sees,
        steps,
    )
    name = f"{escape(part.name)}<small>{escape(form)}</small>"
    opened = '<tr class="chosen" aria-current="true">' if part.name == chosen else "<tr>"
    return f'{opened}<th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
