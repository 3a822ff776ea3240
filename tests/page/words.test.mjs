import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wordsOf } from '../../kg/views/app/data.js';
import { csv, openingOf, pageOf, prepare } from '../../kg/views/app/statements-tab.js';
import {
  dateOf,
  listed,
  many,
  MODALITIES,
  nameOf,
  objects,
  verb,
  VERBS,
} from '../../kg/views/app/words.js';
import { ACTIONS, made, MODALITIES as KINDS } from './build.mjs';

const said = (one) => made([one]).statements[0];

test('what stands after the verb is told: data, whence, to whom, and where', () => {
  const cases = [
    [{ action: 'use' }, 'data'],
    [{ action: 'use', data: ['Email', 'Phone'] }, 'email, phone'],
    [{ action: 'share', data: ['Email'], recipient: ['Google'] }, 'email with google'],
    [{ action: 'sell', data: ['Email'], recipient: ['Google'] }, 'email to google'],
    [{ action: 'sell', denied: true, recipient: ['Google'] }, 'data to google'],
    [{ action: 'collect', data: ['Email'], source: ['Google'] }, 'email from google'],
    [{ action: 'collect', data: ['Email'], source: ['User'] }, 'email'],
    [{ action: 'collect', source: ['User', 'Google'] }, 'data from google'],
    [{ action: 'use', data: ['Email'], source: ['Google'] }, 'email'],
    [{ action: 'transfer', place: ['Japan'] }, 'data · japan'],
    [{ action: 'store', place: ['Japan', 'Italy'] }, 'data · japan, italy'],
    [
      { action: 'share', data: ['Email'], recipient: ['Advertiser'], place: ['Japan'] },
      'email with advertiser · japan',
    ],
    [
      { action: 'transfer', recipient: ['Google', 'Broker'], place: ['Japan'] },
      'data to google, broker · japan',
    ],
  ];
  for (const [one, expected] of cases) assert.equal(objects(said(one)), expected);
});

test('long lists are cut', () => {
  const one = said({ action: 'use', data: ['Email', 'Phone', 'Health', 'Passport', 'Contact'] });
  assert.equal(objects(one), 'email, phone, health, passport and 1 more');
  assert.equal(objects(one, 1), 'email and 4 more');
  const parties = said({
    action: 'share',
    recipient: ['Google', 'Broker'],
    place: ['Japan', 'Italy'],
  });
  assert.equal(objects(parties, 1), 'data with google and 1 more · japan and 1 more');
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
  for (const action of ACTIONS) {
    for (const modality of KINDS) {
      const expected = modality === 'may' ? `may ${action}` : VERBS[action];
      assert.equal(verb(said({ action, modality })), expected);
      assert.equal(verb(said({ action, modality, denied: true })), `does NOT ${action}`);
    }
  }
});

test('every modality has its words', () => {
  assert.deepEqual(Object.keys(MODALITIES), KINDS);
  assert.equal(MODALITIES.asserted, 'said plainly');
  assert.equal(MODALITIES.may, 'said to be possible (may)');
  assert.equal(MODALITIES.required, 'said to be required');
  assert.equal(MODALITIES.optional, 'said to be optional');
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

test('a row says what may be done', () => {
  const { statements } = made([
    { action: 'share', modality: 'may' },
    { action: 'share', modality: 'optional' },
  ]);
  const [head, ...rows] = records(csv(statements));
  assert.equal(head[0], 'Company');
  assert.deepEqual(
    rows.map((row) => ['Says', 'Modality', 'Polarity'].map((name) => row[head.indexOf(name)])),
    [
      ['may share', MODALITIES.may, 'affirmed'],
      ['shares', MODALITIES.optional, 'affirmed'],
    ],
  );
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
  const page = { shown: statements, state: { sort } };
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

test('a statement is found on its page, however the rows are sorted', () => {
  const { statements } = made(
    Array.from({ length: 250 }, (_, at) => ({ action: 'use', confidence: (at * 7) % 250 })),
  );
  for (const sort of ['', 'Confidence', '-Confidence', '-Data', 'Nothing']) {
    const rows = sorted(statements, sort);
    for (const said of statements) {
      const expected = Math.floor(rows.indexOf(said.number) / 100);
      assert.equal(pageOf(statements, sort, said), expected, `${sort} ${said.number}`);
    }
  }
  assert.equal(pageOf(statements.slice(0, 10), '', statements[200]), 0);
  assert.equal(pageOf([], 'Data', statements[0]), 0);
});

test('one statement is open in any view, though filters hide it', () => {
  const view = made([{ action: 'use' }, { action: 'sell' }]);
  const open = (selection) => openingOf({ view, shown: [], state: { selection } });
  assert.deepEqual(open('statement/1'), {
    title: 'One statement',
    statements: [view.statements[1]],
  });
  for (const selection of ['', '1', 'statement/', 'statement/7', 'node/data/1', 'xstatement/1']) {
    assert.equal(open(selection), null, selection);
  }
});

test('words in a role are told once', () => {
  assert.deepEqual(wordsOf(said({ action: 'use', method: ['by hand', 'by hand'] }), 'method'), [
    'by hand',
  ]);
});
