"""The same eight functions in other hands."""

import math

import numpy as np
import torch


def cross_entropy(logits, labels):
    """numpy's own logarithm of a sum of powers, one example after the other, in float32 at the end."""
    losses = [np.logaddexp.reduce(row) - row[label] for row, label in zip(logits, labels, strict=True)]
    return np.float32(np.mean(losses))


def cross_entropy_in_torch(logits, labels):
    logits, labels = torch.from_numpy(logits), torch.from_numpy(labels)
    return (torch.logsumexp(logits, dim=1) - logits.gather(1, labels[:, None])[:, 0]).mean()


def cross_entropy_in_plain_python(logits, labels):
    total = 0.0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        top = max(row)
        total -= row[label] - top - math.log(sum(math.exp(score - top) for score in row))
    return total / len(labels)


def cross_entropy_slope(logits, labels):
    """The loss walked backwards by torch."""
    scores = torch.tensor(logits, requires_grad=True)
    rows = torch.arange(len(labels))
    (scores.logsumexp(1) - scores[rows, torch.as_tensor(labels)]).mean().backward()
    return scores.grad


def cross_entropy_slope_by_ratios(logits, labels):
    """1 over the sum of powers of differences, which overflow to infinity on purpose."""
    with np.errstate(over="ignore"):
        p = 1 / np.exp(logits[:, None, :] - logits[:, :, None]).sum(axis=2)
    return (p - np.eye(logits.shape[1])[labels]) / len(logits)


def cross_entropy_slope_in_lists(logits, labels):
    """float32 and nested lists."""
    answer = []
    for row, label in zip(logits.astype(np.float32), labels, strict=True):
        powers = np.exp(row - row.max())
        answer.append([(power / powers.sum() - (k == label)) / len(labels) for k, power in enumerate(powers)])
    return answer


def focal_loss(p, y, gamma):
    """A truth value as a number: 1 - p for y = 0."""
    right = np.abs(1 - y - p)
    return np.power(1 - right, gamma) * -np.log(right)


def focal_loss_in_torch(p, y, gamma):
    p, y = torch.from_numpy(p), torch.from_numpy(y).bool()
    right = p.where(y, 1 - p).clamp(min=1e-12)
    return (1 - right).pow(gamma) * right.log().neg()


def focal_loss_one_by_one(p, y, gamma):
    answer = []
    for share, object_ in zip(p, y, strict=True):
        right = share if object_ else 1 - share
        answer.append(float((1 - right) ** gamma * -math.log(right)))
    return answer


def precision_recall(scores, hits, wanted):
    """A list that is sorted, and two counters."""
    if not wanted:
        raise ValueError
    precision, recall, found = [], [], 0
    for place, (_, hit) in enumerate(
        sorted(zip(scores.tolist(), hits.tolist(), strict=True), key=lambda pair: -pair[0])
    ):
        found += hit
        precision.append(found / (place + 1))
        recall.append(found / wanted)
    return precision, recall


def precision_recall_in_torch(scores, hits, wanted):
    if wanted < 1:
        raise ValueError("nothing to be found")
    order = torch.sort(torch.from_numpy(scores), descending=True, stable=True).indices
    found = torch.from_numpy(hits)[order].cumsum(0)
    return [found / torch.arange(1, len(hits) + 1), found / wanted]


def precision_recall_by_comparing(scores, hits, wanted):
    """How many stand before each, without sorting; an array (2, M)."""
    if wanted == 0:
        raise ValueError
    places = np.arange(len(scores))
    before = (scores[None] > scores[:, None]) | ((scores[None] == scores[:, None]) & (places[None] <= places[:, None]))
    rank, found = before.sum(axis=1), (before & hits[None]).sum(axis=1)
    answer = np.empty((2, len(scores)))
    answer[:, rank - 1] = found / rank, found / wanted
    return answer


def average_precision(precision, recall, rule):
    """A running maximum from the end, and searching in what rises."""
    envelope = np.maximum.accumulate(np.append(precision, 0.0)[::-1])[::-1]
    if rule == "11 points":
        return envelope[np.searchsorted(recall, np.arange(11) / 10)].mean()
    return np.sum(np.diff(np.concatenate([[0.0], recall])) * envelope[:-1])


def average_precision_in_torch(precision, recall, rule):
    precision, recall = torch.from_numpy(precision.copy()), torch.from_numpy(recall.copy())
    levels = torch.arange(11, dtype=torch.float64) / 10 if rule == "11 points" else recall
    reached = recall[None] >= levels[:, None]
    ahead = torch.cat([precision.where(reached, 0), torch.zeros(len(levels), 1)], dim=1).amax(1)
    if rule == "11 points":
        return ahead.mean()
    return torch.dot(torch.diff(recall, prepend=torch.zeros(1)), ahead)


def average_precision_backwards(precision, recall, rule):
    """From the last detection to the first, in plain Python."""
    points = list(zip(recall.tolist(), precision.tolist(), strict=True))
    if rule == "11 points":
        return math.fsum(max([p for r, p in points if r >= k / 10] or [0]) for k in range(11)) / 11
    total, best = 0, 0
    for place in reversed(range(len(points))):
        best = max(best, points[place][1])
        total += best * (points[place][0] - (points[place - 1][0] if place else 0))
    return total


def coco_ap(table):
    """Columns without a number are thrown away, then means of means."""
    rows, _ = table.shape
    if rows != 10:
        raise ValueError(rows)
    columns = [column for column in table.T if not np.isnan(column).any()]
    if not columns:
        return {"AP": math.nan, "AP50": math.nan, "AP75": math.nan}
    overlaps = [round(0.5 + 0.05 * step, 2) for step in range(10)]
    means = dict(zip(overlaps, np.float32(columns).mean(axis=0), strict=True))
    return {"AP": sum(means.values()) / 10, "AP50": means[0.5], "AP75": means[0.75]}


def coco_ap_in_torch(table):
    if table.shape[0] != 10:
        raise ValueError("not ten")
    table = torch.from_numpy(table)
    return {"AP75": table[5].nanmean(), "AP50": table[0].nanmean(), "AP": table.nanmean()}


def segmentation_scores(counts):
    """Divides by nothing and sorts it out afterwards."""
    with np.errstate(invalid="ignore"):
        diagonal, rows, columns = counts.diagonal(), counts.sum(1), counts.sum(0)
        iou = diagonal / (rows + columns - diagonal)
        recall, dice = diagonal / rows, 2 * diagonal / (rows + columns)
    return {
        "IoU": iou,
        "Dice": dice,
        "mIoU": np.nanmean(iou),
        "PA": np.trace(counts) / np.sum(counts),
        "MPA": np.nanmean(recall),
    }


def segmentation_scores_in_torch(counts):
    counts = torch.from_numpy(counts).double()
    hits, misses, alarms = counts.diag(), counts.sum(1) - counts.diag(), counts.sum(0) - counts.diag()
    iou = hits / (hits + misses + alarms)
    return {
        "PA": hits.sum() / counts.sum(),
        "MPA": (hits / (hits + misses)).nanmean(),
        "IoU": iou,
        "mIoU": iou.nanmean(),
        "Dice": 2 * iou / (1 + iou),
    }


def segmentation_scores_pixel_by_pixel(counts):
    """Loops over the table; lists for arrays."""
    classes = range(len(counts))
    iou, dice, found = [], [], []
    for k in classes:
        hits = counts[k][k]
        wrong = sum(counts[k][j] + counts[j][k] for j in classes if j != k)
        iou.append(hits / (hits + wrong) if hits + wrong else math.nan)
        dice.append(2 * hits / (2 * hits + wrong) if hits + wrong else math.nan)
        if sum(counts[k]):
            found.append(hits / sum(counts[k]))
    there = [share for share in iou if share == share]
    right, every = sum(counts[k][k] for k in classes), sum(sum(row) for row in counts)
    return {
        "PA": right / every,
        "MPA": sum(found) / len(found),
        "IoU": iou,
        "mIoU": sum(there) / len(there),
        "Dice": dice,
    }


def border_weights(cells, w_0, sigma):
    """Pixel by pixel."""
    high, wide = cells.shape
    where = {}
    for place in np.ndindex(high, wide):
        where.setdefault(int(cells[place]), []).append(place)
    ground = where.pop(0, [])
    size = high * wide
    weights = np.full(cells.shape, 1.0 if len(ground) in (0, size) else 0.5 * size / (size - len(ground)))
    for place in ground:
        weights[place] = 1.0 if len(ground) == size else 0.5 * size / len(ground)
        far = sorted(min(math.dist(place, other) for other in pixels) for pixels in where.values())
        if len(far) > 1:
            weights[place] += w_0 * math.exp(-((far[0] + far[1]) ** 2) / (2 * sigma**2))
    return weights


def border_weights_in_torch(cells, w_0, sigma):
    cells = torch.from_numpy(cells)
    inside, share = cells > 0, (cells > 0).double().mean()
    weights = torch.ones(cells.shape, dtype=torch.float64)
    if 0 < share < 1:
        weights = torch.where(inside, 0.5 / share, 0.5 / (1 - share))
    every = torch.cartesian_prod(*(torch.arange(side) for side in cells.shape)).double()
    numbers = cells[inside].unique()
    if len(numbers) > 1:
        far = torch.stack([torch.cdist(every, (cells == number).nonzero().double()).amin(1) for number in numbers])
        apart = far.topk(2, dim=0, largest=False).values.sum(0).reshape(cells.shape)
        weights = weights + torch.where(inside, 0.0, w_0 * torch.exp(-(apart**2) / 2 / sigma**2))
    return weights


RIGHT = {
    "cross_entropy": [cross_entropy, cross_entropy_in_torch, cross_entropy_in_plain_python],
    "cross_entropy_slope": [cross_entropy_slope, cross_entropy_slope_by_ratios, cross_entropy_slope_in_lists],
    "focal_loss": [focal_loss, focal_loss_in_torch, focal_loss_one_by_one],
    "precision_recall": [precision_recall, precision_recall_in_torch, precision_recall_by_comparing],
    "average_precision": [average_precision, average_precision_in_torch, average_precision_backwards],
    "coco_ap": [coco_ap, coco_ap_in_torch],
    "segmentation_scores": [
        segmentation_scores,
        segmentation_scores_in_torch,
        segmentation_scores_pixel_by_pixel,
    ],
    "border_weights": [border_weights, border_weights_in_torch],
}
