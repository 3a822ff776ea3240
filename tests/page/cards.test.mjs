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

/** Cards by their address, of statements of which all are shown. */
function cards(said, { pair = null, changes = null, pairs = [] } = {}) {
  const view = made(said, POLICIES, undefined, { pairs });
  for (const name of ['data/Health', 'data/Sensitive']) view.at(name).sensitive = true;
  view.at('party/Advertiser').vague = true;
  const page = {
    ...{ view, state: initial('compare'), shown: view.statements, changes },
    pair: pair === null ? null : view.pairs[pair],
  };
  return Object.fromEntries(cardsOf(page).map((one) => [one.address, one]));
}

test('nothing that stands out makes no card', () => {
  assert.deepEqual(cards([]), {});
  assert.deepEqual(cards([{ action: 'use', data: ['Health'], place: ['Italy'] }]), {});
  const denial = { action: 'share', denied: true, data: ['Health'], recipient: ['Advertiser'] };
  assert.deepEqual(cards([denial]), {});
});

test('what is passed on of sensitive data, abroad or to anybody is counted', () => {
  const found = cards([
    { action: 'share', data: ['Health'], recipient: ['Advertiser'] },
    { action: 'transfer', data: ['Email'], place: ['Italy'] },
    { action: 'sell', data: ['Passport'], recipient: ['Google'] },
  ]);
  const told = Object.entries(found).map(([address, { count, text, statements }]) => [
    address,
    count,
    text,
    [...statements].map(({ digits }) => digits).join(),
  ]);
  assert.deepEqual(told, [
    ['card/sensitive', '2 disclosures', 'of sensitive data: health, passport', '0,2'],
    ['card/transfers', '1 disclosure', 'to a country or region: italy', '1'],
    ['card/vague', '1 of 3 disclosures', 'go to recipients left open (33 %): advertiser', '0'],
  ]);
  assert.equal(found['card/sensitive'].isWarning, true);
});

test('the card of changes leads to their tab', () => {
  const pairs = [{ earlier: 0, later: 1 }];
  const changes = { added: [1, 2], removed: [], changed: [3], hidden: 4 };
  const { 'card/changes': card } = cards([], { pairs, pair: 0, changes });
  assert.deepEqual(card, {
    address: 'card/changes',
    count: '2 added, 0 removed, 1 changed',
    text: 'zeta: 2021-01-01 to 2021-01-01',
    tab: 'changes',
  });
  assert.deepEqual(cards([], { pairs }), {});
});
