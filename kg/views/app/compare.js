// Statements -> the matrix of the Compare tab: its rows, and what is counted in its cells.

import { groupLabel, isWithin } from './concepts.js';
import { KIND_FIELDS } from './data.js';

/** What is counted in a cell: name -> its actions, its sign, its words for what is done and is not. */
export const FAMILIES = {
  collect: { actions: ['collect'], sign: 'C', text: 'collects' },
  use: { actions: ['use'], sign: 'U', text: 'uses' },
  share: { actions: ['share'], sign: 'S', text: 'shares' },
  sell: { actions: ['sell'], sign: '$', text: 'sells' },
  transfer: { actions: ['transfer'], sign: 'T', text: 'transfers' },
  keep: { actions: ['store', 'retain'], sign: 'K', text: 'stores or retains' },
  delete: { actions: ['delete'], sign: 'D', text: 'deletes' },
  protect: { actions: ['protect'], sign: 'P', text: 'protects' },
};
/** What is not done. */
export const denied = ({ actions }) => `does NOT ${actions.join(' or ')}`;
const FAMILY_OF = new Map(
  Object.entries(FAMILIES).flatMap(([name, { actions }]) =>
    actions.map((action) => [action, name]),
  ),
);

/** Key of a cell. */
export const placeOf = (company, row) => `${company.key}×${row.key}`;

/**
 * The matrix, and an opening for every cell and for each chip in it.
 *
 * @returns {{rows: object[], cells: Map, families: Set}} a cell, by company and row as "acme×Email",
 *   has its chips: family, or family with "-not" -> number of statements
 */
export function prepare(page) {
  const { state, shown, hierarchy } = page;
  const field = KIND_FIELDS[state.rows];
  const rows = rowsOf(shown, field, hierarchy);
  const families = new Set();
  const cells = new Map();
  for (const said of shown) {
    const seen = new Set();
    for (const row of rows) {
      if (!row.holds(said[field]) || seen.has(row.key)) continue;
      seen.add(row.key);
      families.add(enter(page, cells, row, said));
    }
  }
  return { rows, cells, families };
}

/** Concepts as rows, groups before what is in them; what stands open at first is no row. */
function rowsOf(shown, field, hierarchy) {
  const counts = new Map();
  const concepts = new Set();
  for (const said of shown) {
    const here = new Set(said[field].flatMap((one) => [...one.lineage]));
    for (const one of here) {
      concepts.add(one);
      counts.set(rowKey(one, false), (counts.get(rowKey(one, false)) ?? 0) + 1);
    }
    for (const one of said[field]) {
      counts.set(rowKey(one, true), (counts.get(rowKey(one, true)) ?? 0) + 1);
    }
    if (!said[field].length) counts.set('', (counts.get('') ?? 0) + 1);
  }
  const rows = [];
  const add = (concept, depth) => {
    const isOpen = hierarchy.isOpen(concept);
    const isGrouping = concept.wide && isOpen;
    if (!isGrouping) rows.push(whole(concept, depth, isOpen));
    if (!isOpen) return;
    const below = concept.below.filter((one) => concepts.has(one));
    below.sort((a, b) => rank(a) - rank(b) || counts.get(rowKey(b)) - counts.get(rowKey(a)));
    for (const one of below) add(one, isGrouping ? depth : depth + 1);
    if (isGrouping) rows.push(bare(concept));
  };
  for (const one of concepts) if (!one.above.length) add(one, 0);
  rows.push({ key: '', label: 'not named', depth: 0, holds: (named) => !named.length });
  return rows.filter(({ key }) => counts.get(key));
}

const rank = (concept) => (concept.key === 'own' ? 1 : 0);
const rowKey = (concept, isBare = false) => `${concept.key}${isBare ? '.' : ''}`;

const whole = (concept, depth, isOpen) => ({
  key: rowKey(concept),
  label: concept.label,
  concept,
  depth,
  isOpen,
  holds: (named) => named.some((one) => isWithin(one, concept)),
});

const bare = (concept) => ({
  key: rowKey(concept, true),
  label: groupLabel({ concept, bare: true }),
  depth: 0,
  holds: (named) => named.includes(concept),
});

/** Puts a statement into a cell; returns its family. */
function enter(page, cells, row, said) {
  const family = FAMILY_OF.get(said.action);
  const place = placeOf(said.company, row);
  const title = `${said.company.label} × ${row.label}`;
  const all = `cell/${place}`;
  const one = `cell/${place}:${family}${said.denied ? '-not' : ''}`;
  for (const [address, words] of [
    [all, ''],
    [one, `: ${said.denied ? denied(FAMILIES[family]) : FAMILIES[family].text}`],
  ]) {
    if (!page.openings.has(address)) {
      page.openings.set(address, {
        title: `${title}${words}`,
        statements: new Set(),
        links: address === all ? [] : [{ address: all, text: `all of ${title}` }],
      });
    }
    page.openings.get(address).statements.add(said);
  }
  if (!cells.has(place)) cells.set(place, new Map());
  const chips = cells.get(place);
  const chip = `${family}${said.denied ? '-not' : ''}`;
  chips.set(chip, (chips.get(chip) ?? 0) + 1);
  return family;
}
