import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changesOf, chosenPair, histories } from '../../kg/views/app/changes.js';
import { initial } from '../../kg/views/app/state.js';
import { made } from './build.mjs';

const HISTORY = [
  ['Acme', ''],
  ['Acme', '2020-01-01'],
  ['Acme', '2021-01-01'],
  ['Google', '2021-01-01'],
  ['Zeta', '2019-01-01'],
  ['Zeta', '2020-01-01'],
];

/** Numbers of the two policies that are compared. */
function paired(change, companies = [], company = undefined) {
  const view = made([], HISTORY);
  const chosen = new Set(companies.map((key) => view.at(`party/${key}`)));
  const state = { ...initial('changes'), change, companies: chosen };
  const { line } = view.policies.find((policy) => policy.company.key === company) ?? {};
  const pair = chosenPair(view, state, line);
  return pair && pair.map(({ number }) => number);
}

test('the two latest snapshots are compared, or those chosen', () => {
  assert.deepEqual(paired(''), [1, 2]);
  assert.deepEqual(paired('0~1'), [0, 1]);
  assert.deepEqual(paired('4~5'), [4, 5]);
  assert.deepEqual(paired('0~2'), [0, 2]);
  assert.deepEqual(paired('', ['Zeta']), [4, 5]);
  assert.deepEqual(paired('0~1', ['Zeta']), [4, 5]);
  assert.deepEqual(paired('0~1', [], 'Zeta'), [4, 5]);
  assert.equal(paired('', ['Google']), null);
});

test('the earlier of two comes first, in whatever order they are chosen', () => {
  assert.deepEqual(paired('1~0'), [0, 1]);
  assert.deepEqual(paired('2~0'), [0, 2]);
  assert.deepEqual(paired('5~4'), [4, 5]);
});

test('a snapshot is not compared with itself', () => {
  for (const change of ['0~0', '1~1', '5~5']) assert.deepEqual(paired(change), [1, 2], change);
});

test('a history is what one policy has several snapshots of', () => {
  const twice = ['app', 'shop'].flatMap((which) => [
    ['Acme', '2020-01-01', which],
    ['Acme', '2021-01-01', which],
  ]);
  const view = made([], [...twice, ['Google', '2020-01-01'], ['Zeta', ''], ['Zeta', '2021-01-01']]);
  const told = (...keys) => {
    const chosen = new Set(keys.map((key) => view.at(`party/${key}`)));
    return [...histories(view, chosen)].map(([line, policies]) => [
      line,
      policies.map(({ number }) => number),
    ]);
  };
  const [app, shop, zeta] = [
    [0, [0, 1]],
    [1, [2, 3]],
    [3, [5, 6]],
  ];
  assert.deepEqual(told(), [app, shop, zeta]);
  assert.deepEqual(told('Acme'), [app, shop]);
  assert.deepEqual(told('Google', 'Zeta'), [zeta]);
  assert.deepEqual(told('Google'), []);
  const pair = (change, line) =>
    chosenPair(view, { ...initial('changes'), change }, line)?.map(({ number }) => number);
  assert.deepEqual(pair('1~2'), [0, 1]);
  assert.deepEqual(pair('2~3'), [2, 3]);
  assert.deepEqual(pair('', 1), [2, 3]);
});

test('all filters hold between two snapshots, but those of snapshots and companies', () => {
  const view = made(
    [
      { action: 'use', data: ['Email'] },
      { action: 'use', policy: 1, data: ['Email'] },
      { action: 'share', data: ['Email'], recipient: ['Google'], policy: 1 },
      { action: 'share', data: ['Email'], recipient: ['Google'], policy: 1, by: 'Google' },
      { action: 'sell', policy: 1, denied: true, data: ['Health'] },
      { action: 'sell', policy: 2, data: ['Phone'] },
    ],
    [
      ['Acme', '2020-01-01'],
      ['Acme', '2021-01-01'],
      ['Zeta', '2021-01-01'],
    ],
  );
  const added = (change) => {
    const state = { ...initial('changes'), ...change };
    const found = changesOf({ view, state }, view.policies.slice(0, 2));
    assert.deepEqual([found.removed, found.changed], [[], []]);
    return found.added.map(({ actor, action }) => `${actor.key} ${action}`);
  };
  const own = ['Acme sell', 'Acme share'];
  assert.deepEqual(added({}), own);
  for (const version of ['all', '2020-06-30', '2000-01-01']) {
    assert.deepEqual(added({ version }), own, version);
  }
  assert.deepEqual(added({ companies: new Set([view.at('party/Zeta')]) }), own);
  assert.deepEqual(added({ who: 'all' }), ['Acme sell', 'Acme share', 'Google share']);
  assert.deepEqual(added({ denials: 'without' }), ['Acme share']);
  assert.deepEqual(added({ data: view.at('data/Sensitive') }), ['Acme sell']);
  assert.deepEqual(added({ actions: new Set(['use']) }), []);
});

test('a pair that makes no sense is the two latest', () => {
  for (const change of ['nothing', '~', '0', '7~8', '0~4', '3~3', 'length~length', '-1~-1']) {
    assert.deepEqual(paired(change), [1, 2], change);
  }
});
