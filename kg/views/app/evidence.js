// The sentences behind what the reader opened: quoted, with the roles marked.

import { byId, link, make, plainButton, put } from './dom.js';
import { dateOf, many, MODALITIES, number, objects, ROLE_NAMES, SUPPORTS, verb } from './words.js';

const AT_ONCE = 50;
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

/**
 * Shows an opening.
 *
 * @param {object|null} opening with `title`, `statements`, and where there are any `kind, note,
 *   links, concept, byDate`; `null` when nothing is open
 */
export function showEvidence(page, opening, panel) {
  panel.replaceChildren();
  byId('announcement').textContent = '';
  if (!page.state.selection) return;
  const close = make(
    'button',
    { class: 'close', 'data-focus': 'close', 'aria-label': 'Close', onclick: page.close },
    '×',
  );
  const heading = (...words) => make('h2', { tabindex: -1, 'data-focus': 'evidence' }, words);
  if (!opening) {
    const text = 'What was open does not pass these filters, or is not part of this view.';
    put(panel, close, heading('Not here'), make('p', { class: 'note' }, text));
    return;
  }
  const statements = sorted(opening);
  const list = make('div', {});
  put(
    panel,
    close,
    heading(
      opening.kind ? make('span', { class: 'kind' }, `${opening.kind}: `) : null,
      opening.title,
    ),
    make('p', { class: 'note' }, summary(statements)),
    opening.note ? make('p', {}, opening.note) : null,
    links(page, opening),
    list,
  );
  more(page, list, statements, 0);
  byId('announcement').textContent = `${opening.title}: ${summary(statements)}`;
}

/** By policy, so that what is to be read together stands together; denials first, then the surest. */
function sorted({ statements, byDate }) {
  const within = byDate ? () => 0 : (a, b) => b.denied - a.denied || b.confidence - a.confidence;
  return [...statements].sort(
    (a, b) => a.policy.number - b.policy.number || within(a, b) || a.number - b.number,
  );
}

function summary(statements) {
  const companies = new Set(statements.map((said) => said.company)).size;
  const denials = statements.filter((said) => said.denied).length;
  const sentences = new Set(statements.map((said) => said.sentence.text.trim())).size;
  const parts = [many(statements.length, 'statement')];
  if (denials) parts.push(`${number(denials)} of them ${denials === 1 ? 'a denial' : 'denials'}`);
  if (sentences < statements.length) parts.push(`in ${many(sentences, 'different sentence')}`);
  if (companies > 1) parts.push(`of ${many(companies, 'company', 'companies')}`);
  return parts.join(', ');
}

function links(page, { links: given = [], concept }) {
  const items = given
    .slice(0, 12)
    .map(({ address, text }) =>
      make(
        'li',
        {},
        make(
          'button',
          { class: 'plain', 'data-focus': `link/${address}`, onclick: () => page.select(address) },
          text,
        ),
      ),
    );
  if (given.length > items.length)
    items.push(make('li', { class: 'note' }, `and ${given.length - items.length} more`));
  if (concept && page.hierarchy.canToggle(concept) && !page.publishers.has(concept)) {
    const isOpen = page.hierarchy.isOpen(concept);
    const text = isOpen
      ? `close “${concept.label}”`
      : `open “${concept.label}”: ${many(concept.below.length, 'narrower concept')}`;
    items.push(
      make(
        'li',
        {},
        make('button', { 'data-focus': 'open-group', onclick: () => page.toggle(concept) }, text),
      ),
    );
  }
  return items.length ? make('ul', { class: 'links' }, items) : null;
}

function more(page, list, statements, from) {
  const to = Math.min(from + AT_ONCE, statements.length);
  list.append(...statements.slice(from, to).map((said) => card(page, said)));
  if (to === statements.length) return;
  const button = make(
    'button',
    { 'data-focus': 'more' },
    `Show more: ${to} of ${statements.length} are shown`,
  );
  button.addEventListener('click', () => {
    button.remove();
    more(page, list, statements, to);
  });
  list.append(button);
}

function card(page, said) {
  const { sentence, actor, denied, action, context } = said;
  return make(
    'article',
    { class: denied ? 'said denied' : 'said', 'data-statement': said.digits },
    make(
      'h3',
      {},
      make('span', { class: 'who' }, actor.label),
      ' ',
      make('span', { class: denied ? 'badge not' : `badge tone-${action}` }, verb(said)),
      ` ${objects(said, 3)}`,
    ),
    make('blockquote', {}, marked(said)),
    make('dl', {}, facts(said)),
    context.length ? make('p', { class: 'note' }, 'Rests also on:') : null,
    context.map((text) => make('blockquote', { class: 'context' }, text)),
    source(said, sentence),
    page.state.selection === `statement/${said.digits}`
      ? null
      : plainButton(`alone/${said.digits}`, 'in the table', () => page.reveal(said)),
  );
}

/** Where it is said, and how sure the reading is. Names are a policy's; each has its own element. */
function source({ company, policy, confidence, support, digits }, { heading, text }) {
  const parts = [
    make(
      'span',
      { class: 'confidence' },
      `confidence ${(confidence / 100).toFixed(2)}, ${SUPPORTS[support]}`,
    ),
    make('b', {}, company.label),
    make('cite', {}, policy.title || policy.documents[0] || 'policy'),
    make('span', {}, dateOf(policy)),
  ];
  if (heading) parts.push(make('span', {}, 'under “', make('q', {}, heading), '”'));
  for (const url of policy.urls) {
    const name = /\/\/web\.archive\.org\//.test(url) ? 'archived copy' : 'source';
    parts.push(link(url, name, fragmentOf(text.trim())));
  }
  parts.push(make('code', {}, `kg explain ${digits}`));
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
