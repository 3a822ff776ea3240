// Sentences as they are quoted: the roles marked, where they stand, and what was read in them.

import { link, make, plainButton } from './dom.js';
import { dateOf, MODALITIES, objects, ROLE_NAMES, SUPPORTS, verb } from './words.js';

/** Of roles that overlap, the first is marked. */
const RANK = [
  'negation',
  'trigger',
  'data',
  'recipient',
  'source',
  'place',
  'purpose',
  'basis',
  'retention',
  'condition',
  'method',
  'threat',
  'actor',
];
const TEXT_FRAGMENT_WORDS = 6;

/** Quotes by their sentence, in the order of its first. */
export function bySentence(quotes) {
  const found = new Map();
  for (const said of quotes) {
    if (!found.has(said.sentence)) found.set(said.sentence, []);
    found.get(said.sentence).push(said);
  }
  return [...found.values()];
}

/**
 * A sentence with what was read in it.
 *
 * @param {object[]} quotes statements of one sentence, or one bare sentence
 * @param {object} form `head` is the tag of the heading of each statement; `isBrief` where it stands
 *   above whose policy it is
 */
export function quoteCard(page, quotes, { head = 'h3', isBrief = false } = {}) {
  const [first] = quotes;
  const isOne = quotes.length === 1;
  const whole = isOne ? first : merged(quotes);
  return make(
    'article',
    {
      class: whole.denied ? 'said denied' : 'said',
      'data-statement': isOne && !first.isBare ? first.digits : null,
    },
    first.isBare ? null : quotes.map((said) => heading(said, head, isOne)),
    make('blockquote', {}, marked(whole)),
    make('dl', {}, facts(whole)),
    whole.context.length ? make('p', { class: 'note' }, 'Rests also on:') : null,
    whole.context.map((text) => make('blockquote', { class: 'context' }, text)),
    source(quotes, isBrief),
    first.isBare ? null : quotes.map((said) => reveal(page, said, isOne)),
  );
}

function heading(said, tag, isOne) {
  const { actor, denied, action, digits } = said;
  return make(
    tag,
    { 'data-statement': isOne ? null : digits },
    make('span', { class: 'who' }, actor.label),
    ' ',
    make('span', { class: denied ? 'badge not' : `badge tone-${action}` }, verb(said)),
    ` ${objects(said, 3)}`,
  );
}

function reveal(page, said, isOne) {
  if (page.state.selection === `statement/${said.digits}`) return null;
  const text = isOne ? 'in the table' : `in the table: ${verb(said)} ${objects(said, 1)}`;
  return plainButton(`alone/${said.digits}`, text, () => page.reveal(said));
}

/** Several statements of a sentence as if they were one. */
function merged(quotes) {
  const mentions = new Map();
  for (const one of quotes.flatMap((said) => said.mentions)) {
    mentions.set(`${one.role} ${one.start} ${one.text}`, one);
  }
  const [first] = quotes;
  return {
    ...{ sentence: first.sentence, mentions: [...mentions.values()], isOwn: true },
    denied: quotes.every(({ denied }) => denied),
    child: quotes.every(({ child }) => child),
    modality: quotes.every(({ modality }) => modality === first.modality)
      ? first.modality
      : 'asserted',
    context: [...new Set(quotes.flatMap(({ context }) => context))],
  };
}

/** Where it is said, and how sure the reading is. Names are a policy's; each has its own element. */
function source(quotes, isBrief) {
  const [{ company, policy, support, sentence, isBare, digits }] = quotes;
  const sure = [...new Set(quotes.map(({ confidence }) => confidence))].sort((a, b) => a - b);
  const told = [...new Set([sure[0], sure.at(-1)])].map((one) => (one / 100).toFixed(2));
  const isOne = quotes.length === 1;
  const parts = [];
  if (!isBare) {
    const finder = isOne ? `, ${SUPPORTS[support]}` : '';
    const text = `confidence ${told.join(' to ')}${finder}`;
    parts.push(make('span', { class: 'confidence' }, text));
  }
  if (!isBrief) {
    parts.push(
      make('b', {}, company.label),
      make('cite', {}, policy.title || policy.documents[0] || 'policy'),
      make('span', {}, dateOf(policy)),
    );
  }
  const { heading: above, text } = sentence;
  if (above) parts.push(make('span', {}, 'under “', make('q', {}, above), '”'));
  for (const url of policy.urls) {
    const name = /\/\/web\.archive\.org\//.test(url) ? 'archived copy' : 'source';
    parts.push(link(url, name, fragmentOf(text.trim())));
  }
  if (isOne && !isBare) parts.push(make('code', {}, `kg explain ${digits}`));
  return make('p', { class: 'source' }, parts.flatMap((part) => [part, ' · ']).slice(0, -1));
}

/** Browsers that know text fragments scroll to the sentence. */
function fragmentOf(text) {
  const words = text.split(/\s+/);
  const encode = (some) => encodeURIComponent(some.join(' ')).replaceAll('-', '%2D');
  if (words.length <= 2 * TEXT_FRAGMENT_WORDS) return `:~:text=${encode(words)}`;
  return `:~:text=${encode(words.slice(0, TEXT_FRAGMENT_WORDS))},${encode(words.slice(-TEXT_FRAGMENT_WORDS))}`;
}

/** The sentence with its roles marked, each by its colour and its name. */
function marked({ sentence, mentions }) {
  const inside = mentions
    .filter(({ start, end }) => start >= 0 && end > start)
    .sort((a, b) => RANK.indexOf(a.role) - RANK.indexOf(b.role));
  const roles = new Array(sentence.text.length).fill(null);
  for (const { role, start, end } of inside) {
    for (let at = start; at < end; at += 1) roles[at] ??= role;
  }
  const pieces = [];
  let from = 0;
  for (let at = 1; at <= roles.length; at += 1) {
    if (at < roles.length && roles[at] === roles[from]) continue;
    const text = sentence.text.slice(from, at);
    const role = roles[from];
    pieces.push(role ? marking(role, text) : text);
    from = at;
  }
  return pieces;
}

const marking = (role, text) =>
  make(
    role === 'actor' ? 'span' : 'mark',
    { class: `role-${role}`, title: ROLE_NAMES[role] ?? role },
    text,
  );

function facts(said) {
  const found = [];
  if (said.modality !== 'asserted') found.push(['how firmly', '', MODALITIES[said.modality]]);
  if (said.child) found.push(['about', '', 'data of a child']);
  const byRole = new Map();
  for (const { role, text, concept } of said.mentions) {
    if (!ROLE_NAMES[role] || role === 'actor') continue;
    if (!byRole.has(role)) byRole.set(role, new Set());
    byRole.get(role).add(named(text, concept));
  }
  if (!said.isOwn) found.push(['who', 'actor', said.actor.label]);
  for (const role of Object.keys(ROLE_NAMES)) {
    if (byRole.has(role)) found.push([ROLE_NAMES[role], role, [...byRole.get(role)].join('; ')]);
  }
  return found.map(([name, role, text]) => [
    make('dt', {}, role ? make('mark', { class: `role-${role}` }, name) : name),
    make('dd', {}, text),
  ]);
}

function named(text, concept) {
  const words = text.split(/\s+/).filter(Boolean).join(' ');
  if (!concept || concept.label.toLowerCase() === words.toLowerCase())
    return words || concept?.label;
  return words ? `${words} → ${concept.label}` : concept.label;
}
