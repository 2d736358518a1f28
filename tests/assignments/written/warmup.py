"""The same five functions in other hands."""

import numpy as np
import torch


def output_side(n, k, stride=1, pad=0):
    """numpy throughout, a float that is a whole number."""
    steps = np.floor((np.float64(n) + 2 * pad - k) / stride)
    if n + 2 * pad < k:
        raise ValueError("does not fit")
    return steps + 1.0


def output_side_by_walking(n, k, stride, pad):
    starts = range(-pad, n + pad - k + 1, stride)
    if not starts:
        raise ValueError
    return len(starts)


def conv_parameters(filters, kernel, maps, bias):
    """A tensor without axes."""
    return torch.tensor([filters, maps, *kernel]).prod() + (filters if bias else 0)


def conv_parameters_by_torch(filters, kernel, maps, bias):
    return sum(p.numel() for p in torch.nn.Conv2d(maps, filters, tuple(kernel), bias=bias, device="meta").parameters())


def correlate2d(image, kernel):
    """float32, vectorised, a transposed view."""
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.float32), kernel.shape)
    return np.einsum("rcuv,uv->cr", windows, kernel.astype(np.float32)).T


def correlate2d_in_lists(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    return [
        [
            sum(kernel[u, v] * image[r + u, c + v] for u in range(kernel.shape[0]) for v in range(kernel.shape[1]))
            for c in range(columns)
        ]
        for r in range(rows)
    ]


def correlate2d_in_place(image, kernel):
    """Uses up its arguments."""
    output = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] * 2))[:, ::2]
    output = output[:, : image.shape[1] - kernel.shape[1] + 1]
    for u, v in np.ndindex(*kernel.shape):
        output += kernel[u, v] * image[u : u + output.shape[0], v : v + output.shape[1]]
        kernel[u, v] = np.nan
    image[:] = np.nan
    return output


def iou(a, b):
    """float32 all the way."""
    a, b = a.astype(np.float32), b.astype(np.float32)
    size = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    shared = size.prod()
    joint = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared
    return np.float32(0) if joint == 0 else shared / joint


def iou_in_torch(a, b):
    import torchvision

    a, b = torch.as_tensor(np.stack([a, b])).split(1)
    return torchvision.ops.box_iou(a, b).nan_to_num()[0, 0]


def iou_in_plain_python(a, b):
    (x1, y1, x2, y2), (u1, v1, u2, v2) = a.tolist(), b.tolist()
    shared = max(0, min(x2, u2) - max(x1, u1)) * max(0, min(y2, v2) - max(y1, v1))
    joint = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - shared
    return shared / joint if joint else 0


def count_parameters(model):
    """Through the state, in numpy."""
    return np.sum([np.prod(tensor.shape) for tensor in model.state_dict().values()])


def count_parameters_as_one_vector(model):
    return torch.nn.utils.parameters_to_vector(model.parameters()).shape[0]


RIGHT = {
    "output_side": [output_side, output_side_by_walking],
    "conv_parameters": [conv_parameters, conv_parameters_by_torch],
    "correlate2d": [correlate2d, correlate2d_in_lists, correlate2d_in_place],
    "iou": [iou, iou_in_torch, iou_in_plain_python],
    "count_parameters": [count_parameters, count_parameters_as_one_vector],
}
