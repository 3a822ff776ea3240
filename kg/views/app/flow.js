// Statements -> the flow's nodes and ribbons, each with the statements it stands for.
//
// A ribbon joins two columns only where one and the same statement names both ends. That location
// goes to Acme and that Acme passes something on to a broker does not make the broker get it.

import { groupKey, groupLabel, UNNAMED_RECIPIENT } from './concepts.js';
import { PASSING, ROLE_FIELDS } from './data.js';
import { COLUMNS } from './state.js';

export const COLUMN_NAMES = {
  source: 'From',
  data: 'Data',
  company: 'Who',
  purpose: 'For what',
  recipient: 'To whom',
  place: 'Where',
};
/** What actions are drawn as when each by itself would be too many ribbons. */
const FAMILIES = { share: 'pass', sell: 'pass', transfer: 'pass' };

/** What stands for the data or recipient that a statement leaves out. */
const UNNAMED = {
  data: { id: 'data/', column: 'data', label: 'data, not named', concept: null, bare: false },
  recipient: {
    id: 'recipient/Recipient.', // as of a statement that says no more than "recipients"
    column: 'recipient',
    label: UNNAMED_RECIPIENT,
    concept: null,
    bare: true,
  },
};

/**
 * @param {object[]} statements
 * @param {Hierarchy} hierarchy which concepts are opened
 * @param {Set<string>} columns that are drawn
 * @param {Set} publishers the companies, which are not rolled up
 * @param {boolean} merged whether sharing, selling and transferring are one
 * @returns {{columns: string[], nodes: Map, ribbons: Map}} a node has `id, column, label, concept,
 *   bare, statements`; a ribbon `id, from, to, tone, denied, statements`, where `tone` is the
 *   action, "pass" for merged ones, or "denied"
 */
export function aggregate(statements, hierarchy, columns, publishers, merged = false) {
  const drawn = COLUMNS.filter((name) => columns.has(name));
  const nodes = new Map();
  const ribbons = new Map();
  for (const said of statements) {
    let before = [];
    for (const column of drawn) {
      const here = endsOf(said, column, hierarchy, publishers).map((end) =>
        enter(nodes, end, said),
      );
      if (!here.length) continue;
      for (const from of before) for (const to of here) join(ribbons, from, to, said, merged);
      before = here;
    }
  }
  return { columns: drawn, nodes, ribbons };
}

function endsOf(said, column, hierarchy, publishers) {
  if (column === 'company') {
    if (publishers.has(said.actor)) return [end(column, { concept: said.actor, bare: false })];
    return hierarchy.groups(said.actor).map((group) => end(column, group));
  }
  const groups = said[ROLE_FIELDS[column]].flatMap((concept) => hierarchy.groups(concept));
  const ends = new Map(groups.map((group) => [groupKey(group), end(column, group)]));
  if (!ends.size && isMissed(said, column)) return [UNNAMED[column]];
  return [...ends.values()];
}

/** Whether a statement leaves out what belongs to its action. */
function isMissed(said, column) {
  if (column === 'data') return true;
  return column === 'recipient' && PASSING.has(said.action) && !said.places.length;
}

const end = (column, group) => ({
  id: `${column}/${groupKey(group)}`,
  column,
  label: groupLabel(group),
  ...group,
});

function enter(nodes, { id, ...rest }, said) {
  if (!nodes.has(id)) nodes.set(id, { id, ...rest, statements: new Set() });
  nodes.get(id).statements.add(said);
  return id;
}

function join(ribbons, from, to, said, merged) {
  const action = merged ? (FAMILIES[said.action] ?? said.action) : said.action;
  const tone = said.denied ? 'denied' : action;
  const id = `${from}>${to}:${tone}`;
  if (!ribbons.has(id)) {
    ribbons.set(id, { id, from, to, tone, denied: said.denied, statements: new Set() });
  }
  ribbons.get(id).statements.add(said);
}
