// The sentences behind what the reader opened: quoted, with the roles marked.

import { link, make, put } from './dom.js';
import { dateOf, deed, many, MODALITIES, ROLE_NAMES, SUPPORTS } from './words.js';

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
  if (!page.state.selection) {
    panel.append(
      make('h2', {}, 'Sentences'),
      make(
        'p',
        { class: 'note' },
        'Open a cell, a ribbon, a box, an arrow or a row to read the sentences behind it.',
      ),
    );
    return;
  }
  const close = make(
    'button',
    {
      class: 'close',
      'data-focus': 'close',
      'aria-label': 'Close',
      onclick: () => page.go({ selection: '' }),
    },
    '×',
  );
  if (!opening) {
    panel.append(
      close,
      make('h2', {}, 'Not here'),
      make(
        'p',
        { class: 'note' },
        'What was open does not pass these filters, or is not part of this view.',
      ),
    );
    return;
  }
  const statements = sorted(opening);
  put(
    panel,
    close,
    make(
      'h2',
      { id: 'evidence-title', tabindex: -1 },
      opening.kind ? make('span', { class: 'kind' }, `${opening.kind}: `) : null,
      opening.title,
    ),
    make('p', { class: 'note' }, summary(statements)),
    opening.note ? make('p', {}, opening.note) : null,
    links(page, opening),
  );
  const list = make('div', {});
  panel.append(list);
  more(page, list, statements, 0);
}

function sorted({ statements, byDate }) {
  const found = [...statements];
  if (byDate) return found.sort((a, b) => a.policy.number - b.policy.number || a.number - b.number);
  return found.sort(
    (a, b) => b.denied - a.denied || b.confidence - a.confidence || a.number - b.number,
  );
}

function summary(statements) {
  const companies = new Set(statements.map((said) => said.company)).size;
  const denials = statements.filter((said) => said.denied).length;
  const parts = [many(statements.length - denials, 'statement')];
  if (denials) parts.push(many(denials, 'denial'));
  if (companies > 1) parts.push(many(companies, 'company', 'companies'));
  return parts.join(' · ');
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
  if (concept && concept.below.length && !page.publishers.has(concept)) {
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
  const { sentence, policy } = said;
  const address = sentence.text.trim();
  return make(
    'article',
    { class: said.denied ? 'said denied' : 'said', 'data-statement': said.digits },
    make(
      'h3',
      {},
      make('span', { class: 'who' }, `${said.actor.label} `),
      make(
        'span',
        { class: said.denied ? 'badge not' : `badge tone-${said.action}` },
        deedVerb(said),
      ),
      said.modality === 'asserted'
        ? null
        : make('span', { class: 'badge modality' }, said.modality),
      ` ${deed(said, 3).slice(deedVerb(said).length).trim()}`,
    ),
    said.context.map((text) => make('blockquote', { class: 'context' }, text)),
    make('blockquote', {}, marked(said)),
    make('dl', {}, facts(said)),
    make(
      'p',
      { class: 'source' },
      `${said.company.label} · ${policy.title || policy.documents[0] || 'policy'} · ${dateOf(policy)}`,
      sentence.heading ? make('span', {}, ` · under “${sentence.heading}”`) : null,
      ` · confidence ${(said.confidence / 100).toFixed(2)}, ${SUPPORTS[said.support]}`,
      policy.urls.map((url) => [
        ' · ',
        link(
          url,
          /\/\/web\.archive\.org\//.test(url) ? 'archived copy' : 'source',
          fragmentOf(address),
        ),
      ]),
      make('span', { class: 'explain' }, ` · kg explain ${said.digits}`),
    ),
    page.state.selection === `statement/${said.digits}`
      ? null
      : make(
          'button',
          {
            class: 'plain small',
            'data-focus': `alone/${said.digits}`,
            onclick: () => page.go({ tab: 'statements', selection: `statement/${said.digits}` }),
          },
          'in the table',
        ),
  );
}

const deedVerb = (said) =>
  deed(said)
    .split(' ')
    .slice(0, said.denied ? 3 : 1)
    .join(' ');

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
    pieces.push(
      role ? make('mark', { class: `role-${role}`, title: ROLE_NAMES[role] ?? role }, text) : text,
    );
    from = at;
  }
  return pieces;
}

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
