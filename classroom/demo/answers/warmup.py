"""The warm-up in several hands."""

from classroom.demo.answers import Answers

WARMUP = {
    "output_side": Answers(
        right=(
            """def output_side(n, k, stride, pad):
    total = n + 2 * pad
    if k > total:
        raise ValueError("the window is larger than the padded image")
    return (total - k) // stride + 1
""",
            """def output_side(n, k, stride, pad):
    # count the places where the window can start
    places = range(-pad, n + pad - k + 1, stride)
    if len(places) == 0:
        raise ValueError("window does not fit")
    return len(places)
""",
            """import math

def output_side(n, k, stride, pad):
    steps = math.floor((n + 2 * pad - k) / stride)
    if n + 2 * pad < k:
        raise ValueError(f"{k} > {n + 2 * pad}")
    return steps + 1
""",
        ),
        wrong=(
            """def output_side(n, k, stride, pad):
    if k > n + pad:
        raise ValueError("too large")
    return (n + pad - k) // stride + 1  # padding
""",
            """def output_side(n, k, stride, pad):
    # formula from the slides
    return (n + 2 * pad - k) // stride + 1
""",
            """import math

def output_side(n, k, stride, pad):
    if n + 2 * pad < k:
        raise ValueError("no")
    return math.ceil((n + 2 * pad - k) / stride) + 1
""",
        ),
    ),
    "conv_parameters": Answers(
        right=(
            """def conv_parameters(filters, kernel, maps, bias):
    per_filter = kernel[0] * kernel[1] * maps
    if bias:
        per_filter += 1
    return filters * per_filter
""",
            """def conv_parameters(filters, kernel, maps, bias):
    kh, kw = kernel
    return filters * (kh * kw * maps + int(bias))
""",
            """def conv_parameters(filters, kernel, maps, bias):
    shape = (filters, maps, *kernel)
    weights = int(np.prod(shape))
    biases = filters if bias else 0
    return weights + biases
""",
        ),
        wrong=(
            """def conv_parameters(filters, kernel, maps, bias):
    kh, kw = kernel
    return filters * kh * kw * maps
""",
            """def conv_parameters(filters, kernel, maps, bias):
    kh, kw = kernel
    return filters * (kh * kw + int(bias))
""",
            """def conv_parameters(filters, kernel, maps, bias):
    k = kernel[0]
    return filters * (k * k * maps + 1)
""",
        ),
    ),
    "correlate2d": Answers(
        right=(
            """def correlate2d(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            out[i, j] = np.sum(image[i:i + kh, j:j + kw] * kernel)
    return out
""",
            """def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcuv,uv->rc", windows, kernel)
""",
            """def correlate2d(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    # shift the image once for every weight
    for (u, v), weight in np.ndenumerate(kernel):
        result += weight * image[u:u + rows, v:v + columns]
    return result
""",
        ),
        wrong=(
            """def correlate2d(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    flipped = kernel[::-1, ::-1]
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            out[i, j] = np.sum(image[i:i + kh, j:j + kw] * flipped)
    return out
""",
            """def correlate2d(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh, W - kw))
    for i in range(H - kh):
        for j in range(W - kw):
            out[i, j] = np.sum(image[i:i + kh, j:j + kw] * kernel)
    return out
""",
            """def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).mean(axis=(2, 3))
""",
        ),
    ),
    "iou": Answers(
        right=(
            """def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    inter = w * h
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    union = area_a + area_b - inter
    if union == 0:
        return 0.0
    return inter / union
""",
            """def area(box):
    return np.prod(np.clip(box[2:] - box[:2], 0, None))

def iou(a, b):
    common = np.concatenate([np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])])
    shared = area(common)
    joint = area(a) + area(b) - shared
    return shared / joint if joint else 0.0
""",
        ),
        wrong=(
            """def iou(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    inter = w * h
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return inter / union if union else 0.0
""",
            """def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[2] - b[0]) * (b[3] - b[1])
    return w * h / (area_a + area_b) if area_a + area_b else 0.0
""",
            """def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]) + 1)
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]) + 1)
    inter = w * h
    union = (a[2] - a[0] + 1) * (a[3] - a[1] + 1) + (b[2] - b[0] + 1) * (b[3] - b[1] + 1) - inter
    return inter / union
""",
        ),
    ),
    "count_parameters": Answers(
        right=(
            """def count_parameters(model):
    total = 0
    for p in model.parameters():
        total += p.numel()
    return total
""",
            """def count_parameters(model):
    return int(sum(np.prod(t.shape) for t in model.state_dict().values()))
""",
        ),
        wrong=(
            """def count_parameters(model):
    return len(list(model.parameters()))
""",
            """def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.dim() > 1)
""",
        ),
    ),
    "explain": Answers(
        right=(
            "In LeNet-5 only the first filters get deeper: 6 filters, 25 weights, 2 more maps, so 300 more. In the "
            "perceptron every unit sees every pixel, so the first layer, which is nearly everything, becomes three "
            "times as large.",
            "A convolution shares its weights over the image, so colour only costs $6 \\cdot 25 \\cdot 2 = 300$ "
            "weights. The fully connected network has a weight per pixel and unit.",
            "Because a convolutional network is smaller.",
            "The perceptron has more layers with colour.",
            "Weight sharing! The filters of LeNet-5 are 5 by 5 whatever the image is; dense layers grow with it.",
        )
    ),
}
