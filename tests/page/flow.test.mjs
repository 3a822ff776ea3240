import assert from 'node:assert/strict';
import { test } from 'node:test';

import { groupKey, Hierarchy } from '../../kg/views/app/concepts.js';
import { aggregate } from '../../kg/views/app/flow.js';
import { COLUMNS } from '../../kg/views/app/state.js';
import { ACTIONS, anyView, forMany, made } from './build.mjs';

const ALL = new Set(COLUMNS);
const USUAL = new Set(['data', 'company', 'recipient', 'place']);

function flowOf(view, { toggled = [], columns = USUAL, merged = false } = {}) {
  const hierarchy = new Hierarchy(new Set(toggled));
  return aggregate(view.statements, hierarchy, columns, view.publishers, merged);
}

/** Ribbons as "from>to:tone" with the numbers of their statements. */
function ribbonsOf(flow) {
  const numbers = (statements) => [...statements].map(({ number }) => number);
  return Object.fromEntries(
    [...flow.ribbons.values()].map(({ from, to, tone, statements }) => [
      `${from}>${to}:${tone}`,
      numbers(statements),
    ]),
  );
}

test('a ribbon joins what one statement names', () => {
  const view = made([{ action: 'share', data: ['Email'], recipient: ['Google'] }]);
  assert.deepEqual(ribbonsOf(flowOf(view)), {
    'data/Contact>company/Acme:share': [0],
    'company/Acme>recipient/Company:share': [0],
  });
});

test('two statements are not joined to one', () => {
  const view = made([
    { action: 'share', data: ['Health'], recipient: ['Advertiser'] },
    { action: 'transfer', data: ['Email'], place: ['Japan'] },
    { action: 'share', by: 'Google', data: ['Email'], recipient: ['Advertiser'] },
  ]);
  assert.deepEqual(ribbonsOf(flowOf(view)), {
    'data/Sensitive>company/Acme:share': [0],
    'company/Acme>recipient/Advertiser:share': [0],
    'data/Contact>company/Acme:transfer': [1],
    'company/Acme>place/Japan:transfer': [1],
    'data/Contact>company/Company:share': [2],
    'company/Company>recipient/Advertiser:share': [2],
  });
});

test('several data and recipients make a ribbon each', () => {
  const view = made([
    { action: 'sell', data: ['Email', 'Phone', 'Health'], recipient: ['Google', 'Advertiser'] },
  ]);
  assert.deepEqual(ribbonsOf(flowOf(view)), {
    'data/Contact>company/Acme:sell': [0],
    'data/Sensitive>company/Acme:sell': [0],
    'company/Acme>recipient/Company:sell': [0],
    'company/Acme>recipient/Advertiser:sell': [0],
  });
});

test('data and recipients that are not named have nodes of their own', () => {
  const view = made([
    { action: 'share' },
    { action: 'collect', data: ['Email'] },
    { action: 'transfer', data: ['Email'], place: ['Italy'] },
  ]);
  const flow = flowOf(view);
  assert.equal(flow.nodes.get('data/').label, 'data, not named');
  assert.equal(flow.nodes.get('recipient/Recipient.').label, 'recipient, not named');
  assert.equal(flow.nodes.get('data/').concept, null);
  assert.deepEqual(ribbonsOf(flow), {
    'data/>company/Acme:share': [0],
    'company/Acme>recipient/Recipient.:share': [0],
    'data/Contact>company/Acme:collect': [1],
    'data/Contact>company/Acme:transfer': [2],
    'company/Acme>place/Italy:transfer': [2],
  });
});

test('a recipient that is left out and one that is only said to be one are the same', () => {
  const silent = { action: 'share', data: ['Email'] };
  const vague = { ...silent, recipient: ['Recipient'] };
  for (const said of [
    [silent, vague],
    [vague, silent],
  ]) {
    const view = made(said);
    for (const toggled of [[], [view.at('party/Recipient')]]) {
      const flow = flowOf(view, { toggled });
      assert.deepEqual(ribbonsOf(flow), {
        'data/Contact>company/Acme:share': [0, 1],
        'company/Acme>recipient/Recipient.:share': [0, 1],
      });
      const { label, column, bare, statements } = flow.nodes.get('recipient/Recipient.');
      assert.deepEqual([label, column, bare], ['recipient, not named', 'recipient', true]);
      assert.deepEqual([...statements], view.statements);
    }
  }
});

test('a recipient is missed only where data are passed on, and not where a place is named', () => {
  const ends = (said) =>
    [...flowOf(made([said])).nodes.keys()].filter((id) => id.startsWith('recipient/'));
  for (const action of ACTIONS) {
    const isPassing = ['share', 'sell', 'transfer'].includes(action);
    assert.deepEqual(ends({ action }), isPassing ? ['recipient/Recipient.'] : [], action);
    assert.deepEqual(ends({ action, place: ['Japan'] }), [], action);
  }
});

test('columns that a statement does not fill, or that are not drawn, are passed by', () => {
  const view = made([
    { action: 'share', source: ['User'], data: ['Email'], recipient: ['Google'], place: ['Italy'] },
  ]);
  const ribbons = (...columns) =>
    Object.keys(ribbonsOf(flowOf(view, { columns: new Set(columns) })));
  assert.deepEqual(ribbons('source', 'company', 'purpose', 'place'), [
    'source/User>company/Acme:share',
    'company/Acme>place/Italy:share',
  ]);
  assert.deepEqual(ribbons('recipient', 'place'), ['recipient/Company>place/Italy:share']);
  assert.deepEqual(ribbons('company'), []);
});

test('columns stand in their order, whatever the order of the choice', () => {
  assert.deepEqual(flowOf(made([]), { columns: new Set(['place', 'company', 'data']) }).columns, [
    'data',
    'company',
    'place',
  ]);
});

test('passing on is one tone when merged, and denials stand apart', () => {
  const to = { data: ['Email'], recipient: ['Google'] };
  const view = made([
    { action: 'share', ...to },
    { action: 'sell', ...to },
    { action: 'transfer', ...to },
    { action: 'use', ...to },
    { action: 'sell', denied: true, ...to },
    { action: 'share', denied: true, ...to },
  ]);
  const tones = (merged) =>
    Object.fromEntries(
      Object.entries(ribbonsOf(flowOf(view, { merged })))
        .filter(([id]) => id.startsWith('data'))
        .map(([id, numbers]) => [id.split(':')[1], numbers]),
    );
  assert.deepEqual(tones(true), { pass: [0, 1, 2], use: [3], denied: [4, 5] });
  assert.deepEqual(tones(false), {
    share: [0],
    sell: [1],
    transfer: [2],
    use: [3],
    denied: [4, 5],
  });
  for (const ribbon of flowOf(view).ribbons.values()) {
    assert.equal(ribbon.denied, ribbon.tone === 'denied');
    for (const said of ribbon.statements) assert.equal(said.denied, ribbon.denied);
  }
});

test('a publisher is not rolled up, another actor is', () => {
  const both = [
    ['Acme', ''],
    ['Zeta', ''],
  ];
  const view = made(
    [
      { action: 'use', policy: 1 },
      { action: 'use', by: 'Google' },
    ],
    both,
  );
  const nodes = [...flowOf(view).nodes.values()].filter(({ column }) => column === 'company');
  assert.deepEqual(
    nodes.map(({ id, label }) => [id, label]),
    [
      ['company/Zeta', 'zeta'],
      ['company/Company', 'company'],
    ],
  );
});

test('an open group parts into those below it, and a bare one', () => {
  const view = made([
    { action: 'use', data: ['Email'] },
    { action: 'use', data: ['Contact'] },
  ]);
  const flow = flowOf(view, { toggled: [view.at('data/Contact')] });
  assert.deepEqual(
    [...flow.nodes.values()].map(({ id, label, bare }) => [id, label, bare]),
    [
      ['data/Email', 'email', false],
      ['company/Acme', 'acme', false],
      ['data/Contact.', 'contact, not specified', true],
    ],
  );
});

/** The ids that a statement stands at in a column, worked out another way. */
function idsAt(said, column, hierarchy, publishers) {
  const field = {
    source: 'sources',
    purpose: 'purposes',
    recipient: 'recipients',
    place: 'places',
  };
  const concepts =
    column === 'company' ? [said.actor] : column === 'data' ? said.data : said[field[column]];
  const ids = concepts.flatMap((one) =>
    column === 'company' && publishers.has(one)
      ? [`company/${one.key}`]
      : hierarchy.groups(one).map((group) => `${column}/${groupKey(group)}`),
  );
  if (ids.length) return new Set(ids);
  const passes = ['share', 'sell', 'transfer'].includes(said.action);
  if (column === 'data') return new Set(['data/']);
  if (column === 'recipient' && passes && !said.places.length)
    return new Set(['recipient/Recipient.']);
  return new Set();
}

test('nodes and ribbons stand for just the statements that name them', () => {
  forMany(150, (source) => {
    const view = anyView(source);
    const hierarchy = new Hierarchy(new Set(source.some(view.concepts, 6)));
    const columns = new Set(COLUMNS.filter(() => source.chance(0.7)));
    const merged = source.chance(0.5);
    const flow = aggregate(view.statements, hierarchy, columns, view.publishers, merged);
    const drawn = COLUMNS.filter((name) => columns.has(name));
    assert.deepEqual(flow.columns, drawn);
    const nodes = new Map();
    const ribbons = new Map();
    const note = (map, id, said) => map.set(id, (map.get(id) ?? new Set()).add(said));
    for (const said of view.statements) {
      const stops = drawn
        .map((column) => idsAt(said, column, hierarchy, view.publishers))
        .filter((ids) => ids.size);
      for (const ids of stops) for (const id of ids) note(nodes, id, said);
      const passes = ['share', 'sell', 'transfer'].includes(said.action);
      const tone = said.denied ? 'denied' : merged && passes ? 'pass' : said.action;
      for (let at = 0; at + 1 < stops.length; at += 1) {
        for (const from of stops[at]) {
          for (const to of stops[at + 1]) note(ribbons, `${from}>${to}:${tone}`, said);
        }
      }
    }
    const found = (map) => new Map([...map].map(([id, { statements }]) => [id, statements]));
    assert.deepEqual(found(flow.nodes), nodes);
    assert.deepEqual(found(flow.ribbons), ribbons);
    for (const { from, to } of flow.ribbons.values()) {
      const [start, end] = [from, to].map((id) => drawn.indexOf(flow.nodes.get(id).column));
      assert.ok(start < end);
    }
  });
});

test('with all columns no statement is lost', () => {
  forMany(50, (source) => {
    const view = anyView(source);
    const flow = flowOf(view, { columns: ALL });
    const joined = new Set([...flow.ribbons.values()].flatMap(({ statements }) => [...statements]));
    assert.equal(joined.size, view.statements.length);
  });
});
