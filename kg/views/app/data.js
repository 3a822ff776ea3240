// The page's data -> policies, concepts and statements, linked to each other.
// The other half of this file is kg/views/page_data.py.

import { lineage } from './concepts.js';

/** Actions that take data from one to another. */
export const PASSING = new Set(['share', 'sell', 'transfer']);
/** Actions that flows are drawn of; the others are done by a party with what it has. */
export const MOVING = new Set(['collect', ...PASSING]);
/** Kind of concept -> the field of a statement that is about it: of parties, who gets data. */
export const KIND_FIELDS = {
  data: 'data',
  party: 'recipients',
  purpose: 'purposes',
  place: 'places',
};
/** Role -> the field of a statement that holds its concepts. */
export const ROLE_FIELDS = {
  data: 'data',
  recipient: 'recipients',
  source: 'sources',
  purpose: 'purposes',
  place: 'places',
  basis: 'bases',
};

/**
 * Reads the tables that the page brings along.
 *
 * @param {object} raw as page_data() wrote it
 * @returns policies, concepts, sentences and statements as objects that refer to each other
 */
export function read(raw) {
  const table = (name) => raw[name].map((row) => record(raw.fields[name], row));
  const concepts = table('concepts').map((concept, number) => ({
    ...concept,
    number,
    kind: raw.names.kind[concept.kind],
    wide: concept.wide === 1,
    own: concept.own === 1,
    below: [],
  }));
  for (const concept of concepts) {
    concept.above = concept.above.map((number) => concepts[number]);
    for (const above of concept.above) above.below.push(concept);
  }
  concepts.forEach(lineage);
  const policies = table('policies').map((policy, number) => ({
    ...policy,
    number,
    company: concepts[policy.company],
    latest: policy.latest === 1,
  }));
  linkVersions(policies);
  const sentences = table('sentences').map((sentence) => ({
    ...sentence,
    policy: policies[sentence.policy],
    heading: raw.texts[sentence.heading] ?? '',
  }));
  const statements = table('statements').map((row, number) =>
    statement(row, number, raw, sentences, concepts),
  );
  const quote = (number) => statements[number] ?? bareSentence(sentences[-1 - number]);
  return {
    title: raw.title,
    scope: raw.scope,
    network: raw.network,
    actions: raw.names.action,
    concepts,
    policies,
    statements,
    pairs: pairsOf(table, raw, policies, quote),
    findings: table('findings').map((row) => finding(row, raw, policies, quote)),
    companies: [...new Set(policies.map((policy) => policy.company))],
    byKey: new Map(concepts.map((concept) => [`${concept.kind}/${concept.key}`, concept])),
  };
}

/** Pairs of snapshots, each with what changed between them. */
function pairsOf(table, raw, policies, quote) {
  const pairs = table('pairs').map(({ earlier, later, whole }) => ({
    earlier: policies[earlier],
    later: policies[later],
    line: policies[later].line,
    key: `${policies[earlier].digits}-${policies[later].digits}`,
    isWhole: whole === 1,
    changes: [],
  }));
  for (const row of table('changes')) {
    const { changes } = pairs[row.pair];
    const change = {
      kind: raw.names.change[row.kind],
      denied: row.denied === 1,
      text: raw.texts[row.text],
      details: row.details.map((text) => raw.texts[text]),
      before: row.before.map(quote),
      after: row.after.map(quote),
    };
    changes.push({ ...change, key: changeKey(change, changes) });
  }
  return pairs;
}

/** Names a change among those of its pair by the statements it is of, and stays when files grow. */
function changeKey({ kind, before, after }, others) {
  const nameOf = ([said]) => (said ? said.digits || `at${said.sentence.start}` : '');
  const key = `${kind}/${nameOf(before)}~${nameOf(after)}`;
  const same = others.filter((other) => other.key.split('.')[0] === key).length;
  return same ? `${key}.${same + 1}` : key;
}

function finding(row, raw, policies, quote) {
  const texts = (numbers) => numbers.map((text) => raw.texts[text]);
  return {
    policy: policies[row.policy],
    grade: raw.names.grade[row.grade],
    question: raw.texts[row.question],
    why: raw.texts[row.why],
    sides: row.quotes.map((side) => side.map(quote)),
    shared: texts(row.shared),
    reconciled: texts(row.reconciled),
    open: texts(row.open),
  };
}

/** A sentence that is quoted though no statement of the page was read in it, as one that says nothing. */
function bareSentence(sentence) {
  const { policy } = sentence;
  const found = {
    ...{
      isBare: true,
      digits: '',
      modality: 'asserted',
      denied: false,
      child: false,
      confidence: 100,
      context: [],
    },
    ...{ sentence, policy, company: policy.company, actor: policy.company, isOwn: true },
    mentions: [],
  };
  for (const field of Object.values(ROLE_FIELDS)) found[field] = [];
  return found;
}

/** Notes for each policy the day on which the next one of its line takes its place. */
function linkVersions(policies) {
  const last = new Map();
  for (const policy of policies) {
    const before = last.get(policy.line);
    if (before) before.until = policy.date;
    last.set(policy.line, policy);
  }
}

function record(fields, row) {
  return Object.fromEntries(fields.map((name, at) => [name, row[at]]));
}

function statement(row, number, raw, sentences, concepts) {
  const sentence = sentences[row.sentence];
  const actor = concepts[row.actor];
  const found = {
    number,
    digits: row.digits,
    action: raw.names.action[row.action],
    denied: row.denied === 1,
    modality: raw.names.modality[row.modality],
    child: row.child === 1,
    confidence: row.confidence,
    support: raw.names.support[row.support],
    context: row.context.map((text) => raw.texts[text]),
    sentence,
    actor,
    policy: sentence.policy,
    company: sentence.policy.company,
    isOwn: actor === sentence.policy.company,
    mentions: [],
  };
  for (const field of Object.values(ROLE_FIELDS)) found[field] = [];
  for (let at = 0; at < row.mentions.length; at += 4) {
    const [role, start, length, concept] = row.mentions.slice(at, at + 4);
    add(found, {
      role: raw.names.role[role],
      start,
      end: start + length,
      text: start < 0 ? raw.texts[length] : sentence.text.slice(start, start + length),
      concept: concepts[concept] ?? null,
    });
  }
  return found;
}

function add(found, mention) {
  found.mentions.push(mention);
  const field = ROLE_FIELDS[mention.role];
  if (field && mention.concept && !found[field].includes(mention.concept)) {
    found[field].push(mention.concept);
  }
}

/** Those of some companies that statements are of. */
export function present(companies, statements) {
  const told = new Set(statements.map(({ company }) => company));
  return companies.filter((company) => told.has(company));
}

/** The words of a statement in some role, each once. */
export function wordsOf(found, role) {
  const texts = found.mentions.filter((m) => m.role === role).map((m) => tidy(m.text));
  return [...new Set(texts)];
}

const tidy = (text) => text.split(/\s+/).filter(Boolean).join(' ');

/** What a search looks into: the sentence, the names of all concepts, who acts. */
export function searched(found) {
  found.search ??= [
    found.sentence.text,
    found.sentence.heading,
    found.company.label,
    found.actor.label,
    ...found.mentions.map((mention) => `${mention.text} ${mention.concept?.label ?? ''}`),
  ]
    .join('\n')
    .toLowerCase();
  return found.search;
}
