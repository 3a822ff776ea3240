import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { KIND_FIELDS } from '../../kg/views/app/data.js';
import {
  COLUMNS,
  CONCEPT_FILTERS,
  fromFragment,
  initial,
  ROWS,
  TABS,
  toFragment,
  unfiltered,
} from '../../kg/views/app/state.js';
import { ACTIONS, CONCEPTS, forMany, made } from './build.mjs';

const ODD = ['a b', 'a/b', 'a,b', '100%', '%2F', 'a&b=c', 'x#y', 'é😀', '+', '~', 'own.'];
const odd = Object.fromEntries(
  Object.entries(CONCEPTS).map(([kind, known]) => [
    kind,
    { ...known, ...Object.fromEntries(ODD.map((key) => [key, Object.keys(known).slice(0, 1)])) },
  ]),
);
const POLICIES = [
  ['Acme', ''],
  ['Acme', '2020-01-01'],
  ['a/b', '2021-12-31'],
  ['a,b', ''],
];
const view = made([], POLICIES, odd);

function anyState(source, first) {
  const ofKind = (kind) => source.pick(view.concepts.filter((one) => one.kind === kind));
  const concepts = Object.entries(CONCEPT_FILTERS).map(([name, kind]) => [
    name,
    source.chance(0.4) ? ofKind(kind) : null,
  ]);
  return {
    ...first,
    tab: source.pick(TABS),
    words: source.pick(['', 'e mail', '100% & more #1', 'é😀', '+', ' ']),
    who: source.pick(['own', 'others', 'all']),
    denials: source.pick(['with', 'without', 'only']),
    rows: source.pick(ROWS),
    version: source.pick(['latest', 'all', '2020-01-01', '2021-12-31']),
    least: source.below(101),
    handling: source.chance(0.5),
    whole: source.chance(0.5),
    actions: new Set(source.some(ACTIONS, 4)),
    companies: new Set(source.some(view.companies, 3)),
    toggled: new Set(source.some(view.concepts, 5)),
    columns: new Set(COLUMNS.filter(() => source.chance(0.5))),
    ...Object.fromEntries(concepts),
    change: source.pick(['', '0~1']),
    sort: source.pick(['', 'Data', '-To whom', 'Confidence']),
    page: source.below(5),
    selection: source.pick(['', 'node/data/a b', 'ribbon/data/a,b>company/x#y:share', 'card/100%']),
  };
}

test('what is as at first is left out of the address', () => {
  const first = initial('flow');
  assert.equal(toFragment(first, first), '');
  assert.equal(toFragment(unfiltered(first), first), '');
});

test('an address says what is chosen', () => {
  const first = initial('flow');
  const state = {
    ...first,
    tab: 'compare',
    data: view.at('data/Email'),
    actions: new Set(['sell', 'share']),
    companies: new Set([view.at('party/Acme')]),
    selection: 'node/data/Email',
  };
  assert.equal(
    decodeURIComponent(toFragment(state, first)),
    'tab=compare&data=Email&actions=sell,share&companies=party/Acme&show=node/data/Email',
  );
});

test('a state comes back from its address', () => {
  for (const tab of TABS) {
    const first = initial(tab);
    forMany(100, (source) => {
      const state = anyState(source, first);
      const fragment = toFragment(state, first);
      assert.match(fragment, /^[\x21-\x7e]*$/);
      assert.deepEqual(fromFragment(fragment, first, view), state);
    });
  }
});

test('an address does not depend on the order of choices', () => {
  const first = initial('flow');
  forMany(30, (source) => {
    const state = anyState(source, first);
    const turned = Object.fromEntries(
      Object.entries(state).map(([name, value]) => [
        name,
        value instanceof Set ? new Set([...value].reverse()) : value,
      ]),
    );
    assert.equal(toFragment(turned, first), toFragment(state, first));
  });
});

test('the first state may be any', () => {
  const first = { ...initial('compare'), columns: new Set(['data', 'purpose']), words: 'x' };
  for (const change of [{}, { columns: new Set() }, { words: '' }, { tab: 'flow' }]) {
    const state = { ...first, ...change };
    assert.deepEqual(fromFragment(toFragment(state, first), first, view), state);
  }
});

test('what makes no sense in an address is as at first', () => {
  const first = initial('flow');
  const nonsense = [
    'tab=nothing',
    'tab=__proto__&who=constructor&denials=&rows=x',
    'data=Nothing&recipient=Email&purpose=&place=__proto__',
    'actions=fly,,__proto__',
    'companies=Acme&companies=party/Nobody&toggled=x',
    'least=-5&page=-1',
    'least=much&page=NaN',
    'handling=yes',
    'whole=yes&whole=1',
    'whole=0',
    'version=nothing',
    'version=',
    'version=2020-13-45',
    'version=2020-02-30',
    'version=2021-02-29',
    'version=2020-00-10',
    'version=2020',
    'version=2020-01',
    'version=2020-1-1',
    'version=2020-01-01T00:00',
    'version=%202020-01-01',
    'version=2020-01-01%0A',
    'version=12020-01-01',
    'version=Latest',
    'version=__proto__',
    '%',
    '%E0%A4%A',
    '&&==&',
    '\u0000\ud800',
  ];
  const obeyed = nonsense.filter(
    (fragment) => !isDeepStrictEqual(fromFragment(fragment, first, view), first),
  );
  assert.deepEqual(obeyed, []);
});

test('a version is the latest, all, or a day', () => {
  const first = initial('flow');
  for (const version of ['latest', 'all', '2020-02-29', '1999-12-31', '2100-01-01']) {
    assert.equal(fromFragment(`version=${version}`, first, view).version, version);
  }
  const other = { ...first, version: 'all' };
  assert.equal(fromFragment('version=2020-02-30', other, view).version, 'all');
});

test('that all companies are drawn though crowded is said only where it is chosen', () => {
  const first = initial('flow');
  assert.equal(first.whole, false);
  assert.equal(toFragment({ ...first, whole: true }, first), 'whole=1');
  assert.equal(fromFragment('whole=1', first, view).whole, true);
});

test('every filter by a concept has the field of a statement that it looks at', () => {
  const { statements } = made([
    { action: 'use', data: ['Email'], recipient: ['Google'], purpose: ['Ads'], place: ['Japan'] },
  ]);
  for (const kind of Object.values(CONCEPT_FILTERS)) {
    const named = statements[0][KIND_FIELDS[kind]];
    assert.deepEqual(
      named.map((one) => one.kind),
      [kind],
    );
  }
});

test('a filter that the address does not name is not set', () => {
  // What is missing must not be looked up by the word for it.
  const data = { Data: [], null: ['Data'], undefined: ['Data'] };
  const strange = made([], POLICIES, { ...odd, data });
  assert.equal(fromFragment('', initial('flow'), strange).data, null);
});

test('numbers beyond their bounds are brought within them', () => {
  assert.equal(fromFragment('least=1000', initial('flow'), view).least, 100);
});

test('reading an address leaves the first state as it is', () => {
  const first = initial('flow');
  fromFragment('actions=sell&companies=party/Acme&columns=data', first, view);
  assert.deepEqual(first, initial('flow'));
});
