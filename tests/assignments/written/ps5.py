"""PS5 as other people would write it: loops, numpy, torch, plain Python."""

import copy
import math

import numpy as np
import torch


def augment(image, boxes, changes):
    """Points moved one by one, in lists."""
    boxes = [tuple(box) for box in boxes]
    for name, *numbers in changes:
        high, wide = len(image), len(image[0])
        if name == "mirror":
            image = [row[::-1] for row in image]
            boxes = [(wide - c, b, wide - a, d) for a, b, c, d in boxes]
        elif name == "turn":
            image = [[image[high - 1 - y][x] for y in range(high)] for x in range(wide)]
            boxes = [(high - d, a, high - b, c) for a, b, c, d in boxes]
        elif name == "shift":
            right, down = numbers
            black = [0.0] * len(image[0][0])

            def at(y, x, old=image, black=black, high=high, wide=wide):
                return old[y][x] if 0 <= y < high and 0 <= x < wide else black

            image = [[at(y - down, x - right) for x in range(wide)] for y in range(high)]
            moved = [
                (max(a + right, 0), max(b + down, 0), min(c + right, wide), min(d + down, high)) for a, b, c, d in boxes
            ]
            boxes = [(a, b, c, d) for a, b, c, d in moved if c > a and d > b]
        elif name == "brighter":
            image = [[[min(max(v + numbers[0], 0.0), 1.0) for v in pixel] for pixel in row] for row in image]
        else:
            raise ValueError(name)
    return image, boxes


def augment_in_torch(image, boxes, changes):
    image, boxes = torch.as_tensor(image.copy()).float(), torch.as_tensor(boxes.copy()).float()
    for change in changes:
        high, wide, _ = image.shape
        if change[0] == "mirror":
            image = image.flip(1)
            boxes = (torch.tensor([wide, 0, wide, 0]) + boxes * torch.tensor([-1, 1, -1, 1]))[:, [2, 1, 0, 3]]
        elif change[0] == "turn":
            image = image.transpose(0, 1).flip(1)
            boxes = torch.stack([high - boxes[:, 3], boxes[:, 0], high - boxes[:, 1], boxes[:, 2]], 1)
        elif change[0] == "shift":
            _, right, down = change
            rows, columns = torch.arange(high) - down, torch.arange(wide) - right
            inside = ((rows >= 0) & (rows < high))[:, None] & ((columns >= 0) & (columns < wide))
            image = image[rows.clamp(0, high - 1)][:, columns.clamp(0, wide - 1)] * inside[..., None]
            boxes = boxes + torch.tensor([right, down, right, down])
            boxes = torch.minimum(boxes.clamp(min=0), torch.tensor([wide, high, wide, high]))
            boxes = boxes[(boxes[:, 2:] > boxes[:, :2]).all(1)]
        elif change[0] == "brighter":
            image = (image + change[1]).clamp(0, 1)
        else:
            raise ValueError(f"no such change: {change[0]}")
    return image, boxes


def augment_by_a_table(image, boxes, changes):
    """A function for each change; the shift by padding."""

    def mirror(image, boxes):
        wide = image.shape[1]
        return np.flip(image, 1), np.c_[wide - boxes[:, 2], boxes[:, 1], wide - boxes[:, 0], boxes[:, 3]]

    def turn(image, boxes):
        return np.rot90(image, 3), np.c_[len(image) - boxes[:, 3], boxes[:, 0], len(image) - boxes[:, 1], boxes[:, 2]]

    def shift(image, boxes, right, down):
        high, wide = image.shape[:2]
        y, x = np.mgrid[:high, :wide]
        y, x = y - down, x - right
        known = (y >= 0) & (y < high) & (x >= 0) & (x < wide)
        moved = np.where(known[..., None], image[y % high, x % wide], 0)
        boxes = np.clip(boxes + [right, down] * 2, 0, [wide, high] * 2)
        return moved, boxes[np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) > 0]

    def brighter(image, boxes, by):
        return np.minimum(1, np.maximum(0, image + by)), boxes

    ways = {"mirror": mirror, "turn": turn, "shift": shift, "brighter": brighter}
    for name, *numbers in changes:
        if name not in ways:
            raise ValueError(name)
        image, boxes = ways[name](image, boxes, *numbers)
    return image, boxes


def mixup(images, labels, classes, share, partners):
    """One example after the other."""
    if not 0 <= share <= 1:
        raise ValueError("a share")
    blended, rows = [], []
    for i, j in enumerate(partners):
        blended.append(share * images[i].astype(float) + (1 - share) * images[j].astype(float))
        row = [0.0] * classes
        row[labels[i]] += share
        row[labels[j]] += 1 - share
        rows.append(row)
    return np.array(blended), rows


def mixup_in_torch(images, labels, classes, share, partners):
    if share < 0.0 or share > 1.0:
        raise ValueError(share)
    images, partners = torch.tensor(images).float(), torch.tensor(partners)
    rows = torch.nn.functional.one_hot(torch.tensor(labels).long(), classes).float()
    return torch.lerp(images[partners], images, share), torch.lerp(rows[partners], rows, share)


def mixup_by_a_matrix(images, labels, classes, share, partners):
    """Blending is a matrix: share on the diagonal, the rest at the partner."""
    if abs(share - 0.5) > 0.5:
        raise ValueError("0 to 1")
    count = len(images)
    matrix = share * np.eye(count)
    np.add.at(matrix, (np.arange(count), partners), 1 - share)
    flat = images.reshape(count, -1).astype(np.float64)
    return (matrix @ flat).reshape(images.shape), matrix @ np.eye(classes)[labels]


def tta_predict(model, image, views):
    """Plain Python from the scores on."""
    if not views:
        raise ValueError("no views")
    total = None
    for view in views:
        scores = [float(score) for score in model(view(image))]
        top = max(scores)
        powers = [math.exp(score - top) for score in scores]
        shares = [power / sum(powers) for power in powers]
        total = shares if total is None else [a + b for a, b in zip(total, shares, strict=True)]
    return np.array(total) / len(views)


def tta_predict_in_torch(model, image, views):
    if len(views) == 0:
        raise ValueError("no views")
    scores = torch.stack([torch.as_tensor(np.asarray(model(view(image)))) for view in views])
    return scores.softmax(dim=1).mean(dim=0)


def tta_predict_at_once(model, image, views):
    scores = np.array([model(view(image)) for view in views])
    if scores.size == 0:
        raise ValueError("no views")
    shares = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return np.mean(shares / shares.sum(1)[:, None], axis=0)


def replace_head(model, classes, freeze):
    """A copy, in a network of its own."""
    body = copy.deepcopy(model.body)
    made = torch.nn.Sequential()
    made.add_module("body", body)
    made.add_module("head", torch.nn.Linear(model.head.weight.shape[1], classes))
    made.train()
    body.requires_grad_(not freeze)
    if freeze:
        body.eval()
    return made


def replace_head_in_a_class(model, classes, freeze):
    """A class of one's own, and two loops."""

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.body = model.body
            self.head = torch.nn.Linear(model.head.in_features, classes, bias=True)

        def forward(self, x):
            return self.head(self.body(x))

    made = Network()
    for name, values in made.named_parameters():
        values.requires_grad = not (freeze and name.startswith("body."))
    for module in made.body.modules():
        module.training = not freeze
    made.head.train(True)
    return made


def early_stopping(values, patience, min_delta, rising):
    """Everything as a loss, all values of the past looked through."""
    losses = [-float(value) if rising else float(value) for value in values]
    best = 0
    for epoch in range(len(losses)):
        if losses[best] - losses[epoch] > min_delta:
            best = epoch
        if epoch > best and epoch - best >= patience:
            return [epoch + 1, best + 1]
    return [len(losses), best + 1]


def early_stopping_in_torch(values, patience, min_delta, rising):
    curve = torch.tensor(values) * (1 if rising else -1)
    best, place, wait = curve[0], 1, 0
    for epoch, value in enumerate(curve[1:], start=2):
        wait += 1
        if value > best + min_delta:
            best, place, wait = value, epoch, 0
        elif wait >= max(1, patience):
            return torch.tensor([epoch, place])
    return torch.tensor([len(curve), place])


def early_stopping_from_gain_to_gain(values, patience, min_delta, rising):
    """Vectorised: the next gain is the first value that beats the best; a gap that is too long ends it."""
    values = np.asarray(values) if rising else -np.asarray(values)
    best = 0
    while True:
        gains = np.flatnonzero(values[best + 1 :] > values[best] + min_delta)
        gap = int(gains[0]) if len(gains) else 10**6
        if gap >= max(patience, 1):
            return min(best + max(patience, 1), len(values) - 1) + 1, best + 1
        best += gap + 1


def regularized_loss(data_loss, parameters, c, biases):
    """Number by number."""
    if c < 0:
        raise ValueError(c)
    price = 0.0
    for name in parameters:
        if name[-4:] == "bias" and not biases:
            continue
        for value in np.ravel(parameters[name]):
            price += c * float(value) ** 2
    return data_loss + price


def regularized_loss_in_torch(data_loss, parameters, c, biases):
    if c < 0:
        raise ValueError("c")
    kept = [torch.tensor(v).flatten() for n, v in parameters.items() if biases or n.rsplit(".", 1)[-1] != "bias"]
    flat = torch.cat([*kept, torch.zeros(1, dtype=torch.float64)])
    return torch.tensor(data_loss) + c * flat.dot(flat)


def regularized_loss_by_norms(data_loss, parameters, c, biases):
    if c < 0:
        raise ValueError(c)
    chosen = filter(lambda item: biases or not item[0].endswith("bias"), parameters.items())
    return data_loss + c * sum(np.linalg.norm(values.ravel()) ** 2 for _, values in chosen)


RIGHT = {
    "augment": [augment, augment_in_torch, augment_by_a_table],
    "mixup": [mixup, mixup_in_torch, mixup_by_a_matrix],
    "tta_predict": [tta_predict, tta_predict_in_torch, tta_predict_at_once],
    "replace_head": [replace_head, replace_head_in_a_class],
    "early_stopping": [early_stopping, early_stopping_in_torch, early_stopping_from_gain_to_gain],
    "regularized_loss": [regularized_loss, regularized_loss_in_torch, regularized_loss_by_norms],
}
