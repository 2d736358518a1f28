"""The same seven functions in other hands."""

import numpy as np
import torch


def max_pool_with_indices(image, size):
    """numpy throughout: the windows as a last axis, the places by the same cut."""
    height, width = (side - side % size for side in image.shape)
    if not height or not width:
        raise ValueError("no window fits")

    def cut(array):
        blocks = array[:height, :width].reshape(height // size, size, width // size, size)
        return blocks.transpose(0, 2, 1, 3).reshape(height // size, width // size, size * size)

    windows, numbers = cut(image), cut(np.arange(image.size).reshape(image.shape))
    first = windows.argmax(axis=2)[..., None]
    return np.take_along_axis(windows, first, 2)[..., 0], np.take_along_axis(numbers, first, 2)[..., 0]


def max_pool_with_indices_in_loops(image, size):
    """Lists of plain numbers."""
    rows, columns = image.shape
    if size > rows or size > columns:
        raise ValueError("the window is too large")
    values, places = [], []
    for top in range(0, rows - size + 1, size):
        values.append([])
        places.append([])
        for left in range(0, columns - size + 1, size):
            best = None
            for y in range(top, top + size):
                for x in range(left, left + size):
                    if best is None or image[y, x] > best[0]:
                        best = float(image[y, x]), y * columns + x
            values[-1].append(best[0])
            places[-1].append(best[1])
    return values, places


def max_pool_with_indices_in_torch(image, size):
    """unfold, in float32; argmax takes the first of equals if the others are made smaller."""
    if size > min(image.shape):
        raise ValueError
    picture = torch.tensor(image, dtype=torch.float32)
    windows = picture.unfold(0, size, size).unfold(1, size, size).flatten(2)
    values = windows.amax(2)
    order = torch.arange(size * size, 0, -1)
    inside = ((windows == values[..., None]) * order).argmax(2)
    down, across = torch.meshgrid(*(size * torch.arange(n) for n in values.shape), indexing="ij")
    return values, (down + inside // size) * picture.shape[1] + across + inside % size


def max_unpool(values, places, shape):
    """All at once."""
    total = int(np.prod(shape))
    if np.any(places < 0) or np.any(places >= total):
        raise ValueError("outside")
    flat = np.zeros(total, dtype=np.float32)
    np.put(flat, places, values)
    return flat.reshape(shape)


def max_unpool_in_torch(values, places, shape):
    height, width = shape
    places = torch.from_numpy(places).flatten()
    if int(places.min()) < 0 or int(places.max()) >= height * width:
        raise ValueError
    flat = torch.zeros(height * width, dtype=torch.float64)
    return flat.scatter(0, places, torch.from_numpy(values).flatten()).view(height, width)


def max_unpool_pixel_by_pixel(values, places, shape):
    """A dictionary of what goes where."""
    stored = dict(zip(places.ravel().tolist(), values.ravel().tolist(), strict=True))
    answer = [[stored.pop(y * shape[1] + x, 0) for x in range(shape[1])] for y in range(shape[0])]
    if stored:
        raise ValueError(f"no pixel: {list(stored)}")
    return answer


def _checked(image, kernel, stride, padding, output_padding):
    if output_padding >= stride:
        raise ValueError("output padding")
    sides = [
        (n - 1) * stride + k - 2 * padding + output_padding for n, k in zip(image.shape, kernel.shape, strict=True)
    ]
    if min(sides) < 1:
        raise ValueError("nothing is left")
    return sides


def transposed_conv2d(image, kernel, stride=1, padding=0, output_padding=0):
    """Gathering instead of scattering: what reaches each output, one by one."""
    rows, columns = _checked(image, kernel, stride, padding, output_padding)
    output = np.zeros((rows, columns))
    for y in range(rows):
        for x in range(columns):
            for u in range(kernel.shape[0]):
                for v in range(kernel.shape[1]):
                    r, off = divmod(y + padding - u, stride)
                    c, out = divmod(x + padding - v, stride)
                    if off == out == 0 and 0 <= r < image.shape[0] and 0 <= c < image.shape[1]:
                        output[y, x] += kernel[u, v] * image[r, c]
    return output


def transposed_conv2d_by_insertion(image, kernel, stride=1, padding=0, output_padding=0):
    """Zeros between the pixels and around them, then the turned kernel slides, in float32."""
    rows, columns = _checked(image, kernel, stride, padding, output_padding)
    high, wide = kernel.shape
    spread = np.zeros(
        ((image.shape[0] - 1) * stride + 2 * high - 1 + stride, (image.shape[1] - 1) * stride + 2 * wide - 1 + stride),
        dtype=np.float32,
    )
    spread[
        high - 1 : high + (image.shape[0] - 1) * stride : stride,
        wide - 1 : wide + (image.shape[1] - 1) * stride : stride,
    ] = image
    windows = np.lib.stride_tricks.sliding_window_view(spread, kernel.shape)
    whole = np.einsum("rcuv,uv->rc", windows, kernel[::-1, ::-1].astype(np.float32))
    return whole[padding : padding + rows, padding : padding + columns]


def transposed_conv2d_as_a_matrix(image, kernel, stride=1, padding=0, output_padding=0):
    """Down and across as two matrices of torch, one term for each weight."""
    rows, columns = _checked(image, kernel, stride, padding, output_padding)
    image, kernel = torch.as_tensor(image), torch.as_tensor(kernel)

    def placed(count, total, offset):
        return torch.tensor(
            [[float(y + padding == stride * r + offset) for r in range(count)] for y in range(total)],
            dtype=torch.float64,
        )

    total = torch.zeros(rows, columns, dtype=torch.float64)
    for u in range(kernel.shape[0]):
        for v in range(kernel.shape[1]):
            down, across = placed(image.shape[0], rows, u), placed(image.shape[1], columns, v)
            total += kernel[u, v] * (down @ image @ across.T)
    return total


def bilinear_kernel(factor):
    """Broadcasting, in float32."""
    side = 2 * factor if factor % 2 == 0 else 2 * factor - 1
    away = np.abs(np.arange(side, dtype=np.float32) - (side - 1) / 2) / factor
    return (1 - away)[:, None] * (1 - away)[None, :]


def bilinear_kernel_in_loops(factor):
    k = factor * 2 - factor % 2
    m = (k - 1) / 2
    return [[(1 - abs(u - m) / factor) * (1 - abs(v - m) / factor) for v in range(k)] for u in range(k)]


def bilinear_kernel_in_torch(factor):
    """Up and down again; an odd factor has its highest weight once only."""
    if factor % 2:
        rise = torch.arange(1, factor + 1) / factor
        line = torch.cat([rise, rise[:-1].flip(0)])
    else:
        rise = (torch.arange(factor) + 0.5) / factor
        line = torch.cat([rise, rise.flip(0)])
    return torch.outer(line, line)


def dense_to_conv(weights, volume):
    """Index by index."""
    height, width, maps = volume
    rows, outputs = weights.shape
    if rows != height * width * maps:
        raise ValueError("another volume")
    filters = np.zeros((outputs, maps, height, width), dtype=np.float32)
    for output, c, y, x in np.ndindex(*filters.shape):
        filters[output, c, y, x] = weights[(y * width + x) * maps + c, output]
    return filters


def dense_to_conv_in_torch(weights, volume):
    height, width, maps = volume
    if len(weights) != height * width * maps:
        raise ValueError
    return torch.tensor(weights.T.copy()).view(-1, height, width, maps).permute(0, 3, 1, 2)


def dense_to_conv_map_by_map(weights, volume):
    """One map after the other: every so many rows belong to it."""
    height, width, maps = volume
    if weights.shape[0] != np.prod(volume):
        raise ValueError
    return [
        [weights[c::maps, output].reshape(height, width) for c in range(maps)] for output in range(weights.shape[1])
    ]


def shift_and_stitch(net, image, factor, window):
    """All passes first, then value by value."""
    rows, columns = image.shape[0] - window + 1, image.shape[1] - window + 1
    maps = {}
    for r in range(factor):
        for c in range(factor):
            if image.shape[0] - r >= window and image.shape[1] - c >= window:
                maps[r, c] = net(image[r:, c:].copy())
    return [
        [float(maps[y % factor, x % factor][y // factor][x // factor]) for x in range(columns)] for y in range(rows)
    ]


def shift_and_stitch_on_a_grid(net, image, factor, window):
    """A sheet that is too large at first, in torch."""
    rows, columns = image.shape[0] - window + 1, image.shape[1] - window + 1
    sheet = torch.full((rows + factor, columns + factor), float("nan"), dtype=torch.float64)
    for r in range(min(rows, factor)):
        for c in range(min(columns, factor)):
            found = torch.as_tensor(np.asarray(net(image[r:, c:])))
            high, wide = found.shape
            sheet[r : r + factor * high : factor, c : c + factor * wide : factor] = found
    return sheet[:rows, :columns]


def shift_and_stitch_interleaved(net, image, factor, window):
    """The places of a shift as two ranges, float32."""
    rows, columns = image.shape[0] - window + 1, image.shape[1] - window + 1
    woven = np.zeros((rows, columns), np.float32)
    for r, c in [(r, c) for r in range(factor) for c in range(factor)]:
        below, right = range(r, rows, factor), range(c, columns, factor)
        if below and right:
            woven[np.ix_(below, right)] = net(image[r:][:, c:])
    return woven


def dilated_correlate(image, kernel, dilation):
    """The kernel with zeros in its gaps, then plain loops."""
    high, wide = ((k - 1) * dilation + 1 for k in kernel.shape)
    if high > image.shape[0] or wide > image.shape[1]:
        raise ValueError("does not fit")
    spread = np.zeros((high, wide))
    spread[::dilation, ::dilation] = kernel
    return [
        [float((spread * image[r : r + high, c : c + wide]).sum()) for c in range(image.shape[1] - wide + 1)]
        for r in range(image.shape[0] - high + 1)
    ]


def dilated_correlate_of_views(image, kernel, dilation):
    """Vectorised, float32."""
    reach = [(k - 1) * dilation + 1 for k in kernel.shape]
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.float32), reach)  # a ValueError by itself
    return np.tensordot(windows[:, :, ::dilation, ::dilation], kernel.astype(np.float32), 2)


def dilated_correlate_in_torch(image, kernel, dilation):
    image, kernel = torch.tensor(image), torch.tensor(kernel)
    high, wide = (dilation * (k - 1) + 1 for k in kernel.shape)
    if high > image.shape[0] or wide > image.shape[1]:
        raise ValueError
    windows = image.unfold(0, high, 1).unfold(1, wide, 1)[..., ::dilation, ::dilation]
    return (windows * kernel).sum((2, 3))


RIGHT = {
    "max_pool_with_indices": [
        max_pool_with_indices,
        max_pool_with_indices_in_loops,
        max_pool_with_indices_in_torch,
    ],
    "max_unpool": [max_unpool, max_unpool_in_torch, max_unpool_pixel_by_pixel],
    "transposed_conv2d": [transposed_conv2d, transposed_conv2d_by_insertion, transposed_conv2d_as_a_matrix],
    "bilinear_kernel": [bilinear_kernel, bilinear_kernel_in_loops, bilinear_kernel_in_torch],
    "dense_to_conv": [dense_to_conv, dense_to_conv_in_torch, dense_to_conv_map_by_map],
    "shift_and_stitch": [shift_and_stitch, shift_and_stitch_on_a_grid, shift_and_stitch_interleaved],
    "dilated_correlate": [dilated_correlate, dilated_correlate_of_views, dilated_correlate_in_torch],
}
