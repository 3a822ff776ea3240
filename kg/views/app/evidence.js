// The sentences behind what the reader opened: quoted, with the roles marked.

import { byId, make, put } from './dom.js';
import { proofCard } from './proof.js';
import { bySentence, quoteCard } from './quotes.js';
import { many, number } from './words.js';

const AT_ONCE = 50;

/**
 * Shows an opening.
 *
 * @param {object|null} opening with `title`, `statements`, and where there are any `kind, note,
 *   links, concept`; with `sides`, each of a title and quotes, or `findings`, these are told in place
 *   of the statements; `null` when nothing is open
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
  const summary = summaryOf(opening);
  const list = make('div', {});
  put(
    panel,
    close,
    heading(
      opening.kind ? make('span', { class: 'kind' }, `${opening.kind}: `) : null,
      opening.title,
    ),
    make('p', { class: 'note' }, summary),
    opening.note ? make('p', {}, opening.note) : null,
    links(page, opening),
    list,
  );
  more(list, itemsOf(page, opening), 0);
  byId('announcement').textContent = `${opening.title}: ${summary}`;
}

/** What is told, each as a function that makes it. */
function itemsOf(page, { statements, sides, findings }) {
  if (findings) return findings.map((one) => () => proofCard(page, one));
  if (sides) return sides.flatMap((one) => sideOf(page, one));
  return sorted(statements).map((said) => () => quoteCard(page, [said]));
}

function sideOf(page, { title, quotes }) {
  const head = () => make('h3', { class: 'side' }, title);
  const nothing = () => make('p', { class: 'note' }, 'No such statement was found.');
  const cards = bySentence(quotes).map(
    (some) => () => quoteCard(page, some, { head: 'h4', isBrief: true }),
  );
  return [head, ...(cards.length ? cards : [nothing])];
}

/** By policy, so that what is to be read together stands together; denials first, then the surest. */
const sorted = (statements) =>
  [...statements].sort(
    (a, b) =>
      a.policy.number - b.policy.number ||
      b.denied - a.denied ||
      b.confidence - a.confidence ||
      a.number - b.number,
  );

function summaryOf({ findings, sides, statements: given }) {
  const statements = [...given];
  const companies = new Set((findings ?? statements).map(({ policy }) => policy.company)).size;
  if (findings) {
    const whose = companies > 1 ? `, of ${many(companies, 'company', 'companies')}` : '';
    return `${many(findings.length, 'finding')} to read${whose}`;
  }
  if (sides && !statements.length) {
    return many(sides.flatMap(({ quotes }) => quotes).length, 'sentence');
  }
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

function more(list, items, from) {
  const to = Math.min(from + AT_ONCE, items.length);
  list.append(...items.slice(from, to).map((item) => item()));
  if (to === items.length) return;
  const button = make(
    'button',
    { 'data-focus': 'more' },
    `Show more: ${to} of ${items.length} are shown`,
  );
  button.addEventListener('click', () => {
    button.remove();
    more(list, items, to);
  });
  list.append(button);
}
