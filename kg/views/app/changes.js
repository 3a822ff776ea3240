// Two snapshots -> flows that were added, removed or changed between them.

import { filtered } from './filter.js';
import { MODALITIES } from './words.js';

/** Policies with several snapshots: their line -> these, by date. */
export function histories(view, companies) {
  const found = new Map();
  for (const policy of view.policies) {
    if (companies.size && !companies.has(policy.company)) continue;
    if (!found.has(policy.line)) found.set(policy.line, []);
    found.get(policy.line).push(policy);
  }
  return new Map([...found].filter(([, policies]) => policies.length > 1));
}

/** The two snapshots that are compared, the earlier first: those chosen, else the two latest. */
export function chosenPair(view, state, line = null) {
  const known = histories(view, state.companies);
  const [from, to] = state.change
    .split('~')
    .map((number) => view.policies[number])
    .sort((a, b) => (a?.number ?? 0) - (b?.number ?? 0));
  const isPair = from && to && from !== to && from.line === to.line && known.has(from.line);
  if (line === null && isPair) return [from, to];
  const policies = known.get(line) ?? [...known.values()][0];
  return policies?.slice(-2) ?? null;
}

/** What changed between two snapshots; all filters but those of snapshots and companies hold. */
export function changesOf({ view, state }, [earlier, later]) {
  const every = filtered(view.statements, state, ['version', 'companies']);
  return compare(
    every.filter((said) => said.policy === earlier),
    every.filter((said) => said.policy === later),
  );
}

/**
 * A flow is who does what with which datum to whom; wording, order and headings are not part of it.
 *
 * @returns {{added: object[], removed: object[], changed: object[], same: object[]}} each a group of
 *   flows that differ only in their data: `actor, action, denied, other, data, statements`, and for
 *   what changed `notes`
 */
export function compare(earlier, later) {
  const before = flowsOf(earlier);
  const after = flowsOf(later);
  const added = [];
  const removed = [];
  const changed = [];
  const same = [];
  for (const [key, flow] of after) {
    const old = before.get(key);
    if (!old) added.push(flow);
    else {
      const notes = differences(old, flow);
      if (notes.length)
        changed.push({ ...flow, notes, statements: [...old.statements, ...flow.statements] });
      else same.push(flow);
    }
  }
  for (const [key, flow] of before) if (!after.has(key)) removed.push(flow);
  return {
    added: grouped(added),
    removed: grouped(removed),
    changed: grouped(changed),
    same: grouped(same),
  };
}

function flowsOf(statements) {
  const flows = new Map();
  for (const said of statements) {
    for (const datum of said.data.length ? said.data : [null]) {
      for (const other of othersOf(said)) {
        const parts = [said.actor, said.action, said.denied, datum, other];
        const key = parts.map((part) => part?.number ?? part).join('|');
        if (!flows.has(key)) {
          flows.set(key, {
            actor: said.actor,
            action: said.action,
            denied: said.denied,
            datum,
            other,
            statements: [],
          });
        }
        flows.get(key).statements.push(said);
      }
    }
  }
  return flows;
}

/** To whom, else whence, else where to. */
function othersOf(said) {
  if (said.recipients.length) return said.recipients;
  const others =
    said.action === 'collect' ? said.sources.filter(({ key }) => key !== 'User') : said.places;
  return others.length ? others : [null];
}

/** Fields of the same flow that may differ, and what is in them. */
const COMPARED = { purposes: 'purpose', places: 'place', bases: 'legal basis' };
const FIRMNESS = ['optional', 'may', 'required', 'asserted'];

function differences(old, flow) {
  const notes = [];
  const firm = (one) => Math.max(...one.statements.map((said) => FIRMNESS.indexOf(said.modality)));
  if (firm(old) !== firm(flow)) {
    const [was, is] = [old, flow].map((one) => MODALITIES[FIRMNESS[firm(one)]]);
    notes.push(`was “${was}”, now “${is}”`);
  }
  for (const [field, word] of Object.entries(COMPARED)) {
    if (field === 'places' && flow.other?.kind === 'place') continue;
    const was = namesOf(old, field);
    const is = namesOf(flow, field);
    for (const name of is) if (!was.has(name)) notes.push(`new ${word}: ${name}`);
    for (const name of was) if (!is.has(name)) notes.push(`${word} gone: ${name}`);
  }
  const bound = (one) =>
    one.statements.every((said) => said.mentions.some(({ role }) => role === 'condition'));
  if (bound(old) && !bound(flow)) notes.push('now without a condition');
  if (!bound(old) && bound(flow)) notes.push('now under a condition');
  return notes;
}

const namesOf = (flow, field) =>
  new Set(flow.statements.flatMap((said) => said[field].map((one) => one.label)));

/** Flows that differ only in their data as one. */
function grouped(flows) {
  const groups = new Map();
  for (const flow of flows) {
    const parts = [
      flow.actor.key,
      flow.action,
      flow.denied,
      flow.other && `${flow.other.kind}/${flow.other.key}`,
      ...(flow.notes ?? []),
    ];
    const key = parts.join('|');
    if (!groups.has(key)) groups.set(key, { ...flow, key, data: [], statements: new Set() });
    const group = groups.get(key);
    if (flow.datum) group.data.push(flow.datum);
    for (const said of flow.statements) group.statements.add(said);
  }
  return [...groups.values()].sort(
    (a, b) => b.denied - a.denied || order(a) - order(b) || b.data.length - a.data.length,
  );
}

const ORDER = [
  'sell',
  'share',
  'transfer',
  'collect',
  'use',
  'store',
  'retain',
  'delete',
  'protect',
];
const order = ({ action }) => ORDER.indexOf(action);
