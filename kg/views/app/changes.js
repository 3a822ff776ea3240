// What changed between two snapshots, as it was found before the page was written: which pairs there
// are, which one is chosen, and which of its changes pass the filters.

import { filtered } from './filter.js';

export const KINDS = ['added', 'removed', 'changed'];

/** The pairs that can be chosen by their policy's line, the latest first, the longest last. */
export function histories(view, companies) {
  const found = new Map();
  for (const pair of view.pairs) {
    if (companies.size && !companies.has(pair.later.company)) continue;
    if (!found.has(pair.line)) found.set(pair.line, []);
    found.get(pair.line).push(pair);
  }
  for (const pairs of found.values()) pairs.reverse().sort((a, b) => a.isWhole - b.isWhole);
  return found;
}

/**
 * The pair that is compared: the one chosen, else the latest of its policy in which something
 * changed. A pair between which another snapshot came since gives way to the one that ends with it.
 *
 * @param {number|null} line of a policy, whose latest pair it is whatever is chosen
 */
export function chosenPair(view, state, line = null) {
  const known = histories(view, state.companies);
  const every = [...known.values()].flat();
  const [from, to] = state.change.split('-');
  const chosen =
    every.find(({ key }) => key === state.change) ??
    every.find(({ later }) => later.digits === to) ??
    every.find(({ earlier }) => earlier.digits === from);
  if (chosen && line === null) return chosen;
  return latest(known.get(line) ?? [...known.values()][0] ?? []);
}

const latest = (pairs) => pairs.find(({ changes }) => changes.length > 0) ?? pairs[0] ?? null;

/**
 * What changed between the two of a pair: that of which a statement passes the filters, of which
 * those of snapshots and companies are not asked. A right, in whose sentences no statement was read,
 * passes like a statement that names nothing.
 *
 * @returns {{added: object[], removed: object[], changed: object[], hidden: number}}
 */
export function changesOf({ state }, { changes }) {
  const isShown = ({ before, after }) => {
    const quotes = [...before, ...after];
    const read = quotes.filter((said) => !said.isBare);
    return filtered(read.length ? read : quotes, state, ['version', 'companies']).length > 0;
  };
  const shown = changes.filter(isShown);
  const ofKind = (name) => shown.filter(({ kind }) => kind === name);
  return {
    ...Object.fromEntries(KINDS.map((name) => [name, ofKind(name)])),
    hidden: changes.length - shown.length,
  };
}
