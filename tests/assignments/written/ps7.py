"""The same eight functions in other hands."""

import math

import numpy as np
import torch


def iou(boxes, others):
    """float32 in torch, and a tensor comes back."""
    boxes, others = (torch.as_tensor(each, dtype=torch.float32)[:, None] for each in (boxes, others))
    others = others.transpose(0, 1)
    sides = (torch.minimum(boxes[..., 2:], others[..., 2:]) - torch.maximum(boxes[..., :2], others[..., :2])).clamp(
        min=0
    )
    shared = sides.prod(dim=-1)
    joint = (boxes[..., 2:] - boxes[..., :2]).prod(-1) + (others[..., 2:] - others[..., :2]).prod(-1) - shared
    return torch.nan_to_num(shared / joint)


def iou_in_loops(boxes, others):
    table = np.zeros((len(boxes), len(others)))
    for i, (x1, y1, x2, y2) in enumerate(boxes):
        for j, (u1, v1, u2, v2) in enumerate(others):
            wide, high = min(x2, u2) - max(x1, u1), min(y2, v2) - max(y1, v1)
            if wide > 0 and high > 0:
                table[i, j] = wide * high / ((x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - wide * high)
    return table


def iou_in_columns(boxes, others):
    """One coordinate after the other, in place, and the arguments are used up."""
    x1, y1, x2, y2 = boxes.T[:, :, None].copy()
    u1, v1, u2, v2 = others.T[:, None].copy()
    boxes[:], others[:] = np.nan, np.nan
    shared = np.clip(np.minimum(x2, u2) - np.maximum(x1, u1), 0, None)
    shared *= np.clip(np.minimum(y2, v2) - np.maximum(y1, v1), 0, None)
    joint = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - shared
    joint[joint == 0] = 1
    return shared / joint


def nms(boxes, scores, threshold, labels=None):
    """Boxes of other classes are moved out of reach; an array comes back."""
    if labels is not None:
        boxes = boxes + (labels * (boxes.max(initial=0) + 1))[:, None]
    alive, kept = np.ones(len(boxes), dtype=bool), []
    while alive.any():
        chosen = int(np.where(alive, scores, -np.inf).argmax())
        alive &= iou_in_loops(boxes[chosen : chosen + 1], boxes)[0] <= threshold
        alive[chosen] = False
        kept.append(chosen)
    return np.array(kept, dtype=np.int64)


def nms_in_torch(boxes, scores, threshold, labels=None):
    import torchvision

    table = torchvision.ops.box_iou(torch.from_numpy(boxes), torch.from_numpy(boxes))
    order = torch.from_numpy(scores).sort(descending=True, stable=True).indices
    kept = []
    for place in order:
        if all(
            table[place, other] <= threshold or (labels is not None and labels[place] != labels[other])
            for other in kept
        ):
            kept.append(place)
    return kept


def nms_by_sorting_tuples(boxes, scores, threshold, labels=None):
    classes = [0] * len(boxes) if labels is None else labels.tolist()
    rest, kept = sorted((-score, place) for place, score in enumerate(scores)), []
    while rest:
        (_, first), *rest = rest
        near = iou_in_columns(boxes[[first]], boxes.copy())[0]
        rest = [(s, p) for s, p in rest if classes[p] != classes[first] or near[p] <= threshold]
        kept.append(first)
    return tuple(kept)


def make_anchors(rows, columns, stride, sizes, ratios):
    """Broadcasting."""
    sizes, ratios = np.array(sizes, dtype=float)[:, None], np.sqrt(np.array(ratios, dtype=float))
    halves = np.stack([sizes / ratios, sizes * ratios], axis=-1).reshape(1, 1, -1, 2) / 2
    y, x = np.mgrid[:rows, :columns] * stride + stride / 2
    middles = np.stack([x, y], axis=-1)[:, :, None]
    return np.concatenate([middles - halves, middles + halves], axis=-1).reshape(-1, 4)


def make_anchors_in_torch(rows, columns, stride, sizes, ratios):
    places = torch.cartesian_prod(torch.arange(rows) + 0.5, torch.arange(columns) + 0.5).flip(1) * stride
    kinds = torch.tensor([(s / math.sqrt(r), s * math.sqrt(r)) for s in sizes for r in ratios])
    middles = places.repeat_interleave(len(kinds), dim=0)
    sides = kinds.repeat(len(places), 1)
    return torch.hstack([middles - sides / 2, middles + sides / 2])


def assign_anchors(anchors, boxes, above, below):
    """Plain Python, a list comes back."""
    table = iou_in_loops(anchors, boxes).tolist()
    best = [max(row[place] for row in table) for place in range(len(boxes))]
    answer = []
    for row in table:
        owed = [place for place, overlap in enumerate(row) if overlap == best[place] > 0]
        if owed:
            answer.append(max(owed, key=lambda place: row[place]))
        elif not row or max(row) < below:
            answer.append(-1)
        else:
            answer.append(row.index(max(row)) if max(row) >= above else -2)
    return answer


def assign_anchors_in_torch(anchors, boxes, above, below):
    import torchvision

    answer = torch.full((len(anchors),), -1)
    if len(boxes):
        table = torchvision.ops.box_iou(torch.from_numpy(anchors), torch.from_numpy(boxes))
        largest, nearest = table.max(dim=1)
        answer[largest >= below] = -2
        answer[largest >= above] = nearest[largest >= above]
        how_much = torch.zeros(len(anchors), dtype=torch.float64)
        for place, column in enumerate(table.T):
            for anchor in torch.nonzero((column == column.max()) & (column > how_much))[:, 0]:
                answer[anchor], how_much[anchor] = place, column[anchor]
    return answer


def roi_pool(maps, region, size, scale):
    """Masks in torch, float32."""

    def members(start, end, cells, side):
        a, b = (math.floor(abs(v * scale) + 0.5) * (1 if v > 0 else -1) for v in (start, end))
        n, places = max(b - a + 1, 1), np.arange(side)
        return [(places >= a + (i * n) // cells) & (places < a + math.ceil((i + 1) * n / cells)) for i in range(cells)]

    maps = torch.from_numpy(maps).float()
    rows = members(region[1], region[3], size[0], maps.shape[1])
    columns = members(region[0], region[2], size[1], maps.shape[2])
    cells = [maps[:, torch.from_numpy(r)][:, :, torch.from_numpy(c)].flatten(1) for r in rows for c in columns]
    return torch.stack([c.amax(1) if c.numel() else torch.zeros(len(maps)) for c in cells], dim=1).view(-1, *size)


def roi_pool_value_by_value(maps, region, size, scale):
    x1, y1, x2, y2 = (int(math.copysign(math.floor(abs(v) + 0.5), v)) for v in region * scale)
    wide, high = max(x2 - x1 + 1, 1), max(y2 - y1 + 1, 1)
    pooled = [[[0.0] * size[1] for _ in range(size[0])] for _ in maps]
    for channel, i, j in np.ndindex(len(maps), *size):
        seen = [
            maps[channel, y, x]
            for y in range(y1 + i * high // size[0], y1 - (-(i + 1) * high // size[0]))
            for x in range(x1 + j * wide // size[1], x1 - (-(j + 1) * wide // size[1]))
            if 0 <= y < maps.shape[1] and 0 <= x < maps.shape[2]
        ]
        pooled[channel][i][j] = max(seen, default=0.0)
    return pooled


def decode_yolo(answer, bases, classes, per_box):
    """Vectorised numpy, float32."""
    s, b = len(answer), len(bases)
    answer, bases = answer.astype(np.float32), np.array(bases, dtype=np.float32)
    if not per_box:
        shared = np.repeat(answer[:, :, None, 5 * b :], b, axis=2)
        answer = np.concatenate([answer[:, :, : 5 * b].reshape(s, s, b, 5), shared], axis=3)
    row, column = np.indices((s, s))[..., None]
    x, y = (column + 0.5) / s + answer[..., 0] * bases[:, 0], (row + 0.5) / s + answer[..., 1] * bases[:, 1]
    w, h = bases[:, 0] * np.exp(answer[..., 3]), bases[:, 1] * np.exp(answer[..., 2])
    return np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], axis=-1), answer[..., 4:5] * answer[..., 5:]


def decode_yolo_in_torch(answer, bases, classes, per_box):
    answer, bases = torch.from_numpy(answer), torch.tensor(bases, dtype=torch.float64)
    if per_box:
        numbers, given = answer.split([5, classes], dim=-1)
    else:
        numbers, given = answer.split([5 * len(bases), classes], dim=-1)
        numbers, given = numbers.unflatten(-1, (len(bases), 5)), given.unsqueeze(2)
    dx, dy, dh, dw, sure = numbers.unbind(-1)
    step = (torch.arange(len(answer)) + 0.5) / len(answer)
    middles = torch.stack([step[None, :, None] + dx * bases[:, 0], step[:, None, None] + dy * bases[:, 1]], dim=-1)
    sides = torch.stack([dw, dh], dim=-1).exp() * bases / 2
    return [torch.cat([middles - sides, middles + sides], dim=-1), sure[..., None] * given]


def corner_pool(across, along):
    """The definition, place by place, in lists."""
    rows, columns = across.shape
    return [[max(across[i, j:]) + max(along[i:, j]) for j in range(columns)] for i in range(rows)]


def corner_pool_in_torch(across, along):
    across, along = torch.from_numpy(across).float(), torch.from_numpy(along).float()
    return across.flip(1).cummax(1).values.flip(1) + along.flip(0).cummax(0).values.flip(0)


def corner_pool_in_place(across, along):
    """Uses up its arguments."""
    for j in range(across.shape[1] - 2, -1, -1):
        across[:, j] = np.maximum(across[:, j], across[:, j + 1])
    for i in range(len(along) - 2, -1, -1):
        along[i] = np.where(along[i] < along[i + 1], along[i + 1], along[i])
    across += along
    return across


def roi_align(maps, region, size, scale):
    """The definition, place by place."""
    x1, y1, x2, y2 = region * scale
    height, width = maps.shape[1:]

    def read(m, q, p):
        if not (-1 <= p <= width and -1 <= q <= height):
            return 0.0
        q, p = min(max(q, 0), height - 1), min(max(p, 0), width - 1)
        i, j = math.floor(q), math.floor(p)
        s, t = q - i, p - j
        value = (1 - s) * (1 - t) * m[i, j]
        value += (1 - s) * t * m[i, j + 1] if t else 0
        value += s * (1 - t) * m[i + 1, j] if s else 0
        return value + (s * t * m[i + 1, j + 1] if s and t else 0)

    found = np.zeros((len(maps), *size))
    for c, i, j in np.ndindex(found.shape):
        for a in (0.25, 0.75):
            for b in (0.25, 0.75):
                q, p = y1 + (i + a) * (y2 - y1) / size[0] - 0.5, x1 + (j + b) * (x2 - x1) / size[1] - 0.5
                found[c, i, j] += read(maps[c], q, p) / 4
    return found


def roi_align_in_torch(maps, region, size, scale):
    """float32, all places of a map at once, gathered by their numbers."""
    maps, (x1, y1, x2, y2) = torch.from_numpy(maps).float(), (float(v) * scale for v in region)
    (h, w), (height, width) = size, maps.shape[1:]
    q = y1 - 0.5 + (torch.arange(2 * h) / 2 + 0.25) * (y2 - y1) / h
    p = x1 - 0.5 + (torch.arange(2 * w) / 2 + 0.25) * (x2 - x1) / w
    outside = ((q < -1) | (q > height))[:, None] | ((p < -1) | (p > width))
    q, p = q.clamp(0, height - 1), p.clamp(0, width - 1)
    i, j = q.long(), p.long()
    s, t = (q - i)[:, None], p - j
    below, beside = (i + 1).clamp(max=height - 1), (j + 1).clamp(max=width - 1)
    upper = maps[:, i][:, :, j] * (1 - t) + maps[:, i][:, :, beside] * t
    lower = maps[:, below][:, :, j] * (1 - t) + maps[:, below][:, :, beside] * t
    seen = (upper * (1 - s) + lower * s).masked_fill(outside, 0)
    return seen.view(-1, h, 2, w, 2).mean(dim=(2, 4))


RIGHT = {
    "iou": [iou, iou_in_loops, iou_in_columns],
    "nms": [nms, nms_in_torch, nms_by_sorting_tuples],
    "make_anchors": [make_anchors, make_anchors_in_torch],
    "assign_anchors": [assign_anchors, assign_anchors_in_torch],
    "roi_pool": [roi_pool, roi_pool_value_by_value],
    "decode_yolo": [decode_yolo, decode_yolo_in_torch],
    "corner_pool": [corner_pool, corner_pool_in_torch, corner_pool_in_place],
    "roi_align": [roi_align, roi_align_in_torch],
}
