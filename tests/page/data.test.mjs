import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read, searched, wordsOf } from '../../kg/views/app/data.js';
import { anyView, forMany, made, raw } from './build.mjs';

const SAID = {
  action: 'share',
  by: 'Google',
  denied: true,
  modality: 'may',
  child: true,
  confidence: 71,
  support: 'both',
  trigger: ['share'],
  data: ['Email', 'Phone', 'Email'],
  recipient: ['Broker'],
  source: ['User'],
  purpose: ['Ads'],
  place: ['Japan'],
  basis: ['Consent'],
  condition: ['you agree', 'you  agree', 'you ask'],
};

test('a statement is read with its concepts and words', () => {
  const view = made([SAID]);
  const [said] = view.statements;
  const keys = (concepts) => concepts.map(({ key }) => key);
  assert.deepEqual(keys(said.data), ['Email', 'Phone']);
  assert.deepEqual(keys(said.recipients), ['Broker']);
  assert.deepEqual(keys(said.sources), ['User']);
  assert.deepEqual(keys(said.purposes), ['Ads']);
  assert.deepEqual(keys(said.places), ['Japan']);
  assert.deepEqual(keys(said.bases), ['Consent']);
  const { action, denied, modality, child, confidence, support, isOwn } = said;
  assert.deepEqual(
    { action, denied, modality, child, confidence, support, isOwn },
    {
      ...{ action: 'share', denied: true, modality: 'may', child: true, confidence: 71 },
      ...{ support: 'both', isOwn: false },
    },
  );
  assert.equal(said.actor, view.at('party/Google'));
  assert.equal(said.company, view.at('party/Acme'));
  assert.equal(said.sentence.heading, 'What we do');
  assert.deepEqual(wordsOf(said, 'condition'), ['you agree', 'you ask']);
  assert.deepEqual(wordsOf(said, 'retention'), []);
});

test('words of a mention are those of the sentence, or its own', () => {
  forMany(50, (source) => {
    for (const said of anyView(source).statements) {
      for (const { start, end, text } of said.mentions) {
        assert.equal(said.sentence.text.slice(start, end), text);
      }
    }
  });
  const data = raw([{ action: 'use', data: ['Email'] }]);
  data.texts.push('far away');
  data.statements[0][9] = [1, -1, 1, data.statements[0][9][3]];
  const [mention] = read(data).statements[0].mentions;
  assert.deepEqual([mention.text, mention.start], ['far away', -1]);
  assert.equal(mention.concept.key, 'Email');
});

test('offsets count as JavaScript does', () => {
  const data = raw([{ action: 'use', data: ['Email'] }]);
  data.sentences[0][3] = '😀e\u0301 Email';
  data.statements[0][9] = [1, 5, 5, data.statements[0][9][3]];
  assert.equal(read(data).statements[0].mentions[0].text, 'Email');
});

test('a sentence without a heading has none', () => {
  const data = raw([{ action: 'use' }]);
  data.sentences[0][2] = -1;
  assert.equal(read(data).statements[0].sentence.heading, '');
});

test('concepts know what is above and below them, by kind and key', () => {
  const view = made([]);
  const keys = (concepts) => concepts.map(({ key }) => key);
  assert.deepEqual(keys(view.at('data/Contact').above), ['PersonalData']);
  assert.deepEqual(keys(view.at('data/Contact').below), ['Email', 'Phone']);
  assert.equal(view.byKey.size, view.concepts.length);
  assert.ok(view.concepts.every((concept, at) => concept.number === at));
});

test('a lineage is there without being asked for', () => {
  forMany(20, (source) => {
    for (const concept of anyView(source, 0).concepts) {
      const above = concept.above.flatMap((one) => [...one.lineage]);
      assert.deepEqual(concept.lineage, new Set([concept, ...above]));
    }
  });
});

test('concepts know whether they are wide, and whether they are a policy’s own words', () => {
  const { concepts } = made([]);
  const keys = (name) => concepts.filter((one) => one[name]).map(({ key }) => key);
  assert.deepEqual(keys('wide'), [
    ...['Data', 'PersonalData', 'Recipient', 'Purpose', 'Place', 'LegalBasis'],
  ]);
  assert.deepEqual(keys('own'), ['Nickname']);
  for (const { wide, own } of concepts) {
    assert.deepEqual([typeof wide, typeof own], ['boolean', 'boolean']);
  }
});

test('a policy knows its line, and the day on which the next one of it takes its place', () => {
  const { policies } = made(
    [],
    [
      ['Acme', '', 'app'],
      ['Acme', '2020-01-01', 'app'],
      ['Acme', '2021-01-01', 'app'],
      ['Acme', '2020-06-30', 'shop'],
      ['Zeta', '2019-01-01'],
      ['Zeta', '2019-01-01'],
    ],
  );
  assert.deepEqual(
    policies.map(({ line, until }) => [line, until]),
    [
      [0, '2020-01-01'],
      [0, '2021-01-01'],
      [0, undefined],
      [1, undefined],
      [2, '2019-01-01'],
      [2, undefined],
    ],
  );
  assert.deepEqual(
    policies.map(({ latest }) => latest),
    [false, false, true, true, false, true],
  );
});

test('a company with several policies is one', () => {
  const view = made(
    [],
    [
      ['Acme', '2020-01-01'],
      ['Acme', '2021-01-01'],
      ['Zeta', ''],
    ],
  );
  assert.deepEqual(
    view.companies.map(({ key }) => key),
    ['Acme', 'Zeta'],
  );
  assert.deepEqual(
    view.policies.map(({ latest }) => latest),
    [false, true, true],
  );
});

test('a search looks into all words and names', () => {
  const [said] = made([SAID]).statements;
  for (const word of ['email', 'broker', 'google', 'acme', 'you agree', 'what we do', 'japan']) {
    assert.ok(searched(said).includes(word), word);
  }
  assert.equal(searched(said), searched(said).toLowerCase());
});
