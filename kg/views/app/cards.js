// What stands out among the statements that are shown; each card opens the statements it counts.

import { isWithin } from './concepts.js';
import { MOVING, PASSING } from './data.js';
import { chosenPair, changesOf } from './changes-tab.js';
import { dateOf, listed, many } from './words.js';

const ADVERTISING = new Set(['purpose/Advertising', 'party/Advertiser']);
/** Denied action -> the actions that such a denial speaks of too. */
const SPEAKS_OF = { share: ['share', 'transfer', 'sell'], transfer: ['transfer', 'share'] };

const SURE = 60; // percent

/** @returns {object[]} with `address, count, text, hint, isWarning, statements` or `tab` */
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

const names = (concepts) =>
  listed(
    [...new Set(concepts)].map((one) => one.label),
    3,
  );

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
  for (const [policy, group] of byPolicy(shown)) {
    const denials = group.filter((one) => one.isOwn && one.denied && one.action === 'sell');
    const shares = group.filter(
      (one) =>
        one.isOwn &&
        !one.denied &&
        ['share', 'transfer'].includes(one.action) &&
        isAdvertising(one),
    );
    if (!denials.length || !shares.length) continue;
    companies.add(policy.company);
    for (const one of [...denials, ...shares]) found.add(one);
  }
  if (!companies.size) return null;
  return card(
    'sales',
    many(companies.size, 'company', 'companies'),
    `deny sales and share for advertising: ${names(companies)}`,
    found,
    true,
  );
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

function transfers(passed) {
  const found = passed.filter((said) => said.places.length);
  if (!found.length) return null;
  return card(
    'transfers',
    many(found.length, 'transfer'),
    `to ${names(found.flatMap((said) => said.places))}`,
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
  const pair = chosenPair(page.view, page.state);
  if (!pair) return null;
  const { added, removed, changed } = changesOf(page, pair);
  const [earlier, later] = pair;
  const count = `+${added.length} −${removed.length} ~${changed.length}`;
  const hint = `changes of ${later.company.label}: ${dateOf(earlier)} to ${dateOf(later)}`;
  return { address: 'card/changes', count, text: hint, tab: 'changes' };
}

const card = (name, count, text, statements, isWarning = false) => ({
  address: `card/${name}`,
  count,
  text,
  statements,
  isWarning,
});
