import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wordsOf } from '../../kg/views/app/data.js';
import { csv, prepare } from '../../kg/views/app/statements-tab.js';
import { dateOf, deed, listed, many, nameOf, verb, VERBS } from '../../kg/views/app/words.js';
import { ACTIONS, made } from './build.mjs';

const said = (one) => made([one]).statements[0];

test('a deed is told with its data and where they go', () => {
  const cases = [
    [{ action: 'use' }, 'uses data'],
    [{ action: 'use', data: ['Email', 'Phone'] }, 'uses email, phone'],
    [{ action: 'share', data: ['Email'], recipient: ['Google'] }, 'shares email with google'],
    [{ action: 'sell', data: ['Email'], recipient: ['Google'] }, 'sells email to google'],
    [{ action: 'sell', denied: true, recipient: ['Google'] }, 'does NOT sell data to google'],
    [{ action: 'collect', data: ['Email'], source: ['Google'] }, 'collects email from google'],
    [{ action: 'collect', data: ['Email'], source: ['User'] }, 'collects email'],
    [{ action: 'transfer', place: ['Japan'] }, 'transfers data to japan'],
    [{ action: 'store', place: ['Japan'] }, 'stores data in japan'],
    [
      { action: 'transfer', recipient: ['Google'], place: ['Japan'] },
      'transfers data to google in japan',
    ],
  ];
  for (const [one, expected] of cases) assert.equal(deed(said(one)), expected);
});

test('long lists are cut', () => {
  const one = said({ action: 'use', data: ['Email', 'Phone', 'Health', 'Passport', 'Contact'] });
  assert.equal(deed(one), 'uses email, phone, health, passport and 1 more');
  assert.equal(deed(one, 1), 'uses email and 4 more');
  assert.equal(listed([]), '');
  assert.equal(listed(['a']), 'a');
  assert.equal(listed(['a', 'b', 'c'], 3), 'a, b, c');
  assert.equal(listed(['a', 'b', 'c'], 2), 'a, b and 1 more');
});

test('numbers go with their words', () => {
  assert.equal(many(0, 'flow'), '0 flows');
  assert.equal(many(1, 'flow'), '1 flow');
  assert.equal(many(2, 'company', 'companies'), '2 companies');
  assert.equal(many(12345, 'flow'), '12,345 flows');
});

test('every action has a verb', () => {
  assert.deepEqual(Object.keys(VERBS).sort(), [...ACTIONS].sort());
  assert.equal(verb(said({ action: 'use', denied: true })), 'does NOT use');
});

test('a policy is named by company and date', () => {
  const [dated, other] = made(
    [],
    [
      ['Acme', '2021-05-01'],
      ['Zeta', ''],
    ],
  ).policies;
  assert.equal(nameOf(dated), 'acme, 2021-05-01');
  assert.equal(nameOf(other), 'zeta, no date');
  assert.equal(dateOf(other), 'no date');
});

/** Records of comma-separated values (RFC 4180). */
function records(text) {
  const found = [];
  for (const line of text.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n))+?(?<=\r\n)/g)) {
    const fields = line[0].matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n)/g);
    found.push(
      [...fields].map(([, field]) =>
        field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
      ),
    );
  }
  return found;
}

test('rows are saved as comma-separated values', () => {
  const { statements } = made([
    {
      action: 'share',
      denied: true,
      data: ['Email', 'Phone'],
      recipient: ['Google'],
      condition: ['you agree'],
      retention: ['a month'],
    },
  ]);
  const [head, row, ...more] = records(csv(statements));
  assert.deepEqual(more, []);
  const found = Object.fromEntries(head.map((name, at) => [name, row[at]]));
  const expected = {
    Company: 'acme',
    Date: '2021-05-01',
    Says: 'does NOT share',
    Data: 'email; phone',
    'To whom': 'google',
    Condition: 'you agree',
    'How long': 'a month',
    Polarity: 'denied',
    Confidence: '0.9',
    Document: '0.md',
    'Characters from': '0',
    Source: 'https://acme.example/',
    Statement: '0',
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, name);
  assert.equal(row.length, head.length);
});

test('what a spreadsheet would run is harmless', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']) {
    const { statements } = made([{ action: 'use', condition: [text] }]);
    statements[0].sentence.text = text;
    const [head, row] = records(csv(statements));
    assert.equal(row[head.indexOf('Sentence')], `'${text}`);
    assert.equal(row.length, head.length);
    const condition = row[head.indexOf('Condition')];
    assert.ok(!/^[=+\-@\t\r]/.test(condition), condition);
  }
});

test('quotes, commas and line breaks stay in their field', () => {
  const text = 'a "b", c\r\nd\ne';
  const { statements } = made([{ action: 'use' }, { action: 'use' }]);
  for (const one of statements) one.sentence.text = text;
  const [head, ...rows] = records(csv(statements));
  assert.deepEqual(
    rows.map((row) => row[head.indexOf('Sentence')]),
    [text, text],
  );
});

/** Numbers of the statements as they are sorted. */
function sorted(statements, sort) {
  const page = { shown: statements, openings: new Map(), state: { sort } };
  return prepare(page).rows.map(({ number }) => number);
}

test('rows are sorted by any column, up and down', () => {
  const { statements } = made([
    { action: 'use', data: ['Phone'], confidence: 80 },
    { action: 'sell', data: ['Email'], confidence: 100 },
    { action: 'share', data: ['Health'], confidence: 9 },
  ]);
  assert.deepEqual(sorted(statements, ''), [0, 1, 2]);
  assert.deepEqual(sorted(statements, 'Data'), [1, 2, 0]);
  assert.deepEqual(sorted(statements, '-Data'), [0, 2, 1]);
  assert.deepEqual(sorted(statements, 'Confidence'), [2, 0, 1]);
  assert.deepEqual(sorted(statements, '-Confidence'), [1, 0, 2]);
  assert.deepEqual(sorted([], 'Data'), []);
});

test('a column that is not there does not sort', () => {
  const { statements } = made([{ action: 'use' }, { action: 'sell' }]);
  for (const sort of ['Nothing', '-', '__proto__', '-constructor', '__defineGetter__']) {
    assert.deepEqual(sorted(statements, sort), [0, 1], sort);
  }
});

test('words in a role are told once', () => {
  assert.deepEqual(wordsOf(said({ action: 'use', method: ['by hand', 'by hand'] }), 'method'), [
    'by hand',
  ]);
});
