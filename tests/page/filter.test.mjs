import assert from 'node:assert/strict';
import { test } from 'node:test';

import { counted, filtered } from '../../kg/views/app/filter.js';
import { CONCEPT_FILTERS, initial, unfiltered } from '../../kg/views/app/state.js';
import { ACTIONS, anyView, forMany, made } from './build.mjs';

const POLICIES = [
  ['Acme', ''],
  ['Acme', '2019-01-01'],
  ['Acme', '2021-01-01'],
  ['Zeta', '2020-06-30'],
];
const view = made(
  [
    { action: 'use', policy: 0, data: ['Email'] },
    { action: 'use', policy: 1, data: ['Health'], confidence: 60 },
    { action: 'share', policy: 2, data: ['Email'], recipient: ['Google'], purpose: ['Ads'] },
    { action: 'sell', policy: 2, denied: true, data: ['Health'], place: ['Italy'] },
    { action: 'collect', policy: 2, by: 'Google', data: ['PersonalData'], confidence: 70 },
    { action: 'use', policy: 3, data: ['Passport'], condition: ['you Agree'] },
  ],
  POLICIES,
);

/** Numbers of the statements that a state shows. */
const shown = (change) =>
  filtered(view.statements, { ...initial('flow'), ...change }).map(({ number }) => number);

test('at first the latest policies show what their publishers do', () => {
  assert.deepEqual(shown({}), [2, 3, 5]);
});

test('each filter keeps what it says', () => {
  const whole = { version: 'all', who: 'all' };
  const cases = [
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ who: 'others' }, [4]],
    [{ who: 'own' }, [0, 1, 2, 3, 5]],
    [{ denials: 'only' }, [3]],
    [{ denials: 'without' }, [0, 1, 2, 4, 5]],
    [{ actions: new Set(['sell', 'share']) }, [2, 3]],
    [{ companies: new Set([view.at('party/Zeta')]) }, [5]],
    [{ least: 70 }, [0, 2, 3, 4, 5]],
    [{ data: view.at('data/Contact') }, [0, 2]],
    [{ data: view.at('data/Sensitive') }, [1, 3, 5]],
    [{ data: view.at('data/PersonalData') }, [0, 1, 2, 3, 4, 5]],
    [{ recipient: view.at('party/Company') }, [2]],
    [{ purpose: view.at('purpose/Marketing') }, [2]],
    [{ place: view.at('place/Europe') }, [3]],
    [{ words: 'EMAIL google' }, [2]],
    [{ words: '  you agree ' }, [5]],
    [{ words: 'nothing' }, []],
    [{ denials: 'only', data: view.at('data/Contact') }, []],
  ];
  for (const [change, expected] of cases) {
    assert.deepEqual(shown({ ...whole, ...change }), expected, JSON.stringify(Object.keys(change)));
  }
});

test('a day shows each policy as it stood then', () => {
  const on = (version) => shown({ version, who: 'all' });
  assert.deepEqual(on('2018-12-31'), []);
  assert.deepEqual(on('2019-01-01'), [1]);
  assert.deepEqual(on('2020-06-29'), [1]);
  assert.deepEqual(on('2020-06-30'), [1, 5]);
  assert.deepEqual(on('2020-12-31'), [1, 5]);
  assert.deepEqual(on('2021-01-01'), [2, 3, 4, 5]);
});

test('of two policies of one day the later one in the list stands', () => {
  const twice = made(
    [
      { action: 'use', policy: 0 },
      { action: 'use', policy: 1 },
    ],
    [
      ['Acme', '2020-01-01'],
      ['Acme', '2020-01-01'],
    ],
  );
  const state = { ...initial('flow'), version: '2020-01-01' };
  assert.deepEqual(filtered(twice.statements, state), [twice.statements[1]]);
});

test('filters can be left unasked', () => {
  const state = { ...initial('flow'), denials: 'only' };
  const found = filtered(view.statements, state, ['version', 'denials']);
  assert.deepEqual(
    found.map(({ number }) => number),
    [0, 1, 2, 3, 5],
  );
});

function anyState(source, { concepts, companies, policies }) {
  const maybe = (value, share = 0.25) => (source.chance(share) ? value : undefined);
  const ofKind = (kind) => source.pick(concepts.filter((one) => one.kind === kind));
  const chosen = {
    version: maybe(source.pick(['all', '2020-01-01', ...policies.map((one) => one.date)]), 0.6),
    who: maybe(source.pick(['others', 'all']), 0.6),
    denials: maybe(source.pick(['without', 'only'])),
    least: maybe(50 + source.below(50)),
    actions: maybe(new Set(source.some(ACTIONS, 4))),
    companies: maybe(new Set(source.some(companies, 1))),
    words: maybe(source.pick(['c1', 'a', 'agree', 'c1 c2', 'zzz'])),
    ...Object.fromEntries(
      Object.entries(CONCEPT_FILTERS).map(([name, kind]) => [name, maybe(ofKind(kind), 0.2)]),
    ),
  };
  const given = Object.entries(chosen).filter(([, value]) => value !== undefined);
  return { ...initial('flow'), ...Object.fromEntries(given) };
}

test('every choice shows as many statements as stand beside it', () => {
  forMany(120, (source) => {
    const any = anyView(source, 25);
    const state = anyState(source, any);
    const counts = counted(any.statements, state);
    const check = (name, value, change) => {
      const expected = filtered(any.statements, { ...state, [name]: change }).length;
      assert.equal(counts[name].get(value) ?? 0, expected, `${name} ${value.key ?? value}`);
    };
    for (const [name, kind] of Object.entries(CONCEPT_FILTERS)) {
      for (const one of any.concepts) if (one.kind === kind) check(name, one, one);
    }
    for (const company of any.companies) check('companies', company, new Set([company]));
    for (const action of ACTIONS) {
      const beside = filtered(any.statements, { ...state, actions: new Set([action]) });
      const denials = beside.filter(({ denied }) => denied).length;
      const found = [action, `not ${action}`].map((value) => counts.actions.get(value) ?? 0);
      assert.deepEqual(found, [beside.length - denials, denials], action);
    }
    for (const value of ['with', 'without', 'only']) check('denials', value, value);
    for (const value of ['own', 'others', 'all']) check('who', value, value);
    for (const value of ['latest', 'all']) check('version', value, value);
  });
});

test('what is done and what is denied are counted apart', () => {
  const some = made([
    { action: 'sell', denied: true },
    { action: 'sell', denied: true },
    { action: 'sell' },
    { action: 'use' },
    { action: 'share', denied: true },
  ]);
  const counts = (change) =>
    Object.fromEntries(counted(some.statements, { ...initial('flow'), ...change }).actions);
  const all = { 'not sell': 2, sell: 1, use: 1, 'not share': 1 };
  assert.deepEqual(counts({}), all);
  assert.deepEqual(counts({ actions: new Set(['use']) }), all);
  assert.deepEqual(counts({ denials: 'only' }), { 'not sell': 2, 'not share': 1 });
  assert.deepEqual(counts({ denials: 'without' }), { sell: 1, use: 1 });
});

test('what is shown passes every filter by itself', () => {
  forMany(60, (source) => {
    const any = anyView(source, 25);
    const state = anyState(source, any);
    const loose = { ...initial('flow'), version: 'all', who: 'all' };
    const names = ['version', 'who', 'denials', 'least', 'actions', 'companies', 'words'];
    const each = [...names, ...Object.keys(CONCEPT_FILTERS)].map(
      (name) => new Set(filtered(any.statements, { ...loose, [name]: state[name] })),
    );
    const expected = any.statements.filter((said) => each.every((found) => found.has(said)));
    assert.deepEqual(filtered(any.statements, state), expected);
  });
});

test('without filters all that is shown at first is shown', () => {
  forMany(20, (source) => {
    const any = anyView(source);
    const state = unfiltered(anyState(source, any));
    const first = filtered(any.statements, initial('flow'));
    assert.deepEqual(filtered(any.statements, state), first);
  });
});
