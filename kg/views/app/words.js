// How statements, numbers and roles are put into words.

export const VERBS = {
  collect: 'collects',
  use: 'uses',
  share: 'shares',
  sell: 'sells',
  transfer: 'transfers',
  store: 'stores',
  retain: 'retains',
  delete: 'deletes',
  protect: 'protects',
};
export const MODALITIES = {
  asserted: 'said plainly',
  may: 'said to be possible (may)',
  required: 'said to be required',
  optional: 'said to be optional',
};
export const SUPPORTS = {
  rules: 'found by rules alone',
  tagger: 'found by the tagger alone',
  both: 'found by rules and tagger',
};
export const ROLE_NAMES = {
  actor: 'who',
  data: 'data',
  recipient: 'recipient',
  source: 'source',
  purpose: 'purpose',
  place: 'place',
  basis: 'legal basis',
  retention: 'how long',
  condition: 'condition',
  method: 'how',
  threat: 'against',
};

const NUMBERS = new Intl.NumberFormat('en');
/** "1,234" */
export const number = (count) => NUMBERS.format(count);

export const many = (count, word, plural = `${word}s`) =>
  `${number(count)} ${count === 1 ? word : plural}`;

/** "a, b, c and 4 more" */
export function listed(names, most = 4) {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** What is done, as it is said: "shares", "may share", "does NOT share". */
export function verb({ denied, modality, action }) {
  if (denied) return `does NOT ${action}`;
  return modality === 'may' ? `may ${action}` : VERBS[action];
}

const labels = (concepts) => concepts.map((concept) => concept.label);

/** With what, with whom and where it is done: "email address with advertiser · Japan". */
export function objects(said, most = 4) {
  const parts = [said.data.length ? listed(labels(said.data), most) : 'data'];
  const from = said.sources.filter((concept) => concept.key !== 'User');
  if (said.action === 'collect' && from.length) parts.push(`from ${listed(labels(from), most)}`);
  if (said.recipients.length) {
    const joint = said.action === 'share' ? 'with' : 'to';
    parts.push(`${joint} ${listed(labels(said.recipients), most)}`);
  }
  if (said.places.length) parts.push(`· ${listed(labels(said.places), most)}`);
  return parts.join(' ');
}

export const dateOf = (policy) => policy.date || 'no date';
export const nameOf = (policy) => `${policy.company.label}, ${dateOf(policy)}`;
