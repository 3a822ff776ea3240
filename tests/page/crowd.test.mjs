import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chooser, MOST, uncrowded } from '../../kg/views/app/crowd.js';
import { initial } from '../../kg/views/app/state.js';
import { forMany, made } from './build.mjs';

const COMPANIES = ['Acme', 'Google', 'Zeta'];

/** A page on which each company has so many statements. */
function pageOf(counts, change = {}) {
  const said = counts.flatMap((count, policy) =>
    Array.from({ length: count }, () => ({ action: 'use', policy })),
  );
  const policies = counts.map((_, at) => [COMPANIES[at], '2020-01-01']);
  const view = made(said, policies);
  const state = { ...initial('flow'), ...change };
  return { view, state, shown: view.statements, companies: view.companies };
}

/** What is drawn of a page, when each statement makes one thing to draw. */
const drawn = (page) =>
  uncrowded(
    page,
    (statements) => ({ statements }),
    ({ statements }) => statements.length,
  );

/** How many statements of which company are drawn. */
function told({ statements }) {
  const counts = {};
  for (const { company } of statements) counts[company.key] = (counts[company.key] ?? 0) + 1;
  return counts;
}

test('what can be read is drawn whole', () => {
  for (const change of [{}, { whole: true }]) {
    for (const counts of [[0, 0], [1], [MOST - 1, 1], [30, 30, 20]]) {
      const page = pageOf(counts, change);
      const model = drawn(page);
      assert.deepEqual(model.statements, page.shown);
      assert.equal(model.crowd, null);
    }
  }
  assert.equal(MOST, 80);
});

test('of too much the company that says most is drawn alone', () => {
  const cases = [
    [[MOST, 1], 'Acme'],
    [[1, MOST], 'Google'],
    [[30, 30, 31], 'Zeta'],
    [[40, 41], 'Google'],
    [[200, 100, 300], 'Zeta'],
  ];
  for (const [counts, key] of cases) {
    const page = pageOf(counts);
    const model = drawn(page);
    assert.deepEqual(told(model), { [key]: Math.max(...counts) });
    assert.equal(model.crowd.company, page.view.at(`party/${key}`));
    assert.equal(model.crowd.size, page.shown.length);
  }
});

test('of companies that say as much the first is drawn', () => {
  assert.equal(drawn(pageOf([50, 50, 50])).crowd.company.key, 'Acme');
  assert.equal(drawn(pageOf([1, 50, 50])).crowd.company.key, 'Google');
});

test('all are drawn when that is asked for, and it is said how much it is', () => {
  const page = pageOf([60, 70], { whole: true });
  const model = drawn(page);
  assert.deepEqual(model.statements, page.shown);
  assert.deepEqual(model.crowd, { size: 130 });
});

test('one company is drawn whole, however much it is', () => {
  const page = pageOf([300]);
  for (const whole of [false, true]) {
    const model = drawn({ ...page, state: { ...page.state, whole } });
    assert.equal(model.statements.length, 300);
    assert.equal(model.crowd, null);
  }
});

test('the one of several companies of which anything is shown is drawn whole', () => {
  // The others were filtered out: it alone and all of them are the same drawing.
  const page = pageOf([MOST + 1, 0]);
  assert.equal(page.companies.length, 2);
  const model = drawn(page);
  assert.deepEqual(told(model), { Acme: MOST + 1 });
  assert.equal(model.crowd, null);
});

test('how crowded it is depends on what is drawn, not on how many statements there are', () => {
  const page = pageOf([300, 300]);
  const made = (statements) => ({ sizes: new Set(statements.map(({ company }) => company)) });
  const model = uncrowded(page, made, ({ sizes }) => sizes.size);
  assert.deepEqual([model.sizes.size, model.crowd], [2, null]);
});

test('what is made of the statements is handed on', () => {
  const make = (statements) => ({ count: statements.length, other: 'kept' });
  for (const counts of [
    [1, 1],
    [60, 70],
  ]) {
    for (const whole of [false, true]) {
      const model = uncrowded(pageOf(counts, { whole }), make, ({ count }) => count);
      assert.equal(model.other, 'kept');
    }
  }
});

test('either all is drawn, or all of one company', () => {
  forMany(60, (source) => {
    const counts = COMPANIES.map(() => 1 + source.below(60));
    const page = pageOf(counts, { whole: source.chance(0.3) });
    const { statements, crowd } = drawn(page);
    const all = counts.reduce((sum, one) => sum + one, 0);
    const isAlone = all > MOST && !page.state.whole;
    const expected = page.shown.filter((said) => !isAlone || said.company === crowd.company);
    assert.deepEqual(statements, expected);
    assert.equal(statements.length, isAlone ? Math.max(...counts) : all);
    assert.equal(crowd?.size ?? null, all > MOST ? all : null);
  });
});

/** Stands for an element of the page. */
class Element {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, listeners: {}, children: [] });
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  append(child) {
    this.children.push(child);
  }

  get text() {
    return this.children.map((child) => child.text ?? child).join('');
  }

  get buttons() {
    const inner = this.children.flatMap((child) => child.buttons ?? []);
    return this.tag === 'button' ? [this, ...inner] : inner;
  }
}

/** What the chooser says and offers, and what each offer changes in the state. */
function offered(page) {
  const changes = [];
  const go = (change) => changes.push(change);
  globalThis.document = { createElement: (tag) => new Element(tag) };
  try {
    const parts = chooser({ ...page, go }, drawn(page).crowd, 'ribbon');
    if (!parts) return null;
    const buttons = parts.flatMap((part) => part.buttons);
    for (const button of buttons) button.listeners.click();
    const offers = buttons.map(({ text }, at) => [text, changes[at]]);
    return { text: parts[0].text, offers: Object.fromEntries(offers) };
  } finally {
    delete globalThis.document;
  }
}

test('nothing is offered where all can be read', () => {
  assert.equal(offered(pageOf([1, 1])), null);
  assert.equal(offered(pageOf([300])), null);
});

test('the others and the whole are offered beside one company', () => {
  const page = pageOf([60, 70]);
  const [acme, google] = page.companies;
  const { text, offers } = offered(page);
  assert.match(text, /^google alone is drawn: all 2 companies would be 130 ribbons/);
  assert.deepEqual(offers, {
    'draw all 130 ribbons nevertheless': { whole: true, selection: '' },
    acme: { companies: new Set([acme]), selection: '' },
    google: { companies: new Set([google]), selection: '' },
  });
});

test('one company alone is offered beside the whole', () => {
  const { text, offers } = offered(pageOf([60, 70], { whole: true }));
  assert.match(text, /^130 ribbons are too many to read/);
  assert.deepEqual(offers['draw one company alone'], { whole: false, selection: '' });
});
