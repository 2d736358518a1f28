"""The same seven functions in other hands."""

import math

import numpy as np
import torch


def parcel_features(heights):
    """Plain loops over cells and sorted lists."""
    rows, columns = len(heights), len(heights[0])
    cells = {(r, c): float(heights[r][c]) for r in range(rows) for c in range(columns) if heights[r][c] != 0}
    keys = ("mean height", "area", "perimeter", "diagonal", "low height", "middle height", "high height")
    if not cells:
        return dict.fromkeys(keys, 0)
    free = 0
    for r, c in cells:
        for beyond in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            free += beyond not in cells
    down, across = [r for r, _ in cells], [c for _, c in cells]
    ordered = sorted(cells.values())

    def quantile(share):
        place = share * (len(ordered) - 1)
        below = math.floor(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    sides = max(down) - min(down) + 1, max(across) - min(across) + 1
    diagonal = math.sqrt(sides[0] ** 2 + sides[1] ** 2)
    values = [sum(ordered) / len(ordered), len(ordered), free, diagonal, quantile(0.1), quantile(0.5), quantile(0.9)]
    return dict(zip(keys, values, strict=True))


def parcel_features_in_torch(heights):
    """Neighbours by shifted maps; float32."""
    map_ = torch.from_numpy(heights).float()
    there = map_ != 0
    keys = ["mean height", "area", "perimeter", "diagonal", "low height", "middle height", "high height"]
    if not there.any():
        return dict.fromkeys(keys, torch.tensor(0.0))
    framed = torch.nn.functional.pad(there, (1, 1, 1, 1))
    neighbours = framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:]
    free = sum((there & ~each).sum() for each in neighbours)
    down, across = (torch.nonzero(there.any(dim=axis)).flatten() for axis in (1, 0))
    sides = torch.stack([each[-1] - each[0] + 1 for each in (down, across)]).float()
    found = map_[there]
    quantiles = torch.quantile(found, torch.tensor([0.1, 0.5, 0.9]))
    return dict(zip(keys, [found.mean(), there.sum(), free, sides.norm(), *quantiles], strict=True))


def standardize(train, test):
    """Column by column."""
    first, second = np.zeros(train.shape), np.zeros(test.shape)
    for column in range(train.shape[1]):
        values = train[:, column]
        if values.max() > values.min():
            mean = sum(values) / len(values)
            spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
            first[:, column], second[:, column] = (values - mean) / spread, (test[:, column] - mean) / spread
    return first, second


def standardize_in_torch(train, test):
    """An infinite unit for what never changes; float32 at the end."""
    train, test = torch.from_numpy(train), torch.from_numpy(test)
    spread, mean = torch.std_mean(train, dim=0, correction=0)
    spread[spread == 0] = torch.inf
    return [((part - mean) / spread).float() for part in (train, test)]


def fit_mlp(features, labels, weights, steps, rate):
    """torch's autograd and loss."""
    w1, b1, w2, b2 = moving = [torch.tensor(each, requires_grad=True) for each in weights]
    features, labels = torch.tensor(features), torch.tensor(labels)
    for _ in range(steps):
        scores = torch.relu(features @ w1 + b1) @ w2 + b2
        slopes = torch.autograd.grad(torch.nn.functional.cross_entropy(scores, labels), moving)
        with torch.no_grad():
            for each, slope in zip(moving, slopes, strict=True):
                each -= rate * slope
    return tuple(each.detach() for each in moving)


def fit_mlp_example_by_example(features, labels, weights, steps, rate):
    """Slopes added up over the examples, then one move; lists in the end."""
    w1, b1, w2, b2 = (np.array(each, dtype=float) for each in weights)
    for _ in range(steps):
        slopes = [np.zeros_like(each) for each in (w1, b1, w2, b2)]
        for x, label in zip(features, labels, strict=True):
            sums = x @ w1 + b1
            hidden = np.where(sums > 0, sums, 0.0)
            scores = hidden @ w2 + b2
            blame = np.exp(scores - np.logaddexp.reduce(scores))
            blame[label] -= 1
            back = np.where(sums > 0, w2 @ blame, 0.0)
            for slope, part in zip(slopes, (np.outer(x, back), back, np.outer(hidden, blame), blame), strict=True):
                slope += part / len(features)
        w1, b1, w2, b2 = (each - rate * slope for each, slope in zip((w1, b1, w2, b2), slopes, strict=True))
    return [w1.tolist(), b1.tolist(), w2.tolist(), b2.tolist()]


def fit_mlp_in_modules(features, labels, weights, steps, rate):
    """torch's layers and optimiser."""
    model = torch.nn.Sequential(
        torch.nn.Linear(*weights[0].shape), torch.nn.ReLU(), torch.nn.Linear(*weights[2].shape)
    ).double()
    with torch.no_grad():
        for layer, weight, bias in ((model[0], *weights[:2]), (model[2], *weights[2:])):
            layer.weight.copy_(torch.tensor(weight).T)
            layer.bias.copy_(torch.tensor(bias))
    x, y = torch.tensor(features), torch.tensor(labels)
    for _ in range(steps):
        model.zero_grad()
        torch.nn.CrossEntropyLoss()(model(x), y).backward()
        with torch.no_grad():
            for each in model.parameters():
                each.sub_(rate * each.grad)
    return (
        *(model[0].weight.detach().T.numpy(), model[0].bias.detach().numpy()),
        *(model[2].weight.detach().T.numpy(), model[2].bias.detach().numpy()),
    )


def latent(model, images, layer):
    """The layer asked for by its name, a hook that makes numpy of what it sees."""
    if not layer:
        raise ValueError("a layer has a name")
    try:
        part = model.get_submodule(layer)
    except AttributeError as error:
        raise ValueError(layer) from error
    seen = {}
    handle = part.register_forward_hook(lambda module, taken, given: seen.update(values=given.numpy().copy()))
    model.eval()
    with torch.no_grad():
        model(images)
    handle.remove()
    return seen["values"].reshape(len(images), -1)


def latent_image_by_image(model, images, layer):
    """Walks through the layers one by one, with one image at a time."""
    names = [name for name, part in model.named_modules() if name]
    if layer not in names:
        raise ValueError(f"{layer} is none of {names}")
    inner = [name for name, part in model.named_modules() if name and not list(part.children())]
    last = max(place for place, name in enumerate(inner) if name == layer or name.startswith(layer + "."))
    model.eval()
    rows = []
    with torch.no_grad():
        for image in images:
            value = image[None]
            for name in inner[: last + 1]:
                value = model.get_submodule(name)(value)
            rows.append(value.flatten().tolist())
    return np.array(rows)


def nearest(train, query, k, metric):
    """Sorted pairs of distance and place."""
    if k < 1 or k > len(train):
        raise ValueError(k)
    answer = []
    for q in query.tolist():
        pairs = []
        for place, t in enumerate(train.tolist()):
            apart = [a - b for a, b in zip(q, t, strict=True)]
            far = sum(map(abs, apart)) / len(apart) if metric == "l1" else math.sqrt(sum(each**2 for each in apart))
            pairs.append((far, place))
        answer.append([place for _, place in sorted(pairs)[:k]])
    return answer


def nearest_in_torch(train, query, k, metric):
    """Sums without a mean, squares without a root: the order is the same."""
    if not 0 < k <= train.shape[0]:
        raise ValueError("that many neighbours are not there")
    apart = torch.from_numpy(query)[:, None] - torch.from_numpy(train)
    far = apart.abs().sum(dim=-1) if metric == "l1" else apart.square().sum(dim=-1)
    return far.argsort(dim=1, stable=True)[:, :k]


def nearest_query_by_query(train, query, k, metric):
    """numpy, one query after the other."""
    if k not in range(1, len(train) + 1):
        raise ValueError("no such number of neighbours")
    places = np.zeros((len(query), k), dtype=np.int32)
    for row, each in enumerate(query):
        far = np.abs(train - each).mean(axis=-1) if metric == "l1" else np.linalg.norm(train - each, axis=-1)
        places[row] = np.lexsort((np.arange(len(train)), far))[:k]
    return places


def knn_purity(vectors, labels, k):
    """Each point with all others, in lists."""
    if k < 1 or k >= len(vectors):
        raise ValueError(k)
    total = 0
    for i, one in enumerate(vectors):
        others = sorted((math.dist(one, other), j) for j, other in enumerate(vectors) if j != i)
        total += sum(int(labels[j] == labels[i]) for _, j in others[:k])
    return total / (k * len(vectors))


def knn_purity_in_torch(vectors, labels, k):
    """cdist and topk."""
    count = len(vectors)
    if not 1 <= k <= count - 1:
        raise ValueError("each point has fewer neighbours")
    points, names = torch.tensor(vectors), torch.tensor(labels)
    far = (points[:, None] - points[None]).square().sum(-1) + torch.diag(torch.full((count,), torch.inf))
    places = far.topk(k, largest=False).indices
    return (names[places] == names[:, None]).double().mean()


def vote(labels, places):
    """A count for each row, in plain Python: max takes the first, which is the nearest."""
    answer = []
    for row in places.tolist():
        names = [int(labels[place]) for place in row]
        answer.append(max(names, key=names.count))
    return answer


def vote_in_torch(labels, places):
    """One vote for each pair."""
    seen = torch.from_numpy(labels)[torch.from_numpy(places)]
    votes = (seen.unsqueeze(2) == seen.unsqueeze(1)).sum(-1)
    k = seen.shape[1]
    best = (votes * (k + 1) - torch.arange(k)).argmax(dim=1)  # more votes first, then the nearer one
    return seen.gather(1, best[:, None])[:, 0].numpy()


RIGHT = {
    "parcel_features": [parcel_features, parcel_features_in_torch],
    "standardize": [standardize, standardize_in_torch],
    "fit_mlp": [fit_mlp, fit_mlp_example_by_example, fit_mlp_in_modules],
    "latent": [latent, latent_image_by_image],
    "nearest": [nearest, nearest_in_torch, nearest_query_by_query],
    "knn_purity": [knn_purity, knn_purity_in_torch],
    "vote": [vote, vote_in_torch],
}
