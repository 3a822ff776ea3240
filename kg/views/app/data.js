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
  return {
    title: raw.title,
    scope: raw.scope,
    network: raw.network,
    actions: raw.names.action,
    concepts,
    policies,
    statements,
    companies: [...new Set(policies.map((policy) => policy.company))],
    byKey: new Map(concepts.map((concept) => [`${concept.kind}/${concept.key}`, concept])),
  };
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
