// A pair of sentences that are at odds: why, in what, and what would reconcile them.

import { make } from './dom.js';
import { quoteCard } from './quotes.js';
import { dateOf } from './words.js';

const LEADS = ['It says', 'and it says'];
const MOST = 4; // of what would reconcile them

export function proofCard(page, { grade, why, question, sides, policy, ...more }) {
  const facts = [
    ['both speak of', more.shared],
    ['milder, since', more.reconciled],
    ['would be reconciled by', reconcilers(more.open)],
    ['the question was', [question]],
  ].filter(([, texts]) => texts.length);
  return make(
    'article',
    { class: 'proof' },
    make(
      'h3',
      {},
      make('span', { class: `badge grade-${grade}` }, grade),
      ' ',
      make('span', { class: 'who' }, `${policy.company.label}, ${dateOf(policy)}: `),
      why,
    ),
    sides.map((quotes, at) => [
      make('p', { class: 'lead' }, LEADS[at]),
      quoteCard(page, quotes, { head: 'h4', isBrief: true }),
    ]),
    make(
      'dl',
      {},
      facts.map(([name, texts]) => [make('dt', {}, name), make('dd', {}, texts.join('; '))]),
    ),
  );
}

function reconcilers(texts) {
  if (texts.length <= MOST) return texts;
  return [...texts.slice(0, MOST), `and ${texts.length - MOST} more`];
}
