"""The beginning of problem set 2 in several hands: it still runs, so nobody has all of it."""

from classroom.demo.answers import Answers

PS2 = {
    "correlate2d": Answers(
        right=(
            """def correlate2d(image, kernel, stride=1, padding="valid"):
    kh, kw = kernel.shape
    if padding in ("same", "symmetric"):
        if kh % 2 == 0 or kw % 2 == 0:
            raise ValueError("an even kernel has no middle")
        border = ((kh // 2, kh // 2), (kw // 2, kw // 2))
        image = np.pad(image, border, mode="constant" if padding == "same" else "symmetric")
    if kh > image.shape[0] or kw > image.shape[1]:
        raise ValueError("the kernel is larger than the image")
    windows = np.lib.stride_tricks.sliding_window_view(image, (kh, kw))[::stride, ::stride]
    return (windows * kernel).sum(axis=(2, 3))
""",
        ),
        wrong=(
            """def correlate2d(image, kernel, stride=1, padding="valid"):
    kh, kw = kernel.shape
    if padding != "valid":
        image = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    H = (image.shape[0] - kh) // stride + 1
    W = (image.shape[1] - kw) // stride + 1
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            out[i, j] = (image[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out
""",
            """def correlate2d(image, kernel, stride=1, padding="valid"):
    kh, kw = kernel.shape
    H, W = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            out[i, j] = (image[i:i + kh, j:j + kw] * kernel).sum()
    return out
""",
        ),
    ),
    "convolve2d": Answers(
        right=(
            """def convolve2d(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] + kh - 1, image.shape[1] + kw - 1))
    for y, x in np.ndindex(image.shape):
        out[y:y + kh, x:x + kw] += image[y, x] * kernel  # a stamp
    return out
""",
        ),
        wrong=(
            """def convolve2d(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return correlate2d(padded, kernel)
""",
            """def convolve2d(image, kernel):
    return correlate2d(image, kernel[::-1, ::-1])
""",
        ),
    ),
    "activation": Answers(
        right=(
            """def activation(x, name, slope=0.01):
    x = np.asarray(x, dtype=float)
    if name == "relu":
        return x.clip(0)
    if name == "leaky":
        return np.where(x > 0, x, slope * x)
    if name == "tanh":
        return np.tanh(x)
    if name == "sigmoid":
        return 0.5 * (1 + np.tanh(0.5 * x))
    raise ValueError(name)
""",
        ),
        wrong=(
            """def activation(x, name, slope=0.01):
    if name == "relu":
        return np.maximum(x, 0)
    if name == "leaky":
        return np.where(x > 0, x, 0.01 * x)
    if name == "tanh":
        return np.tanh(x)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-2 * x))
""",
        ),
    ),
    "pool2d": Answers(
        right=(
            """def pool2d(volume, size, stride=None, mode="max"):
    step = stride or size
    if size > min(volume.shape[1:]):
        raise ValueError("the window is larger than the map")
    windows = np.lib.stride_tricks.sliding_window_view(volume, (size, size), axis=(1, 2))[:, ::step, ::step]
    return windows.max(axis=(3, 4)) if mode == "max" else windows.mean(axis=(3, 4))
""",
        ),
        wrong=(
            """def pool2d(volume, size, stride=None, mode="max"):
    C, H, W = volume.shape
    out = np.zeros((C, H // size, W // size))
    for c in range(C):
        for i in range(H // size):
            for j in range(W // size):
                window = volume[c, i * size:(i + 1) * size, j * size:(j + 1) * size]
                out[c, i, j] = window.max() if mode == "max" else window.mean()
    return out
""",
        ),
    ),
    "explain": Answers(
        right=(
            "Both multiply by a matrix, but the matrix of a filter is nearly empty and repeats itself.",
            "He is right: it is a dense layer with rules. A pixel only reads its neighbours, and all places use the "
            "same 9 weights, which suits images because objects can be anywhere.",
        )
    ),
}
