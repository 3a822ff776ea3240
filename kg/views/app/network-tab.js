// The Network tab: who passes data to whom, drawn by vis-network from pyvis's nodes and edges.
// Nodes come with their places; nothing settles or moves by itself.

import { groupKey, groupLabel } from './concepts.js';
import { make } from './dom.js';
import { chooser, uncrowded } from './crowd.js';
import { many } from './words.js';

const ROW = 42;
const BOX = 240;
const TALLEST = 4000;

export function prepare(page) {
  const model = uncrowded(
    page,
    (statements) => modelOf(page, statements),
    ({ drawn }) => drawn.size,
  );
  const { drawn, boxes } = model;
  for (const edge of drawn.values()) edge.title = titleOf(edge);
  for (const { address, title, statements } of drawn.values())
    page.openings.set(address, { title, statements });
  for (const box of boxes.values())
    page.openings.set(box.address, {
      title: box.label,
      statements: box.statements,
      concept: box.concept,
    });
  return { edges: [...drawn.values()], boxes: [...boxes.values()], crowd: model.crowd };
}

/** What an arrow says, in the words of who collects where it is that. */
function titleOf(edge) {
  const { from, to, denied } = edge;
  if (isCollecting(edge))
    return `${to.label} ${denied ? 'does NOT collect' : 'collects'} from ${from.label}`;
  return `${from.label} ${denied ? 'does NOT pass data' : 'passes data'} to ${to.label}`;
}

const isCollecting = ({ statements }) =>
  [...statements].every(({ action }) => action === 'collect');

/** Edges and boxes as they stand, from pyvis's edges and the statements behind them. */
function modelOf(page, statements) {
  const shown = new Set(statements);
  const { nodes, edges } = page.view.network;
  const places = new Map(nodes.map((node) => [node.id, node]));
  const drawn = new Map();
  const boxes = new Map();
  for (const edge of edges) {
    const behind = edge.statements
      .map((number) => page.view.statements[number])
      .filter((said) => shown.has(said));
    if (!behind.length) continue;
    for (const from of standing(page, edge.from)) {
      for (const to of standing(page, edge.to)) {
        if (from.id !== to.id) join(drawn, boxes, places, from, to, edge.denied === 1, behind);
      }
    }
  }
  return { drawn, boxes };
}

/** The boxes that stand for a party or place; a publisher stands for itself. */
function standing(page, number) {
  const concept = page.view.concepts[number];
  if (page.publishers.has(concept))
    return [{ id: `${concept.key}`, concept, label: concept.label, bare: false }];
  return page.hierarchy.groups(concept).map((group) => ({
    id: `${concept.kind}-${groupKey(group)}`,
    label: groupLabel(group),
    ...group,
  }));
}

function join(drawn, boxes, places, from, to, denied, behind) {
  for (const one of [from, to]) {
    if (!boxes.has(one.id)) {
      const place = places.get(one.concept.number);
      boxes.set(one.id, { ...one, address: `party/${one.id}`, place, statements: new Set() });
    }
    for (const said of behind) boxes.get(one.id).statements.add(said);
  }
  const id = `${from.id}>${to.id}${denied ? ':not' : ''}`;
  if (!drawn.has(id)) {
    drawn.set(id, {
      id,
      from,
      to,
      denied,
      address: `edge/${id}`,
      statements: new Set(),
    });
  }
  for (const said of behind) drawn.get(id).statements.add(said);
}

export function show(page, model, stage) {
  const { boxes, edges, crowd } = model;
  stage.append(
    make(
      'p',
      { class: 'controls note' },
      `${many(boxes.length, 'box', 'boxes')}, ${many(edges.length, 'arrow')}; an arrow stands for all its statements, red and dashed ones for denials. Blue: what a company collects; two arrows in a row are no path. `,
    ),
    crowd ? make('div', { class: 'controls' }, chooser(page, crowd, 'arrow')) : '',
  );
  if (!edges.length) {
    stage.append(make('p', { class: 'empty' }, 'Nothing is passed on here.'));
    return;
  }
  if (!window.vis) {
    stage.append(
      make('p', { class: 'empty' }, 'The drawing library is missing.'),
      list(page, boxes, edges),
    );
    return;
  }
  const columns = columnsOf(boxes, stage.clientWidth);
  const rows = Math.max(...columns.map((column) => column.length));
  const canvas = make('div', {
    id: 'canvas',
    role: 'img',
    'aria-label': 'Network of who passes data to whom; the list below says the same',
  });
  canvas.style.height = `${Math.min(Math.max(rows * ROW + 60, 360), TALLEST)}px`;
  stage.append(canvas, list(page, boxes, edges));
  page.network = paint(page, canvas, boxes, edges, rows * ROW + 60 > TALLEST);
}

/** In the order of their places; gaps that filters leave are closed. */
function columnsOf(boxes, width) {
  const columns = new Map();
  const sorted = [...boxes].sort(
    (a, b) => a.place.x - b.place.x || a.place.y - b.place.y || (a.id < b.id ? -1 : 1),
  );
  for (const box of sorted) {
    if (!columns.has(box.place.x)) columns.set(box.place.x, []);
    columns.get(box.place.x).push(box);
  }
  const found = [...columns.values()];
  found.forEach((column, number) =>
    column.forEach((box, at) => {
      box.x = number * Math.max((width - BOX) / Math.max(found.length - 1, 1), BOX);
      // Rows of neighbouring columns are apart, so that no arrow lies along another.
      box.y = at * ROW + (number % 3) * (ROW / 3);
    }),
  );
  return found;
}

function paint(page, canvas, boxes, edges, isTall) {
  const look = getComputedStyle(document.documentElement);
  const colour = (name) => look.getPropertyValue(`--${name}`).trim();
  const seen = new Map();
  const nodes = boxes.map((box) => ({
    id: box.id,
    x: box.x,
    y: box.y,
    label: `${shortened(box.label)}  ${box.statements.size}`,
    color: { background: colour(`node-${box.place.kind}`), border: colour('line-strong') },
    font: { color: box.place.kind === 'publisher' ? colour('node-publisher-ink') : colour('ink') },
    opacity: page.isLit(box) ? 1 : 0.3,
  }));
  const lines = edges.map((edge) => {
    const pair = [edge.from.id, edge.to.id].sort().join('>');
    const twin = seen.get(pair) ?? 0;
    seen.set(pair, twin + 1);
    return {
      id: edge.id,
      from: edge.from.id,
      to: edge.to.id,
      width: edge.denied ? 2 : 1 + Math.sqrt(edge.statements.size),
      dashes: edge.denied ? [7, 5] : false,
      color: {
        color: colour(toneOf(edge)),
        highlight: colour('ink'),
        hover: colour('ink'),
        opacity: page.isLit(edge) ? 0.75 : 0.15,
      },
      // Arrows between the same two boxes are bent apart.
      smooth: twin
        ? { type: twin % 2 ? 'curvedCW' : 'curvedCCW', roundness: 0.12 * Math.ceil(twin / 2) }
        : { type: 'cubicBezier', forceDirection: 'horizontal', roundness: 0.45 },
    };
  });
  const options = structuredClone(page.view.network.options);
  options.interaction.zoomView = isTall;
  const network = new window.vis.Network(canvas, { nodes, edges: lines }, options);
  network.fit({ maxZoomLevel: 1 });
  network.on('click', ({ nodes: [node], edges: [edge] }) => {
    if (node !== undefined) page.select(`party/${node}`);
    else if (edge !== undefined) page.select(`edge/${edge}`);
  });
  return network;
}

const toneOf = (edge) => {
  if (edge.denied) return 'tone-denied';
  return isCollecting(edge) ? 'tone-collect' : 'tone-share';
};

const shortened = (label) => (label.length > 28 ? `${label.slice(0, 27)}…` : label);

/** Whether the list was opened, which a new drawing keeps. */
let isListOpen = false;

/** The same as the drawing, for the keyboard and for those who do not see it: boxes, and their arrows. */
function list(page, boxes, edges) {
  const bySize = (a, b) => b.statements.size - a.statements.size || (a.id < b.id ? -1 : 1);
  const item = ({ address, statements, denied }, text, below) =>
    make(
      'li',
      {},
      make(
        'button',
        {
          class: denied ? 'plain denied' : 'plain',
          'data-focus': address,
          'aria-pressed': String(page.state.selection === address),
          onclick: () => page.select(address),
        },
        `${text} (${statements.size})`,
      ),
      below,
    );
  const arrows = (box) =>
    edges
      .filter(({ from }) => from.id === box.id)
      .sort(bySize)
      .map((edge) => item(edge, edge.title));
  return make(
    'details',
    {
      class: 'list',
      open: isListOpen,
      ontoggle: (event) => {
        isListOpen = event.target.open;
      },
    },
    make(
      'summary',
      { 'data-focus': 'edges' },
      `The same as a list: ${many(boxes.length, 'box', 'boxes')}, ${many(edges.length, 'arrow')}`,
    ),
    make(
      'ul',
      {},
      [...boxes].sort(bySize).map((box) => item(box, box.label, make('ul', {}, arrows(box)))),
    ),
  );
}
