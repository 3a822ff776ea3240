// Invented data of a page, as kg/views/page_data.py writes it, and a generator of more.

import { read } from '../../kg/views/app/data.js';

const FIELDS = {
  concepts: ['key', 'label', 'kind', 'above', 'wide', 'own', 'vague', 'sensitive'],
  policies: ['digits', 'company', 'line', 'date', 'title', 'documents', 'urls', 'latest'],
  sentences: ['policy', 'start', 'heading', 'text'],
  statements: [
    ...['digits', 'sentence', 'action', 'denied', 'modality', 'child', 'actor'],
    ...['confidence', 'support', 'mentions', 'context'],
  ],
  pairs: ['earlier', 'later', 'whole'],
  changes: ['pair', 'kind', 'denied', 'text', 'details', 'before', 'after'],
  findings: [
    ...['policy', 'grade', 'question', 'why', 'quotes'],
    ...['shared', 'reconciled', 'open'],
  ],
};
const KINDS = ['added', 'removed', 'changed'];
const GRADES = ['contradiction', 'tension'];
export const ACTIONS = [
  ...['collect', 'use', 'share', 'transfer', 'sell', 'store', 'retain', 'delete', 'protect'],
];
export const MODALITIES = ['asserted', 'may', 'required', 'optional'];
const SUPPORTS = ['rules', 'tagger', 'both'];
/** Role -> the kind of its concepts; the others are words. */
const ROLES = {
  trigger: null,
  data: 'data',
  recipient: 'party',
  source: 'party',
  purpose: 'purpose',
  place: 'place',
  basis: 'basis',
  retention: null,
  condition: null,
  method: null,
};

/** Those that are kept open. */
const WIDE = new Set([
  ...['data/Data', 'data/PersonalData', 'party/Recipient', 'purpose/Purpose', 'place/Place'],
  'basis/LegalBasis',
]);
/** A policy's own words. */
const OWN = new Set(['data/Nickname']);

/** Kind -> concept -> what is right above it; what is above comes first. */
export const CONCEPTS = {
  data: {
    Data: [],
    PersonalData: ['Data'],
    Contact: ['PersonalData'],
    Email: ['Contact'],
    Phone: ['Contact'],
    Sensitive: ['PersonalData'],
    Identifier: ['PersonalData', 'Sensitive'],
    Passport: ['Identifier'],
    Health: ['Sensitive'],
    own: ['Data'],
    Nickname: ['own'],
  },
  party: {
    Recipient: [],
    Company: ['Recipient'],
    Google: ['Company'],
    Broker: ['Company'],
    Advertiser: ['Recipient'],
    User: ['Recipient'],
    Acme: ['Recipient'],
    Zeta: ['Company'],
  },
  purpose: {
    Purpose: [],
    Marketing: ['Purpose'],
    Ads: ['Marketing'],
    Newsletter: ['Marketing'],
    Service: ['Purpose'],
  },
  place: { Place: [], Europe: ['Place'], Italy: ['Europe'], Japan: ['Place'] },
  basis: { LegalBasis: [], Consent: ['LegalBasis'] },
};

/**
 * @param {object[]} said statements: `policy` (number), `by` (a party; the publisher by default),
 *   `action`, `denied`, `modality`, `child`, `confidence`, `support`, and for each role a list of
 *   concepts or words
 * @param {string[][]} policies company and date of each, and which of several policies of the company
 *   it is; by company, policy and date
 * @param {object} concepts as CONCEPTS
 * @param {object} found `pairs` of numbers of policies, each with `changes`: `kind`, `text`, `details`,
 *   and numbers of statements `before` and `after`; `findings`: `grade` and `quotes`
 */
export function raw(
  said,
  policies = [['Acme', '2021-05-01']],
  concepts = CONCEPTS,
  { pairs = [], findings = [] } = {},
) {
  const texts = ['What we do'];
  const textOf = (text) => {
    if (!texts.includes(text)) texts.push(text);
    return texts.indexOf(text);
  };
  const kinds = Object.keys(concepts);
  const numbers = new Map();
  const rows = [];
  kinds.forEach((kind, at) => {
    for (const [key, above] of Object.entries(concepts[kind])) {
      numbers.set(`${kind}/${key}`, rows.length);
      const parents = above.map((one) => numbers.get(`${kind}/${one}`));
      const marks = [WIDE, OWN].map((names) => Number(names.has(`${kind}/${key}`)));
      rows.push([key, key.toLowerCase(), at, parents, ...marks, 0, 0]);
    }
  });
  const lineOf = ([company, , which = '']) => `${company} ${which}`;
  const last = new Map(policies.map((policy, at) => [lineOf(policy), at]));
  return {
    title: 'T',
    scope: {},
    network: { nodes: [], edges: [], options: {} },
    fields: FIELDS,
    names: {
      action: ACTIONS,
      modality: MODALITIES,
      support: SUPPORTS,
      kind: kinds,
      change: KINDS,
      grade: GRADES,
      role: Object.keys(ROLES),
    },
    texts,
    concepts: rows,
    policies: policies.map(([company, date, which], at) => [
      `d${at}`,
      numbers.get(`party/${company}`),
      [...last.keys()].indexOf(lineOf([company, date, which])),
      date,
      'Policy',
      [`${at}.md`],
      ['https://acme.example/'],
      Number(last.get(lineOf([company, date, which])) === at),
    ]),
    sentences: said.map((one, at) => [one.policy ?? 0, 100 * at, 0, wordsOf(one).text]),
    statements: said.map((one, at) => [
      `${at}`,
      at,
      ACTIONS.indexOf(one.action),
      Number(one.denied ?? false),
      MODALITIES.indexOf(one.modality ?? 'asserted'),
      Number(one.child ?? false),
      numbers.get(`party/${one.by ?? policies[one.policy ?? 0][0]}`),
      one.confidence ?? 90,
      SUPPORTS.indexOf(one.support ?? 'rules'),
      wordsOf(one, numbers).mentions,
      [],
    ]),
    pairs: pairs.map(({ earlier, later, isWhole = false }) => [earlier, later, Number(isWhole)]),
    changes: pairs.flatMap(({ changes = [] }, at) =>
      changes.map(
        ({ kind, text = 'it', details = [], denied = false, before = [], after = [] }) => [
          ...[at, KINDS.indexOf(kind), Number(denied), textOf(text), details.map(textOf)],
          ...[before, after],
        ],
      ),
    ),
    findings: findings.map(({ policy = 0, grade, why = 'because', quotes, open = [] }) => [
      ...[policy, GRADES.indexOf(grade), textOf('Is it so?'), textOf(why)],
      quotes.map((one) => [one]),
      ...[[textOf('data: email')], [], open.map(textOf)],
    ]),
  };
}

/** The sentence, which is all words of a statement in a row, and where each stands. */
function wordsOf(one, numbers = new Map()) {
  const mentions = [];
  let text = '';
  Object.entries(ROLES).forEach(([role, kind], at) => {
    for (const words of one[role] ?? []) {
      mentions.push(at, text.length, words.length, kind ? numbers.get(`${kind}/${words}`) : -1);
      text += `${words} `;
    }
  });
  return { text, mentions };
}

/** The same, read as the page does, with `at('data/Email')` for a concept. */
export function made(...given) {
  const view = read(raw(...given));
  view.publishers = new Set(view.companies);
  view.at = (name) => {
    const found = view.byKey.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  return view;
}

/** A source of numbers that gives the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  const chance = (share) => next() < share;
  const pick = (list) => list[below(list.length)];
  const some = (list, most = 2) => [
    ...new Set(Array.from({ length: below(most + 1) }, () => pick(list))),
  ];
  return { below, chance, pick, some };
}

/** Concepts in a made-up hierarchy; some have two above them. */
function anyConcepts(source) {
  const grown = (top, size) => {
    const found = Object.fromEntries(top.map((key, at) => [key, at ? [top[at - 1]] : []]));
    for (let at = 0; at < size; at += 1) {
      const known = Object.keys(found);
      const above = [source.pick(known), source.pick(known)];
      found[`C${at}`] = source.chance(0.3) ? [...new Set(above)] : [above[0]];
    }
    return found;
  };
  return {
    data: grown(['Data', 'PersonalData'], 9),
    party: { ...grown(['Recipient'], 7), User: ['Recipient'], Acme: ['Recipient'], Zeta: [] },
    purpose: grown(['Purpose'], 4),
    place: grown(['Place'], 3),
    basis: grown(['LegalBasis'], 1),
  };
}

const WORDS = ['you agree', 'you ask', 'a month'];

/** A made-up view of up to `most` statements. */
export function anyView(source, most = 30) {
  const concepts = anyConcepts(source);
  const policies = [];
  for (const company of ['Acme', 'Zeta']) {
    for (const date of source.some(['', '2019-01-01', '2020-06-30', '2021-01-01'], 3).sort()) {
      policies.push([company, date]);
    }
  }
  if (!policies.length) policies.push(['Acme', '2020-01-01']);
  const named = (kind, count) => source.some(Object.keys(concepts[kind]), count);
  const said = Array.from({ length: source.below(most + 1) }, () => ({
    policy: source.below(policies.length),
    by: source.chance(0.2) ? source.pick(Object.keys(concepts.party)) : undefined,
    action: source.pick(ACTIONS),
    denied: source.chance(0.25),
    modality: source.pick(MODALITIES),
    confidence: 50 + source.below(51),
    data: named('data', 3),
    recipient: named('party', 2),
    source: named('party', 1),
    purpose: named('purpose', 2),
    place: named('place', 1),
    basis: named('basis', 1),
    condition: source.some(WORDS, 1),
  }));
  return made(said, policies, concepts);
}

/** Runs a check over many seeds, and says at which it failed. */
export function forMany(count, check) {
  for (let seed = 1; seed <= count; seed += 1) {
    try {
      check(random(seed), seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
    }
  }
}
