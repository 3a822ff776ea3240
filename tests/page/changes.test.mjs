import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changesOf, chosenPair, histories } from '../../kg/views/app/changes.js';
import { initial } from '../../kg/views/app/state.js';
import { made } from './build.mjs';

const HISTORY = [
  ['Acme', '2019-01-01'],
  ['Acme', '2020-01-01'],
  ['Acme', '2021-01-01'],
  ['Google', '2021-01-01'],
  ['Zeta', '2019-01-01'],
  ['Zeta', '2020-01-01'],
];
const ONE = [{ kind: 'added' }];
const PAIRS = [
  { earlier: 0, later: 1, changes: ONE },
  { earlier: 1, later: 2, changes: ONE },
  { earlier: 0, later: 2, isWhole: true, changes: ONE },
  { earlier: 4, later: 5, changes: ONE },
];

/** Numbers of the two policies that are compared. */
function paired(change, companies = [], company = undefined, pairs = PAIRS) {
  const view = made([], HISTORY, undefined, { pairs });
  const chosen = new Set(companies.map((key) => view.at(`party/${key}`)));
  const state = { ...initial('changes'), change, companies: chosen };
  const { line } = view.policies.find((policy) => policy.company.key === company) ?? {};
  const pair = chosenPair(view, state, line);
  return pair && [pair.earlier.number, pair.later.number];
}

test('the two latest snapshots are compared, or those chosen', () => {
  assert.deepEqual(paired(''), [1, 2]);
  assert.deepEqual(paired('d0-d1'), [0, 1]);
  assert.deepEqual(paired('d4-d5'), [4, 5]);
  assert.deepEqual(paired('d0-d2'), [0, 2]);
  assert.deepEqual(paired('', ['Zeta']), [4, 5]);
  assert.deepEqual(paired('d0-d1', ['Zeta']), [4, 5]);
  assert.deepEqual(paired('d0-d1', [], 'Zeta'), [4, 5]);
  assert.equal(paired('', ['Google']), null);
  assert.equal(paired('', [], undefined, []), null);
});

test('of snapshots between which nothing changed the latest others are compared', () => {
  const [first, second] = PAIRS;
  assert.deepEqual(paired('', [], undefined, [first, { ...second, changes: [] }]), [0, 1]);
  const still = PAIRS.map((pair) => ({ ...pair, changes: [] }));
  assert.deepEqual(paired('', [], undefined, still), [1, 2]);
});

test('an address of a pair that has grown apart leads to one of its two', () => {
  assert.deepEqual(paired('d9-d1'), [0, 1]);
  assert.deepEqual(paired('d9-d5'), [4, 5]);
  assert.deepEqual(paired('d4-d9'), [4, 5]);
  assert.deepEqual(paired('d0-d9'), [0, 1]);
});

test('a pair that makes no sense is the two latest', () => {
  for (const change of ['nothing', '-', 'd2', '0~1', 'd2-d0', 'length-length', '__proto__-x']) {
    assert.deepEqual(paired(change), [1, 2], change);
  }
});

test('pairs are offered by policy, the latest first and the longest last', () => {
  const twice = ['app', 'shop'].flatMap((which) => [
    ['Acme', '2020-01-01', which],
    ['Acme', '2021-01-01', which],
    ['Acme', '2022-01-01', which],
  ]);
  const pairs = [0, 3].flatMap((at) => [
    { earlier: at, later: at + 1 },
    { earlier: at + 1, later: at + 2 },
    { earlier: at, later: at + 2, isWhole: true },
  ]);
  const view = made([], twice, undefined, { pairs });
  const told = (...keys) => {
    const chosen = new Set(keys.map((key) => view.at(`party/${key}`)));
    return [...histories(view, chosen)].map(([line, found]) => [
      line,
      found.map(({ earlier, later }) => `${earlier.number} ${later.number}`),
    ]);
  };
  const every = [
    [0, ['1 2', '0 1', '0 2']],
    [1, ['4 5', '3 4', '3 5']],
  ];
  assert.deepEqual(told(), every);
  assert.deepEqual(told('Acme'), every);
  assert.deepEqual(told('Zeta'), []);
  const pair = (change, line) =>
    chosenPair(view, { ...initial('changes'), change }, line).later.number;
  assert.equal(pair('d3-d4'), 4);
  assert.equal(pair('', 1), 5);
});

const SAID = [
  { action: 'use', data: ['Email'] },
  { action: 'use', policy: 1, data: ['Email'] },
  { action: 'share', data: ['Email'], recipient: ['Google'], policy: 1 },
  { action: 'share', data: ['Email'], recipient: ['Google'], policy: 1, by: 'Google' },
  { action: 'sell', policy: 1, denied: true, data: ['Health'], confidence: 60 },
];
const CHANGES = [
  { kind: 'changed', text: 'use', details: ['may became will'], before: [0], after: [1] },
  { kind: 'added', text: 'share', details: ['flow added'], after: [2] },
  { kind: 'added', text: 'others share', after: [3] },
  { kind: 'added', text: 'no sale', denied: true, after: [4] },
  { kind: 'removed', text: 'gone', before: [-1] },
];

function shown(change) {
  const pairs = [{ earlier: 0, later: 1, changes: CHANGES }];
  const view = made(SAID, HISTORY.slice(0, 3), undefined, { pairs });
  for (const [name, key] of Object.entries(change)) {
    if (name === 'data') change = { ...change, data: view.at(key) };
    if (name === 'companies') change = { ...change, companies: new Set([view.at(key)]) };
  }
  const state = { ...initial('changes'), ...change };
  const { hidden, ...found } = changesOf({ view, state }, view.pairs[0]);
  const told = Object.values(found).flatMap((some) => some.map(({ text }) => text));
  assert.equal(hidden, CHANGES.length - told.length);
  return told;
}

test('all filters hold between two snapshots, but those of snapshots and companies', () => {
  const own = ['share', 'no sale', 'gone', 'use'];
  assert.deepEqual(shown({}), own);
  for (const version of ['all', '2020-06-30', '2000-01-01']) {
    assert.deepEqual(shown({ version }), own, version);
  }
  assert.deepEqual(shown({ companies: 'party/Zeta' }), own);
  assert.deepEqual(shown({ who: 'all' }), ['share', 'others share', 'no sale', 'gone', 'use']);
  assert.deepEqual(shown({ denials: 'without' }), ['share', 'gone', 'use']);
  assert.deepEqual(shown({ data: 'data/Sensitive' }), ['no sale']);
  assert.deepEqual(shown({ actions: new Set(['use']) }), ['use']);
  assert.deepEqual(shown({ least: 70 }), ['share', 'gone', 'use']);
  assert.deepEqual(shown({ words: 'nowhere' }), []);
});

test('a change is read with its sentences before and after', () => {
  const pairs = [{ earlier: 0, later: 1, changes: CHANGES }];
  const [{ changes, key, isWhole }] = made(SAID, HISTORY, undefined, { pairs }).pairs;
  assert.equal(key, 'd0-d1');
  assert.equal(isWhole, false);
  const [used] = changes;
  assert.deepEqual(used.details, ['may became will']);
  assert.deepEqual(
    [...used.before, ...used.after].map(({ digits }) => digits),
    ['0', '1'],
  );
  const [bare] = changes[4].before;
  assert.equal(bare.isBare, true);
  assert.equal(bare.sentence, used.before[0].sentence);
  assert.deepEqual([bare.data, bare.mentions, bare.policy.number], [[], [], 0]);
});

test('changes of a pair have names of their own', () => {
  const same = { kind: 'changed', before: [0], after: [1] };
  const pairs = [{ earlier: 0, later: 1, changes: [...CHANGES, same, same] }];
  const [{ changes }] = made(SAID, HISTORY, undefined, { pairs }).pairs;
  assert.deepEqual(
    changes.map(({ key }) => key),
    [
      ...['changed/0~1', 'added/~2', 'added/~3', 'added/~4', 'removed/at0~'],
      ...['changed/0~1.2', 'changed/0~1.3'],
    ],
  );
});
