// State -> the statements that are shown, and how many each other choice would show.

import { isWithin, lineage } from './concepts.js';
import { ROLE_FIELDS, searched } from './data.js';
import { CONCEPT_FILTERS } from './state.js';

/** In the order in which they are asked; a statement passes when all say yes. */
const TESTS = {
  version: (state) => inVersion(state.version),
  companies: ({ companies }) => companies.size > 0 && ((said) => companies.has(said.company)),
  who: ({ who }) => who !== 'all' && ((said) => said.isOwn === (who === 'own')),
  actions: ({ actions }) => actions.size > 0 && ((said) => actions.has(said.action)),
  denials: ({ denials }) => denials !== 'with' && ((said) => said.denied === (denials === 'only')),
  least: ({ least }) => least > 0 && ((said) => said.confidence >= least),
  ...Object.fromEntries(
    Object.keys(CONCEPT_FILTERS).map((name) => [
      name,
      (state) =>
        state[name] &&
        ((said) => said[ROLE_FIELDS[name]].some((one) => isWithin(one, state[name]))),
    ]),
  ),
  words: ({ words }) => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    return wanted.length > 0 && ((said) => wanted.every((word) => searched(said).includes(word)));
  },
};

/** "latest", "all", or a day: each policy as it stood then. */
function inVersion(version) {
  if (version === 'all') return false;
  if (version === 'latest') return (said) => said.policy.latest;
  return (said) => standsOn(said.policy, version);
}

function standsOn(policy, day) {
  return policy.date !== '' && policy.date <= day && !(policy.until && policy.until <= day);
}

/**
 * The statements that pass all filters.
 *
 * @param {string[]} without filters that are not asked
 */
export function filtered(statements, state, without = []) {
  const tests = testsOf(state).filter(([name]) => !without.includes(name));
  return statements.filter((said) => tests.every(([, test]) => test(said)));
}

function testsOf(state) {
  const made = Object.entries(TESTS).map(([name, test]) => [name, test(state)]);
  return made.filter(([, test]) => test);
}

/**
 * How many statements each choice of each filter would show, all other filters as they are.
 *
 * @returns {Object<string, Map>} filter -> value -> number; concepts count what is below them, and
 *   the denials of an action are counted apart, as "not sell"
 */
export function counted(statements, state) {
  const tests = testsOf(state);
  const counts = Object.fromEntries(Object.keys(TESTS).map((name) => [name, new Map()]));
  for (const said of statements) {
    const failed = failures(tests, said);
    if (failed === null) continue;
    if (failed === '') for (const name of Object.keys(counts)) count(counts[name], name, said);
    else count(counts[failed], failed, said);
  }
  return counts;
}

/** Name of the only test that fails, "" when none does, `null` when several do. */
function failures(tests, said) {
  let found = '';
  for (const [name, test] of tests) {
    if (test(said)) continue;
    if (found) return null;
    found = name;
  }
  return found;
}

function count(counts, name, said) {
  for (const value of valuesOf(name, said)) counts.set(value, (counts.get(value) ?? 0) + 1);
}

function valuesOf(name, said) {
  if (name in CONCEPT_FILTERS)
    return new Set(said[ROLE_FIELDS[name]].flatMap((one) => [...lineage(one)]));
  if (name === 'companies') return [said.company];
  if (name === 'actions') return [said.denied ? `not ${said.action}` : said.action];
  if (name === 'denials') return ['with', said.denied ? 'only' : 'without'];
  if (name === 'who') return ['all', said.isOwn ? 'own' : 'others'];
  if (name === 'version') return said.policy.latest ? ['latest', 'all'] : ['all'];
  return [];
}
