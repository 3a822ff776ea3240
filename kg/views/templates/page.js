'use strict';
// Texts of policies are written with textContent only; nothing here makes HTML from a string.
const data = JSON.parse(document.getElementById('data').textContent);
const main = document.getElementById('main');
const state = { company: null, policy: null, words: [], network: false, all: true, denials: false };

const companies = new Map();
for (const policy of data.policies) {
  policy.claims.forEach((claim) => {
    claim.search = JSON.stringify([claim, policy.company]).toLowerCase();
    claim.search += claim.quote.map((piece) => piece[0]).join('').toLowerCase();
  });
  if (!companies.has(policy.company)) companies.set(policy.company, []);
  companies.get(policy.company).push(policy);
}
const byId = new Map(data.policies.flatMap((policy) => policy.claims.map((c) => [c.id, c])));

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined) element.append(child.nodeType ? child : String(child));
  }
  return element;
}

function link(url, text) {
  let address;
  try { address = new URL(url); } catch { return make('span', {}, text); }
  if (address.protocol !== 'http:' && address.protocol !== 'https:') return make('span', {}, text);
  return make('a', { href: address.href, rel: 'noopener noreferrer', target: '_blank' }, text);
}

const isCopy = (url) => /\/\/web\.archive\.org\//.test(url);
const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
const matches = (claim) => state.words.every((word) => claim.search.includes(word));
const current = (name) => companies.get(name).find((policy) => policy.latest) || companies.get(name)[0];
const list = (items, most = 4) =>
  items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
const unique = (items) => [...new Set(items)];

const MODALITY = { may: 'may', required: 'required of you', optional: 'your choice' };
const FACTS = [
  ['why', 'for'], ['if', 'condition'], ['basis', 'legal basis'], ['where', 'place'], ['from', 'from'],
  ['keep', 'how long'], ['how', 'how'], ['against', 'against'],
];

function sentence(claim) {
  const quote = make('blockquote', {}, claim.quote.map(([text, role]) =>
    role ? make('mark', { class: role.replace(/[^a-z]/g, ''), title: role }, text) : text));
  const facts = [];
  if (claim.denied) facts.push('a denial');
  if (claim.modality) facts.push(MODALITY[claim.modality]);
  if (claim.about) facts.push(`data of a ${claim.about}`);
  for (const [name, word] of FACTS) if (claim[name]) facts.push(`${word}: ${claim[name].join('; ')}`);
  if (claim.heading) facts.push(`under “${claim.heading}”`);
  facts.push(`kg explain ${claim.id}`);
  return make('div', { class: claim.denied ? 'said denied' : 'said' },
    (claim.lead || []).map((text) => make('blockquote', { class: 'lead' }, text)),
    quote, make('p', { class: 'facts' }, facts.join(' · ')));
}

// A line that opens to the sentences behind it; these are written when it is first opened.
function row(name, claims, more, lead) {
  const all = unique(claims);
  const isMaybe = all.every((claim) => claim.modality === 'may');
  const details = make('details', {},
    make('summary', {},
      make('span', { class: 'number' }, plural(all.length, 'sentence')),
      lead ? `${lead} ` : null, make('b', {}, name),
      more ? make('span', { class: 'more' }, ` ${more}`) : null,
      isMaybe ? [' ', make('span', { class: 'maybe', title: 'the policy says that it may' }, 'may')] : null));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(...all.map(sentence));
  });
  return details;
}

function groups(claims, names) {
  const found = new Map();
  for (const claim of claims) {
    for (const name of names(claim)) {
      if (!found.has(name)) found.set(name, []);
      found.get(name).push(claim);
    }
  }
  const isNamed = ([name]) => !name.endsWith('not named)');
  return [...found].sort((a, b) => isNamed(b) - isNamed(a) || b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}

function section(kind, title, hint, rows) {
  return make('section', { class: kind }, make('h3', {}, title), make('p', {}, hint),
    rows.length ? rows : make('p', { class: 'empty' }, state.words.length ? 'nothing with these words' : 'nothing found in this policy'));
}

const PASSING = new Set(['share', 'sell', 'transfer']);
const VERB = {
  collect: 'collects', use: 'uses', share: 'shares', sell: 'sells', transfer: 'transfers', store: 'stores',
  retain: 'keeps', delete: 'deletes', protect: 'protects',
};
const BASE = { ...Object.fromEntries(Object.keys(VERB).map((name) => [name, name])), retain: 'keep' };
const dataOf = (claim) => claim.data || ['(data not named)'];
const gets = (claims) => {
  const names = unique(claims.flatMap((claim) => claim.data || []));
  return names.length ? `gets ${list(names)}` : '';
};
const whyOf = (claims) => {
  const names = unique(claims.flatMap((claim) => claim.why || []));
  return names.length ? `for ${list(names, 3)}` : '';
};

// What is done with what, and to whom: "shares email address with advertiser".
function deed(claim) {
  const things = claim.data ? list(claim.data) : 'data';
  const joint = claim.action === 'share' ? 'with' : 'to';
  const receivers = PASSING.has(claim.action) && claim.to ? ` ${joint} ${list(claim.to)}` : '';
  return `${things}${receivers}`;
}

function deniedRows(claims) {
  return groups(claims, (claim) => [`${claim.actor || ''}\u0000${claim.action}\u0000${deed(claim)}`]).map(([key, some]) => {
    const [who, action, rest] = key.split('\u0000');
    return row(`does NOT ${BASE[action]}`, some, rest, who);
  });
}

function showCompany() {
  const policy = state.policy;
  const versions = companies.get(policy.company);
  const claims = policy.claims.filter(matches);
  const said = claims.filter((claim) => !claim.denied);
  const denied = claims.filter((claim) => claim.denied && !claim.actor);
  // What the policy says of others must not look like what the company does.
  const own = said.filter((claim) => !claim.actor);
  const others = claims.filter((claim) => claim.actor);
  const received = own.filter((claim) => claim.action === 'collect');
  const passed = own.filter((claim) => PASSING.has(claim.action));
  const receivers = (claim) => claim.to || (claim.where || []).map((name) => `${name} (a place)`)
    .concat(claim.where ? [] : '(recipient not named)');
  const kinds = unique(received.flatMap((claim) => claim.data || [])).length;
  const named = unique(passed.flatMap((claim) => claim.to || [])).length;
  const theirs = others.filter((claim) => !claim.denied);
  const theirDenials = others.filter((claim) => claim.denied);
  const choice = versions.length > 1
    ? make('select', { 'aria-label': 'Version', onchange: (event) => { state.policy = versions[event.target.value]; show(); } },
      versions.map((v, i) => make('option', { value: i, selected: v === policy ? '' : undefined },
        `${v.date || v.document}${v.latest ? ' (latest)' : ''}`)))
    : policy.date || 'no date';
  main.replaceChildren(
    make('h2', {}, policy.company),
    make('p', { class: 'about' }, policy.title || policy.document, ' · ', choice, ' · ', policy.document,
      policy.urls.map((url) => [' · ', link(url, isCopy(url) ? 'archived copy' : 'source')])),
    make('p', { class: 'sum' }, `${policy.company} says it gets `, make('b', {}, plural(kinds, 'kind'), ' of data'),
      ', passes data on to ', make('b', {}, plural(named, 'recipient')), ', and names ',
      make('b', { class: 'no' }, plural(denied.length, 'thing')), ' it does NOT do.'),
    make('div', { class: 'flow' },
      section('in', 'Data it gets', 'Click any line to read the sentences behind it.',
        groups(received, dataOf).map(([name, some]) => {
          const from = unique(some.flatMap((claim) => claim.from || [])).filter((x) => x !== 'user');
          return row(name, some, from.length ? `from ${list(from)}` : '');
        })),
      make('div', {},
        make('div', { class: 'middle', 'aria-hidden': 'true' }, '→', make('b', {}, policy.company), '→'),
        section('no', `Says it does NOT (${denied.length})`, 'No flows. Conditions may apply: read the sentence.',
          deniedRows(denied))),
      section('out', 'Who else gets data', 'Grey: which data, and for what.',
        groups(passed, receivers).map(([name, some]) => {
          const sold = some.filter((claim) => claim.action === 'sell').length;
          const sells = sold ? (sold === some.length ? 'SOLD' : 'partly SOLD') : '';
          return row(name, some, [sells, gets(some), whyOf(some)].filter(Boolean).join(' · '));
        }))),
    make('div', { class: 'rest' },
      [['use', 'Uses data for', 'By purpose.', (claim) => claim.why || ['(purpose not named)']],
        ['store', 'Stores', '', dataOf], ['retain', 'Keeps', 'How long, where the policy tells.', (claim) => claim.keep || dataOf(claim)],
        ['delete', 'Deletes', '', dataOf], ['protect', 'Protects', '', dataOf]]
        .map(([action, title, hint, names]) => {
          const some = own.filter((claim) => claim.action === action);
          if (!some.length) return null;
          return section('', title, hint, groups(some, names).map(([name, these]) => {
            const things = unique(these.flatMap((claim) => claim.data || [])).filter((x) => x !== name);
            const where = unique(these.flatMap((claim) => claim.where || []));
            return row(name, these, [list(things), where.length ? `in ${list(where)}` : ''].filter(Boolean).join(' · '));
          }));
        }),
      theirs.length ? section('', 'What others do, says this policy', 'You, partners, services: not the company itself.',
        groups(theirs, (claim) => [`${claim.actor}\u0000${VERB[claim.action]} ${deed(claim)}`]).map(([key, some]) => {
          const [who, rest] = key.split('\u0000');
          return row(who, some, rest);
        })) : null,
      theirDenials.length ? section('no', 'What others do NOT do, says this policy', 'No flows.', deniedRows(theirDenials)) : null));
}

const MANY = 12; // companies; the network of more is shown when asked for
const ROW = 44;
const TALLEST = 6000;

// The order in each column is that of the whole network; only the gaps close, and columns that
// are left empty.
function spread(nodes, width) {
  const columns = new Map();
  for (const node of [...nodes].sort((a, b) => a.x - b.x || a.y - b.y)) {
    columns.set(node.x, [...(columns.get(node.x) || []), node]);
  }
  [...columns.values()].forEach((column, number) => column.forEach((node, i) => {
    node.x = Math.round((columns.size === 1 ? 0.5 : number / (columns.size - 1)) * (width - 260));
    node.y = Math.round((i - (column.length - 1) / 2) * ROW);
  }));
  return Math.max(0, ...[...columns.values()].map((column) => column.length)) * ROW + 60;
}

function showNetwork() {
  const edges = data.network.edges.filter((edge) => (state.denials || !edge.denied)
    && (state.all || edge.companies.includes(state.company)) && edge.claims.some((id) => byId.has(id) && matches(byId.get(id))));
  const ends = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const nodes = data.network.nodes.filter((node) => ends.has(node.id)).map((node) => ({
    ...node,
    label: node.label.length > 30 ? `${node.label.slice(0, 29)}…` : node.label,
    font: { color: node.kind === 'publisher' ? '#fff' : '#1a202c' },
  }));
  const height = spread(nodes, main.clientWidth);
  const canvas = make('div', { id: 'canvas', role: 'img', 'aria-label': 'Network of who passes data to whom' });
  const behind = make('div', { 'aria-live': 'polite' });
  const labels = new Map(nodes.map((node) => [node.id, node.label]));
  const box = (name, text) => make('label', {}, make('input', {
    type: 'checkbox', onchange: (event) => { state[name] = event.target.checked; show(); }, checked: state[name] ? '' : undefined,
  }), ` ${text}`);
  main.replaceChildren(
    make('h2', {}, 'Who passes data to whom'),
    make('p', { class: 'about' }, `Latest version of each policy. ${nodes.length} boxes, ${plural(edges.length, 'arrow')}; an arrow stands for all its sentences. Click an arrow or a box to read them.`),
    make('p', { class: 'legend' },
      [['user', 'user and other sources'], ['publisher', 'company with a policy here'], ['party', 'recipient'], ['place', 'place']]
        .map(([kind, text]) => make('span', {}, make('i', { class: kind }), text)),
      companies.size > 1 ? box('all', `all companies (or ${state.company} alone)`) : null, box('denials', 'also what is denied (red, dashed)')),
    canvas, behind);
  if (!window.vis || !nodes.length) { canvas.append('Nothing to draw.'); return; }
  canvas.style.height = `${Math.min(Math.max(height, 320), TALLEST)}px`;
  // At full size the wheel scrolls the page; what is too tall for that is drawn smaller and zooms.
  const isTall = height > TALLEST;
  const options = data.network.options;
  options.interaction.zoomView = isTall;
  const network = new window.vis.Network(canvas, { nodes, edges }, options);
  network.fit({ maxZoomLevel: 1 });
  network.on('click', ({ nodes: [node], edges: picked }) => {
    const wanted = node === undefined ? picked.slice(0, 1) : picked;
    behind.replaceChildren(...edges.filter((edge) => wanted.includes(edge.id)).map((edge) => make('section', { class: edge.denied ? 'no' : '' },
      make('h3', {}, `${labels.get(edge.from)} ${edge.denied ? 'does NOT pass to' : '→'} ${labels.get(edge.to)}`),
      edge.claims.filter((id) => byId.has(id)).map((id) => sentence(byId.get(id))))));
  });
}

function showCompanies() {
  const go = (change) => () => { Object.assign(state, change); show(); main.focus({ preventScroll: true }); };
  const rows = [...companies.keys()].map((name) => {
    const hits = current(name).claims.filter(matches).length;
    return make('button', {
      type: 'button', class: hits ? undefined : 'none', 'aria-current': String(!state.network && state.company === name),
      onclick: go({ company: name, policy: current(name), network: false }),
    }, name, make('span', { title: 'statements and denials in its latest policy' }, hits));
  });
  const network = make('button', {
    type: 'button', 'aria-current': String(state.network), onclick: go({ network: true }),
  }, 'Network');
  document.getElementById('companies').replaceChildren(network, make('hr'), ...rows);
}

function show() {
  showCompanies();
  if (state.network) showNetwork();
  else if (state.policy) showCompany();
  else main.replaceChildren(make('p', { class: 'empty' }, 'There are no policies in this graph.'));
}

function begin() {
  const { counts } = data;
  const parts = [[counts.companies, counts.companies === 1 ? 'company' : 'companies'],
    [counts.policies, counts.policies === 1 ? 'policy' : 'policies'], [counts.statements, 'statements of what is done'],
    [counts.denials, 'denials'], [counts.recipients, 'kinds of recipient']];
  document.getElementById('counts').replaceChildren(...parts.flatMap(([count, word], i) =>
    [i ? ' · ' : '', make('b', {}, count.toLocaleString('en')), ` ${word}`]));
  const most = [...companies.keys()].sort((a, b) => current(b).claims.length - current(a).claims.length)[0];
  if (most !== undefined) Object.assign(state, { company: most, policy: current(most) });
  state.all = companies.size <= MANY;
  const filter = document.getElementById('filter');
  filter.addEventListener('input', () => {
    state.words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = data.policies.filter((p) => p.latest).flatMap((p) => p.claims).filter(matches).length;
    document.getElementById('hits').textContent = state.words.length ? `${plural(hits, 'statement')} in the latest policies` : '';
    show();
  });
  if (location.hash === '#network') state.network = true;
  show();
}

begin();
