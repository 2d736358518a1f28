// Boxes as arithmetic, and small elements: what the editor of boxes is built of.

const HANDLES = { nw: [0, 0], n: [0.5, 0], ne: [1, 0], e: [1, 0.5], se: [1, 1], s: [0.5, 1], sw: [0, 1], w: [0, 0.5] };

function snapped(value, grid) { return Math.round(Math.round(value / grid) * grid * 1000) / 1000; }

function moved(box, by, size, { grid }) { // it stays on the picture and keeps its size
  const to = [...box];
  for (const axis of [0, 1]) {
    const side = box[axis + 2] - box[axis], start = clamp(snapped(box[axis] + by[axis], grid), 0, size[axis] - side);
    [to[axis], to[axis + 2]] = [start, start + side];
  }
  return to;
}

function sized(box, handle, by, size, { grid, least }) { // one corner or side goes along
  const to = [...box];
  HANDLES[handle].forEach((share, axis) => {
    if (share === 0) to[axis] = clamp(snapped(box[axis] + by[axis], grid), 0, box[axis + 2] - least);
    if (share === 1) to[axis + 2] = clamp(snapped(box[axis + 2] + by[axis], grid), box[axis] + least, size[axis]);
  });
  return to;
}

function fitted(box, size, { grid, least }) { // on the grid, on the picture, and not too small
  const to = box.map((value) => snapped(value, grid));
  for (const axis of [0, 1]) {
    to[axis] = clamp(to[axis], 0, size[axis] - least);
    to[axis + 2] = clamp(to[axis + 2], to[axis] + least, size[axis]);
  }
  return to;
}

// Where a name is written: above its box, or where no other name stands yet, if need be a line further off.
function spotFor(box, wide, high, size, taken) {
  const [x1, y1, x2, y2] = box, most = size[0] - wide, bottom = size[1] - high;
  const left = clamp(x1, 0, most), right = clamp(x2 - wide, 0, most);
  const spots = [[left, y1 - high], [left, y2], [right, y1 - high], [right, y2], [left, y1], [left, y2 - high], [right, y1], [right, y2 - high]];
  spots.push(...spots.slice(0, 4).map(([x, y]) => [x, y < y1 ? y - high : y + high]));
  const inside = spots.filter(([, top]) => top >= -1 && top <= bottom + 1);
  const free = inside.find(([x, y]) => !taken.some(([a, b, far]) => x < a + far && a < x + wide && Math.abs(y - b) < high));
  return free ?? inside[0] ?? [left, clamp(y1, 0, bottom)];
}

function area([x1, y1, x2, y2]) { return (x2 - x1) * (y2 - y1); }
