import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cardsOf } from '../../kg/views/app/cards.js';
import { filtered } from '../../kg/views/app/filter.js';
import { initial } from '../../kg/views/app/state.js';
import { made } from './build.mjs';

const SAID = [
  { action: 'sell', denied: true, data: ['Email'] },
  { action: 'sell', data: ['Email'], recipient: ['Google'] },
  { action: 'share', data: ['Health'], policy: 1 },
  { action: 'use', data: ['Phone'], policy: 1 },
];
const POLICIES = [
  ['Acme', '2021-01-01'],
  ['Zeta', '2021-01-01'],
];
const FINDINGS = [
  { grade: 'contradiction', quotes: [0, 1] },
  { grade: 'tension', policy: 1, quotes: [2, -4] },
  { grade: 'tension', policy: 1, quotes: [-3, -4], why: 'words alone' },
  { grade: 'tension', policy: 1, quotes: [-3], why: 'with itself' },
];

/** Address of a card of a grade -> how many findings it opens, and the statements among them. */
function graded(change = {}, findings = FINDINGS) {
  const view = made(SAID, POLICIES, undefined, { findings });
  const state = { ...initial('compare'), ...change };
  if (change.companies) state.companies = new Set(change.companies.map(view.at));
  const cards = cardsOf({ view, state, shown: filtered(view.statements, state), pair: null });
  return Object.fromEntries(
    cards
      .filter((one) => one.findings)
      .map(({ address, count, findings: found, statements }) => {
        assert.ok(count.startsWith(`${found.length} `), count);
        return [address, [found.length, [...statements].map(({ digits }) => digits)]];
      }),
  );
}

test('there is a card for each grade that something was found of', () => {
  assert.deepEqual(graded(), {
    'card/contradiction': [1, ['0', '1']],
    'card/tension': [3, ['2']],
  });
  assert.deepEqual(graded({}, []), {});
  assert.deepEqual(graded({}, FINDINGS.slice(0, 1)), { 'card/contradiction': [1, ['0', '1']] });
});

test('a finding is shown when one of its statements is', () => {
  const contradiction = { 'card/contradiction': [1, ['0', '1']] };
  assert.deepEqual(graded({ companies: ['party/Acme'] }), contradiction);
  assert.deepEqual(graded({ denials: 'only', companies: ['party/Acme'] }), contradiction);
  assert.deepEqual(graded({ actions: new Set(['sell']) }), contradiction);
  assert.deepEqual(graded({ actions: new Set(['share']) }), { 'card/tension': [1, ['2']] });
  assert.deepEqual(graded({ actions: new Set(['use']) }), {});
  assert.deepEqual(graded({ version: '2000-01-01' }), {});
});

test('what was found by words alone passes as what names nothing', () => {
  assert.deepEqual(graded({ companies: ['party/Zeta'] }), { 'card/tension': [3, ['2']] });
  assert.deepEqual(graded({ words: 'phone' }), { 'card/tension': [1, []] });
  assert.deepEqual(graded({ least: 95 }), { 'card/tension': [2, []] });
});
