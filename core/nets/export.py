"""A traced network to take along: plain records, a table to read, a Keras-style summary, CSV."""

import csv
import io
from typing import Any

from core.nets.layers import Activation, Conv, Dense
from core.nets.shapes import drawn
from core.nets.trace import BYTES, Row, Trace

HEADINGS = ("layer", "kind", "output", "parameters", "multiply-accumulates", "values kept", "receptive field", "jump")


def report(traced: Trace) -> dict[str, Any]:
    """Everything as plain data: what `fovea net --json` prints."""
    return {
        "name": traced.network.name,
        "input": list(traced.input),
        "parameters": traced.parameters,
        "macs": traced.macs,
        "activations": traced.activations,
        "layers": [
            {
                "name": row.name,
                "kind": row.kind,
                "output": list(row.shape),
                "parameters": row.parameters,
                "formula": row.formula,
                "macs": row.macs,
                "activations": row.values,
                "receptive_field": list(row.receptive_field or ()),
                "jump": [field.jump for field in row.fields or ()],
                "of": list(row.of),
                "shares": row.shares,
            }
            for row in traced.rows
        ],
    }


def cells(row: Row) -> tuple[str | int, ...]:
    """A row under HEADINGS."""
    seen = [(field.size, field.jump) for field in row.fields or ()]
    field, jump = (drawn(sides) or "-" for sides in (tuple(size for size, _ in seen), tuple(jump for _, jump in seen)))
    return row.name, row.kind, drawn(row.shape), row.parameters, row.macs, row.values, field, jump


def as_csv(traced: Trace) -> str:
    """One line per layer, under HEADINGS."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEADINGS, *map(cells, traced.rows)])
    return text.getvalue()


def as_text(traced: Trace) -> str:
    """A table for a terminal, with its totals."""
    head = f"{traced.network.name}, input {drawn(traced.input)}"
    lines = [tuple(f"{cell:,}" if isinstance(cell, int) else cell for cell in cells(row)) for row in traced.rows]
    widths = [max(len(line[column]) for line in (HEADINGS, *lines)) for column in range(len(HEADINGS))]
    table = [
        "  ".join(cell.ljust(width) if place < 3 else cell.rjust(width) for place, (cell, width) in enumerate(row))
        for row in (zip(line, widths, strict=True) for line in (HEADINGS, *lines))
    ]
    kept = traced.activations
    return "\n".join(
        [
            head,
            "",
            *(line.rstrip() for line in table),
            "",
            f"parameters            {traced.parameters:,}{_shares(traced)}",
            f"multiply-accumulates  {traced.macs:,}",
            f"values kept           {kept:,} ({kept * BYTES / 2**20:,.1f} MiB as float32, the input among them)",
        ]
    )


def keras_summary(traced: Trace) -> str:
    """The table Keras prints: batch first, maps last; an activation is part of its layer."""
    rows = [("Layer (type)", "Output Shape", "Param #")]
    for row in traced.rows:
        if not isinstance(row.operation, Activation):
            shape = (*row.shape[1:], row.shape[0])
            count = row.parameters + row.statistics
            rows.append((f"{row.name} ({row.kind})", f"(None, {', '.join(map(str, shape))})", f"{count:,}"))
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(3)]
    lines = ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    rule = "=" * sum(widths)
    return "\n".join([f'Model: "{traced.network.name}"', lines[0], rule, *lines[1:], rule, _total(traced)]) + "\n"


def _total(traced: Trace) -> str:
    learned, kept = traced.parameters, traced.statistics
    return f"Total params: {learned + kept:,}\nTrainable params: {learned:,}\nNon-trainable params: {kept:,}"


def _shares(traced: Trace) -> str:
    if not traced.parameters:
        return ""
    convolutions, dense = (traced.parameters_of(kind) / traced.parameters for kind in (Conv, Dense))
    return f" ({convolutions:.1%} in convolutions, {dense:.1%} in dense layers)"
