import assert from 'node:assert/strict';
import { test } from 'node:test';

import { crossings, curve, layOut } from '../../kg/views/app/flow-layout.js';
import { forMany, made, random } from './build.mjs';
import { anyFlow, eachLaid, flowOf, HEIGHT, SOME } from './laid.mjs';

const NEARLY = 1e-6;

test('every node has a box and every ribbon a path', () => {
  const flow = flowOf(SOME);
  const laid = layOut(flow, 1000, HEIGHT);
  for (const id of flow.nodes.keys()) assert.equal(laid.boxes.get(id).node.id, id);
  assert.deepEqual(new Set(laid.paths.map(({ ribbon }) => ribbon)), new Set(flow.ribbons.values()));
  assert.equal(laid.paths.length, flow.ribbons.size);
});

test('a flow of nothing is laid out', () => {
  const laid = layOut(flowOf(made([])), 1000, HEIGHT);
  assert.deepEqual([laid.boxes.size, laid.paths.length, laid.height], [0, 0, HEIGHT]);
  assert.equal(crossings(laid), 0);
});

test('one column alone is laid out', () => {
  const laid = layOut(flowOf(SOME, ['data']), 1000, HEIGHT);
  assert.equal(laid.boxes.size, 2);
  assert.equal(laid.paths.length, 0);
});

test('boxes of a column do not overlap', () => {
  eachLaid((laid, flow) => {
    const boxes = [...laid.boxes.values()];
    for (let column = 0; column < flow.columns.length; column += 1) {
      const here = boxes.filter((box) => box.column === column).sort((a, b) => a.y - b.y);
      for (let at = 0; at + 1 < here.length; at += 1) {
        assert.ok(here[at].y + here[at].height <= here[at + 1].y + NEARLY);
      }
    }
  });
});

test('all is inside the drawing', () => {
  eachLaid((laid, flow, asked) => {
    const { width } = laid;
    assert.ok(width >= asked);
    assert.ok(laid.height >= HEIGHT);
    for (const box of laid.boxes.values()) {
      assert.ok(box.x >= 0 && box.x + box.width <= width, 'x');
      assert.ok(box.y >= 0 && box.y + box.height <= laid.height, 'y');
      for (const number of [box.x, box.y, box.width, box.height])
        assert.ok(Number.isFinite(number));
    }
    for (const { points, width: thick } of laid.paths) {
      for (const { x, y } of points) {
        assert.ok(x >= 0 && x <= width && y - thick / 2 >= 0 && y + thick / 2 <= laid.height);
      }
    }
  });
});

test('ribbons end on their boxes, side by side', () => {
  eachLaid((laid, flow) => {
    const sides = new Map();
    for (const { ribbon, points, width } of laid.paths) {
      const [from, to] = [laid.boxes.get(ribbon.from), laid.boxes.get(ribbon.to)];
      const ends = [
        [from, points[0], from.x + from.width, `${ribbon.from} out`],
        [to, points.at(-1), to.x, `${ribbon.to} in`],
      ];
      for (const [box, point, x, side] of ends) {
        assert.equal(point.x, x);
        assert.ok(point.y - width / 2 >= box.y - NEARLY);
        assert.ok(point.y + width / 2 <= box.y + box.height + NEARLY);
        if (!sides.has(side)) sides.set(side, []);
        sides.get(side).push([point.y - width / 2, point.y + width / 2]);
      }
    }
    for (const spans of sides.values()) {
      spans.sort((a, b) => a[0] - b[0]);
      for (let at = 0; at + 1 < spans.length; at += 1) {
        assert.ok(spans[at][1] <= spans[at + 1][0] + NEARLY);
      }
    }
    assert.equal(flow.ribbons.size, laid.paths.length);
  });
});

test('a ribbon passes a column by in a place of its own', () => {
  const flow = flowOf(SOME, ['source', 'data', 'company', 'purpose', 'recipient']);
  const laid = layOut(flow, 1400, HEIGHT);
  const skipping = laid.paths.filter(({ points }) => points.length > 2);
  assert.ok(skipping.length > 0);
  eachLaid(({ boxes, paths }) => {
    for (const { points, width } of paths) {
      for (const { y, column } of points.slice(1, -1)) {
        for (const box of boxes.values()) {
          if (!box.node || box.column !== column) continue;
          assert.ok(
            y + width / 2 <= box.y + NEARLY || y - width / 2 >= box.y + box.height - NEARLY,
          );
        }
      }
    }
  });
});

test('ribbons are as thick as their statements are many, denials are thin', () => {
  eachLaid(({ paths, unit }) => {
    for (const { ribbon, width } of paths) {
      const expected = ribbon.denied ? 3 : Math.max(3, ribbon.statements.size * unit);
      assert.equal(width, expected);
    }
  });
});

test('the same flow is laid out in the same way', () => {
  const bare = ({ boxes, paths, height }) => ({
    boxes: [...boxes.values()].map(({ id, x, y, width, height }) => [id, x, y, width, height]),
    paths: paths.map(({ ribbon, points }) => [ribbon.id, points]),
    height,
  });
  for (let seed = 1; seed <= 30; seed += 1) {
    const [one, two] = [random(seed), random(seed)].map((source) =>
      bare(layOut(anyFlow(source), 1000, HEIGHT)),
    );
    assert.deepEqual(one, two);
  }
});

/** Crossings between neighbouring columns, pair by pair. */
function crossedPairs(paths) {
  const steps = [];
  for (const { points } of paths) {
    for (let at = 0; at + 1 < points.length; at += 1) {
      const [from, to] = [points[at], points[at + 1]];
      if (from.column !== to.column) steps.push([from, to]);
    }
  }
  let found = 0;
  steps.forEach(([from, to], at) => {
    for (const [start, end] of steps.slice(at + 1)) {
      if (start.column === from.column && (start.y - from.y) * (end.y - to.y) < 0) found += 1;
    }
  });
  return found;
}

test('crossings are counted', () => {
  const path = (...ys) => ({ points: ys.map((y, column) => ({ x: column, y, column })) });
  assert.equal(crossings({ paths: [path(0, 1), path(1, 0)] }), 1);
  assert.equal(crossings({ paths: [path(0, 1), path(1, 2)] }), 0);
  assert.equal(crossings({ paths: [path(0, 2, 0), path(1, 1, 1), path(2, 0, 2)] }), 6);
  eachLaid((laid) => assert.equal(crossings(laid), crossedPairs(laid.paths)));
});

/** Crossings of ribbons when the slots of each column stand in some order. */
function crossedIn(order, flow) {
  const place = new Map(order.flatMap((column) => column.map(({ id }, at) => [id, at])));
  const column = new Map(order.flatMap((slots, at) => slots.map(({ id }) => [id, at])));
  const steps = [...flow.ribbons.values()].flatMap(({ id, from, to }) => {
    const stops = [from];
    for (let at = column.get(from) + 1; at < column.get(to); at += 1) stops.push(`${id}@${at}`);
    stops.push(to);
    return stops.slice(1).map((stop, at) => [stops[at], stop]);
  });
  let found = 0;
  steps.forEach(([from, to], at) => {
    for (const [start, end] of steps.slice(at + 1)) {
      if (column.get(start) !== column.get(from)) continue;
      const sides = (place.get(start) - place.get(from)) * (place.get(end) - place.get(to));
      if (sides < 0) found += 1;
    }
  });
  return found;
}

test('the order has fewer crossings than that by size', () => {
  let first = 0;
  let last = 0;
  forMany(100, (source) => {
    const flow = anyFlow(source);
    const { order } = layOut(flow, 1000, HEIGHT);
    const size = ({ node }) => node?.statements.size ?? 1;
    const bySize = order.map((slots) =>
      [...slots].sort((a, b) => size(b) - size(a) || (a.id < b.id ? -1 : 1)),
    );
    first += crossedIn(bySize, flow);
    last += crossedIn(order, flow);
  });
  assert.ok(last < 0.8 * first, `${last} of ${first}`);
});

/** Keys of the data from top to bottom, of a flow from data to recipients. */
function dataInOrder(said, ...opened) {
  const view = made(said);
  const flow = flowOf(view, ['data', 'recipient'], opened.map(view.at));
  const laid = layOut(flow, 1000, HEIGHT);
  const [data] = laid.order;
  return { keys: data.map(({ node }) => node.concept.key), crossed: crossings(laid) };
}

test('what is in an opened group stays together, what is in a wide one need not', () => {
  const share = (data, recipient) => ({ action: 'share', data: [data], recipient: [recipient] });
  const wide = dataInOrder([
    share('Contact', 'Advertiser'),
    share('Nickname', 'Advertiser'),
    share('Nickname', 'Advertiser'),
    share('Nickname', 'Google'),
    share('Health', 'Google'),
  ]);
  assert.equal(wide.keys.indexOf('own'), 1, wide.keys.join());
  assert.equal(wide.crossed, 0);
  const { keys } = dataInOrder(
    [
      share('Email', 'Advertiser'),
      share('Nickname', 'Advertiser'),
      share('Nickname', 'Advertiser'),
      share('Nickname', 'Google'),
      share('Phone', 'Google'),
    ],
    'data/Contact',
  );
  assert.notEqual(keys.indexOf('own'), 1, keys.join());
});

test('a curve goes through its points', () => {
  const points = [
    { x: 0, y: 1 },
    { x: 10, y: 1 },
    { x: 20, y: 5.25 },
  ];
  assert.equal(curve(points), 'M0.0 1.0L10.0 1.0C15.0 1.0 15.0 5.3 20.0 5.3');
});
