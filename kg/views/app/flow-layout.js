// The flow's nodes and ribbons -> places for them, ordered so that few ribbons cross.

import { lineage } from './concepts.js';

const WIDEST = 178;
const NARROWEST = 132;
const LEAST_GAP = 40; // between columns
const SHARE = 0.58; // of the width, for boxes
const TOP = 30;
const LINE = 16;
const MOST_LINES = 3;
const BESIDE = 58; // pixels for the sign and the number
const CHARACTER = 6.1; // pixels, on average
const GAP = 8;
const THIN = 3; // a denial, and the least that can be seen and clicked
const SWEEPS = 12;

/**
 * Lays a flow out.
 *
 * @param {object} flow from aggregate()
 * @param {number} asked width of the drawing, in pixels; it gets wider where it must
 * @param {number} height that it should have; it gets taller where it must
 * @returns {{width, height, unit, boxes: Map, paths: object[]}} `unit` is the width of a ribbon for
 *   one statement; a box has `node, x, y, width, height, lines`; a path `ribbon, points, width`
 */
export function layOut(flow, asked, height) {
  const width = Math.max(asked, flow.columns.length * (NARROWEST + LEAST_GAP));
  const slots = withDetours(flow);
  const order = ordered(flow, slots);
  const unit = unitFor(order, slots, height);
  const boxes = place(order, slots, unit, width, height);
  const bottom = Math.max(height, ...[...boxes.values()].map((box) => box.y + box.height + GAP));
  return { width, height: bottom, unit, boxes, paths: route(slots, boxes, unit), order };
}

/** Crossings of ribbons, counted between neighbouring columns. */
export function crossings({ paths }) {
  const gaps = new Map();
  for (const { points } of paths) {
    for (let at = 0; at + 1 < points.length; at += 1) {
      const [from, to] = [points[at], points[at + 1]];
      if (from.column === to.column) continue;
      if (!gaps.has(from.column)) gaps.set(from.column, []);
      gaps.get(from.column).push([from.y, to.y]);
    }
  }
  let found = 0;
  for (const lines of gaps.values()) {
    lines.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    lines.forEach(([, end], at) => {
      for (let other = at + 1; other < lines.length; other += 1)
        if (lines[other][1] < end) found += 1;
    });
  }
  return found;
}

/**
 * Ribbons that pass a column by get a slot in it, so that they do not run over its nodes.
 *
 * @returns {Map} ribbon id -> the ids of the slots that it goes through
 */
function withDetours(flow) {
  const at = new Map(flow.columns.map((name, number) => [name, number]));
  const slots = new Map();
  for (const ribbon of flow.ribbons.values()) {
    const first = at.get(flow.nodes.get(ribbon.from).column);
    const last = at.get(flow.nodes.get(ribbon.to).column);
    const stops = [ribbon.from];
    for (let column = first + 1; column < last; column += 1) stops.push(`${ribbon.id}@${column}`);
    slots.set(ribbon.id, { ribbon, first, stops: [...stops, ribbon.to] });
  }
  return slots;
}

/** Columns of slots: nodes and detours, by the mean place of what they are joined to. */
function ordered(flow, slots) {
  const columns = flow.columns.map(() => []);
  const near = new Map();
  const known = new Map();
  const enter = (id, column, node) => {
    if (known.has(id)) return;
    known.set(id, { id, node });
    columns[column].push(known.get(id));
    near.set(id, []);
  };
  for (const node of flow.nodes.values()) enter(node.id, flow.columns.indexOf(node.column), node);
  for (const { ribbon, first, stops } of slots.values()) {
    stops.forEach((id, step) => enter(id, first + step, null));
    for (let step = 0; step + 1 < stops.length; step += 1) {
      const size = ribbon.denied ? 1 : ribbon.statements.size;
      near.get(stops[step]).push([stops[step + 1], size]);
      near.get(stops[step + 1]).push([stops[step], size]);
    }
  }
  for (const column of columns) column.sort((a, b) => size(b) - size(a) || (a.id < b.id ? -1 : 1));
  sweep(columns, near);
  return columns;
}

const size = ({ node }) => node?.statements.size ?? 1;

function sweep(columns, near) {
  const place = new Map();
  const note = (column) => column.forEach((one, i) => place.set(one.id, (i + 0.5) / column.length));
  columns.forEach(note);
  for (let round = 0; round < SWEEPS; round += 1) {
    for (const column of round % 2 ? [...columns].reverse() : columns) {
      const wish = new Map(column.map((one) => [one, middle(near.get(one.id), place)]));
      const family = familyWishes(column, wish);
      column.sort(
        (a, b) =>
          family.get(a) - family.get(b) ||
          wish.get(a) - wish.get(b) ||
          size(b) - size(a) ||
          (a.id < b.id ? -1 : 1),
      );
      note(column);
    }
  }
}

function middle(joined, place) {
  let sum = 0;
  let count = 0;
  for (const [other, size] of joined) {
    sum += place.get(other) * size;
    count += size;
  }
  // Rounded, so that equal wishes are equal, and the larger node comes first.
  return count ? Math.round((1e6 * sum) / count) / 1e6 : 0.5;
}

/** Nodes below the same opened concept stay together: they share the mean of their wishes. */
function familyWishes(column, wish) {
  const families = new Map();
  for (const one of column) {
    const name = familyOf(one);
    if (!families.has(name)) families.set(name, []);
    families.get(name).push(wish.get(one));
  }
  const means = new Map();
  for (const [name, wishes] of families) {
    means.set(name, wishes.reduce((sum, one) => sum + one, 0) / wishes.length);
  }
  return new Map(column.map((one) => [one, means.get(familyOf(one))]));
}

function familyOf({ id, node }) {
  if (!node?.concept) return id;
  const above = [...lineage(node.concept)].filter(
    (one) => !one.wide && (node.bare || one !== node.concept),
  );
  return above.length ? `${node.column}/${above[0].key}` : id;
}

/** The width of a ribbon for one statement, so that the fullest column fits the height. */
function unitFor(order, slots, height) {
  const loads = loadsOf(slots, 1);
  let unit = 14;
  for (const column of order) {
    const fixed = column.length * GAP + TOP + column.filter(({ node }) => node).length * 4;
    const load = column.reduce((sum, one) => sum + (loads.get(one.id)?.most ?? 1), 0);
    unit = Math.min(unit, (height - fixed) / Math.max(load, 1));
  }
  return Math.max(unit, 0.4);
}

/** What comes in and goes out at each slot, in pixels. */
function loadsOf(slots, unit) {
  const loads = new Map();
  const add = (id, side, width) => {
    if (!loads.has(id)) loads.set(id, { in: 0, out: 0, most: 0 });
    const load = loads.get(id);
    load[side] += width;
    load.most = Math.max(load.in, load.out);
  };
  for (const { ribbon, stops } of slots.values()) {
    const width = thickness(ribbon, unit);
    for (let step = 0; step + 1 < stops.length; step += 1) {
      add(stops[step], 'out', width + 1);
      add(stops[step + 1], 'in', width + 1);
    }
  }
  return loads;
}

const thickness = ({ denied, statements }, unit) =>
  denied ? THIN : Math.max(THIN, statements.size * unit);

function place(order, slots, unit, width, height) {
  const loads = loadsOf(slots, unit);
  const wide = Math.min(WIDEST, Math.max(NARROWEST, (width * SHARE) / order.length));
  const step = order.length === 1 ? 0 : (width - wide - 2) / (order.length - 1);
  const boxes = new Map();
  order.forEach((column, number) => {
    const made = column.map(({ id, node }) => {
      const load = loads.get(id)?.most ?? 0;
      const lines = node ? labelLines(node.label, wide) : [];
      const tall = node ? Math.max(lines.length * LINE + 8, load + 4) : load;
      return { id, node, column: number, lines, x: number * step + 1, width: wide, height: tall };
    });
    const needed = made.reduce((sum, box) => sum + box.height + GAP, 0);
    let y = TOP + Math.max(0, (height - TOP - needed) / 2);
    for (const box of made) {
      boxes.set(box.id, { ...box, y });
      y += box.height + GAP;
    }
  });
  return boxes;
}

/** Ribbons get their places along the sides of the slots, in the order of their other ends. */
function route(slots, boxes, unit) {
  const ports = new Map();
  const middleOf = (id) => boxes.get(id).y + boxes.get(id).height / 2;
  for (const side of ['out', 'in']) {
    for (const [id, ends] of sidesOf(slots, side)) {
      const sorted = ends.sort(
        (a, b) => middleOf(a.other) - middleOf(b.other) || (a.ribbon.id < b.ribbon.id ? -1 : 1),
      );
      const total = sorted.reduce((sum, { ribbon }) => sum + thickness(ribbon, unit) + 1, 0);
      let y = middleOf(id) - total / 2;
      for (const { ribbon } of sorted) {
        const width = thickness(ribbon, unit);
        ports.set(`${ribbon.id} ${id} ${side}`, y + (width + 1) / 2);
        y += width + 1;
      }
    }
  }
  return [...slots.values()].map(({ ribbon, stops }) => ({
    ribbon,
    width: thickness(ribbon, unit),
    points: stops.flatMap((id, step) => pointsAt(id, step, stops.length, ribbon, boxes, ports)),
  }));
}

function sidesOf(slots, side) {
  const found = new Map();
  for (const { ribbon, stops } of slots.values()) {
    for (let step = 0; step + 1 < stops.length; step += 1) {
      const [id, other] =
        side === 'out' ? [stops[step], stops[step + 1]] : [stops[step + 1], stops[step]];
      if (!found.has(id)) found.set(id, []);
      found.get(id).push({ ribbon, other });
    }
  }
  return found;
}

function pointsAt(id, step, count, ribbon, boxes, ports) {
  const box = boxes.get(id);
  const port = (side) => ports.get(`${ribbon.id} ${id} ${side}`);
  if (step === 0) return [{ x: box.x + box.width, y: port('out'), column: box.column }];
  if (step === count - 1) return [{ x: box.x, y: port('in'), column: box.column }];
  const level = { y: port('in'), column: box.column };
  return [
    { x: box.x, ...level },
    { x: box.x + box.width, ...level },
  ];
}

/** A label on at most three lines in a box of some width. */
function labelLines(label, width) {
  const most = Math.floor((width - BESIDE) / CHARACTER);
  const lines = [];
  let rest = [...label]; // code points, so that none is cut in two
  while (rest.length > most && lines.length < MOST_LINES - 1) {
    const space = rest.lastIndexOf(' ', most);
    const cut = space > 0 ? space : most;
    lines.push(rest.slice(0, cut).join(''));
    rest = rest.slice(rest[cut] === ' ' ? cut + 1 : cut);
  }
  const last = rest.length > most ? [...rest.slice(0, most - 1), '…'] : rest;
  return [...lines, last.join('')];
}

/** A path through points, level at each of them. */
export function curve(points) {
  const [first, ...rest] = points;
  let before = first;
  const steps = rest.map((point) => {
    const middle = ((before.x + point.x) / 2).toFixed(1);
    const [from, to] = [before.y, point.y].map((y) => y.toFixed(1));
    before = point;
    const end = `${point.x.toFixed(1)} ${to}`;
    return from === to ? `L${end}` : `C${middle} ${from} ${middle} ${to} ${end}`;
  });
  return `M${first.x.toFixed(1)} ${first.y.toFixed(1)}${steps.join('')}`;
}
