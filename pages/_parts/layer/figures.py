"""The figures of the layer lab: a volume, its filters and what they make of it, every value with its products."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import ShapeError
from core.filters.grids import Words, values
from core.filters.layer import Product, conv_layer, grouped, made_of, stamped_by, transposed_layer, turned
from core.types import FeatureMap, Floats
from pages._kit.board import Link, Mark, grid, link, scene, signed, written
from pages._kit.stepper import TIMES, short
from pages._parts.layer.examples import KERNEL, MOST_MAPS, SIDE, Way


@dataclass(frozen=True)
class Layer:
    """One layer at work."""

    volume: FeatureMap  # (C, H, W)
    filters: Floats  # (N, C / groups, kh, kw)
    biases: Floats  # (N,)
    way: Way
    groups: int
    options: dict[str, int]
    output: FeatureMap  # (N, OH, OW)

    @property
    def depth(self) -> int:
        """How many maps a filter reads."""
        return int(self.filters.shape[1])

    def slice_of(self, product: Product) -> tuple[int, int, int, int]:
        """Which filter, which input map, which row and column a product's weight has."""
        first, second, u, v = product.weight
        if self.way == "convolution":
            return first, product.pixel[0], u, v
        each = len(self.filters) // self.groups
        return first // self.depth * each + second, first, u, v


def work(
    volume: Words,
    filters: Words,
    biases: Words,
    *,
    maps: int,
    count: int,
    kernel: int,
    groups: int,
    way: Way,
    **options: int,
) -> Layer:
    """The layer of the written numbers: three maps one below the other, and nine slices of three filters."""
    images, bank, offset = values(volume), values(filters), values(biases)
    for name, found, rows, columns in (
        ("volume", images, MOST_MAPS * SIDE, SIDE),
        ("filters", bank, MOST_MAPS * MOST_MAPS * KERNEL, KERNEL),
        ("biases", offset, 1, MOST_MAPS),
    ):
        if found.shape != (rows, columns):
            raise ShapeError(f"the {name} must have {rows} rows and {columns} columns, got {found.shape}")
    whole = bank.reshape(MOST_MAPS, MOST_MAPS, KERNEL, KERNEL)[:count, :maps]
    if kernel == 1:
        whole = whole[:, :, 1:2, 1:2]
    taken, own, extra = images.reshape(MOST_MAPS, SIDE, SIDE)[:maps], grouped(whole, groups), offset[0, :count]
    if way == "transposed":
        output = transposed_layer(taken, turned(own, groups), extra, groups=groups, **options)
    else:
        output = conv_layer(taken, own, extra, groups=groups, **options)
    return Layer(taken, own, extra, way, groups, options, output)


def products_of(layer: Layer, place: tuple[int, int, int]) -> tuple[Product, ...]:
    """The products of one value of the output."""
    if layer.way == "transposed":
        bank = turned(layer.filters, layer.groups)
        return stamped_by(place, layer.volume, bank, groups=layer.groups, **layer.options)
    return made_of(place, layer.volume, layer.filters, groups=layer.groups, **layer.options)


def layer_scene(volume: Words, filters: Words, biases: Words, layer: Layer) -> dict[str, Any]:
    """Maps at the left, one column for each filter, and below each filter the map it makes."""
    maps, count, size = len(layer.volume), len(layer.output), layer.filters.shape[2]
    each, middle = count // layer.groups, (KERNEL - size) // 2
    grids, layout = {}, []
    for k in range(maps):
        grids[f"x{k}"] = _cut(
            grid(f"Map {k + 1}", volume, numbers=values(volume), field="layer_volume"), k * SIDE, SIDE
        )
        row: list[str | None] = [f"x{k}"]
        for n in range(count):
            same = n // each == k // layer.depth
            row.append(f"w{n}{k}" if same else None)
            if same:
                start = (n * MOST_MAPS + k) * KERNEL + middle
                made = _cut(grid(f"Filter {n + 1}, map {k + 1}", filters, field="layer_bank"), start, size)
                made["rows"] = [line[middle : middle + size] for line in made["rows"]]
                grids[f"w{n}{k}"] = made
        layout.append(row)
    for n in range(count):
        bias = signed(biases[0][n])
        grids[f"y{n}"] = grid(f"Output {n + 1}, bias {bias}", written(layer.output[n]), numbers=layer.output[n])
    layout.append([None, *(f"y{n}" for n in range(count))])
    links = _links(layer, biases)
    legend = "Point at an output to see its products; at a weight to see how often it is used; at a value of the input "
    legend += "to see where it goes. Maps and filters can be edited."
    return scene(grids, layout, links, walk="y0", legend=legend, aligned=True, coded=True)


def _cut(whole: dict[str, Any], start: int, rows: int) -> dict[str, Any]:
    """Some rows of a grid: one map, or one slice of a filter."""
    return {**whole, "rows": whole["rows"][start : start + rows]}


def _links(layer: Layer, biases: Words) -> dict[str, list[Link | None]]:
    """For every output what it is made of, and for every input and weight where it goes."""
    links: dict[str, list[Link | None]] = {f"y{n}": [] for n in range(len(layer.output))}
    goes: dict[tuple[str, int], dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    wide, size = layer.volume.shape[2], layer.filters.shape[3]
    for place in np.ndindex(*layer.output.shape):
        n, r, c = place
        at, marks, parts = (
            r * layer.output.shape[2] + c,
            defaultdict[str, list[Mark]](list),
            defaultdict[int, list[Product]](list),
        )
        for product in products_of(layer, (n, r, c)):
            own, k, u, v = layer.slice_of(product)
            pixel, tap = product.pixel[1] * wide + product.pixel[2], u * size + v
            marks[f"x{k}"].append((pixel, f"×{short(product.factor)}"))
            marks[f"w{own}{k}"].append((tap, f"×{short(product.value)}"))
            parts[k].append(product)
            if product.factor:
                adds = f"+{short(product.value * product.factor)}".replace("+-", "-")
                goes[f"x{k}", pixel][f"y{n}"].append((at, adds))
            goes[f"w{own}{k}", tap][f"y{n}"].append((at, ""))
            goes[f"w{own}{k}", tap][f"x{k}"].append((pixel, ""))
        links[f"y{n}"].append(
            link(marks, _terms(parts, biases[0][n]), float(layer.output[place]), code=_cell_code(layer, (n, r, c)))
        )
    for k in range(len(layer.volume)):
        links[f"x{k}"] = [
            _spread(layer.volume[k].ravel()[pixel], goes[f"x{k}", pixel]) for pixel in range(layer.volume[k].size)
        ]
    for name in sorted({name for name, _ in goes if name.startswith("w")}):
        links[name] = [_shared(goes[name, tap]) for tap in range(layer.filters.shape[2] * size)]
    return links


def _terms(parts: dict[int, list[Product]], bias: str) -> str:
    """The sum, map by map; products that are 0 are left out."""
    told = [f"bias {signed(bias)}"]
    for k, products in parts.items():
        terms = [
            f"{signed(short(each.factor))} {TIMES} {signed(short(each.value))}"
            for each in products
            if each.value * each.factor
        ]
        told.append(f"map {k + 1}: ({' + '.join(terms) or '0'})")
    return " + ".join(told)


def _spread(value: float, marks: dict[str, list[Mark]]) -> Link:
    reached = sum(len(places) for places in marks.values())
    return link(marks, f"{short(value)} goes into {reached} outputs of {len(marks)} maps.")


def _shared(marks: dict[str, list[Mark]]) -> Link:
    used = max((len(places) for name, places in marks.items() if name.startswith("y")), default=0)
    return link(marks, f"One weight, used {used} times: once for each output it helps to make.")


def _cell_code(layer: Layer, place: tuple[int, int, int]) -> str:
    """The chosen value as a line of NumPy."""
    n, r, c = place
    stride, margin, dilation = (layer.options[name] for name in ("stride", "padding", "dilation"))
    first, size = n // (len(layer.output) // layer.groups) * layer.depth, layer.filters.shape[2]
    maps = f"{first}:{first + layer.depth}"
    if layer.way == "transposed":
        return (
            f"y[{n}, {r}, {c}] = b[{n}] + sum(w[k, {n % (len(layer.output) // layer.groups)}, u, v] * x[k, i, j])  "
            f"# k in {maps}, {stride} i + {dilation} u = {r + margin}, {stride} j + {dilation} v = {c + margin}"
        )
    spans = []
    for start in (stride * r, stride * c):
        step = f":{dilation}" if dilation > 1 else ""
        spans.append(f"{start}:{start + dilation * (size - 1) + 1}{step}")
    seen = "np.pad(x, ((0, 0), (P, P), (P, P)))".replace("P", str(margin)) if margin else "x"
    return f"y[{n}, {r}, {c}] = ({seen}[{maps}, {spans[0]}, {spans[1]}] * w[{n}]).sum() + b[{n}]"


def python_call(layer: Layer) -> str:
    """The call that gives the numbers on screen."""
    name = "conv_layer" if layer.way == "convolution" else "transposed_layer"
    bank = layer.filters if layer.way == "convolution" else turned(layer.filters, layer.groups)
    options = ", ".join(f"{key}={value}" for key, value in {**layer.options, "groups": layer.groups}.items())
    return (
        f"import numpy as np\n\nfrom core.filters.layer import {name}\n\n"
        f"volume = np.array({layer.volume.tolist()})\nfilters = np.array({bank.tolist()})\n"
        f"biases = np.array({layer.biases.tolist()})\noutput = {name}(volume, filters, biases, {options})"
    )


def torch_code(layer: Layer) -> str:
    """The whole layer in PyTorch."""
    name = "conv2d" if layer.way == "convolution" else "conv_transpose2d"
    bank = layer.filters if layer.way == "convolution" else turned(layer.filters, layer.groups)
    options = ", ".join(f"{key}={value}" for key, value in {**layer.options, "groups": layer.groups}.items())
    return (
        "import torch\nimport torch.nn.functional as F\n\n"
        f"x = torch.tensor({layer.volume.tolist()})  # {tuple(layer.volume.shape)}: maps, height, width\n"
        f"w = torch.tensor({bank.tolist()})  # {tuple(bank.shape)}\n"
        f"b = torch.tensor({layer.biases.tolist()})\n"
        f"print(F.{name}(x[None], w, b, {options})[0])\n"
    )


def findings(layer: Layer, formula: str, products: int) -> list[str]:
    """What to notice, in the numbers of this setting."""
    maps, count = len(layer.volume), len(layer.output)
    each = layer.filters[0].size
    said = [
        f"**Nobody chooses the depth of a filter.** {maps} maps come in"
        + (f" in {layer.groups} groups" if layer.groups > 1 else "")
        + f", so each filter is {layer.depth} deep: {layer.filters.shape[2]} {TIMES} {layer.filters.shape[3]} {TIMES} "
        f"{layer.depth} = {each} weights. The number of filters, {count}, is the depth of the output.",
        f"Parameters: {formula}. The size of the maps is not in it: the same weights serve every place.",
        f"{products:,} products in all for {layer.output.size} outputs: {products / layer.output.size:.3g} for each.",
    ]
    if layer.groups == maps == count and maps > 1:
        said.append("One filter per map: places are mixed, maps are not. A 1 x 1 convolution after it mixes the maps.")
    elif layer.groups > 1:
        said.append("Groups do not see each other: a change in one map leaves the outputs of the other groups alone.")
    if layer.way == "transposed":
        said.append(
            "Read it backwards: an input value stamps one slice of every filter of its group. PyTorch stores these "
            "filters with input maps first."
        )
    return said


def answer(layer: Layer) -> str:
    """The question's answer, and the same for this setting."""
    return (
        "3 deep, because three maps come in; 3·3·3 = 27 weights in each, 54 + 2 = 56 parameters. Here each filter is "
        f"{layer.depth} deep with {layer.filters[0].size} weights."
    )


def output_csv(layer: Layer) -> str:
    """Every value of the output."""
    lines = ["map,row,column,value"]
    lines += [f"{n},{r},{c},{layer.output[n, r, c]:.12g}" for n, r, c in np.ndindex(*layer.output.shape)]
    return "\n".join(lines) + "\n"
