// What stands out among the statements that are shown; each card opens the statements it counts.

import { histories } from './changes.js';
import { PASSING } from './data.js';
import { filtered } from './filter.js';
import { dateOf, listed, many } from './words.js';

/** How much sentences of a policy are at odds, the worst first. */
const GRADES = {
  contradiction: {
    means: 'As far as the program can tell, what they say cannot both be so.',
    isWarning: true,
  },
  tension: {
    means: 'What they say may both be so, but is worth asking the company about.',
    isWarning: false,
  },
};
const FOUND =
  'A program found these pairs of sentences: read them in their place, they are no verdict on a company.';

/** Places that are no country or region. */
const NOWHERE = new Set(['Place', 'OwnServers', 'UserDevice', 'Cloud']);

/**
 * @returns {object[]} with `address, count, text, isWarning`, and either `title`, `statements` and
 *   where there are any `findings`, or `tab`, the view that it leads to
 */
export function cardsOf(page) {
  const said = page.shown.filter((one) => !one.denied);
  const passed = said.filter((one) => PASSING.has(one.action));
  const found = [
    ...Object.keys(GRADES).map((grade) => atOdds(page, grade)),
    sensitive(passed),
    transfers(passed),
    vague(passed),
    changes(page),
  ];
  return found.filter(Boolean);
}

/** Names of concepts, the most frequent first. */
function names(concepts) {
  const counts = new Map();
  for (const { label } of concepts) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return listed(
    sorted.map(([label]) => label),
    3,
  );
}

/**
 * Pairs of sentences that are at odds in one policy, of one grade, of which a statement is shown. One of
 * sentences in which no statement was read passes like a statement that names nothing.
 */
function atOdds(page, grade) {
  const shown = new Set(page.shown);
  const found = page.view.findings.filter((one) => {
    const quotes = one.sides.flat();
    const read = quotes.filter((said) => !said.isBare);
    const passing = read.length
      ? read.filter((said) => shown.has(said))
      : filtered(quotes, page.state);
    return one.grade === grade && passing.length > 0;
  });
  if (!found.length) return null;
  const { means, isWarning } = GRADES[grade];
  const text = 'within a policy, found by a program: read both sentences';
  return {
    ...card(grade, many(found.length, grade), text, [], isWarning),
    note: `${FOUND} ${means}`,
    statements: new Set(found.flatMap(({ sides }) => sides.flat()).filter((said) => !said.isBare)),
    findings: found,
  };
}

function sensitive(passed) {
  const isSensitive = (concept) => [...concept.lineage].some((above) => above.sensitive);
  const found = passed.filter((said) => said.data.some(isSensitive));
  if (!found.length) return null;
  const kinds = found.flatMap((said) => said.data.filter(isSensitive));
  return card(
    'sensitive',
    many(found.length, 'disclosure'),
    `of sensitive data: ${names(kinds)}`,
    found,
    true,
  );
}

/** Countries, regions and "abroad"; not the company's own systems, and not what a policy only names. */
function transfers(passed) {
  const isAway = (place) => !place.own && !NOWHERE.has(place.key);
  const found = passed.filter((said) => said.places.some(isAway));
  if (!found.length) return null;
  const places = found.flatMap((said) => said.places.filter(isAway));
  return card(
    'transfers',
    many(found.length, 'disclosure'),
    `to a country or region: ${names(places)}`,
    found,
  );
}

function vague(passed) {
  const isVague = (said) => said.recipients.some((one) => one.vague);
  const found = passed.filter(isVague);
  if (!found.length) return null;
  const share = Math.round((100 * found.length) / passed.length);
  const kinds = found.flatMap((said) => said.recipients.filter((one) => one.vague));
  return card(
    'vague',
    `${found.length} of ${many(passed.length, 'disclosure')}`,
    `go to recipients left open (${share} %): ${names(kinds)}`,
    found,
  );
}

function changes(page) {
  if (!page.pair) return null;
  const { added, removed, changed } = page.changes;
  const { earlier, later } = page.pair;
  const others = histories(page.view, page.state.companies).size - 1;
  const more = others
    ? `; ${many(others, 'more policy', 'more policies')} with several snapshots`
    : '';
  return {
    address: 'card/changes',
    count: `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    text: `${later.company.label}: ${dateOf(earlier)} to ${dateOf(later)}${more}`,
    tab: 'changes',
  };
}

const card = (name, count, text, statements, isWarning = false) => ({
  address: `card/${name}`,
  title: `${count} ${text}`,
  count,
  text,
  statements,
  isWarning,
});
