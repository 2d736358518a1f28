"""The same eight functions in other hands."""

import numpy as np
import torch
from torch.nn import functional


def global_pool(maps, mode):
    """Plain loops over lists."""
    if mode not in ("average", "maximum"):
        raise ValueError(mode)
    found = []
    for rows in maps.tolist():
        values = [value for row in rows for value in row]
        found.append(sum(values) / len(values) if mode == "average" else max(values))
    return found


def global_pool_in_torch(maps, mode="average"):
    pool = {"average": functional.adaptive_avg_pool2d, "maximum": functional.adaptive_max_pool2d}.get(mode)
    if pool is None:
        raise ValueError("no such mode")
    return pool(torch.tensor(maps, dtype=torch.float32), 1).flatten()


def global_pool_on_lines(maps, mode):
    """float32, one long line for every map."""
    lines = maps.reshape(len(maps), -1).astype(np.float32)
    match mode:
        case "average":
            return lines @ np.full(lines.shape[1], 1 / lines.shape[1], dtype=np.float32)
        case "maximum":
            return np.sort(lines, axis=1)[:, -1]
    raise ValueError(mode)


def gap_matrix(maps, height, width):
    """Truth values of which value belongs to which map, divided."""
    return (np.arange(maps)[:, None] == np.arange(maps * height * width) // (height * width)) / (height * width)


def gap_matrix_in_torch(maps, height, width):
    return torch.block_diag(*[torch.full((1, height * width), 1 / (height * width)) for _ in range(maps)])


def gap_matrix_in_lists(maps, height, width):
    places = height * width
    return [[1 / places if j // places == c else 0 for j in range(maps * places)] for c in range(maps)]


def cam(maps, weights, bias):
    """As one product of matrices; a list of two."""
    count, height, width = maps.shape
    votes = weights @ maps.reshape(count, height * width)
    return [votes.reshape(-1, height, width), votes.mean(axis=1) + bias]


def cam_in_torch(maps, weights, bias):
    """A convolution of 1x1, and the head of the network itself."""
    maps, weights, bias = (torch.tensor(each, dtype=torch.float32) for each in (maps, weights, bias))
    return functional.conv2d(maps[None], weights[:, :, None, None])[0], weights @ maps.mean(dim=(1, 2)) + bias


def cam_place_by_place(maps, weights, bias):
    votes = np.zeros((len(weights), *maps.shape[1:]))
    for k, y, x in np.ndindex(*votes.shape):
        votes[k, y, x] = sum(weights[k, c] * maps[c, y, x] for c in range(len(maps)))
    return votes, [float(each.mean()) + b for each, b in zip(votes, bias, strict=True)]


def grad_cam(net, image, label, layer):
    """By hooks, in numpy at the end."""
    kept = {}

    def keep(module, taken, output):
        output.retain_grad()
        kept["maps"] = output

    hook = net[layer].register_forward_hook(keep)
    scores = net(image.requires_grad_().unsqueeze(0))
    hook.remove()
    net.zero_grad()
    scores[0, label].backward()
    maps, slopes = kept["maps"].detach().numpy()[0], kept["maps"].grad.numpy()[0]
    return np.maximum(np.tensordot(slopes.mean(axis=(1, 2)), maps, axes=1), 0)


def grad_cam_layer_by_layer(net, image, label, layer):
    """Every layer called by itself, and an answer that still wants a gradient."""
    value = image[None]
    for number, each in enumerate(net):
        value = each(value)
        if number == layer:
            maps = value = value.clone().requires_grad_() if not value.requires_grad else value
    (slopes,) = torch.autograd.grad(value.squeeze(0)[label], maps, create_graph=True)
    return torch.relu(torch.einsum("chw,c->hw", maps[0], slopes[0].flatten(1).mean(dim=1)))


def grad_cam_by_jacobian(net, image, label, layer):
    """The slopes of all scores, one of which is taken; the sum map by map."""
    maps = net[: layer + 1](image[None]).detach()
    slopes = torch.autograd.functional.jacobian(lambda given: net[layer + 1 :](given)[0], maps)[label, 0]
    heat = torch.zeros(maps.shape[2:])
    for each, slope in zip(maps[0], slopes, strict=True):
        heat += slope.mean() * each
    heat[heat < 0] = 0
    return heat.tolist()


def cam_to_box(votes, share):
    """Names that spread to their neighbours until nothing changes any more, in numpy."""
    kept = votes > share * votes.max()
    if not votes.max() > 0:
        return None
    names = np.where(kept, np.arange(1, votes.size + 1).reshape(votes.shape)[::-1, ::-1], 0)
    while True:
        padded = np.pad(names, 1)
        around = [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
        spread = np.where(kept, np.maximum.reduce([names, *around]), 0)
        if (spread == names).all():
            break
        names = spread
    counts = np.bincount(names.ravel())
    counts[0] = 0
    name = np.flatnonzero(counts == counts.max()).max()  # the highest number is the first place
    rows, columns = np.nonzero(names == name)
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], dtype=float)


def cam_to_box_in_torch(votes, share):
    """A flood that grows by pooling, in float32."""
    heat = torch.tensor(votes, dtype=torch.float32)
    if heat.max() <= 0:
        return None
    left, best = heat > share * heat.max(), None
    plus = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
    while left.any():
        piece = torch.zeros_like(left)
        piece[tuple(left.nonzero()[0])] = True
        while True:
            grown = (functional.conv2d(piece[None, None].float(), plus, padding=1)[0, 0] > 0) & left
            if grown.equal(piece):
                break
            piece = grown
        left = left & ~piece
        if best is None or piece.sum() > best.sum():
            best = piece
    y, x = best.nonzero(as_tuple=True)
    return torch.stack([x.min(), y.min(), x.max() + 1, y.max() + 1])


def cam_to_box_by_recursion(votes, share):
    kept = (votes > max(0.0, share * votes.max())).tolist()
    height, width = len(kept), len(kept[0])

    def taken(y, x):
        if not (0 <= y < height and 0 <= x < width and kept[y][x]):
            return []
        kept[y][x] = False
        return [(x, y), *taken(y + 1, x), *taken(y - 1, x), *taken(y, x + 1), *taken(y, x - 1)]

    largest = max((taken(y, x) for y in range(height) for x in range(width)), key=len)
    if not largest:
        return None
    xs, ys = zip(*largest, strict=True)
    return [min(xs), min(ys), max(xs) + 1, max(ys) + 1]


def joint_loss(cls_loss, reg_loss, alpha):
    """From one loss towards the other."""
    if alpha < 0 or alpha > 1:
        raise ValueError("no share")
    return np.float32(reg_loss + alpha * (cls_loss - reg_loss))


def joint_loss_in_torch(cls_loss, reg_loss, alpha):
    if not 0 <= alpha <= 1:
        raise ValueError
    return torch.lerp(torch.tensor(reg_loss), torch.tensor(cls_loss), alpha)


def pose_loss(outputs, joints):
    """Masks in numpy."""
    seen = joints[:, 2] == 1
    off = outputs.reshape(joints.shape[0], 2) - joints[:, :2]
    return np.sum(off[seen] ** 2)


def pose_loss_in_torch(outputs, joints):
    outputs, joints = (torch.tensor(each, dtype=torch.float32) for each in (outputs, joints))
    if outputs.numel() != 2 * joints.shape[0]:
        raise ValueError("two outputs for every joint")
    weights = joints[:, 2:].expand(-1, 2)
    return functional.mse_loss(outputs.view(-1, 2) * weights, joints[:, :2] * weights, reduction="sum")


def pose_loss_in_place(outputs, joints):
    """Uses up its arguments."""
    if outputs.size != 2 * len(joints):
        raise ValueError
    outputs[::2] -= joints[:, 0]
    outputs[1::2] -= joints[:, 1]
    outputs *= joints[:, 2].repeat(2)
    joints[:] = np.nan
    return float(outputs @ outputs)


def augmented_objective(heat, coarse, views, shrink, smooth, small):
    """Sums over all at once."""
    h = heat.reshape(-1)
    missing = np.einsum("mp,lpq,q->lm", shrink, views, h) - coarse.reshape(len(coarse), -1)
    steps = sum(np.abs(np.diff(heat, axis=axis)).sum() for axis in (0, 1))
    return 0.5 * np.sum(missing**2) + smooth * steps + 0.5 * small * h @ h


def augmented_objective_in_torch(heat, coarse, views, shrink, smooth, small):
    h, coarse, views, shrink = (torch.tensor(each, dtype=torch.float32) for each in (heat, coarse, views, shrink))
    missing = (shrink @ views @ h.flatten()) - coarse.flatten(1)
    steps = h.diff(dim=0).abs().sum() + h.diff(dim=1).abs().sum()
    return missing.square().sum() / 2 + smooth * steps + small * h.norm() ** 2 / 2


def augmented_objective_in_loops(heat, coarse, views, shrink, smooth, small):
    side = len(heat)
    cost = small / 2 * sum(value * value for row in heat.tolist() for value in row)
    for y, x in np.ndindex(side, side):
        for near in ((y + 1, x), (y, x + 1)):
            if max(near) < side:
                cost += smooth * abs(heat[near] - heat[y, x])
    for view, wanted in zip(views, coarse, strict=True):
        seen = [sum(a * b for a, b in zip(row, heat.ravel(), strict=True)) for row in view]
        for row, number in zip(shrink, wanted.ravel(), strict=True):
            cost += (sum(a * b for a, b in zip(row, seen, strict=True)) - number) ** 2 / 2
    return cost


RIGHT = {
    "global_pool": [global_pool, global_pool_in_torch, global_pool_on_lines],
    "gap_matrix": [gap_matrix, gap_matrix_in_torch, gap_matrix_in_lists],
    "cam": [cam, cam_in_torch, cam_place_by_place],
    "grad_cam": [grad_cam, grad_cam_layer_by_layer, grad_cam_by_jacobian],
    "cam_to_box": [cam_to_box, cam_to_box_in_torch, cam_to_box_by_recursion],
    "joint_loss": [joint_loss, joint_loss_in_torch],
    "pose_loss": [pose_loss, pose_loss_in_torch, pose_loss_in_place],
    "augmented_objective": [augmented_objective, augmented_objective_in_torch, augmented_objective_in_loops],
}
