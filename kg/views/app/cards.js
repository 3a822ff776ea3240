// What stands out among the statements that are shown; each card opens the statements it counts.

import { isWithin } from './concepts.js';
import { MOVING, PASSING } from './data.js';
import { histories } from './changes.js';
import { dateOf, listed, many } from './words.js';

const ADVERTISING = new Set(['purpose/Advertising', 'party/Advertiser']);
/** Denied action -> the actions that such a denial speaks of too. */
const SPEAKS_OF = { share: ['share', 'transfer', 'sell'], transfer: ['transfer', 'share'] };

const SHARING = new Set(['share', 'transfer']);
/** Places that are no country or region. */
const NOWHERE = new Set(['Place', 'OwnServers', 'UserDevice', 'Cloud']);
const SURE = 60; // percent

/**
 * @returns {object[]} with `address, count, text, isWarning`, and either `title` and `statements`,
 *   or `tab`, the view that it leads to
 */
export function cardsOf(page) {
  const said = page.shown.filter((one) => !one.denied);
  const passed = said.filter((one) => PASSING.has(one.action));
  const found = [
    besideFlows(page.shown),
    soldDenied(page.shown),
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
 * Denials, and statements of the same policy that what they deny is done. Of 22 such pairs of real
 * policies that were read, most were reconciled by their wording, so that the card only says where
 * to read; conditions and unsure statements are left out from the start.
 */
function besideFlows(shown) {
  const found = new Set();
  let denials = 0;
  for (const [, group] of byPolicy(shown.filter(isPlain))) {
    for (const denial of group.filter((one) => one.denied)) {
      const beside = group.filter((one) => !one.denied && isDenied(one, denial));
      if (!beside.length) continue;
      denials += 1;
      found.add(denial);
      for (const one of beside) found.add(one);
    }
  }
  if (!denials) return null;
  const text = 'beside a flow of the same kind: read both, the wording often reconciles them';
  return card('denials', many(denials, 'denial'), text, found);
}

const isPlain = (said) =>
  MOVING.has(said.action) &&
  said.confidence >= SURE &&
  said.mentions.every(({ role }) => role !== 'condition');

/** Whether a flow lies within what a denial says: no other actor, action, data or recipient. */
function isDenied(flow, denial) {
  if (flow.actor !== denial.actor || flow.child !== denial.child) return false;
  if (flow.sentence === denial.sentence) return false;
  if (!(SPEAKS_OF[denial.action] ?? [denial.action]).includes(flow.action)) return false;
  const lies = (field) =>
    !denial[field].length ||
    flow[field].some((one) => denial[field].some((top) => isWithin(one, top)));
  return ['data', 'recipients', 'sources', 'purposes', 'places'].every(lies);
}

function byPolicy(statements) {
  const found = new Map();
  for (const said of statements) {
    if (!found.has(said.policy)) found.set(said.policy, []);
    found.get(said.policy).push(said);
  }
  return found;
}

/** Companies that deny sales, and share for advertising or with advertisers. */
function soldDenied(shown) {
  const found = new Set();
  const companies = new Set();
  const plain = shown.filter((said) => said.isOwn && !said.child && isPlain(said));
  for (const [policy, group] of byPolicy(plain)) {
    const denials = group.filter((said) => said.denied && said.action === 'sell');
    const shares = group.filter(
      (said) => !said.denied && SHARING.has(said.action) && isAdvertising(said),
    );
    if (!denials.length || !shares.length) continue;
    companies.add(policy.company);
    for (const one of [...denials, ...shares]) found.add(one);
  }
  if (!companies.size) return null;
  const text = `deny sales, and share for advertising: ${names(companies)}. Read both`;
  return card('sales', many(companies.size, 'company', 'companies'), text, found, true);
}

const isAdvertising = (said) =>
  [...said.purposes, ...said.recipients].some((one) =>
    [...one.lineage].some((above) => ADVERTISING.has(`${above.kind}/${above.key}`)),
  );

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
  const [earlier, later] = page.pair;
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
