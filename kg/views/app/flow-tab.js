// The Flow tab: layered ribbons from data over companies to recipients and places, as SVG.

import { draw, make } from './dom.js';
import { MOVING, present } from './data.js';
import { aggregate, COLUMN_NAMES } from './flow.js';
import { crossings, curve, layOut } from './flow-layout.js';
import { walk } from './flow-walk.js';
import { MOST, uncrowded } from './crowd.js';
import { controls, sentencesOf } from './flow-controls.js';
import { exportButtons } from './picture.js';
import { many, VERBS } from './words.js';

const MOST_CROSSINGS = 3;
const LEAST_WIDTH = 620;
const HEIGHT = 600;
const LEGEND = 34; // pixels above the drawing
const TONES = { ...VERBS, pass: 'shares, sells or transfers', denied: 'says it does NOT' };

/** Whether a flow can be read at a glance. */
export function isReadable({ statements, hierarchy, publishers, columns }) {
  const flow = modelOf({ statements, hierarchy, publishers, columns });
  if (!flow.ribbons.size || flow.ribbons.size > MOST) return false;
  const laid = layOut(flow, 1000, HEIGHT);
  return crossings(laid) <= MOST_CROSSINGS * flow.ribbons.size;
}

/** What moves, aggregated; with too many ribbons the ways of passing on become one. */
function modelOf({ statements, hierarchy, publishers, columns, handling = false }) {
  const drawn = handling
    ? statements
    : statements.filter((said) => MOVING.has(said.action) || said.places.length > 0);
  const parts = [drawn, hierarchy, columns, publishers];
  const full = aggregate(...parts);
  const found = { given: statements, drawn };
  if (full.ribbons.size <= MOST) return { ...full, ...found, unmerged: 0 };
  return { ...aggregate(...parts, true), ...found, unmerged: full.ribbons.size };
}

export function prepare(page) {
  const { columns, handling } = page.state;
  const model = uncrowded(
    page,
    (statements) => modelOf({ ...page, statements, columns, handling }),
    ({ ribbons }) => ribbons.size,
  );
  const name = (id) => model.nodes.get(id).label;
  for (const ribbon of model.ribbons.values()) {
    page.openings.set(`ribbon/${ribbon.id}`, {
      title: `${name(ribbon.from)} → ${name(ribbon.to)}: ${TONES[ribbon.tone]}`,
      statements: ribbon.statements,
    });
  }
  for (const node of model.nodes.values()) {
    const joined = [...model.ribbons.values()].filter(
      ({ from, to }) => from === node.id || to === node.id,
    );
    page.openings.set(`node/${node.id}`, {
      title: node.label,
      kind: COLUMN_NAMES[node.column],
      statements: node.statements,
      concept: node.concept,
      links: joined
        .sort((a, b) => b.statements.size - a.statements.size)
        .map(({ id, from, to, tone, statements }) => ({
          address: `ribbon/${id}`,
          text: `${name(from)} → ${name(to)}: ${TONES[tone]} (${statements.size})`,
        })),
    });
  }
  return model;
}

export function show(page, model, stage) {
  stage.append(controls(page, model));
  if (!model.ribbons.size) {
    const text = model.drawn.length
      ? 'Nothing joins these columns: choose more of them.'
      : 'No flow passes these filters.';
    stage.append(make('p', { class: 'empty' }, text));
    return;
  }
  const width = Math.max(LEAST_WIDTH, stage.clientWidth - 4);
  const laid = layOut(model, width, HEIGHT);
  const svg = picture(page, model, laid);
  const labels = present(page.companies, model.drawn).map(({ label }) => label);
  stage.append(
    make('div', { class: 'drawing', tabindex: -1 }, svg),
    exportButtons(svg, labels, sentencesOf(model)),
  );
}

function picture(page, model, laid) {
  const tones = [...new Set([...model.ribbons.values()].map(({ tone }) => tone))];
  const svg = draw('svg', {
    class: 'flow',
    width: laid.width,
    height: laid.height + LEGEND,
    viewBox: `0 ${-LEGEND} ${laid.width} ${laid.height + LEGEND}`,
    role: 'group',
    'aria-label': `Flow of data: ${many(model.nodes.size, 'box', 'boxes')}, ${many(model.ribbons.size, 'ribbon')}. Arrow keys walk along it, Enter opens the sentences, plus and minus open and close a group.`,
  });
  model.columns.forEach((name, number) => {
    const box = [...laid.boxes.values()].find(({ column }) => column === number);
    if (box) svg.append(draw('text', { class: 'column', x: box.x, y: 16 }, COLUMN_NAMES[name]));
  });
  const paths = [...laid.paths].sort(
    (a, b) =>
      a.ribbon.denied - b.ribbon.denied ||
      b.width - a.width ||
      (a.ribbon.id < b.ribbon.id ? -1 : 1),
  );
  svg.append(
    draw(
      'g',
      {},
      paths.map((path) => ribbonOf(page, model, path)),
    ),
  );
  const boxes = [...laid.boxes.values()].filter(({ node }) => node);
  svg.append(
    draw(
      'g',
      {},
      boxes.map((box) => boxOf(page, box)),
    ),
  );
  svg.append(legend(tones));
  walk(svg, page, model, laid, (node, key) => {
    const concept = (key === '+' ? opensOf : closesOf)(node, page.hierarchy);
    if (concept) page.toggle(concept);
  });
  return svg;
}

/** A ribbon; of one that is lit in part, as wide a part as it has statements of the selection. */
function ribbonOf(page, model, { ribbon, width, points }) {
  const count = ribbon.statements.size;
  const ends = [ribbon.from, ribbon.to].map((id) => model.nodes.get(id).label);
  const text = `${ends.join(' → ')}: ${TONES[ribbon.tone]}, ${many(count, 'statement')}`;
  const address = `ribbon/${ribbon.id}`;
  const lit = page.selected
    ? [...ribbon.statements].filter((said) => page.selected.has(said)).length
    : count;
  const look = page.selected ? ` ${lit === 0 ? 'dim' : lit < count ? 'partly' : 'lit'}` : '';
  const shape = { d: curve(points), class: `ribbon tone-${ribbon.tone}` };
  const path = draw(
    'path',
    {
      ...shape,
      class: `${shape.class}${look}`,
      'stroke-width': width.toFixed(1),
      'data-focus': address,
      tabindex: -1,
      role: 'button',
      'aria-pressed': String(page.state.selection === address),
      onclick: () => page.select(address),
    },
    draw('title', {}, text),
  );
  if (lit === 0 || lit === count) return path;
  const part = Math.max(2, (width * lit) / count).toFixed(1);
  return [path, draw('path', { ...shape, class: `${shape.class} part`, 'stroke-width': part })];
}

function boxOf(page, { node, x, y, width, height, lines }) {
  const address = `node/${node.id}`;
  const { hierarchy } = page;
  const handle = handleOf(node, hierarchy);
  const text = draw('text', { class: 'label', x: x + (handle ? 21 : 8) });
  lines.forEach((line, at) => {
    const middle = y + height / 2 + 4.5;
    text.append(
      draw(
        'tspan',
        { x: text.getAttribute('x'), y: middle + (at - (lines.length - 1) / 2) * 15 },
        line,
      ),
    );
  });
  const box = draw(
    'g',
    {
      class: `box column-${node.column}${page.isLit(node) ? '' : ' dim'}`,
      'data-focus': address,
      tabindex: -1,
      role: 'button',
      'aria-pressed': String(page.state.selection === address),
      onclick: () => page.select(address),
    },
    draw(
      'title',
      {},
      `${COLUMN_NAMES[node.column]}: ${node.label}, ${many(node.statements.size, 'statement')}${handle?.sign === '+' ? '; a group: plus opens it' : ''}`,
    ),
    draw('rect', { x, y, width, height, rx: 4 }),
    text,
    draw(
      'text',
      { class: 'count', x: x + width - 7, y: y + height / 2 + 4.5 },
      node.statements.size,
    ),
  );
  if (!handle) return box;
  return [
    box,
    draw(
      'text',
      {
        class: 'sign',
        x: x + 6,
        y: y + height / 2 + 5,
        'data-sign': node.id,
        'aria-hidden': 'true',
        onclick: () => page.toggle(handle.concept),
      },
      handle.sign,
    ),
  ];
}

/** What plus or minus on a box opens or closes: its concept, or the opened one that it is in. */
function handleOf(node, hierarchy) {
  const opens = opensOf(node, hierarchy);
  if (opens) return { sign: '+', concept: opens };
  const closes = closesOf(node, hierarchy);
  return closes ? { sign: '−', concept: closes } : null;
}

function opensOf({ concept, bare, column }, hierarchy) {
  const isGroup = concept && column !== 'company' && !bare && hierarchy.canToggle(concept);
  return isGroup ? concept : null;
}

function closesOf({ concept, bare, column }, hierarchy) {
  if (!concept || column === 'company') return null;
  const isOpened = (one) => hierarchy.canToggle(one) && hierarchy.isOpen(one);
  return (bare && isOpened(concept) ? concept : concept.above.find(isOpened)) ?? null;
}

function legend(tones) {
  const group = draw('g', { class: 'legend', 'aria-hidden': 'true' });
  let x = 2;
  for (const tone of Object.keys(TONES).filter((name) => tones.includes(name))) {
    const y = -14;
    group.append(
      draw('path', {
        class: `ribbon tone-${tone}`,
        d: `M${x} ${y}h26`,
        'stroke-width': tone === 'denied' ? 3 : 8,
      }),
      draw('text', { x: x + 32, y: y + 4 }, TONES[tone]),
    );
    x += 52 + TONES[tone].length * 6.8;
  }
  return group;
}
