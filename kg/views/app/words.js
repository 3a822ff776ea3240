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
  required: 'required of you',
  optional: 'your choice',
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

export const many = (count, word, plural = `${word}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? word : plural}`;

/** "a, b, c and 4 more" */
export function listed(names, most = 4) {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

export const verb = (said) => (said.denied ? `does NOT ${said.action}` : VERBS[said.action]);

const labels = (concepts) => concepts.map((concept) => concept.label);

/** What is said, in one line, after who acts: "does NOT sell email address to advertiser". */
export function deed(said, most = 4) {
  const parts = [verb(said), said.data.length ? listed(labels(said.data), most) : 'data'];
  const from = said.sources.filter((concept) => concept.key !== 'User');
  if (said.action === 'collect' && from.length) parts.push(`from ${listed(labels(from), most)}`);
  if (said.recipients.length) {
    parts.push(
      `${said.action === 'share' ? 'with' : 'to'} ${listed(labels(said.recipients), most)}`,
    );
  }
  if (said.places.length) {
    const word = said.action === 'transfer' && !said.recipients.length ? 'to' : 'in';
    parts.push(`${word} ${listed(labels(said.places), most)}`);
  }
  return parts.join(' ');
}

export const dateOf = (policy) => policy.date || 'no date';
export const nameOf = (policy) => `${policy.company.label}, ${dateOf(policy)}`;
