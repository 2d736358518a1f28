"""Problem set 1 in several hands."""

from classroom.demo.answers import Answers

PS1 = {
    "conv_params": Answers(
        right=(
            """def conv_params(k_h, k_w, c_in, n, bias=True, groups=1):
    if c_in % groups != 0 or n % groups != 0:
        raise ValueError("groups must divide the maps and the filters")
    depth = c_in // groups
    total = k_h * k_w * depth * n
    if bias:
        total += n
    return total
""",
            """def conv_params(k_h, k_w, c_in, n, bias=True, groups=1):
    depth, rest = divmod(c_in, groups)
    if rest or n % groups:
        raise ValueError(groups)
    return n * (k_h * k_w * depth + int(bool(bias)))
""",
        ),
        wrong=(
            """def conv_params(k_h, k_w, c_in, n, bias=True, groups=1):
    total = k_h * k_w * c_in * n
    if bias:
        total += n
    return total
""",
            """def conv_params(k_h, k_w, c_in, n, bias=True, groups=1):
    depth = c_in // groups
    return n * (k_h * k_w * depth + 1)
""",
        ),
    ),
    "conv_out": Answers(
        right=(
            """def conv_out(n, k, stride=1, pad=0, dilation=1):
    reach = dilation * (k - 1) + 1
    padded = n + 2 * pad
    if reach > padded:
        raise ValueError("the window does not fit")
    return (padded - reach) // stride + 1
""",
            """def conv_out(n, k, stride=1, pad=0, dilation=1):
    first, last = -pad, n + pad - dilation * (k - 1)
    places = len(range(first, last, stride))
    if places < 1:
        raise ValueError("no place for this window")
    return places
""",
        ),
        wrong=(
            """def conv_out(n, k, stride=1, pad=0, dilation=1):
    reach = dilation * k
    padded = n + 2 * pad
    if reach > padded:
        raise ValueError("the window does not fit")
    return (padded - reach) // stride + 1
""",
            """def conv_out(n, k, stride=1, pad=0, dilation=1):
    return (n + 2 * pad - k) // stride + 1
""",
        ),
    ),
    "summarize": Answers(
        right=(
            """def summarize(layers, input_shape):
    table = []
    shape = tuple(input_shape)
    for layer in layers:
        kind = layer["kind"]
        params = 0
        if kind == "flatten":
            shape = (int(np.prod(shape)),)
        elif kind == "dense":
            if len(shape) > 1:
                raise ValueError("flatten the volume before a dense layer")
            params = shape[0] * layer["units"]
            if layer["bias"]:
                params += layer["units"]
            shape = (layer["units"],)
        elif kind in ("conv", "pool"):
            if len(shape) != 3:
                raise ValueError("this layer needs a volume")
            h, w, c = shape
            kh, kw = layer["kernel"]
            p = layer["pad"] if kind == "conv" else 0
            if kind == "conv":
                params = conv_params(kh, kw, c, layer["filters"], layer["bias"])
                c = layer["filters"]
            shape = (conv_out(h, kh, layer["stride"], p), conv_out(w, kw, layer["stride"], p), c)
        else:
            raise ValueError("unknown layer: " + str(kind))
        table.append({"kind": kind, "shape": shape, "params": params})
    return table
""",
            """def one_layer(layer, shape):
    kind = layer["kind"]
    if kind == "flatten":
        return (int(np.prod(shape)),), 0
    if kind == "dense":
        (values,) = shape  # a ValueError for a volume
        return (layer["units"],), layer["units"] * (values + bool(layer["bias"]))
    if kind not in ("conv", "pool"):
        raise ValueError(kind)
    height, width, maps = shape
    pad, stride = layer.get("pad", 0), layer["stride"]
    sides = [conv_out(side, k, stride, pad) for side, k in zip((height, width), layer["kernel"])]
    if kind == "pool":
        return (*sides, maps), 0
    return (*sides, layer["filters"]), conv_params(*layer["kernel"], maps, layer["filters"], layer["bias"])

def summarize(layers, input_shape):
    rows, shape = [], tuple(input_shape)
    for layer in layers:
        shape, params = one_layer(layer, shape)
        rows.append(dict(kind=layer["kind"], shape=shape, params=params))
    return rows
""",
        ),
        wrong=(
            """def summarize(layers, input_shape):
    table = []
    shape = tuple(input_shape)
    for layer in layers:
        kind = layer["kind"]
        params = 0
        if kind == "flatten":
            shape = (int(np.prod(shape)),)
        elif kind == "dense":
            params = shape[0] * layer["units"] + layer["units"]
            shape = (layer["units"],)
        else:
            h, w, c = shape
            kh, kw = layer["kernel"]
            if kind == "conv":
                params = conv_params(kh, kw, c, layer["filters"])
                c = layer["filters"]
            shape = (conv_out(h, kh, layer["stride"]), conv_out(w, kw, layer["stride"]), c)
        table.append({"kind": kind, "shape": shape, "params": params})
    return table
""",
            """def summarize(layers, input_shape):
    rows, shape, total = [], tuple(input_shape), 0
    for layer in layers:
        kind = layer["kind"]
        if kind in ("conv", "pool"):
            kh, kw = layer["kernel"]
            pad = layer.get("pad", 0)
            sides = (conv_out(shape[0], kh, layer["stride"], pad), conv_out(shape[1], kw, layer["stride"], pad))
            maps = layer["filters"] if kind == "conv" else shape[2]
            if kind == "conv":
                total += conv_params(kh, kw, shape[2], maps, layer["bias"])
            shape = (*sides, maps)
        elif kind == "dense":
            total += layer["units"] * (shape[0] + int(layer["bias"]))
            shape = (layer["units"],)
        elif kind == "flatten":
            shape = (shape[0] * shape[1] * shape[2],)
        rows.append({"kind": kind, "shape": shape, "params": total})
    return rows
""",
        ),
    ),
    "activation_bytes": Answers(
        right=(
            """def activation_bytes(layers, input_shape, dtype_bytes=4):
    values = int(np.prod(input_shape))
    for row in summarize(layers, input_shape):
        if row["kind"] != "flatten":
            values += int(np.prod(row["shape"]))
    return values * dtype_bytes
""",
        ),
        wrong=(
            """def activation_bytes(layers, input_shape, dtype_bytes=4):
    values = 0
    for row in summarize(layers, input_shape):
        if row["kind"] != "flatten":
            values += int(np.prod(row["shape"]))
    return values * dtype_bytes
""",
            """def activation_bytes(layers, input_shape, dtype_bytes=4):
    shapes = [input_shape] + [row["shape"] for row in summarize(layers, input_shape)]
    return 4 * sum(int(np.prod(shape)) for shape in shapes)
""",
        ),
    ),
    "receptive_field": Answers(
        right=(
            """def receptive_field(windows):
    r, j = 1, 1
    result = []
    for k, s, d in windows:
        r = r + (k - 1) * d * j
        j = j * s
        result.append((r, j))
    return result
""",
            """def receptive_field(windows):
    jumps = [1, *np.cumprod([stride for _, stride, _ in windows]).tolist()]
    grown = [dilation * (k - 1) * jump for (k, _, dilation), jump in zip(windows, jumps)]
    sizes = (1 + np.cumsum(grown)).astype(int).tolist()
    return list(zip(sizes, jumps[1:]))
""",
        ),
        wrong=(
            """def receptive_field(windows):
    r, j = 1, 1
    result = []
    for k, s, d in windows:
        j = j * s
        r = r + (k - 1) * d * j
        result.append((r, j))
    return result
""",
            """def receptive_field(windows):
    r, j = 1, 1
    result = []
    for k, s, d in windows:
        r = r + (k - 1) * d
        j = j * s
        result.append((r, j))
    return result
""",
        ),
    ),
    "module_macs": Answers(
        right=(
            """def module_macs(h, w, c_in, branches):
    total, depth = 0, 0
    for branch in branches:
        maps = c_in
        for step in branch:
            if step[0] == "conv":
                _, n, kh, kw = step
                total += n * kh * kw * maps * h * w
                maps = n
        depth += maps
    return {"macs": total, "depth": depth}
""",
        ),
        wrong=(
            """def module_macs(h, w, c_in, branches):
    total, depth = 0, 0
    for branch in branches:
        for step in branch:
            if step[0] == "conv":
                _, n, kh, kw = step
                total += n * kh * kw * c_in * h * w
                depth += n
    return {"macs": total, "depth": depth}
""",
        ),
    ),
    "seen_pixels": Answers(
        right=(
            """def seen_pixels(windows, position, side):
    start, reach, jump = 0, 1, 1
    for k, stride, pad, dilation in windows:
        start = start - pad * jump
        reach = reach + dilation * (k - 1) * jump
        jump = jump * stride
    left = start + position * jump
    right = left + reach - 1
    return max(0, left), min(side - 1, right)
""",
        ),
        wrong=(
            """def seen_pixels(windows, position, side):
    reach, jump = 1, 1
    for k, stride, pad, dilation in windows:
        reach = reach + dilation * (k - 1) * jump
        jump = jump * stride
    left = position * jump
    return left, left + reach
""",
        ),
    ),
    "explain": Answers(
        right=(
            "A weight of a convolution is used at every place of its map, so the early layers multiply a lot with few "
            "weights. Dense layers use each weight once. The values are where the maps are large: at the start.",
            "The first layers work on 224 x 224 places. The dense layers have most weights because they join "
            "everything with everything.",
            "Convolutions are slow and dense layers are big.",
            "Work = parameters times places. For a dense layer there is one place, for the first block 50,176. Values "
            "follow height and width, and each pooling divides those by four.",
        )
    ),
}
