"""The same functions in other hands: loops in plain Python, numpy without a loop, torch, spectra, stamps."""

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view


def correlate2d(image, kernel, stride=1, padding="valid"):
    """numpy without a loop, float32, the answer a view."""
    rows, columns = kernel.shape
    if padding == "valid":
        if rows > image.shape[0] or columns > image.shape[1]:
            raise ValueError("does not fit")
    elif rows * columns % 2 == 0:
        raise ValueError("no middle")
    else:
        around = [((side - 1) // 2,) * 2 for side in (rows, columns)]
        image = np.pad(image, around, mode={"same": "constant", "symmetric": "symmetric"}[padding])
    windows = sliding_window_view(image.astype(np.float32), kernel.shape)
    return np.einsum("rcuv,uv->rc", windows, kernel.astype(np.float32))[::stride, ::stride]


def correlate2d_in_lists(image, kernel, stride=1, padding="valid"):
    """No array is made: every pixel is fetched by itself, those beyond the border from where the mirror shows them."""
    (height, width), (high, wide) = image.shape, kernel.shape
    up = left = 0
    if padding != "valid":
        if high % 2 == 0 or wide % 2 == 0:
            raise ValueError
        up, left = high // 2, wide // 2

    def pixel(y, x):
        if padding == "symmetric":
            y, x = (-1 - y if y < 0 else y), (-1 - x if x < 0 else x)
            y, x = (2 * height - 1 - y if y >= height else y), (2 * width - 1 - x if x >= width else x)
        return image[y, x] if 0 <= y < height and 0 <= x < width else 0.0

    tops = range(-up, height + up - high + 1, stride)
    lefts = range(-left, width + left - wide + 1, stride)
    if not tops or not lefts:
        raise ValueError
    return [
        [sum(kernel[u, v] * pixel(y + u, x + v) for u in range(high) for v in range(wide)) for x in lefts] for y in tops
    ]


def correlate2d_in_place(image, kernel, stride=1, padding="valid"):
    """Weight by weight, and its arguments are used up."""
    high, wide = kernel.shape
    if padding != "valid" and (high % 2, wide % 2) != (1, 1):
        raise ValueError
    if padding == "same":
        image = np.pad(image, ((high // 2,) * 2, (wide // 2,) * 2))
    elif padding == "symmetric":
        up, left = high // 2, wide // 2
        image = np.concatenate([image[:up][::-1], image, image[image.shape[0] - up :][::-1]])
        image = np.concatenate([image[:, :left][:, ::-1], image, image[:, image.shape[1] - left :][:, ::-1]], axis=1)
    down, across = image.shape[0] - high, image.shape[1] - wide
    if min(down, across) < 0:
        raise ValueError
    total = 0
    for u, v in np.ndindex(high, wide):
        total = total + kernel[u, v] * image[u : u + down + 1 : stride, v : v + across + 1 : stride]
        kernel[u, v] = np.nan
    image[:] = np.nan
    return total


def convolve2d(image, kernel):
    """Stamps: every pixel adds its copy of the kernel."""
    high, wide = kernel.shape
    output = np.zeros((image.shape[0] + high - 1, image.shape[1] + wide - 1))
    for (y, x), value in np.ndenumerate(image):
        output[y : y + high, x : x + wide] += value * kernel
    return output


def convolve2d_by_spectra(image, kernel):
    """A product of spectra, with room enough that nothing comes back at the other side."""
    shape = [a + b - 1 for a, b in zip(image.shape, kernel.shape, strict=True)]
    return np.fft.irfft2(np.fft.rfft2(image, shape) * np.fft.rfft2(kernel, shape), shape)


def convolve2d_in_torch(image, kernel):
    """Windows of a padded tensor."""
    high, wide = kernel.shape
    around = torch.nn.functional.pad(torch.from_numpy(image.copy()), (wide - 1, wide - 1, high - 1, high - 1))
    windows = around.unfold(0, high, 1).unfold(1, wide, 1)
    return torch.einsum("rcuv,uv->rc", windows, torch.from_numpy(kernel.copy()).flip(0, 1)).numpy()


def conv_layer(volume, filters, biases, stride=1, padding=0):
    """torch: the windows as columns, the filters as rows, one product."""
    if filters.shape[1] != len(volume):
        raise ValueError("another depth")
    x = torch.as_tensor(volume, dtype=torch.float32)[None]
    columns = torch.nn.functional.unfold(x, filters.shape[2:], padding=padding, stride=stride)[0]
    rows = torch.as_tensor(filters, dtype=torch.float32).flatten(1)
    height = (volume.shape[1] + 2 * padding - filters.shape[2]) // stride + 1
    return ((rows @ columns) + torch.as_tensor(biases)[:, None]).reshape(len(filters), height, -1).double().numpy()


def conv_layer_without_a_loop(volume, filters, biases, stride=1, padding=0):
    if volume.shape[0] - filters.shape[1]:
        raise ValueError
    x = np.pad(volume, [(0, 0), (padding, padding), (padding, padding)])
    windows = sliding_window_view(x, filters.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.tensordot(filters, windows, axes=([1, 2, 3], [0, 3, 4])) + biases.reshape(-1, 1, 1)


def conv_layer_in_lists(volume, filters, biases, stride=1, padding=0):
    volume, filters = volume.tolist(), filters.tolist()
    depth, height, width = len(volume), len(volume[0]), len(volume[0][0])
    if any(len(each) != depth for each in filters):
        raise ValueError
    high, wide = len(filters[0][0]), len(filters[0][0][0])
    maps = []
    for each, bias in zip(filters, biases, strict=True):
        rows = []
        for top in range(-padding, height + padding - high + 1, stride):
            rows.append([])
            for left in range(-padding, width + padding - wide + 1, stride):
                rows[-1].append(bias)
                for k in range(depth):
                    for u in range(max(0, -top), min(high, height - top)):
                        for v in range(max(0, -left), min(wide, width - left)):
                            rows[-1][-1] += each[k][u][v] * volume[k][top + u][left + v]
        maps.append(rows)
    return maps


def filter_matrix(kernel, n, stride=1, padding=0):
    """Shifted rows of one long row, then the columns of the padding cut off."""
    wide = n + 2 * padding
    if len(kernel) > wide:
        raise ValueError
    first = np.concatenate([kernel, np.zeros(wide - len(kernel))])
    return np.stack([np.roll(first, s) for s in range(0, wide - len(kernel) + 1, stride)])[:, padding : padding + n]


def filter_matrix_from_the_formula(kernel, n, stride=1, padding=0):
    """Every entry asks which weight it holds."""
    rows = np.arange((n + 2 * padding - len(kernel)) // stride + 1)
    if n + 2 * padding < len(kernel):
        raise ValueError
    which = np.arange(n) - stride * rows[:, None] + padding
    return np.where((which >= 0) & (which < len(kernel)), kernel[which.clip(0, len(kernel) - 1)], 0)


def filter_matrix_in_torch(kernel, n, stride=1, padding=0):
    """Column by column: what the filter makes of a signal that is 1 in one place."""
    if len(kernel) > n + 2 * padding:
        raise ValueError
    signals = torch.nn.functional.pad(torch.eye(n), (padding, padding))
    answers = signals.unfold(1, len(kernel), stride) @ torch.as_tensor(kernel, dtype=torch.float32)
    return answers.T.numpy()


def activation(x, name, slope=0.01):
    """torch, in float32."""
    x = torch.as_tensor(x, dtype=torch.float32)
    if name not in ("relu", "leaky", "tanh", "sigmoid"):
        raise ValueError(name)
    curves = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
    return (curves[name](x) if name in curves else torch.nn.functional.leaky_relu(x, slope)).numpy()


def activation_as_the_text_writes_it(x, name, slope=0.01):
    """The formulas one to one, warnings and all."""
    x = 1.0 * x
    with np.errstate(over="ignore"):
        if name == "relu":
            return x * (x > 0)
        elif name == "leaky":
            answer = x.copy()
            answer[x < 0] *= slope
            return answer
        elif name == "tanh":
            return 2 / (1 + np.exp(-2 * x)) - 1
        elif name == "sigmoid":
            return 1 / (1 + np.exp(-x))
        else:
            raise ValueError


def activation_number_by_number(x, name, slope=0.01):
    curves = {
        "relu": lambda value: max(0.0, value),
        "leaky": lambda value: value if value > 0 else slope * value,
        "tanh": lambda value: 1 - 2 / (np.exp(min(2.0 * value, 700)) + 1),
        "sigmoid": lambda value: 1 / (1 + np.exp(min(-1.0 * value, 700))),
    }
    if name not in curves:
        raise ValueError("unknown")
    return np.array([curves[name](value) for value in x.ravel()]).reshape(x.shape)


def pool2d(volume, size, stride=None, mode="max"):
    """numpy without a loop."""
    stride = stride or size
    windows = sliding_window_view(volume, (size, size), axis=(1, 2))[:, ::stride, ::stride]  # refuses what does not fit
    return windows.max(axis=(-2, -1)) if mode == "max" else windows.mean(axis=(-2, -1))


def pool2d_in_lists(volume, size, stride=None, mode="max"):
    if stride is None:
        stride = size
    if size > volume.shape[1] or size > volume.shape[2]:
        raise ValueError
    maps = []
    for each in volume.tolist():
        rows = []
        for top in range(0, len(each) - size + 1, stride):
            rows.append([])
            for left in range(0, len(each[0]) - size + 1, stride):
                window = [value for row in each[top : top + size] for value in row[left : left + size]]
                rows[-1].append(max(window) if mode == "max" else sum(window) / len(window))
        maps.append(rows)
    return maps


def pool2d_in_torch(volume, size, stride=None, mode="max"):
    if min(volume.shape[1:]) < size:
        raise ValueError
    windows = torch.tensor(volume).unfold(1, size, stride or size).unfold(2, size, stride or size).flatten(3)
    return (windows.amax(-1) if mode == "max" else windows.mean(-1)).numpy()


def filter_matrix_2d(kernel, shape, stride=1):
    """Column by column: what the filter makes of an image with one bright pixel."""
    columns = []
    for place in range(shape[0] * shape[1]):
        image = np.zeros(shape[0] * shape[1], dtype=np.float32)
        image[place] = 1
        windows = sliding_window_view(image.reshape(shape), kernel.shape)[::stride, ::stride]
        columns.append((windows * kernel).sum(axis=(2, 3)).ravel())
    return np.array(columns).T


def filter_matrix_2d_row_by_row(kernel, shape, stride=1):
    """Every row is an image with the kernel laid on it."""
    rows = []
    for top in range(0, shape[0] - kernel.shape[0] + 1, stride):
        for left in range(0, shape[1] - kernel.shape[1] + 1, stride):
            row = torch.zeros(*shape, dtype=torch.float64)
            row[top : top + kernel.shape[0], left : left + kernel.shape[1]] = torch.as_tensor(kernel)
            rows.append(row.flatten())
    return torch.stack(rows).numpy()


RIGHT = {
    "correlate2d": [correlate2d, correlate2d_in_lists, correlate2d_in_place],
    "convolve2d": [convolve2d, convolve2d_by_spectra, convolve2d_in_torch],
    "conv_layer": [conv_layer, conv_layer_without_a_loop, conv_layer_in_lists],
    "filter_matrix": [filter_matrix, filter_matrix_from_the_formula, filter_matrix_in_torch],
    "activation": [activation, activation_as_the_text_writes_it, activation_number_by_number],
    "pool2d": [pool2d, pool2d_in_lists, pool2d_in_torch],
    "filter_matrix_2d": [filter_matrix_2d, filter_matrix_2d_row_by_row],
}
