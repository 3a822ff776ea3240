import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compare } from '../../kg/views/app/changes.js';
import { anyView, forMany, made, random } from './build.mjs';

const SHARE = { action: 'share', data: ['Email'], recipient: ['Google'] };

/** The changes from some statements to others. */
function between(before, after) {
  const marked = [
    ...before.map((one) => ({ ...one, policy: 0 })),
    ...after.map((one) => ({ ...one, policy: 1 })),
  ];
  const view = made(marked, [
    ['Acme', '2020-01-01'],
    ['Acme', '2021-01-01'],
  ]);
  return compare(
    view.statements.filter(({ policy }) => policy.number === 0),
    view.statements.filter(({ policy }) => policy.number === 1),
  );
}

const bare = (groups) =>
  groups.map(({ actor, action, denied, other, data }) => [
    actor.key,
    denied ? `not ${action}` : action,
    data.map(({ key }) => key).join(' '),
    other?.key ?? '',
  ]);

/** What one statement's change is told as. */
function notesOf(before, after) {
  const { added, removed, changed } = between([{ ...SHARE, ...before }], [{ ...SHARE, ...after }]);
  assert.deepEqual([added, removed], [[], []]);
  return changed.flatMap(({ notes }) => notes);
}

test('the same statements are no change', () => {
  const found = between([SHARE], [SHARE]);
  assert.deepEqual([found.added, found.removed, found.changed], [[], [], []]);
  assert.deepEqual(bare(found.same), [['Acme', 'share', 'Email', 'Google']]);
  assert.deepEqual(between([], []), { added: [], removed: [], changed: [], same: [] });
});

test('order, repetition and other words are no change', () => {
  const some = [
    SHARE,
    { action: 'use', data: ['Health', 'Email'], purpose: ['Ads', 'Service'] },
    { ...SHARE, trigger: ['pass on'], modality: 'may' },
  ];
  const turned = [...some, SHARE].reverse().map((one) => ({
    ...one,
    data: [...one.data].reverse(),
    purpose: [...(one.purpose ?? [])].reverse(),
  }));
  const { added, removed, changed } = between(some, turned);
  assert.deepEqual([added, removed, changed], [[], [], []]);
});

test('any statements in any order are no change to themselves', () => {
  forMany(60, (source) => {
    const { statements } = anyView(source);
    const turned = [...statements].sort(() => (source.chance(0.5) ? 1 : -1));
    const { added, removed, changed } = compare(statements, turned);
    assert.deepEqual([added, removed, changed], [[], [], []]);
  });
});

test('what is said anew or no more is told', () => {
  const { added, removed, changed, same } = between(
    [SHARE, { action: 'use', data: ['Email'] }],
    [SHARE, { action: 'sell', data: ['Email'], recipient: ['Google'] }],
  );
  assert.deepEqual(bare(added), [['Acme', 'sell', 'Email', 'Google']]);
  assert.deepEqual(bare(removed), [['Acme', 'use', 'Email', '']]);
  assert.deepEqual(changed, []);
  assert.deepEqual(bare(same), [['Acme', 'share', 'Email', 'Google']]);
});

test('another actor, recipient, datum, source or place is another flow', () => {
  const pairs = [
    [SHARE, { ...SHARE, by: 'Google' }],
    [SHARE, { ...SHARE, recipient: ['Broker'] }],
    [SHARE, { ...SHARE, data: ['Phone'] }],
    [SHARE, { ...SHARE, recipient: [] }],
    [
      { action: 'collect', data: ['Email'], source: ['Google'] },
      { action: 'collect', data: ['Email'], source: ['Broker'] },
    ],
    [
      { action: 'transfer', data: ['Email'], place: ['Italy'] },
      { action: 'transfer', data: ['Email'], place: ['Japan'] },
    ],
  ];
  for (const [before, after] of pairs) {
    const { added, removed, changed } = between([before], [after]);
    assert.deepEqual([added.length, removed.length, changed.length], [1, 1, 0]);
  }
});

test('that the user is the source is not news', () => {
  const collect = { action: 'collect', data: ['Email'] };
  const { same, ...others } = between([collect], [{ ...collect, source: ['User'] }]);
  assert.deepEqual(bare(same), [['Acme', 'collect', 'Email', '']]);
  assert.deepEqual(others, { added: [], removed: [], changed: [] });
});

test('a denial that becomes a statement is both', () => {
  const { added, removed } = between([{ ...SHARE, denied: true }], [SHARE]);
  assert.deepEqual(bare(added), [['Acme', 'share', 'Email', 'Google']]);
  assert.deepEqual(bare(removed), [['Acme', 'not share', 'Email', 'Google']]);
});

test('another purpose, place or legal basis is a change', () => {
  assert.deepEqual(notesOf({ purpose: ['Ads'] }, { purpose: ['Service'] }), [
    'new purpose: service',
    'purpose gone: ads',
  ]);
  assert.deepEqual(notesOf({}, { place: ['Italy'] }), ['new place: italy']);
  assert.deepEqual(notesOf({ basis: ['Consent'] }, {}), ['legal basis gone: consent']);
});

test('another modality is a change', () => {
  const cases = [
    ['asserted', 'may', 'was “said plainly”, now “said to be possible (may)”'],
    ['may', 'asserted', 'was “said to be possible (may)”, now “said plainly”'],
    ['asserted', 'optional', 'was “said plainly”, now “said to be optional”'],
    ['required', 'may', 'was “said to be required”, now “said to be possible (may)”'],
  ];
  for (const [was, is, note] of cases) {
    assert.deepEqual(notesOf({ modality: was }, { modality: is }), [note]);
    assert.deepEqual(notesOf({ modality: was }, { modality: was, trigger: ['do'] }), []);
  }
});

test('a condition that comes or goes is a change', () => {
  assert.deepEqual(notesOf({ condition: ['you agree'] }, {}), ['now without a condition']);
  assert.deepEqual(notesOf({}, { condition: ['you agree'] }), ['now under a condition']);
  assert.deepEqual(notesOf({ condition: ['you agree'] }, { condition: ['you ask'] }), []);
});

test('of several statements the firmest counts, and one without a condition', () => {
  const [may, bound] = [
    { ...SHARE, modality: 'may' },
    { ...SHARE, condition: ['you agree'] },
  ];
  for (const one of [may, bound]) {
    assert.deepEqual(between([SHARE, one], [SHARE]).changed, []);
    assert.deepEqual(between([SHARE], [one, SHARE]).changed, []);
    assert.equal(between([SHARE, one], [one]).changed.length, 1);
  }
});

test('what changed has the sentences of both', () => {
  const [change] = between([SHARE], [{ ...SHARE, modality: 'may' }]).changed;
  assert.deepEqual(
    [...change.statements].map(({ policy }) => policy.number),
    [0, 1],
  );
});

test('flows that differ in their data alone are one group', () => {
  const { added } = between(
    [],
    [
      { ...SHARE, data: ['Email', 'Phone'] },
      { ...SHARE, data: ['Health'] },
      { ...SHARE, data: ['Email'], recipient: ['Broker'] },
    ],
  );
  assert.deepEqual(bare(added), [
    ['Acme', 'share', 'Email Phone Health', 'Google'],
    ['Acme', 'share', 'Email', 'Broker'],
  ]);
  assert.deepEqual(
    added.map(({ statements }) => statements.size),
    [2, 1],
  );
});

test('what is the same is grouped too', () => {
  const said = [
    { ...SHARE, data: ['Email', 'Phone'] },
    { ...SHARE, data: ['Health'] },
    { action: 'use', data: ['Email'] },
  ];
  const { same } = between(said, said);
  assert.deepEqual(bare(same), [
    ['Acme', 'share', 'Email Phone Health', 'Google'],
    ['Acme', 'use', 'Email', ''],
  ]);
});

test('what changed otherwise is another group', () => {
  const { changed } = between(
    [{ ...SHARE, data: ['Email', 'Phone', 'Health'] }],
    [
      { ...SHARE, data: ['Email', 'Phone'], condition: ['you agree'] },
      { ...SHARE, data: ['Health'], purpose: ['Ads'] },
    ],
  );
  assert.deepEqual(
    changed.map(({ notes, data }) => [notes.join(), data.length]),
    [
      ['now under a condition', 2],
      ['new purpose: ads', 1],
    ],
  );
});

test('a party and a place with one name are not one group', () => {
  const concepts = {
    data: { Email: [] },
    party: { Acme: [], Georgia: [] },
    purpose: {},
    place: { Georgia: [] },
    basis: {},
  };
  const said = [
    { action: 'transfer', data: ['Email'], recipient: ['Georgia'] },
    { action: 'transfer', data: ['Email'], place: ['Georgia'] },
  ];
  const { added } = compare([], made(said, [['Acme', '']], concepts).statements);
  assert.deepEqual(
    added.map(({ other }) => other.kind),
    ['party', 'place'],
  );
  assert.equal(new Set(added.map(({ key }) => key)).size, 2);
});

test('denials come first, then sales, then what goes to others', () => {
  const { added } = between(
    [],
    [
      { action: 'use', data: ['Email'] },
      { action: 'collect', data: ['Email'] },
      SHARE,
      { ...SHARE, action: 'sell' },
      { action: 'delete', denied: true, data: ['Email'] },
    ],
  );
  assert.deepEqual(
    added.map(({ denied, action }) => (denied ? `not ${action}` : action)),
    ['not delete', 'sell', 'share', 'collect', 'use'],
  );
});

const byNumber = (a, b) => a.number - b.number;

test('turning back turns what is added into what is removed', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const { statements } = anyView(random(seed), 30);
    const half = Math.floor(statements.length / 2);
    const [before, after] = [statements.slice(0, half), statements.slice(half)];
    const there = compare(before, after);
    const back = compare(after, before);
    const sorted = (groups) =>
      groups
        .map(({ data, ...group }) => bare([{ ...group, data: [...data].sort(byNumber) }]).join())
        .sort();
    const all = (groups) => groups.flatMap(({ data }) => data).length;
    assert.deepEqual(sorted(there.added), sorted(back.removed));
    assert.deepEqual(sorted(there.removed), sorted(back.added));
    assert.deepEqual(sorted(there.same), sorted(back.same));
    assert.equal(all(there.changed), all(back.changed));
  }
});
