"""The functions of PS1 in other hands: plain loops, numpy throughout, and asking PyTorch."""

import numpy as np
import torch
from torch import nn


def conv_params(k_h, k_w, c_in, n, bias=True, groups=1):
    """numpy, weight by weight."""
    if np.any(np.remainder([c_in, n], groups)):
        raise ValueError("groups")
    return np.prod([n, k_h, k_w, c_in], dtype=np.int64) / groups + n * bias


def conv_params_by_torch(k_h, k_w, c_in, n, bias=True, groups=1):
    """The layer itself, without memory; it refuses by itself."""
    layer = nn.Conv2d(c_in, n, (k_h, k_w), bias=bias, groups=groups, device="meta")
    return sum(parameter.numel() for parameter in layer.parameters())


def conv_params_group_by_group(k_h, k_w, c_in, n, bias=True, groups=1):
    total = 0
    for _ in range(groups):
        if n / groups != n // groups or c_in / groups != c_in // groups:
            raise ValueError
        for _filter in range(n // groups):
            total += k_h * k_w * (c_in // groups)
            if bias:
                total += 1
    return total


def conv_out(n, k, stride=1, pad=0, dilation=1):
    """Walks along the image."""
    starts = [start for start in range(-pad, n + pad, stride) if start + dilation * (k - 1) < n + pad]
    if not starts:
        raise ValueError("the window fits nowhere")
    return len(starts)


def conv_out_by_torch(n, k, stride=1, pad=0, dilation=1):
    """Counts the windows that unfold cuts out."""
    padded = torch.zeros(n + 2 * pad)
    return padded.unfold(0, dilation * (k - 1) + 1, stride).shape[0] if reaches(padded, k, dilation) else refuse()


def reaches(padded, k, dilation):
    return len(padded) >= dilation * (k - 1) + 1


def refuse():
    raise ValueError("no place for the window")


def conv_out_in_numpy(n, k, stride=1, pad=0, dilation=1):
    last = np.arange(n + 2 * pad)[dilation * (k - 1) :: stride]
    if last.size == 0:
        raise ValueError
    return np.int64(last.size)


def summarize(layers, input_shape):
    """A function for each kind, found in a dict; lists for tuples."""
    makers = {"conv": convolved, "pool": pooled, "flatten": flattened, "dense": joined}
    shape, told = list(input_shape), []
    for layer in layers:
        if layer["kind"] not in makers:
            raise ValueError(layer["kind"])
        shape, params = makers[layer["kind"]](layer, shape)
        told.append(dict(kind=layer["kind"], shape=list(shape), params=params))  # noqa: C408
    return told


def sides(layer, shape, pad):
    if len(shape) != 3:
        raise ValueError("a vector")
    return [conv_out_in_numpy(n, k, layer["stride"], pad) for n, k in zip(shape, layer["kernel"], strict=False)]


def convolved(layer, shape):
    made = [*sides(layer, shape, layer["pad"]), layer["filters"]]
    return made, conv_params(*layer["kernel"], shape[2], layer["filters"], layer["bias"])


def pooled(layer, shape):
    return [*sides(layer, shape, 0), shape[2]], 0


def flattened(layer, shape):
    return [np.prod(shape)], 0


def joined(layer, shape):
    if len(shape) > 1:
        raise ValueError("a volume")
    return [layer["units"]], (shape[0] + layer["bias"]) * layer["units"]


def modules(layers, input_shape):
    """The table as PyTorch modules, and the shape (maps, height, width) after each, all on the device of no memory."""
    value = torch.empty(1, input_shape[2], *input_shape[:2], device="meta")
    for layer in layers:
        if layer["kind"] == "conv":
            step, pad = layer["stride"], layer["pad"]
            made = nn.Conv2d(value.shape[1], layer["filters"], layer["kernel"], step, pad, bias=layer["bias"])
        elif layer["kind"] == "pool":
            made = nn.MaxPool2d(layer["kernel"], layer["stride"])
        elif layer["kind"] == "flatten":
            made = nn.Flatten()
        elif layer["kind"] == "dense" and value.ndim == 2:
            made = nn.Linear(value.shape[1], layer["units"], bias=layer["bias"])
        else:
            raise ValueError("this table cannot be")
        if isinstance(made, nn.Conv2d | nn.MaxPool2d) and value.ndim != 4:
            raise ValueError("no volume")
        try:
            value = made.to("meta")(value)
        except RuntimeError as error:
            raise ValueError("no place for the window") from error
        yield layer["kind"], made, value


def summarize_by_torch(layers, input_shape):
    with torch.device("meta"):
        return [
            {
                "kind": kind,
                "shape": (*value.shape[2:], value.shape[1]),
                "params": sum(p.numel() for p in made.parameters()),
            }
            for kind, made, value in modules(layers, input_shape)
        ]


def activation_bytes(layers, input_shape, dtype_bytes=4):
    """numpy: the shapes, multiplied and added."""
    shapes = [row["shape"] for row in summarize(layers, input_shape) if row["kind"] != "flatten"]
    return np.sum([np.prod(input_shape), *(np.prod(shape) for shape in shapes)]) * dtype_bytes


def activation_bytes_by_torch(layers, input_shape, dtype_bytes=4):
    total = torch.empty(input_shape, device="meta").numel()
    with torch.device("meta"):
        for kind, _, value in modules(layers, input_shape):
            total += 0 if kind == "flatten" else value.numel()
    return float(total * dtype_bytes)


def receptive_field(windows):
    """numpy: products of the strides, and sums of what each window adds."""
    if not windows:
        return []
    k, stride, dilation = np.array(windows).T
    jumps = np.cumprod(stride)
    below = np.concatenate([[1], jumps[:-1]])
    return np.stack([1 + np.cumsum(dilation * (k - 1) * below), jumps], axis=1)


def receptive_field_by_walking(windows):
    """From the value down to the pixels: which of them does it reach, and which does its neighbour?"""
    answer = []
    for depth in range(1, len(windows) + 1):
        spans = []
        for value in (0, 1):
            first = last = value
            for k, stride, dilation in reversed(windows[:depth]):
                first, last = first * stride, last * stride + dilation * (k - 1)
            spans.append((first, last))
        answer.append([spans[0][1] - spans[0][0] + 1, spans[1][0] - spans[0][0]])
    return answer


def receptive_field_in_torch(windows):
    size, jump = torch.tensor(1), torch.tensor(1)
    pairs = []
    for k, stride, dilation in windows:
        size, jump = size + dilation * (k - 1) * jump, jump * stride
        pairs.append(torch.stack([size, jump]))
    return pairs


def module_macs(h, w, c_in, branches):
    """One function that calls itself, and a comprehension on top."""

    def branch(steps, maps):
        if not steps:
            return np.array([0, maps])
        (kind, *numbers), *rest = steps
        if kind == "pool":
            return branch(rest, maps)
        here = np.array([np.prod([h, w, maps, *numbers], dtype=np.int64), 0])
        return here + branch(rest, numbers[0])

    macs, depth = sum(branch(list(steps), c_in) for steps in branches)
    return {"depth": depth, "macs": macs}


def module_macs_by_torch(h, w, c_in, branches):
    """Really piles the maps up, on the device without memory."""
    macs, ends = 0, []
    for steps in branches:
        value = torch.empty(c_in, h, w, device="meta")
        for step in steps:
            if step[0] == "conv":
                layer = nn.Conv2d(len(value), step[1], step[2:], padding="same", bias=False, device="meta")
                value = layer(value)
                macs += layer.weight.numel() * value[0].numel()
        ends.append(value)
    return {"macs": torch.tensor(macs), "depth": torch.cat(ends).shape[0]}


def seen_pixels(windows, position, side):
    """From the value down to the pixels."""
    first = last = position
    for k, stride, pad, dilation in reversed(windows):
        first, last = first * stride - pad, last * stride - pad + dilation * (k - 1)
    return [max(0, first), min(side - 1, last)]


def seen_pixels_in_numpy(windows, position, side):
    k, stride, pad, dilation = np.array(windows, dtype=int).reshape(-1, 4).T
    jumps = np.cumprod([1, *stride])
    first = position * jumps[-1] - pad @ jumps[:-1]
    return np.clip([first, first + (dilation * (k - 1)) @ jumps[:-1]], 0, side - 1)


RIGHT = {
    "conv_params": [conv_params, conv_params_by_torch, conv_params_group_by_group],
    "conv_out": [conv_out, conv_out_by_torch, conv_out_in_numpy],
    "summarize": [summarize, summarize_by_torch],
    "activation_bytes": [activation_bytes, activation_bytes_by_torch],
    "receptive_field": [receptive_field, receptive_field_by_walking, receptive_field_in_torch],
    "module_macs": [module_macs, module_macs_by_torch],
    "seen_pixels": [seen_pixels, seen_pixels_in_numpy],
}
