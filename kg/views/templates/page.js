(() => {
  var __defProp = Object.defineProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };

  // concepts.js
  function lineage(concept2) {
    if (!concept2.lineage) {
      concept2.lineage = /* @__PURE__ */ new Set([concept2]);
      for (const above of concept2.above) {
        for (const one of lineage(above)) concept2.lineage.add(one);
      }
    }
    return concept2.lineage;
  }
  var isWithin = (concept2, top) => lineage(concept2).has(top);
  var standsOpen = (concept2) => concept2.wide || concept2.kind === "place";
  var Hierarchy = class {
    #toggled;
    #shown = /* @__PURE__ */ new Map();
    constructor(toggled2) {
      this.#toggled = toggled2;
    }
    /** Whether a reader may open and close a concept. */
    canToggle(concept2) {
      return concept2.below.length > 0 && !concept2.wide;
    }
    isOpen(concept2) {
      if (concept2.wide || !concept2.below.length) return concept2.below.length > 0;
      return standsOpen(concept2) !== this.#toggled.has(concept2);
    }
    /**
     * The groups that stand for a concept: itself, or the closed ones above it. One that is open
     * stands only for what is said of it as such, not of something narrower.
     *
     * @returns {{concept: object, bare: boolean}[]} `bare` for such a one
     */
    groups(concept2) {
      return this.#standing(concept2).map((one) => ({
        concept: one,
        bare: one === concept2 && this.isOpen(one)
      }));
    }
    #standing(concept2) {
      const known = this.#shown.get(concept2);
      if (known) return known;
      const found = /* @__PURE__ */ new Set();
      for (const above of concept2.above) {
        const standing3 = this.#standing(above);
        const isOpen = this.isOpen(above);
        for (const one of standing3) found.add(one === above && isOpen ? concept2 : one);
      }
      const standing2 = found.size ? [...found] : [concept2];
      this.#shown.set(concept2, standing2);
      return standing2;
    }
  };
  var groupKey = ({ concept: concept2, bare: bare2 }) => bare2 ? `${concept2.key}.` : concept2.key;
  function groupLabel({ concept: concept2, bare: bare2 }) {
    if (!bare2) return concept2.label;
    return isNobody(concept2) ? UNNAMED_RECIPIENT : `${concept2.label}, not specified`;
  }
  var isNobody = (concept2) => concept2.kind === "party" && concept2.key === "Recipient";
  var UNNAMED_RECIPIENT = "recipient, not named";

  // data.js
  var PASSING = /* @__PURE__ */ new Set(["share", "sell", "transfer"]);
  var MOVING = /* @__PURE__ */ new Set(["collect", ...PASSING]);
  var KIND_FIELDS = {
    data: "data",
    party: "recipients",
    purpose: "purposes",
    place: "places"
  };
  var ROLE_FIELDS = {
    data: "data",
    recipient: "recipients",
    source: "sources",
    purpose: "purposes",
    place: "places",
    basis: "bases"
  };
  function read(raw) {
    const table2 = (name) => raw[name].map((row2) => record(raw.fields[name], row2));
    const concepts = table2("concepts").map((concept2, number2) => ({
      ...concept2,
      number: number2,
      kind: raw.names.kind[concept2.kind],
      wide: concept2.wide === 1,
      own: concept2.own === 1,
      below: []
    }));
    for (const concept2 of concepts) {
      concept2.above = concept2.above.map((number2) => concepts[number2]);
      for (const above of concept2.above) above.below.push(concept2);
    }
    concepts.forEach(lineage);
    const policies = table2("policies").map((policy, number2) => ({
      ...policy,
      number: number2,
      company: concepts[policy.company],
      latest: policy.latest === 1
    }));
    linkVersions(policies);
    const sentences = table2("sentences").map((sentence) => ({
      ...sentence,
      policy: policies[sentence.policy],
      heading: raw.texts[sentence.heading] ?? ""
    }));
    const statements = table2("statements").map(
      (row2, number2) => statement(row2, number2, raw, sentences, concepts)
    );
    const quote = (number2) => statements[number2] ?? bareSentence(sentences[-1 - number2]);
    return {
      title: raw.title,
      scope: raw.scope,
      network: raw.network,
      actions: raw.names.action,
      concepts,
      policies,
      statements,
      pairs: pairsOf(table2, raw, policies, quote),
      findings: table2("findings").map((row2) => finding(row2, raw, policies, quote)),
      companies: [...new Set(policies.map((policy) => policy.company))],
      byKey: new Map(concepts.map((concept2) => [`${concept2.kind}/${concept2.key}`, concept2]))
    };
  }
  function pairsOf(table2, raw, policies, quote) {
    const pairs = table2("pairs").map(({ earlier, later, whole: whole2 }) => ({
      earlier: policies[earlier],
      later: policies[later],
      line: policies[later].line,
      key: `${policies[earlier].digits}-${policies[later].digits}`,
      isWhole: whole2 === 1,
      changes: []
    }));
    for (const row2 of table2("changes")) {
      const { changes: changes2 } = pairs[row2.pair];
      const change = {
        kind: raw.names.change[row2.kind],
        denied: row2.denied === 1,
        text: raw.texts[row2.text],
        details: row2.details.map((text) => raw.texts[text]),
        before: row2.before.map(quote),
        after: row2.after.map(quote)
      };
      changes2.push({ ...change, key: changeKey(change, changes2) });
    }
    return pairs;
  }
  function changeKey({ kind, before, after }, others) {
    const nameOf2 = ([said]) => said ? said.digits || `at${said.sentence.start}` : "";
    const key2 = `${kind}/${nameOf2(before)}~${nameOf2(after)}`;
    const same = others.filter((other) => other.key.split(".")[0] === key2).length;
    return same ? `${key2}.${same + 1}` : key2;
  }
  function finding(row2, raw, policies, quote) {
    const texts = (numbers2) => numbers2.map((text) => raw.texts[text]);
    return {
      policy: policies[row2.policy],
      grade: raw.names.grade[row2.grade],
      question: raw.texts[row2.question],
      why: raw.texts[row2.why],
      sides: row2.quotes.map((side) => side.map(quote)),
      shared: texts(row2.shared),
      reconciled: texts(row2.reconciled),
      open: texts(row2.open)
    };
  }
  function bareSentence(sentence) {
    const { policy } = sentence;
    const found = {
      ...{
        isBare: true,
        digits: "",
        modality: "asserted",
        denied: false,
        child: false,
        confidence: 100,
        context: []
      },
      ...{ sentence, policy, company: policy.company, actor: policy.company, isOwn: true },
      mentions: []
    };
    for (const field2 of Object.values(ROLE_FIELDS)) found[field2] = [];
    return found;
  }
  function linkVersions(policies) {
    const last = /* @__PURE__ */ new Map();
    for (const policy of policies) {
      const before = last.get(policy.line);
      if (before) before.until = policy.date;
      last.set(policy.line, policy);
    }
  }
  function record(fields, row2) {
    return Object.fromEntries(fields.map((name, at) => [name, row2[at]]));
  }
  function statement(row2, number2, raw, sentences, concepts) {
    const sentence = sentences[row2.sentence];
    const actor = concepts[row2.actor];
    const found = {
      number: number2,
      digits: row2.digits,
      action: raw.names.action[row2.action],
      denied: row2.denied === 1,
      modality: raw.names.modality[row2.modality],
      child: row2.child === 1,
      confidence: row2.confidence,
      support: raw.names.support[row2.support],
      context: row2.context.map((text) => raw.texts[text]),
      sentence,
      actor,
      policy: sentence.policy,
      company: sentence.policy.company,
      isOwn: actor === sentence.policy.company,
      mentions: []
    };
    for (const field2 of Object.values(ROLE_FIELDS)) found[field2] = [];
    for (let at = 0; at < row2.mentions.length; at += 4) {
      const [role, start, length, concept2] = row2.mentions.slice(at, at + 4);
      add(found, {
        role: raw.names.role[role],
        start,
        end: start + length,
        text: start < 0 ? raw.texts[length] : sentence.text.slice(start, start + length),
        concept: concepts[concept2] ?? null
      });
    }
    return found;
  }
  function add(found, mention) {
    found.mentions.push(mention);
    const field2 = ROLE_FIELDS[mention.role];
    if (field2 && mention.concept && !found[field2].includes(mention.concept)) {
      found[field2].push(mention.concept);
    }
  }
  function present(companies2, statements) {
    const told = new Set(statements.map(({ company }) => company));
    return companies2.filter((company) => told.has(company));
  }
  function wordsOf(found, role) {
    const texts = found.mentions.filter((m) => m.role === role).map((m) => tidy(m.text));
    return [...new Set(texts)];
  }
  var tidy = (text) => text.split(/\s+/).filter(Boolean).join(" ");
  function searched(found) {
    found.search ??= [
      found.sentence.text,
      found.sentence.heading,
      found.company.label,
      found.actor.label,
      ...found.mentions.map((mention) => `${mention.text} ${mention.concept?.label ?? ""}`)
    ].join("\n").toLowerCase();
    return found.search;
  }

  // state.js
  var TABS = ["compare", "flow", "changes", "network", "statements"];
  var COLUMNS = ["source", "data", "company", "purpose", "recipient", "place"];
  var ROWS = ["data", "party", "purpose", "place"];
  var CONCEPT_FILTERS = {
    data: "data",
    recipient: "party",
    purpose: "purpose",
    place: "place"
  };
  var CHOICES = {
    tab: TABS,
    who: ["own", "others", "all"],
    denials: ["with", "without", "only"],
    rows: ROWS
  };
  function initial(tab) {
    return {
      tab,
      words: "",
      who: "own",
      denials: "with",
      rows: "data",
      version: "latest",
      least: 0,
      handling: false,
      whole: false,
      actions: /* @__PURE__ */ new Set(),
      companies: /* @__PURE__ */ new Set(),
      toggled: /* @__PURE__ */ new Set(),
      columns: /* @__PURE__ */ new Set(["data", "company", "recipient", "place"]),
      data: null,
      recipient: null,
      purpose: null,
      place: null,
      change: "",
      sort: "",
      page: 0,
      selection: ""
    };
  }
  var keyed = (concept2) => `${concept2.kind}/${concept2.key}`;
  var byName = (a, b) => a < b ? -1 : Number(a > b);
  function toFragment(state2, first2) {
    const found = new URLSearchParams();
    for (const name of ["tab", "words", "who", "denials", "rows", "version", "change", "sort"]) {
      if (state2[name] !== first2[name]) found.set(name, state2[name]);
    }
    for (const name of ["least", "page"]) if (state2[name]) found.set(name, state2[name]);
    for (const name of ["handling", "whole"]) if (state2[name]) found.set(name, "1");
    for (const name of Object.keys(CONCEPT_FILTERS)) {
      if (state2[name]) found.set(name, state2[name].key);
    }
    if (state2.actions.size) found.set("actions", [...state2.actions].sort(byName).join(","));
    for (const name of ["companies", "toggled"]) {
      for (const one of [...state2[name]].map(keyed).sort(byName)) found.append(name, one);
    }
    const columns = COLUMNS.filter((name) => state2.columns.has(name)).join(",");
    if (columns !== COLUMNS.filter((name) => first2.columns.has(name)).join(",")) {
      found.set("columns", columns);
    }
    if (state2.selection) found.set("show", state2.selection);
    return found.toString();
  }
  function fromFragment(fragment, first2, view2) {
    const given = new URLSearchParams(fragment);
    const state2 = { ...first2 };
    for (const [name, choices] of Object.entries(CHOICES)) {
      if (choices.includes(given.get(name))) state2[name] = given.get(name);
    }
    for (const name of ["words", "version", "change", "sort"])
      state2[name] = given.get(name) ?? first2[name];
    state2.least = within(given.get("least"), 0, 100);
    state2.page = within(given.get("page"), 0, Number.MAX_SAFE_INTEGER);
    for (const name of ["handling", "whole"]) state2[name] = given.get(name) === "1";
    for (const [name, kind] of Object.entries(CONCEPT_FILTERS)) {
      state2[name] = given.has(name) && view2.byKey.get(`${kind}/${given.get(name)}`) || null;
    }
    const actions2 = (given.get("actions") ?? "").split(",");
    state2.actions = new Set(actions2.filter((name) => view2.actions.includes(name)));
    for (const name of ["companies", "toggled"]) {
      const found = given.getAll(name).map((key2) => view2.byKey.get(key2));
      state2[name] = new Set(found.filter(Boolean));
    }
    if (given.has("columns")) {
      const chosen = given.get("columns").split(",");
      state2.columns = new Set(COLUMNS.filter((name) => chosen.includes(name)));
    }
    if (!isVersion(state2.version)) state2.version = first2.version;
    state2.selection = given.get("show") ?? "";
    return state2;
  }
  function isVersion(text) {
    if (text === "latest" || text === "all") return true;
    const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
    return isDate && new Date(text).toISOString().startsWith(text);
  }
  function within(text, least, most) {
    const number2 = Number.parseInt(text ?? "", 10);
    return Number.isNaN(number2) ? least : Math.min(Math.max(number2, least), most);
  }
  function unfiltered(state2) {
    const { tab, rows, toggled: toggled2, columns, handling, whole: whole2, change, sort } = state2;
    return { ...initial(tab), rows, toggled: toggled2, columns, handling, whole: whole2, change, sort };
  }
  function toggled(set, value) {
    const found = new Set(set);
    if (!found.delete(value)) found.add(value);
    return found;
  }

  // filter.js
  var TESTS = {
    version: (state2) => inVersion(state2.version),
    companies: ({ companies: companies2 }) => companies2.size > 0 && ((said) => companies2.has(said.company)),
    who: ({ who }) => who !== "all" && ((said) => said.isOwn === (who === "own")),
    actions: ({ actions: actions2 }) => actions2.size > 0 && ((said) => actions2.has(said.action)),
    denials: ({ denials }) => denials !== "with" && ((said) => said.denied === (denials === "only")),
    least: ({ least }) => least > 0 && ((said) => said.confidence >= least),
    ...Object.fromEntries(
      Object.keys(CONCEPT_FILTERS).map((name) => [
        name,
        (state2) => state2[name] && ((said) => said[ROLE_FIELDS[name]].some((one) => isWithin(one, state2[name])))
      ])
    ),
    words: ({ words }) => {
      const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
      return wanted.length > 0 && ((said) => wanted.every((word) => searched(said).includes(word)));
    }
  };
  function inVersion(version) {
    if (version === "all") return false;
    if (version === "latest") return (said) => said.policy.latest;
    return (said) => standsOn(said.policy, version);
  }
  function standsOn(policy, day) {
    return policy.date !== "" && policy.date <= day && !(policy.until && policy.until <= day);
  }
  function filtered(statements, state2, without = []) {
    const tests = testsOf(state2).filter(([name]) => !without.includes(name));
    return statements.filter((said) => tests.every(([, test]) => test(said)));
  }
  function testsOf(state2) {
    const made = Object.entries(TESTS).map(([name, test]) => [name, test(state2)]);
    return made.filter(([, test]) => test);
  }
  function counted(statements, state2) {
    const tests = testsOf(state2);
    const counts = Object.fromEntries(Object.keys(TESTS).map((name) => [name, /* @__PURE__ */ new Map()]));
    for (const said of statements) {
      const failed = failures(tests, said);
      if (failed === null) continue;
      if (failed === "") for (const name of Object.keys(counts)) count(counts[name], name, said);
      else count(counts[failed], failed, said);
    }
    return counts;
  }
  function failures(tests, said) {
    let found = "";
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
    if (name === "companies") return [said.company];
    if (name === "actions") return [said.denied ? `not ${said.action}` : said.action];
    if (name === "denials") return ["with", said.denied ? "only" : "without"];
    if (name === "who") return ["all", said.isOwn ? "own" : "others"];
    if (name === "version") return said.policy.latest ? ["latest", "all"] : ["all"];
    return [];
  }

  // changes.js
  var KINDS = ["added", "removed", "changed"];
  function histories(view2, companies2) {
    const found = /* @__PURE__ */ new Map();
    for (const pair of view2.pairs) {
      if (companies2.size && !companies2.has(pair.later.company)) continue;
      if (!found.has(pair.line)) found.set(pair.line, []);
      found.get(pair.line).push(pair);
    }
    for (const pairs of found.values()) pairs.reverse().sort((a, b) => a.isWhole - b.isWhole);
    return found;
  }
  function chosenPair(view2, state2, line = null) {
    const known = histories(view2, state2.companies);
    const every = [...known.values()].flat();
    const [from, to] = state2.change.split("-");
    const chosen = every.find(({ key: key2 }) => key2 === state2.change) ?? every.find(({ later }) => later.digits === to) ?? every.find(({ earlier }) => earlier.digits === from);
    if (chosen && line === null) return chosen;
    return latest(known.get(line) ?? [...known.values()][0] ?? []);
  }
  var latest = (pairs) => pairs.find(({ changes: changes2 }) => changes2.length > 0) ?? pairs[0] ?? null;
  function changesOf({ state: state2 }, { changes: changes2 }) {
    const isShown = ({ before, after }) => {
      const quotes = [...before, ...after];
      const read2 = quotes.filter((said) => !said.isBare);
      return filtered(read2.length ? read2 : quotes, state2, ["version", "companies"]).length > 0;
    };
    const shown = changes2.filter(isShown);
    const ofKind = (name) => shown.filter(({ kind }) => kind === name);
    return {
      ...Object.fromEntries(KINDS.map((name) => [name, ofKind(name)])),
      hidden: changes2.length - shown.length
    };
  }

  // words.js
  var VERBS = {
    collect: "collects",
    use: "uses",
    share: "shares",
    sell: "sells",
    transfer: "transfers",
    store: "stores",
    retain: "retains",
    delete: "deletes",
    protect: "protects"
  };
  var MODALITIES = {
    asserted: "said plainly",
    may: "said to be possible (may)",
    required: "said to be required",
    optional: "said to be optional"
  };
  var SUPPORTS = {
    rules: "found by rules alone",
    tagger: "found by the tagger alone",
    both: "found by rules and tagger"
  };
  var ROLE_NAMES = {
    actor: "who",
    data: "data",
    recipient: "recipient",
    source: "source",
    purpose: "purpose",
    place: "place",
    basis: "legal basis",
    retention: "how long",
    condition: "condition",
    method: "how",
    threat: "against"
  };
  var NUMBERS = new Intl.NumberFormat("en");
  var number = (count2) => NUMBERS.format(count2);
  var many = (count2, word, plural = `${word}s`) => `${number(count2)} ${count2 === 1 ? word : plural}`;
  function listed(names2, most = 4) {
    if (names2.length <= most) return names2.join(", ");
    return `${names2.slice(0, most).join(", ")} and ${names2.length - most} more`;
  }
  function verb({ denied: denied2, modality, action }) {
    if (denied2) return `does NOT ${action}`;
    return modality === "may" ? `may ${action}` : VERBS[action];
  }
  var labels = (concepts) => concepts.map((concept2) => concept2.label);
  function objects(said, most = 4) {
    const parts = [said.data.length ? listed(labels(said.data), most) : "data"];
    const from = said.sources.filter((concept2) => concept2.key !== "User");
    if (said.action === "collect" && from.length) parts.push(`from ${listed(labels(from), most)}`);
    if (said.recipients.length) {
      const joint = said.action === "share" ? "with" : "to";
      parts.push(`${joint} ${listed(labels(said.recipients), most)}`);
    }
    if (said.places.length) parts.push(`· ${listed(labels(said.places), most)}`);
    return parts.join(" ");
  }
  var dateOf = (policy) => policy.date || "no date";
  var nameOf = (policy) => `${policy.company.label}, ${dateOf(policy)}`;

  // cards.js
  var GRADES = {
    contradiction: {
      means: "As far as the program can tell, what they say cannot both be so.",
      isWarning: true
    },
    tension: {
      means: "What they say may both be so, but is worth asking the company about.",
      isWarning: false
    }
  };
  var FOUND = "A program found these pairs of sentences: read them in their place, they are no verdict on a company.";
  var NOWHERE = /* @__PURE__ */ new Set(["Place", "OwnServers", "UserDevice", "Cloud"]);
  function cardsOf(page2) {
    const said = page2.shown.filter((one) => !one.denied);
    const passed = said.filter((one) => PASSING.has(one.action));
    const found = [
      ...Object.keys(GRADES).map((grade) => atOdds(page2, grade)),
      sensitive(passed),
      transfers(passed),
      vague(passed),
      changes(page2)
    ];
    return found.filter(Boolean);
  }
  function names(concepts) {
    const counts = /* @__PURE__ */ new Map();
    for (const { label } of concepts) counts.set(label, (counts.get(label) ?? 0) + 1);
    const sorted3 = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    return listed(
      sorted3.map(([label]) => label),
      3
    );
  }
  function atOdds(page2, grade) {
    const shown = new Set(page2.shown);
    const found = page2.view.findings.filter((one) => {
      const quotes = one.sides.flat();
      const read2 = quotes.filter((said) => !said.isBare);
      const passing = read2.length ? read2.filter((said) => shown.has(said)) : filtered(quotes, page2.state);
      return one.grade === grade && passing.length > 0;
    });
    if (!found.length) return null;
    const { means, isWarning } = GRADES[grade];
    const text = "within a policy, found by a program: read both sentences";
    return {
      ...card(grade, many(found.length, grade), text, [], isWarning),
      note: `${FOUND} ${means}`,
      statements: new Set(found.flatMap(({ sides }) => sides.flat()).filter((said) => !said.isBare)),
      findings: found
    };
  }
  function sensitive(passed) {
    const isSensitive = (concept2) => [...concept2.lineage].some((above) => above.sensitive);
    const found = passed.filter((said) => said.data.some(isSensitive));
    if (!found.length) return null;
    const kinds = found.flatMap((said) => said.data.filter(isSensitive));
    return card(
      "sensitive",
      many(found.length, "disclosure"),
      `of sensitive data: ${names(kinds)}`,
      found,
      true
    );
  }
  function transfers(passed) {
    const isAway = (place2) => !place2.own && !NOWHERE.has(place2.key);
    const found = passed.filter((said) => said.places.some(isAway));
    if (!found.length) return null;
    const places = found.flatMap((said) => said.places.filter(isAway));
    return card(
      "transfers",
      many(found.length, "disclosure"),
      `to a country or region: ${names(places)}`,
      found
    );
  }
  function vague(passed) {
    const isVague = (said) => said.recipients.some((one) => one.vague);
    const found = passed.filter(isVague);
    if (!found.length) return null;
    const share = Math.round(100 * found.length / passed.length);
    const kinds = found.flatMap((said) => said.recipients.filter((one) => one.vague));
    return card(
      "vague",
      `${found.length} of ${many(passed.length, "disclosure")}`,
      `go to recipients left open (${share} %): ${names(kinds)}`,
      found
    );
  }
  function changes(page2) {
    if (!page2.pair) return null;
    const { added, removed, changed } = page2.changes;
    const { earlier, later } = page2.pair;
    const others = histories(page2.view, page2.state.companies).size - 1;
    const more2 = others ? `; ${many(others, "more policy", "more policies")} with several snapshots` : "";
    return {
      address: "card/changes",
      count: `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
      text: `${later.company.label}: ${dateOf(earlier)} to ${dateOf(later)}${more2}`,
      tab: "changes"
    };
  }
  var card = (name, count2, text, statements, isWarning = false) => ({
    address: `card/${name}`,
    title: `${count2} ${text}`,
    count: count2,
    text,
    statements,
    isWarning
  });

  // changes-tab.js
  var changes_tab_exports = {};
  __export(changes_tab_exports, {
    prepare: () => prepare,
    show: () => show,
    status: () => status
  });

  // dom.js
  var SVG = "http://www.w3.org/2000/svg";
  var make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  var draw = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== void 0 && value !== false && value !== null) {
        element.setAttribute(name, value);
      }
    }
    return put(element, ...children);
  }
  function put(element, ...children) {
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== void 0 && child !== false) element.append(child);
    }
    return element;
  }
  var plainButton = (key2, text, onclick) => make("button", { class: "plain", "data-focus": key2, onclick }, text);
  function link(address, text, fragment = "") {
    if (!/^https?:\/\//i.test(address)) return make("span", {}, text);
    let url;
    try {
      url = new URL(address);
    } catch {
      return make("span", {}, text);
    }
    if (fragment && !url.hash) url.hash = fragment;
    return make("a", { href: url.href, rel: "noopener noreferrer", target: "_blank" }, text);
  }
  function download(name, type, content) {
    const url = URL.createObjectURL(new Blob([content], { type }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1e4);
  }
  var byId = (id) => document.getElementById(id);
  function keepFocus(redraw, wanted = []) {
    const before = document.activeElement?.dataset?.focus;
    redraw();
    [...wanted, before].some((key2) => key2 && focusOn(key2));
  }
  function focusOn(key2) {
    const found = document.querySelector(`[data-focus="${CSS.escape(key2)}"]`);
    found?.focus({ preventScroll: true });
    return Boolean(found);
  }

  // changes-tab.js
  var WORDS = {
    added: {
      title: "Added",
      sign: "+",
      hint: "said in the later snapshot only",
      implied: "flow added"
    },
    removed: {
      title: "Removed",
      sign: "−",
      hint: "said in the earlier snapshot only",
      implied: "flow removed"
    },
    changed: { title: "Changed", sign: "~", hint: "said in both, not in the same way" }
  };
  function prepare(page2) {
    const { pair, changes: changes2 } = page2;
    if (!pair) return { pair };
    for (const kind of KINDS) {
      for (const change of changes2[kind]) {
        const { before, after, text } = change;
        page2.openings.set(addressOf(change), {
          title: `${WORDS[kind].title}: ${text}`,
          note: notesOf(change).join(" · "),
          statements: new Set([...before, ...after].filter((said) => !said.isBare)),
          sides: [
            { title: `Before, ${dateOf(pair.earlier)}`, quotes: before },
            { title: `After, ${dateOf(pair.later)}`, quotes: after }
          ]
        });
      }
    }
    return { pair, changes: changes2 };
  }
  function status({ pair, changes: changes2 }) {
    if (!pair) return "nothing to compare";
    const counts = KINDS.map((kind) => `${changes2[kind].length} ${kind}`);
    const hidden = changes2.hidden ? ` · ${number(changes2.hidden)} filtered out` : "";
    return `${nameOf(pair.earlier)} beside ${dateOf(pair.later)}: ${counts.join(", ")}${hidden}`;
  }
  var addressOf = ({ key: key2 }) => `change/${key2}`;
  var notesOf = ({ kind, details }) => details.filter((text) => text !== WORDS[kind].implied);
  function show(page2, { pair, changes: changes2 }, stage) {
    if (!pair) {
      const text = page2.state.companies.size ? "None of the chosen companies has two snapshots here of which it is known which came first." : "No company has two dated snapshots here. Build a graph of several versions of a policy to see what changed.";
      stage.append(make("p", { class: "empty" }, text));
      return;
    }
    stage.append(controls(page2, pair));
    if (!pair.changes.length) {
      const text = `From ${dateOf(pair.earlier)} to ${dateOf(pair.later)} nothing changed in what is said about data.`;
      stage.append(make("p", { class: "empty" }, text));
      return;
    }
    stage.append(
      make(
        "div",
        { class: "changes" },
        KINDS.map((kind) => section(page2, kind, changes2[kind]))
      )
    );
  }
  function controls(page2, pair) {
    const known = histories(page2.view, page2.state.companies);
    const lines = [...known.keys()];
    const go2 = ({ key: key2 }) => page2.go({ change: key2, selection: "" });
    return make(
      "div",
      { class: "controls" },
      select(
        "company",
        "Policy",
        lines.map((line) => ({
          text: policyName(known, line),
          isChosen: line === pair.line,
          choose: () => go2(chosenPair(page2.view, page2.state, line))
        }))
      ),
      select(
        "pair",
        "Snapshots",
        known.get(pair.line).map((one) => ({
          text: pairName(one),
          isChosen: one === pair,
          choose: () => go2(one)
        }))
      ),
      make(
        "p",
        { class: "note" },
        "Found by a program that reads both snapshots: rewording, order and headings make no change. All filters hold but those of snapshots and companies; a change is shown when one of its sentences passes."
      )
    );
  }
  function select(name, label, options) {
    return make(
      "label",
      {},
      `${label} `,
      make(
        "select",
        {
          "data-focus": `change/${name}`,
          onchange: (event) => options[event.target.selectedIndex].choose()
        },
        options.map(({ text, isChosen }) => make("option", { selected: isChosen }, text))
      )
    );
  }
  function policyName(known, line) {
    const nameAt = (one) => known.get(one)[0].later;
    const { company, title, documents } = nameAt(line);
    const isOnly = [...known.keys()].every((one) => one === line || nameAt(one).company !== company);
    return isOnly ? company.label : `${company.label}: ${title || documents[0]}`;
  }
  function pairName({ earlier, later, changes: changes2, isWhole }) {
    const first2 = isWhole ? "first to latest, " : "";
    return `${first2}${dateOf(earlier)} to ${dateOf(later)} (${many(changes2.length, "change")})`;
  }
  function section(page2, kind, changes2) {
    const { title, hint } = WORDS[kind];
    return make(
      "section",
      { class: `change-${kind}` },
      make("h2", {}, `${title} (${changes2.length})`),
      make("p", { class: "note" }, hint),
      changes2.length ? make(
        "ul",
        {},
        changes2.map((change) => make("li", {}, button(page2, change)))
      ) : make("p", { class: "empty" }, "none")
    );
  }
  function button(page2, change) {
    const address = addressOf(change);
    return make(
      "button",
      {
        class: change.denied ? "change denied" : "change",
        "data-focus": address,
        "aria-pressed": String(page2.state.selection === address),
        onclick: () => page2.select(address)
      },
      make("b", { "aria-hidden": "true" }, `${WORDS[change.kind].sign} `),
      change.text,
      notesOf(change).map((text) => make("span", { class: "note" }, aspect(text)))
    );
  }
  function aspect(text) {
    const at = text.indexOf(": ");
    return at < 0 ? make("b", {}, text) : [make("b", {}, text.slice(0, at)), text.slice(at)];
  }

  // compare-tab.js
  var compare_tab_exports = {};
  __export(compare_tab_exports, {
    prepare: () => prepare2,
    show: () => show2
  });

  // compare.js
  var FAMILIES = {
    collect: { actions: ["collect"], sign: "C", text: "collects" },
    use: { actions: ["use"], sign: "U", text: "uses" },
    share: { actions: ["share"], sign: "S", text: "shares" },
    sell: { actions: ["sell"], sign: "$", text: "sells" },
    transfer: { actions: ["transfer"], sign: "T", text: "transfers" },
    keep: { actions: ["store", "retain"], sign: "K", text: "stores or retains" },
    delete: { actions: ["delete"], sign: "D", text: "deletes" },
    protect: { actions: ["protect"], sign: "P", text: "protects" }
  };
  var denied = ({ actions: actions2 }) => `does NOT ${actions2.join(" or ")}`;
  var FAMILY_OF = new Map(
    Object.entries(FAMILIES).flatMap(
      ([name, { actions: actions2 }]) => actions2.map((action) => [action, name])
    )
  );
  var placeOf = (company, row2) => `${company.key}×${row2.key}`;
  function prepare2(page2) {
    const { state: state2, shown, hierarchy } = page2;
    const field2 = KIND_FIELDS[state2.rows];
    const rows = rowsOf(shown, field2, hierarchy);
    const families = /* @__PURE__ */ new Set();
    const cells = /* @__PURE__ */ new Map();
    for (const said of shown) {
      const seen = /* @__PURE__ */ new Set();
      for (const row2 of rows) {
        if (!row2.holds(said[field2]) || seen.has(row2.key)) continue;
        seen.add(row2.key);
        families.add(enter(page2, cells, row2, said));
      }
    }
    return { rows, cells, families };
  }
  function rowsOf(shown, field2, hierarchy) {
    const counts = /* @__PURE__ */ new Map();
    const concepts = /* @__PURE__ */ new Set();
    for (const said of shown) {
      const here = new Set(said[field2].flatMap((one) => [...one.lineage]));
      for (const one of here) {
        concepts.add(one);
        counts.set(rowKey(one, false), (counts.get(rowKey(one, false)) ?? 0) + 1);
      }
      for (const one of said[field2]) {
        counts.set(rowKey(one, true), (counts.get(rowKey(one, true)) ?? 0) + 1);
      }
      if (!said[field2].length) counts.set("", (counts.get("") ?? 0) + 1);
    }
    const rows = [];
    const add2 = (concept2, depth) => {
      const isOpen = hierarchy.isOpen(concept2);
      const isGrouping = concept2.wide && isOpen;
      if (!isGrouping) rows.push(whole(concept2, depth, isOpen));
      if (!isOpen) return;
      const below = concept2.below.filter((one) => concepts.has(one));
      below.sort((a, b) => rank(a) - rank(b) || counts.get(rowKey(b)) - counts.get(rowKey(a)));
      for (const one of below) add2(one, isGrouping ? depth : depth + 1);
      if (isGrouping) rows.push(bare(concept2));
    };
    for (const one of concepts) if (!one.above.length) add2(one, 0);
    rows.push({ key: "", label: "not named", depth: 0, holds: (named2) => !named2.length });
    return rows.filter(({ key: key2 }) => counts.get(key2));
  }
  var rank = (concept2) => concept2.key === "own" ? 1 : 0;
  var rowKey = (concept2, isBare = false) => `${concept2.key}${isBare ? "." : ""}`;
  var whole = (concept2, depth, isOpen) => ({
    key: rowKey(concept2),
    label: concept2.label,
    concept: concept2,
    depth,
    isOpen,
    holds: (named2) => named2.some((one) => isWithin(one, concept2))
  });
  var bare = (concept2) => ({
    key: rowKey(concept2, true),
    label: groupLabel({ concept: concept2, bare: true }),
    depth: 0,
    holds: (named2) => named2.includes(concept2)
  });
  function enter(page2, cells, row2, said) {
    const family = FAMILY_OF.get(said.action);
    const place2 = placeOf(said.company, row2);
    const title = `${said.company.label} × ${row2.label}`;
    const all = `cell/${place2}`;
    const one = `cell/${place2}:${family}${said.denied ? "-not" : ""}`;
    for (const [address, words] of [
      [all, ""],
      [one, `: ${said.denied ? denied(FAMILIES[family]) : FAMILIES[family].text}`]
    ]) {
      if (!page2.openings.has(address)) {
        page2.openings.set(address, {
          title: `${title}${words}`,
          statements: /* @__PURE__ */ new Set(),
          links: address === all ? [] : [{ address: all, text: `all of ${title}` }]
        });
      }
      page2.openings.get(address).statements.add(said);
    }
    if (!cells.has(place2)) cells.set(place2, /* @__PURE__ */ new Map());
    const chips = cells.get(place2);
    const chip2 = `${family}${said.denied ? "-not" : ""}`;
    chips.set(chip2, (chips.get(chip2) ?? 0) + 1);
    return family;
  }

  // compare-walk.js
  function walk(table2) {
    const chips = [...table2.querySelectorAll("button.chip")];
    const enter4 = (chip2) => {
      for (const one of chips) if (one.tabIndex === 0) one.tabIndex = -1;
      chip2.tabIndex = 0;
    };
    for (const chip2 of chips) chip2.tabIndex = -1;
    const current = chips.find((chip2) => chip2.getAttribute("aria-pressed") === "true") ?? chips[0];
    if (current) enter4(current);
    table2.addEventListener("focusin", ({ target }) => {
      if (target.matches("button.chip")) enter4(target);
    });
    table2.addEventListener("keydown", (event) => {
      if (!event.target.matches("button.chip")) return;
      const next = nextOf(event.target, event.key);
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  }
  function nextOf(chip2, key2) {
    const cell2 = chip2.closest("td");
    const row2 = cell2.parentElement;
    const along = [...row2.querySelectorAll("button.chip")];
    if (key2 === "ArrowRight") return along[along.indexOf(chip2) + 1];
    if (key2 === "ArrowLeft") return along[along.indexOf(chip2) - 1];
    if (key2 !== "ArrowDown" && key2 !== "ArrowUp") return null;
    const step = key2 === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
    for (let other = row2[step]; other; other = other[step]) {
      const found = other.cells[cell2.cellIndex]?.querySelector("button.chip");
      if (found) return found;
    }
    return null;
  }

  // compare-tab.js
  var ROW_NAMES = { data: "Data", party: "Recipients", purpose: "Purposes", place: "Places" };
  var FEW = 4;
  var MANY = 12;
  function show2(page2, { rows, cells, families }, stage) {
    const { state: state2, companies: companies2 } = page2;
    const told = present(companies2, page2.shown);
    const choice2 = make(
      "select",
      {
        "aria-label": "Rows",
        "data-focus": "rows",
        onchange: (event) => page2.go({ rows: event.target.value, selection: "" })
      },
      Object.entries(ROW_NAMES).map(
        ([value, text]) => make("option", { value, selected: value === state2.rows }, text)
      )
    );
    const isWordy = told.length <= FEW;
    stage.append(
      make(
        "div",
        { class: "controls" },
        make("label", {}, "Compare ", choice2),
        make(
          "p",
          { class: "legend" },
          Object.entries(FAMILIES).filter(([name]) => families.has(name)).map((one) => key(one, isWordy)),
          make("span", {}, make("b", { class: "chip not" }, "✕"), " says that it does NOT")
        ),
        make("p", { class: "note" }, noteOf(page2, told))
      )
    );
    if (!rows.length) {
      stage.append(make("p", { class: "empty" }, "Nothing passes these filters."));
      return;
    }
    const made = (told.length > MANY ? turned : upright)(page2, rows, cells, told, isWordy);
    walk(made);
    const label = "Matrix: arrow keys walk from cell to cell";
    stage.append(
      make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, made)
    );
  }
  function noteOf(page2, told) {
    const silent = page2.companies.filter((company) => !told.includes(company));
    const gone = silent.length ? ` ${many(silent.length, "company", "companies")} without any: ${listed(silent.map((one) => one.label))}.` : "";
    return `Numbers count statements; one that names several kinds stands in each of their rows. An empty cell says that nothing was found, not that nothing is done.${gone}`;
  }
  var key = ([name, { sign, text }], isWordy) => make(
    "span",
    {},
    make("b", { class: `chip family-${name}` }, isWordy ? text : sign),
    isWordy ? null : ` ${text}`
  );
  function upright(page2, rows, cells, companies2, isWordy) {
    return make(
      "table",
      { class: "matrix" },
      make(
        "caption",
        { class: "hidden" },
        `Statements by ${ROW_NAMES[page2.state.rows].toLowerCase()} and company`
      ),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("td", {}),
          companies2.map((one) => make("th", { scope: "col" }, one.label))
        )
      ),
      make(
        "tbody",
        {},
        rows.map(
          (row2) => make(
            "tr",
            {},
            head(page2, row2, "row"),
            companies2.map((one) => cell(page2, cells, row2, one, isWordy))
          )
        )
      )
    );
  }
  function turned(page2, rows, cells, companies2, isWordy) {
    return make(
      "table",
      { class: "matrix turned" },
      make(
        "caption",
        { class: "hidden" },
        `Statements by company and ${ROW_NAMES[page2.state.rows].toLowerCase()}`
      ),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("td", {}),
          rows.map((row2) => head(page2, row2, "col"))
        )
      ),
      make(
        "tbody",
        {},
        companies2.map(
          (one) => make(
            "tr",
            {},
            make("th", { scope: "row" }, one.label),
            rows.map((row2) => cell(page2, cells, row2, one, isWordy))
          )
        )
      )
    );
  }
  function head(page2, row2, scope) {
    const isGroup = row2.concept?.below.length > 0 && !row2.concept.wide;
    const level = Math.min(row2.depth, 5);
    if (!isGroup) return make("th", { scope, class: `depth-${level}` }, row2.label);
    return make(
      "th",
      { scope, class: `depth-${level}` },
      make(
        "button",
        {
          class: "plain",
          "aria-expanded": String(row2.isOpen),
          "data-focus": `row/${row2.key}`,
          onclick: () => page2.toggle(row2.concept)
        },
        `${row2.isOpen ? "−" : "+"} ${row2.label}`
      )
    );
  }
  function cell(page2, cells, row2, company, isWordy) {
    const place2 = placeOf(company, row2);
    const chips = cells.get(place2);
    if (!chips) return make("td", {});
    const names2 = Object.keys(FAMILIES).flatMap((name) => [name, `${name}-not`]);
    const isOpen = page2.state.selection.startsWith(`cell/${place2}`);
    return make(
      "td",
      {
        class: isOpen ? "open" : null,
        onclick: () => page2.select(`cell/${place2}`),
        "data-cell": place2
      },
      make(
        "div",
        { class: "chips" },
        names2.filter((name) => chips.has(name)).map(
          (name) => chip(page2, place2, name, chips.get(name), isWordy, `${company.label}, ${row2.label}`)
        )
      )
    );
  }
  function chip(page2, place2, name, count2, isWordy, where) {
    const [family, isDenied] = name.split("-");
    const { sign, text } = FAMILIES[family];
    const address = `cell/${place2}:${name}`;
    const words = isWordy ? `${text} ${count2}` : `${sign}${count2}`;
    return make(
      "button",
      {
        class: isDenied ? "chip not" : `chip family-${family}`,
        "data-focus": address,
        "aria-pressed": String(page2.state.selection === address),
        "aria-label": `${isDenied ? `✕${words}` : words}: ${where}, ${isDenied ? denied(FAMILIES[family]) : text}, ${many(count2, "statement")}`,
        onclick: (event) => {
          event.stopPropagation();
          page2.select(address);
        }
      },
      isDenied ? `✕${words}` : words
    );
  }

  // quotes.js
  var RANK = [
    "negation",
    "trigger",
    "data",
    "recipient",
    "source",
    "place",
    "purpose",
    "basis",
    "retention",
    "condition",
    "method",
    "threat",
    "actor"
  ];
  var TEXT_FRAGMENT_WORDS = 6;
  function bySentence(quotes) {
    const found = /* @__PURE__ */ new Map();
    for (const said of quotes) {
      if (!found.has(said.sentence)) found.set(said.sentence, []);
      found.get(said.sentence).push(said);
    }
    return [...found.values()];
  }
  function quoteCard(page2, quotes, { head: head2 = "h3", isBrief = false } = {}) {
    const [first2] = quotes;
    const isOne = quotes.length === 1;
    const whole2 = isOne ? first2 : merged(quotes);
    return make(
      "article",
      {
        class: whole2.denied ? "said denied" : "said",
        "data-statement": isOne && !first2.isBare ? first2.digits : null
      },
      first2.isBare ? null : quotes.map((said) => heading(said, head2, isOne)),
      make("blockquote", {}, marked(whole2)),
      make("dl", {}, facts(whole2)),
      whole2.context.length ? make("p", { class: "note" }, "Rests also on:") : null,
      whole2.context.map((text) => make("blockquote", { class: "context" }, text)),
      source(quotes, isBrief),
      first2.isBare ? null : quotes.map((said) => reveal(page2, said, isOne))
    );
  }
  function heading(said, tag, isOne) {
    const { actor, denied: denied2, action, digits } = said;
    return make(
      tag,
      { "data-statement": isOne ? null : digits },
      make("span", { class: "who" }, actor.label),
      " ",
      make("span", { class: denied2 ? "badge not" : `badge tone-${action}` }, verb(said)),
      ` ${objects(said, 3)}`
    );
  }
  function reveal(page2, said, isOne) {
    if (page2.state.selection === `statement/${said.digits}`) return null;
    const text = isOne ? "in the table" : `in the table: ${verb(said)} ${objects(said, 1)}`;
    return plainButton(`alone/${said.digits}`, text, () => page2.reveal(said));
  }
  function merged(quotes) {
    const mentions = /* @__PURE__ */ new Map();
    for (const one of quotes.flatMap((said) => said.mentions)) {
      mentions.set(`${one.role} ${one.start} ${one.text}`, one);
    }
    const [first2] = quotes;
    return {
      ...{ sentence: first2.sentence, mentions: [...mentions.values()], isOwn: true },
      denied: quotes.every(({ denied: denied2 }) => denied2),
      child: quotes.every(({ child }) => child),
      modality: quotes.every(({ modality }) => modality === first2.modality) ? first2.modality : "asserted",
      context: [...new Set(quotes.flatMap(({ context }) => context))]
    };
  }
  function source(quotes, isBrief) {
    const [{ company, policy, support, sentence, isBare, digits }] = quotes;
    const sure = [...new Set(quotes.map(({ confidence }) => confidence))].sort((a, b) => a - b);
    const told = [.../* @__PURE__ */ new Set([sure[0], sure.at(-1)])].map((one) => (one / 100).toFixed(2));
    const isOne = quotes.length === 1;
    const parts = [];
    if (!isBare) {
      const finder = isOne ? `, ${SUPPORTS[support]}` : "";
      const text2 = `confidence ${told.join(" to ")}${finder}`;
      parts.push(make("span", { class: "confidence" }, text2));
    }
    if (!isBrief) {
      parts.push(
        make("b", {}, company.label),
        make("cite", {}, policy.title || policy.documents[0] || "policy"),
        make("span", {}, dateOf(policy))
      );
    }
    const { heading: above, text } = sentence;
    if (above) parts.push(make("span", {}, "under “", make("q", {}, above), "”"));
    for (const url of policy.urls) {
      const name = /\/\/web\.archive\.org\//.test(url) ? "archived copy" : "source";
      parts.push(link(url, name, fragmentOf(text.trim())));
    }
    if (isOne && !isBare) parts.push(make("code", {}, `kg explain ${digits}`));
    return make("p", { class: "source" }, parts.flatMap((part) => [part, " · "]).slice(0, -1));
  }
  function fragmentOf(text) {
    const words = text.split(/\s+/);
    const encode = (some) => encodeURIComponent(some.join(" ")).replaceAll("-", "%2D");
    if (words.length <= 2 * TEXT_FRAGMENT_WORDS) return `:~:text=${encode(words)}`;
    return `:~:text=${encode(words.slice(0, TEXT_FRAGMENT_WORDS))},${encode(words.slice(-TEXT_FRAGMENT_WORDS))}`;
  }
  function marked({ sentence, mentions }) {
    const inside = mentions.filter(({ start, end: end2 }) => start >= 0 && end2 > start).sort((a, b) => RANK.indexOf(a.role) - RANK.indexOf(b.role));
    const roles = new Array(sentence.text.length).fill(null);
    for (const { role, start, end: end2 } of inside) {
      for (let at = start; at < end2; at += 1) roles[at] ??= role;
    }
    const pieces = [];
    let from = 0;
    for (let at = 1; at <= roles.length; at += 1) {
      if (at < roles.length && roles[at] === roles[from]) continue;
      const text = sentence.text.slice(from, at);
      const role = roles[from];
      pieces.push(role ? marking(role, text) : text);
      from = at;
    }
    return pieces;
  }
  var marking = (role, text) => make(
    role === "actor" ? "span" : "mark",
    { class: `role-${role}`, title: ROLE_NAMES[role] ?? role },
    text
  );
  function facts(said) {
    const found = [];
    if (said.modality !== "asserted") found.push(["how firmly", "", MODALITIES[said.modality]]);
    if (said.child) found.push(["about", "", "data of a child"]);
    const byRole = /* @__PURE__ */ new Map();
    for (const { role, text, concept: concept2 } of said.mentions) {
      if (!ROLE_NAMES[role] || role === "actor") continue;
      if (!byRole.has(role)) byRole.set(role, /* @__PURE__ */ new Set());
      byRole.get(role).add(named(text, concept2));
    }
    if (!said.isOwn) found.push(["who", "actor", said.actor.label]);
    for (const role of Object.keys(ROLE_NAMES)) {
      if (byRole.has(role)) found.push([ROLE_NAMES[role], role, [...byRole.get(role)].join("; ")]);
    }
    return found.map(([name, role, text]) => [
      make("dt", {}, role ? make("mark", { class: `role-${role}` }, name) : name),
      make("dd", {}, text)
    ]);
  }
  function named(text, concept2) {
    const words = text.split(/\s+/).filter(Boolean).join(" ");
    if (!concept2 || concept2.label.toLowerCase() === words.toLowerCase())
      return words || concept2?.label;
    return words ? `${words} → ${concept2.label}` : concept2.label;
  }

  // proof.js
  var LEADS = ["It says", "and it says"];
  var MOST = 4;
  function proofCard(page2, { grade, why, question, sides, policy, ...more2 }) {
    const facts2 = [
      ["both speak of", more2.shared],
      ["milder, since", more2.reconciled],
      ["would be reconciled by", reconcilers(more2.open)],
      ["the question was", [question]]
    ].filter(([, texts]) => texts.length);
    return make(
      "article",
      { class: "proof" },
      make(
        "h3",
        {},
        make("span", { class: `badge grade-${grade}` }, grade),
        " ",
        make("span", { class: "who" }, `${policy.company.label}, ${dateOf(policy)}: `),
        why
      ),
      sides.map((quotes, at) => [
        make("p", { class: "lead" }, LEADS[at]),
        quoteCard(page2, quotes, { head: "h4", isBrief: true })
      ]),
      make(
        "dl",
        {},
        facts2.map(([name, texts]) => [make("dt", {}, name), make("dd", {}, texts.join("; "))])
      )
    );
  }
  function reconcilers(texts) {
    if (texts.length <= MOST) return texts;
    return [...texts.slice(0, MOST), `and ${texts.length - MOST} more`];
  }

  // evidence.js
  var AT_ONCE = 50;
  function showEvidence(page2, opening, panel) {
    panel.replaceChildren();
    byId("announcement").textContent = "";
    if (!page2.state.selection) return;
    const close2 = make(
      "button",
      { class: "close", "data-focus": "close", "aria-label": "Close", onclick: page2.close },
      "×"
    );
    const heading2 = (...words) => make("h2", { tabindex: -1, "data-focus": "evidence" }, words);
    if (!opening) {
      const text = "What was open does not pass these filters, or is not part of this view.";
      put(panel, close2, heading2("Not here"), make("p", { class: "note" }, text));
      return;
    }
    const summary = summaryOf(opening);
    const list2 = make("div", {});
    put(
      panel,
      close2,
      heading2(
        opening.kind ? make("span", { class: "kind" }, `${opening.kind}: `) : null,
        opening.title
      ),
      make("p", { class: "note" }, summary),
      opening.note ? make("p", {}, opening.note) : null,
      links(page2, opening),
      list2
    );
    more(list2, itemsOf(page2, opening), 0);
    byId("announcement").textContent = `${opening.title}: ${summary}`;
  }
  function itemsOf(page2, { statements, sides, findings }) {
    if (findings) return findings.map((one) => () => proofCard(page2, one));
    if (sides) return sides.flatMap((one) => sideOf(page2, one));
    return sorted(statements).map((said) => () => quoteCard(page2, [said]));
  }
  function sideOf(page2, { title, quotes }) {
    const head2 = () => make("h3", { class: "side" }, title);
    const nothing = () => make("p", { class: "note" }, "No such statement was found.");
    const cards = bySentence(quotes).map(
      (some) => () => quoteCard(page2, some, { head: "h4", isBrief: true })
    );
    return [head2, ...cards.length ? cards : [nothing]];
  }
  var sorted = (statements) => [...statements].sort(
    (a, b) => a.policy.number - b.policy.number || b.denied - a.denied || b.confidence - a.confidence || a.number - b.number
  );
  function summaryOf({ findings, sides, statements: given }) {
    const statements = [...given];
    const companies2 = new Set((findings ?? statements).map(({ policy }) => policy.company)).size;
    if (findings) {
      const whose = companies2 > 1 ? `, of ${many(companies2, "company", "companies")}` : "";
      return `${many(findings.length, "finding")} to read${whose}`;
    }
    if (sides && !statements.length) {
      return many(sides.flatMap(({ quotes }) => quotes).length, "sentence");
    }
    const denials = statements.filter((said) => said.denied).length;
    const sentences = new Set(statements.map((said) => said.sentence.text.trim())).size;
    const parts = [many(statements.length, "statement")];
    if (denials) parts.push(`${number(denials)} of them ${denials === 1 ? "a denial" : "denials"}`);
    if (sentences < statements.length) parts.push(`in ${many(sentences, "different sentence")}`);
    if (companies2 > 1) parts.push(`of ${many(companies2, "company", "companies")}`);
    return parts.join(", ");
  }
  function links(page2, { links: given = [], concept: concept2 }) {
    const items = given.slice(0, 12).map(
      ({ address, text }) => make(
        "li",
        {},
        make(
          "button",
          { class: "plain", "data-focus": `link/${address}`, onclick: () => page2.select(address) },
          text
        )
      )
    );
    if (given.length > items.length)
      items.push(make("li", { class: "note" }, `and ${given.length - items.length} more`));
    if (concept2 && page2.hierarchy.canToggle(concept2) && !page2.publishers.has(concept2)) {
      const isOpen = page2.hierarchy.isOpen(concept2);
      const text = isOpen ? `close “${concept2.label}”` : `open “${concept2.label}”: ${many(concept2.below.length, "narrower concept")}`;
      items.push(
        make(
          "li",
          {},
          make("button", { "data-focus": "open-group", onclick: () => page2.toggle(concept2) }, text)
        )
      );
    }
    return items.length ? make("ul", { class: "links" }, items) : null;
  }
  function more(list2, items, from) {
    const to = Math.min(from + AT_ONCE, items.length);
    list2.append(...items.slice(from, to).map((item) => item()));
    if (to === items.length) return;
    const button2 = make(
      "button",
      { "data-focus": "more" },
      `Show more: ${to} of ${items.length} are shown`
    );
    button2.addEventListener("click", () => {
      button2.remove();
      more(list2, items, to);
    });
    list2.append(button2);
  }

  // flow-tab.js
  var flow_tab_exports = {};
  __export(flow_tab_exports, {
    isReadable: () => isReadable,
    prepare: () => prepare3,
    show: () => show3
  });

  // flow.js
  var COLUMN_NAMES = {
    source: "From",
    data: "Data",
    company: "Who",
    purpose: "For what",
    recipient: "To whom",
    place: "Where"
  };
  var FAMILIES2 = { share: "pass", sell: "pass", transfer: "pass" };
  var UNNAMED = {
    data: { id: "data/", column: "data", label: "data, not named", concept: null, bare: false },
    recipient: {
      id: "recipient/Recipient.",
      // as of a statement that says no more than "recipients"
      column: "recipient",
      label: UNNAMED_RECIPIENT,
      concept: null,
      bare: true
    }
  };
  function aggregate(statements, hierarchy, columns, publishers2, merged2 = false) {
    const drawn2 = COLUMNS.filter((name) => columns.has(name));
    const nodes = /* @__PURE__ */ new Map();
    const ribbons = /* @__PURE__ */ new Map();
    for (const said of statements) {
      let before = [];
      for (const column of drawn2) {
        const here = endsOf(said, column, hierarchy, publishers2).map(
          (end2) => enter2(nodes, end2, said)
        );
        if (!here.length) continue;
        for (const from of before) for (const to of here) join(ribbons, from, to, said, merged2);
        before = here;
      }
    }
    return { columns: drawn2, nodes, ribbons };
  }
  function endsOf(said, column, hierarchy, publishers2) {
    if (column === "company") {
      if (publishers2.has(said.actor)) return [end(column, { concept: said.actor, bare: false })];
      return hierarchy.groups(said.actor).map((group) => end(column, group));
    }
    const groups = said[ROLE_FIELDS[column]].flatMap((concept2) => hierarchy.groups(concept2));
    const ends = new Map(groups.map((group) => [groupKey(group), end(column, group)]));
    if (!ends.size && isMissed(said, column)) return [UNNAMED[column]];
    return [...ends.values()];
  }
  function isMissed(said, column) {
    if (column === "data") return true;
    return column === "recipient" && PASSING.has(said.action) && !said.places.length;
  }
  var end = (column, group) => ({
    id: `${column}/${groupKey(group)}`,
    column,
    label: groupLabel(group),
    ...group
  });
  function enter2(nodes, { id, ...rest }, said) {
    if (!nodes.has(id)) nodes.set(id, { id, ...rest, statements: /* @__PURE__ */ new Set() });
    nodes.get(id).statements.add(said);
    return id;
  }
  function join(ribbons, from, to, said, merged2) {
    const action = merged2 ? FAMILIES2[said.action] ?? said.action : said.action;
    const tone = said.denied ? "denied" : action;
    const id = `${from}>${to}:${tone}`;
    if (!ribbons.has(id)) {
      ribbons.set(id, { id, from, to, tone, denied: said.denied, statements: /* @__PURE__ */ new Set() });
    }
    ribbons.get(id).statements.add(said);
  }

  // flow-layout.js
  var WIDEST = 178;
  var NARROWEST = 132;
  var LEAST_GAP = 40;
  var SHARE = 0.58;
  var TOP = 30;
  var LINE = 16;
  var MOST_LINES = 3;
  var BESIDE = 58;
  var CHARACTER = 6.1;
  var GAP = 8;
  var THIN = 3;
  var SWEEPS = 12;
  function layOut(flow, asked, height) {
    const width = Math.max(asked, flow.columns.length * (NARROWEST + LEAST_GAP));
    const slots = withDetours(flow);
    const order = ordered(flow, slots);
    const unit = unitFor(order, slots, height);
    const boxes2 = place(order, slots, unit, width, height);
    const bottom = Math.max(height, ...[...boxes2.values()].map((box) => box.y + box.height + GAP));
    return { width, height: bottom, unit, boxes: boxes2, paths: route(slots, boxes2, unit), order };
  }
  function crossings({ paths }) {
    const gaps = /* @__PURE__ */ new Map();
    for (const { points } of paths) {
      for (let at = 0; at + 1 < points.length; at += 1) {
        const [from, to] = [points[at], points[at + 1]];
        if (from.column === to.column) continue;
        if (!gaps.has(from.column)) gaps.set(from.column, []);
        gaps.get(from.column).push([from.y, to.y]);
      }
    }
    let found = 0;
    for (const lines of gaps.values()) {
      lines.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      lines.forEach(([, end2], at) => {
        for (let other = at + 1; other < lines.length; other += 1)
          if (lines[other][1] < end2) found += 1;
      });
    }
    return found;
  }
  function withDetours(flow) {
    const at = new Map(flow.columns.map((name, number2) => [name, number2]));
    const slots = /* @__PURE__ */ new Map();
    for (const ribbon of flow.ribbons.values()) {
      const first2 = at.get(flow.nodes.get(ribbon.from).column);
      const last = at.get(flow.nodes.get(ribbon.to).column);
      const stops = [ribbon.from];
      for (let column = first2 + 1; column < last; column += 1) stops.push(`${ribbon.id}@${column}`);
      slots.set(ribbon.id, { ribbon, first: first2, stops: [...stops, ribbon.to] });
    }
    return slots;
  }
  function ordered(flow, slots) {
    const columns = flow.columns.map(() => []);
    const near = /* @__PURE__ */ new Map();
    const known = /* @__PURE__ */ new Map();
    const enter4 = (id, column, node) => {
      if (known.has(id)) return;
      known.set(id, { id, node });
      columns[column].push(known.get(id));
      near.set(id, []);
    };
    for (const node of flow.nodes.values()) enter4(node.id, flow.columns.indexOf(node.column), node);
    for (const { ribbon, first: first2, stops } of slots.values()) {
      stops.forEach((id, step) => enter4(id, first2 + step, null));
      for (let step = 0; step + 1 < stops.length; step += 1) {
        const size2 = ribbon.denied ? 1 : ribbon.statements.size;
        near.get(stops[step]).push([stops[step + 1], size2]);
        near.get(stops[step + 1]).push([stops[step], size2]);
      }
    }
    for (const column of columns) column.sort((a, b) => size(b) - size(a) || (a.id < b.id ? -1 : 1));
    sweep(columns, near);
    return columns;
  }
  var size = ({ node }) => node?.statements.size ?? 1;
  function sweep(columns, near) {
    const place2 = /* @__PURE__ */ new Map();
    const note = (column) => column.forEach((one, i) => place2.set(one.id, (i + 0.5) / column.length));
    columns.forEach(note);
    for (let round = 0; round < SWEEPS; round += 1) {
      for (const column of round % 2 ? [...columns].reverse() : columns) {
        const wish = new Map(column.map((one) => [one, middle(near.get(one.id), place2)]));
        const family = familyWishes(column, wish);
        column.sort(
          (a, b) => family.get(a) - family.get(b) || wish.get(a) - wish.get(b) || size(b) - size(a) || (a.id < b.id ? -1 : 1)
        );
        note(column);
      }
    }
  }
  function middle(joined, place2) {
    let sum = 0;
    let count2 = 0;
    for (const [other, size2] of joined) {
      sum += place2.get(other) * size2;
      count2 += size2;
    }
    return count2 ? Math.round(1e6 * sum / count2) / 1e6 : 0.5;
  }
  function familyWishes(column, wish) {
    const families = /* @__PURE__ */ new Map();
    for (const one of column) {
      const name = familyOf(one);
      if (!families.has(name)) families.set(name, []);
      families.get(name).push(wish.get(one));
    }
    const means = /* @__PURE__ */ new Map();
    for (const [name, wishes] of families) {
      means.set(name, wishes.reduce((sum, one) => sum + one, 0) / wishes.length);
    }
    return new Map(column.map((one) => [one, means.get(familyOf(one))]));
  }
  function familyOf({ id, node }) {
    if (!node?.concept) return id;
    const above = [...lineage(node.concept)].filter(
      (one) => !one.wide && (node.bare || one !== node.concept)
    );
    return above.length ? `${node.column}/${above[0].key}` : id;
  }
  function unitFor(order, slots, height) {
    const loads = loadsOf(slots, 1);
    let unit = 14;
    for (const column of order) {
      const fixed = column.length * GAP + TOP + column.filter(({ node }) => node).length * 4;
      const load = column.reduce((sum, one) => sum + (loads.get(one.id)?.most ?? 1), 0);
      unit = Math.min(unit, (height - fixed) / Math.max(load, 1));
    }
    return Math.max(unit, 0.4);
  }
  function loadsOf(slots, unit) {
    const loads = /* @__PURE__ */ new Map();
    const add2 = (id, side, width) => {
      if (!loads.has(id)) loads.set(id, { in: 0, out: 0, most: 0 });
      const load = loads.get(id);
      load[side] += width;
      load.most = Math.max(load.in, load.out);
    };
    for (const { ribbon, stops } of slots.values()) {
      const width = thickness(ribbon, unit);
      for (let step = 0; step + 1 < stops.length; step += 1) {
        add2(stops[step], "out", width + 1);
        add2(stops[step + 1], "in", width + 1);
      }
    }
    return loads;
  }
  var thickness = ({ denied: denied2, statements }, unit) => denied2 ? THIN : Math.max(THIN, statements.size * unit);
  function place(order, slots, unit, width, height) {
    const loads = loadsOf(slots, unit);
    const wide = Math.min(WIDEST, Math.max(NARROWEST, width * SHARE / order.length));
    const step = order.length === 1 ? 0 : (width - wide - 2) / (order.length - 1);
    const boxes2 = /* @__PURE__ */ new Map();
    order.forEach((column, number2) => {
      const made = column.map(({ id, node }) => {
        const load = loads.get(id)?.most ?? 0;
        const lines = node ? labelLines(node.label, wide) : [];
        const tall = node ? Math.max(lines.length * LINE + 8, load + 4) : load;
        return { id, node, column: number2, lines, x: number2 * step + 1, width: wide, height: tall };
      });
      const needed = made.reduce((sum, box) => sum + box.height + GAP, 0);
      let y = TOP + Math.max(0, (height - TOP - needed) / 2);
      for (const box of made) {
        boxes2.set(box.id, { ...box, y });
        y += box.height + GAP;
      }
    });
    return boxes2;
  }
  function route(slots, boxes2, unit) {
    const ports = /* @__PURE__ */ new Map();
    const middleOf = (id) => boxes2.get(id).y + boxes2.get(id).height / 2;
    for (const side of ["out", "in"]) {
      for (const [id, ends] of sidesOf(slots, side)) {
        const sorted3 = ends.sort(
          (a, b) => middleOf(a.other) - middleOf(b.other) || (a.ribbon.id < b.ribbon.id ? -1 : 1)
        );
        const total = sorted3.reduce((sum, { ribbon }) => sum + thickness(ribbon, unit) + 1, 0);
        let y = middleOf(id) - total / 2;
        for (const { ribbon } of sorted3) {
          const width = thickness(ribbon, unit);
          ports.set(`${ribbon.id} ${id} ${side}`, y + (width + 1) / 2);
          y += width + 1;
        }
      }
    }
    return [...slots.values()].map(({ ribbon, stops }) => ({
      ribbon,
      width: thickness(ribbon, unit),
      points: stops.flatMap((id, step) => pointsAt(id, step, stops.length, ribbon, boxes2, ports))
    }));
  }
  function sidesOf(slots, side) {
    const found = /* @__PURE__ */ new Map();
    for (const { ribbon, stops } of slots.values()) {
      for (let step = 0; step + 1 < stops.length; step += 1) {
        const [id, other] = side === "out" ? [stops[step], stops[step + 1]] : [stops[step + 1], stops[step]];
        if (!found.has(id)) found.set(id, []);
        found.get(id).push({ ribbon, other });
      }
    }
    return found;
  }
  function pointsAt(id, step, count2, ribbon, boxes2, ports) {
    const box = boxes2.get(id);
    const port = (side) => ports.get(`${ribbon.id} ${id} ${side}`);
    if (step === 0) return [{ x: box.x + box.width, y: port("out"), column: box.column }];
    if (step === count2 - 1) return [{ x: box.x, y: port("in"), column: box.column }];
    const level = { y: port("in"), column: box.column };
    return [
      { x: box.x, ...level },
      { x: box.x + box.width, ...level }
    ];
  }
  function labelLines(label, width) {
    const most = Math.floor((width - BESIDE) / CHARACTER);
    const lines = [];
    let rest = [...label];
    while (rest.length > most && lines.length < MOST_LINES - 1) {
      const space = rest.lastIndexOf(" ", most);
      const cut = space > 0 ? space : most;
      lines.push(rest.slice(0, cut).join(""));
      rest = rest.slice(rest[cut] === " " ? cut + 1 : cut);
    }
    const last = rest.length > most ? [...rest.slice(0, most - 1), "…"] : rest;
    return [...lines, last.join("")];
  }
  function curve(points) {
    const [first2, ...rest] = points;
    let before = first2;
    const steps = rest.map((point) => {
      const middle2 = ((before.x + point.x) / 2).toFixed(1);
      const [from, to] = [before.y, point.y].map((y) => y.toFixed(1));
      before = point;
      const end2 = `${point.x.toFixed(1)} ${to}`;
      return from === to ? `L${end2}` : `C${middle2} ${from} ${middle2} ${to} ${end2}`;
    });
    return `M${first2.x.toFixed(1)} ${first2.y.toFixed(1)}${steps.join("")}`;
  }

  // flow-walk.js
  function walk2(svg, page2, model, laid, toggle2) {
    const boxes2 = [...laid.boxes.values()].filter(({ node }) => node);
    const ribbons = [...model.ribbons.values()];
    const yOf = (id) => laid.boxes.get(id).y;
    const leaving = (id) => ribbons.filter(({ from }) => from === id).sort((a, b) => yOf(a.to) - yOf(b.to));
    const arriving = (id) => ribbons.filter(({ to }) => to === id).sort((a, b) => yOf(a.from) - yOf(b.from));
    const nodeSteps = (id) => {
      const box = laid.boxes.get(id);
      const column = boxes2.filter((one) => one.column === box.column).sort((a, b) => a.y - b.y);
      const at = column.findIndex(({ node }) => node.id === id);
      const beside = (step) => column[at + step] && `node/${column[at + step].node.id}`;
      return {
        ArrowUp: beside(-1),
        ArrowDown: beside(1),
        ArrowRight: leaving(id)[0] && `ribbon/${leaving(id)[0].id}`,
        ArrowLeft: arriving(id)[0] && `ribbon/${arriving(id)[0].id}`
      };
    };
    const ribbonSteps = (id) => {
      const ribbon = model.ribbons.get(id);
      const beside = leaving(ribbon.from);
      const at = beside.indexOf(ribbon);
      const address = (one) => one && `ribbon/${one.id}`;
      return {
        ArrowUp: address(beside[at - 1]),
        ArrowDown: address(beside[at + 1]),
        ArrowRight: `node/${ribbon.to}`,
        ArrowLeft: `node/${ribbon.from}`
      };
    };
    svg.addEventListener("keydown", (event) => {
      const address = event.target.dataset?.focus;
      if (!address) return;
      const isNode = address.startsWith("node/");
      const id = address.slice(address.indexOf("/") + 1);
      const next = (isNode ? nodeSteps(id) : ribbonSteps(id))[event.key];
      if (next) enter3(svg, next);
      else if (event.key === "Enter" || event.key === " ") page2.select(address);
      else if (isNode && "+-".includes(event.key)) toggle2(model.nodes.get(id), event.key);
      else return;
      event.preventDefault();
    });
    const current = svg.querySelector(`[data-focus="${CSS.escape(page2.state.selection)}"]`);
    (current ?? svg.querySelector(".box"))?.setAttribute("tabindex", 0);
  }
  function enter3(svg, address) {
    svg.querySelector('[tabindex="0"]')?.setAttribute("tabindex", -1);
    svg.querySelector(`[data-focus="${CSS.escape(address)}"]`)?.setAttribute("tabindex", 0);
    focusOn(address);
  }

  // crowd.js
  var MOST2 = 80;
  var OFFERED = 30;
  function uncrowded(page2, make2, size2) {
    const whole2 = make2(page2.shown);
    const counts = /* @__PURE__ */ new Map();
    for (const { company: company2 } of page2.shown) counts.set(company2, (counts.get(company2) ?? 0) + 1);
    if (size2(whole2) <= MOST2 || counts.size < 2) return { ...whole2, crowd: null };
    if (page2.state.whole) return { ...whole2, crowd: { size: size2(whole2) } };
    const company = [...counts].reduce((most, one) => one[1] > most[1] ? one : most)[0];
    const model = make2(page2.shown.filter((said) => said.company === company));
    return { ...model, crowd: { company, size: size2(whole2) } };
  }
  function chooser(page2, crowd, word) {
    if (!crowd) return null;
    const { companies: companies2 } = page2;
    const offer = (company) => plainButton(
      `choose/${company.key}`,
      company.label,
      () => page2.go({ companies: /* @__PURE__ */ new Set([company]), selection: "" })
    );
    const listed2 = companies2.slice(0, OFFERED).map((company) => make("li", {}, offer(company)));
    if (companies2.length > OFFERED) {
      listed2.push(make("li", {}, `and ${companies2.length - OFFERED} more, on the left`));
    }
    const all = many(crowd.size, word);
    const text = crowd.company ? `${crowd.company.label} alone is drawn: all ${companies2.length} companies would be ${all}, too many to read. ` : `${all} are too many to read. `;
    const label = crowd.company ? `draw all ${all} nevertheless` : "draw one company alone";
    const change = () => page2.go({ whole: Boolean(crowd.company), selection: "" });
    return [
      make("p", {}, make("b", {}, text), plainButton("whole", label, change)),
      make("ul", { class: "chooser" }, listed2)
    ];
  }

  // flow-controls.js
  function controls2(page2, model) {
    const { state: state2 } = page2;
    const boxes2 = COLUMNS.filter((name) => name !== "company").map(
      (name) => make(
        "label",
        {},
        make("input", {
          type: "checkbox",
          checked: state2.columns.has(name),
          "data-focus": `column/${name}`,
          onchange: () => page2.go({ columns: toggled(state2.columns, name), selection: "" })
        }),
        COLUMN_NAMES[name]
      )
    );
    return make(
      "div",
      { class: "controls" },
      make("fieldset", { class: "inline" }, make("legend", {}, "Columns"), boxes2),
      make("p", { class: "note" }, notes(page2, model)),
      chooser(page2, model.crowd, "ribbon")
    );
  }
  function sentencesOf(model) {
    const left = model.given.length - model.drawn.length;
    const size2 = `${many(model.ribbons.size, "ribbon")} between ${many(model.nodes.size, "box", "boxes")}`;
    const found = [
      `${size2}. The wider a ribbon, the more statements; a denial is thin and dashed, however many say it.`,
      "A statement runs through every box that it names, so that the numbers of boxes do not add up."
    ];
    if (model.unmerged) {
      found.push(
        `Sharing, selling and transferring are drawn as one: apart they would be ${model.unmerged} ribbons.`
      );
    }
    if (left)
      found.push(`${many(left, "statement")} on use, storage, deletion and protection not drawn.`);
    return found;
  }
  function notes({ state: state2, go: go2 }, model) {
    const text = sentencesOf(model).join(" ");
    if (!state2.handling && model.given.length === model.drawn.length) return text;
    const label = state2.handling ? "Draw only what moves" : "Draw them too";
    const change = () => go2({ handling: !state2.handling, selection: "" });
    return [text, " ", plainButton("handling", label, change)];
  }

  // picture.js
  var STYLES = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-opacity",
    "stroke-width",
    "stroke-dasharray",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
    "letter-spacing"
  ];
  var MARGIN = 16;
  var TITLE = 44;
  var LINE2 = 17;
  var CHARACTER2 = 6.6;
  var SCALE = 2;
  function exportButtons(svg, names2, notes2) {
    const name = names2.length === 1 ? `flow-${fileName(names2[0])}` : "flow-of-policies";
    return make(
      "p",
      { class: "exports" },
      make(
        "button",
        { "data-focus": "svg", onclick: () => saveSvg(svg, names2, notes2, name) },
        "Save as SVG"
      ),
      make(
        "button",
        { "data-focus": "png", onclick: () => savePng(svg, names2, notes2, name) },
        "Save as PNG"
      )
    );
  }
  function saveSvg(svg, names2, notes2, name) {
    download(`${name}.svg`, "image/svg+xml", textOf(svg, names2, notes2));
  }
  function savePng(svg, names2, notes2, name) {
    const text = textOf(svg, names2, notes2);
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = make("canvas", { width: image.width * SCALE, height: image.height * SCALE });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => download(`${name}.png`, "image/png", blob));
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  }
  var fileName = (name) => name.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase() || "company";
  function textOf(svg, names2, notes2) {
    const width = Number(svg.getAttribute("width")) + 2 * MARGIN;
    const filters = [...byId("chips").children].map((chip2) => chip2.textContent.replace(" ×", ""));
    const said = [byId("status").textContent, ...filters].join(" · ");
    const lines = [said, ...notes2].flatMap((text) => broken(text, (width - 2 * MARGIN) / CHARACTER2));
    const head2 = TITLE + lines.length * LINE2;
    const height = Number(svg.getAttribute("height")) + head2 + MARGIN;
    const copy = styled(svg);
    copy.setAttribute("x", MARGIN);
    copy.setAttribute("y", head2);
    const look = getComputedStyle(document.body);
    const font = { x: MARGIN, fill: look.color, "font-family": look.fontFamily };
    const outer = draw(
      "svg",
      { width, height, viewBox: `0 0 ${width} ${height}` },
      draw("rect", { width, height, fill: look.backgroundColor }),
      draw("text", { ...font, y: 24, "font-size": 16 }, listed(names2, 6)),
      lines.map((line, at) => draw("text", { ...font, y: TITLE + at * LINE2, "font-size": 12 }, line)),
      copy
    );
    return new XMLSerializer().serializeToString(outer);
  }
  function broken(text, most) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const line = `${lines.at(-1)} ${word}`.trim();
      if (line.length > most && lines.at(-1)) lines.push(word);
      else lines[lines.length - 1] = line;
    }
    return lines;
  }
  function styled(element) {
    const copy = element.cloneNode(false);
    for (const name of ["class", "tabindex", "role", "data-focus", "aria-pressed"])
      copy.removeAttribute(name);
    if (element.namespaceURI.endsWith("svg") && element.tagName !== "title") {
      const look = getComputedStyle(element);
      for (const name of STYLES) {
        const value = look.getPropertyValue(name);
        if (value && value !== "none") copy.setAttribute(name, value);
      }
      if (look.fill === "none") copy.setAttribute("fill", "none");
    }
    for (const child of element.childNodes) {
      copy.append(child.nodeType === Node.TEXT_NODE ? child.cloneNode() : styled(child));
    }
    return copy;
  }

  // flow-tab.js
  var MOST_CROSSINGS = 3;
  var LEAST_WIDTH = 620;
  var HEIGHT = 600;
  var LEGEND = 34;
  var TONES = { ...VERBS, pass: "shares, sells or transfers", denied: "says it does NOT" };
  function isReadable({ statements, hierarchy, publishers: publishers2, columns }) {
    const flow = modelOf({ statements, hierarchy, publishers: publishers2, columns });
    if (!flow.ribbons.size || flow.ribbons.size > MOST2) return false;
    const laid = layOut(flow, 1e3, HEIGHT);
    return crossings(laid) <= MOST_CROSSINGS * flow.ribbons.size;
  }
  function modelOf({ statements, hierarchy, publishers: publishers2, columns, handling = false }) {
    const drawn2 = handling ? statements : statements.filter((said) => MOVING.has(said.action) || said.places.length > 0);
    const parts = [drawn2, hierarchy, columns, publishers2];
    const full = aggregate(...parts);
    const found = { given: statements, drawn: drawn2 };
    if (full.ribbons.size <= MOST2) return { ...full, ...found, unmerged: 0 };
    return { ...aggregate(...parts, true), ...found, unmerged: full.ribbons.size };
  }
  function prepare3(page2) {
    const { columns, handling } = page2.state;
    const model = uncrowded(
      page2,
      (statements) => modelOf({ ...page2, statements, columns, handling }),
      ({ ribbons }) => ribbons.size
    );
    const name = (id) => model.nodes.get(id).label;
    for (const ribbon of model.ribbons.values()) {
      page2.openings.set(`ribbon/${ribbon.id}`, {
        title: `${name(ribbon.from)} → ${name(ribbon.to)}: ${TONES[ribbon.tone]}`,
        statements: ribbon.statements
      });
    }
    for (const node of model.nodes.values()) {
      const joined = [...model.ribbons.values()].filter(
        ({ from, to }) => from === node.id || to === node.id
      );
      page2.openings.set(`node/${node.id}`, {
        title: node.label,
        kind: COLUMN_NAMES[node.column],
        statements: node.statements,
        concept: node.concept,
        links: joined.sort((a, b) => b.statements.size - a.statements.size).map(({ id, from, to, tone, statements }) => ({
          address: `ribbon/${id}`,
          text: `${name(from)} → ${name(to)}: ${TONES[tone]} (${statements.size})`
        }))
      });
    }
    return model;
  }
  function show3(page2, model, stage) {
    stage.append(controls2(page2, model));
    if (!model.ribbons.size) {
      const text = model.drawn.length ? "Nothing joins these columns: choose more of them." : "No flow passes these filters.";
      stage.append(make("p", { class: "empty" }, text));
      return;
    }
    const width = Math.max(LEAST_WIDTH, stage.clientWidth - 4);
    const laid = layOut(model, width, HEIGHT);
    const svg = picture(page2, model, laid);
    const labels3 = present(page2.companies, model.drawn).map(({ label }) => label);
    stage.append(
      make("div", { class: "drawing", tabindex: -1 }, svg),
      exportButtons(svg, labels3, sentencesOf(model))
    );
  }
  function picture(page2, model, laid) {
    const tones = [...new Set([...model.ribbons.values()].map(({ tone }) => tone))];
    const svg = draw("svg", {
      class: "flow",
      width: laid.width,
      height: laid.height + LEGEND,
      viewBox: `0 ${-LEGEND} ${laid.width} ${laid.height + LEGEND}`,
      role: "group",
      "aria-label": `Flow of data: ${many(model.nodes.size, "box", "boxes")}, ${many(model.ribbons.size, "ribbon")}. Arrow keys walk along it, Enter opens the sentences, plus and minus open and close a group.`
    });
    model.columns.forEach((name, number2) => {
      const box = [...laid.boxes.values()].find(({ column }) => column === number2);
      if (box) svg.append(draw("text", { class: "column", x: box.x, y: 16 }, COLUMN_NAMES[name]));
    });
    const paths = [...laid.paths].sort(
      (a, b) => a.ribbon.denied - b.ribbon.denied || b.width - a.width || (a.ribbon.id < b.ribbon.id ? -1 : 1)
    );
    svg.append(
      draw(
        "g",
        {},
        paths.map((path) => ribbonOf(page2, model, path))
      )
    );
    const boxes2 = [...laid.boxes.values()].filter(({ node }) => node);
    svg.append(
      draw(
        "g",
        {},
        boxes2.map((box) => boxOf(page2, box))
      )
    );
    svg.append(legend(tones));
    walk2(svg, page2, model, laid, (node, key2) => {
      const concept2 = (key2 === "+" ? opensOf : closesOf)(node, page2.hierarchy);
      if (concept2) page2.toggle(concept2);
    });
    return svg;
  }
  function ribbonOf(page2, model, { ribbon, width, points }) {
    const count2 = ribbon.statements.size;
    const ends = [ribbon.from, ribbon.to].map((id) => model.nodes.get(id).label);
    const text = `${ends.join(" → ")}: ${TONES[ribbon.tone]}, ${many(count2, "statement")}`;
    const address = `ribbon/${ribbon.id}`;
    const lit = page2.selected ? [...ribbon.statements].filter((said) => page2.selected.has(said)).length : count2;
    const look = page2.selected ? ` ${lit === 0 ? "dim" : lit < count2 ? "partly" : "lit"}` : "";
    const shape = { d: curve(points), class: `ribbon tone-${ribbon.tone}` };
    const path = draw(
      "path",
      {
        ...shape,
        class: `${shape.class}${look}`,
        "stroke-width": width.toFixed(1),
        "data-focus": address,
        tabindex: -1,
        role: "button",
        "aria-pressed": String(page2.state.selection === address),
        onclick: () => page2.select(address)
      },
      draw("title", {}, text)
    );
    if (lit === 0 || lit === count2) return path;
    const part = Math.max(2, width * lit / count2).toFixed(1);
    return [path, draw("path", { ...shape, class: `${shape.class} part`, "stroke-width": part })];
  }
  function boxOf(page2, { node, x, y, width, height, lines }) {
    const address = `node/${node.id}`;
    const { hierarchy } = page2;
    const handle = handleOf(node, hierarchy);
    const text = draw("text", { class: "label", x: x + (handle ? 21 : 8) });
    lines.forEach((line, at) => {
      const middle2 = y + height / 2 + 4.5;
      text.append(
        draw(
          "tspan",
          { x: text.getAttribute("x"), y: middle2 + (at - (lines.length - 1) / 2) * 15 },
          line
        )
      );
    });
    const box = draw(
      "g",
      {
        class: `box column-${node.column}${page2.isLit(node) ? "" : " dim"}`,
        "data-focus": address,
        tabindex: -1,
        role: "button",
        "aria-pressed": String(page2.state.selection === address),
        onclick: () => page2.select(address)
      },
      draw(
        "title",
        {},
        `${COLUMN_NAMES[node.column]}: ${node.label}, ${many(node.statements.size, "statement")}${handle?.sign === "+" ? "; a group: plus opens it" : ""}`
      ),
      draw("rect", { x, y, width, height, rx: 4 }),
      text,
      draw(
        "text",
        { class: "count", x: x + width - 7, y: y + height / 2 + 4.5 },
        node.statements.size
      )
    );
    if (!handle) return box;
    return [
      box,
      draw(
        "text",
        {
          class: "sign",
          x: x + 6,
          y: y + height / 2 + 5,
          "data-sign": node.id,
          "aria-hidden": "true",
          onclick: () => page2.toggle(handle.concept)
        },
        handle.sign
      )
    ];
  }
  function handleOf(node, hierarchy) {
    const opens = opensOf(node, hierarchy);
    if (opens) return { sign: "+", concept: opens };
    const closes = closesOf(node, hierarchy);
    return closes ? { sign: "−", concept: closes } : null;
  }
  function opensOf({ concept: concept2, bare: bare2, column }, hierarchy) {
    const isGroup = concept2 && column !== "company" && !bare2 && hierarchy.canToggle(concept2);
    return isGroup ? concept2 : null;
  }
  function closesOf({ concept: concept2, bare: bare2, column }, hierarchy) {
    if (!concept2 || column === "company") return null;
    const isOpened = (one) => hierarchy.canToggle(one) && hierarchy.isOpen(one);
    return (bare2 && isOpened(concept2) ? concept2 : concept2.above.find(isOpened)) ?? null;
  }
  function legend(tones) {
    const group = draw("g", { class: "legend", "aria-hidden": "true" });
    let x = 2;
    for (const tone of Object.keys(TONES).filter((name) => tones.includes(name))) {
      const y = -14;
      group.append(
        draw("path", {
          class: `ribbon tone-${tone}`,
          d: `M${x} ${y}h26`,
          "stroke-width": tone === "denied" ? 3 : 8
        }),
        draw("text", { x: x + 32, y: y + 4 }, TONES[tone])
      );
      x += 52 + TONES[tone].length * 6.8;
    }
    return group;
  }

  // head.js
  var TAB_NAMES = {
    compare: "Compare",
    flow: "Flow",
    changes: "Changes",
    network: "Network",
    statements: "Statements"
  };
  var LASTING = /^(card|statement)\//;
  function introduce(view2, current, go2) {
    byId("about").textContent = aboutOf(view2).join(" · ");
    const choose = (tab2) => {
      const { selection } = current();
      go2({ tab: tab2, selection: LASTING.test(selection) ? selection : "", page: 0 });
    };
    const tab = (name) => ({
      role: "tab",
      id: `tab-${name}`,
      "data-tab": name,
      "data-focus": `tab/${name}`,
      "aria-controls": "stage",
      onclick: () => choose(name)
    });
    byId("tabs").replaceChildren(...TABS.map((name) => make("button", tab(name), TAB_NAMES[name])));
    byId("tabs").addEventListener("keydown", (event) => {
      const at = TABS.indexOf(current().tab);
      const steps = {
        ArrowRight: at + 1,
        ArrowLeft: at - 1 + TABS.length,
        Home: 0,
        End: TABS.length - 1
      };
      if (!Object.hasOwn(steps, event.key)) return;
      event.preventDefault();
      choose(TABS[steps[event.key] % TABS.length]);
      focusOn(`tab/${current().tab}`);
    });
  }
  function aboutOf({ scope, companies: companies2, policies, statements }) {
    const denials = statements.filter((said) => said.denied).length;
    const lines = new Set(policies.map((policy) => policy.line)).size;
    const parts = [
      many(companies2.length, "company", "companies"),
      lines === policies.length ? many(lines, "policy", "policies") : `${many(lines, "policy", "policies")} in ${many(policies.length, "snapshot")}`,
      `${many(statements.length, "statement")}, ${number(denials)} of them denials`
    ];
    if (scope.focus) parts.push(`only on ${scope.focus}`);
    if (scope.snapshot) parts.push(`as of ${scope.snapshot}`);
    if (scope.least) parts.push(`confidence ${scope.least} and more`);
    if (scope.undated) parts.push(`left out, without a date: ${listed(scope.undated)}`);
    if (scope.later) parts.push(`left out, no policy so early: ${listed(scope.later)}`);
    return parts;
  }
  function showTabs(chosen) {
    for (const tab of byId("tabs").children) {
      const isChosen = tab.dataset.tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.setAttribute("tabindex", isChosen ? 0 : -1);
    }
    byId("stage").setAttribute("aria-labelledby", `tab-${chosen}`);
  }
  function showCards({ state: state2, go: go2, select: select4 }, cards) {
    const button2 = ({ address, count: count2, text, isWarning, tab }) => make(
      "button",
      {
        class: isWarning ? "card warning" : "card",
        "data-focus": address,
        "aria-pressed": tab ? null : String(state2.selection === address),
        onclick: () => tab ? go2({ tab, selection: "" }) : select4(address)
      },
      make("b", {}, count2),
      ` ${text}`
    );
    byId("cards").replaceChildren(...cards.map(button2));
    byId("cards").hidden = cards.length === 0;
  }

  // network-tab.js
  var network_tab_exports = {};
  __export(network_tab_exports, {
    prepare: () => prepare4,
    show: () => show4
  });
  var ROW = 42;
  var BOX = 240;
  var TALLEST = 4e3;
  function prepare4(page2) {
    const model = uncrowded(
      page2,
      (statements) => modelOf2(page2, statements),
      ({ drawn: drawn3 }) => drawn3.size
    );
    const { drawn: drawn2, boxes: boxes2 } = model;
    for (const edge of drawn2.values()) edge.title = titleOf(edge);
    for (const { address, title, statements } of drawn2.values())
      page2.openings.set(address, { title, statements });
    for (const box of boxes2.values())
      page2.openings.set(box.address, {
        title: box.label,
        statements: box.statements,
        concept: box.concept
      });
    return { edges: [...drawn2.values()], boxes: [...boxes2.values()], crowd: model.crowd };
  }
  function titleOf(edge) {
    const { from, to, denied: denied2 } = edge;
    if (isCollecting(edge))
      return `${to.label} ${denied2 ? "does NOT collect" : "collects"} from ${from.label}`;
    return `${from.label} ${denied2 ? "does NOT pass data" : "passes data"} to ${to.label}`;
  }
  var isCollecting = ({ statements }) => [...statements].every(({ action }) => action === "collect");
  function modelOf2(page2, statements) {
    const shown = new Set(statements);
    const { nodes, edges } = page2.view.network;
    const places = new Map(nodes.map((node) => [node.id, node]));
    const drawn2 = /* @__PURE__ */ new Map();
    const boxes2 = /* @__PURE__ */ new Map();
    for (const edge of edges) {
      const behind = edge.statements.map((number2) => page2.view.statements[number2]).filter((said) => shown.has(said));
      if (!behind.length) continue;
      for (const from of standing(page2, edge.from)) {
        for (const to of standing(page2, edge.to)) {
          if (from.id !== to.id) join2(drawn2, boxes2, places, from, to, edge.denied === 1, behind);
        }
      }
    }
    return { drawn: drawn2, boxes: boxes2 };
  }
  function standing(page2, number2) {
    const concept2 = page2.view.concepts[number2];
    if (page2.publishers.has(concept2))
      return [{ id: `${concept2.key}`, concept: concept2, label: concept2.label, bare: false }];
    return page2.hierarchy.groups(concept2).map((group) => ({
      id: `${concept2.kind}-${groupKey(group)}`,
      label: groupLabel(group),
      ...group
    }));
  }
  function join2(drawn2, boxes2, places, from, to, denied2, behind) {
    for (const one of [from, to]) {
      if (!boxes2.has(one.id)) {
        const place2 = places.get(one.concept.number);
        boxes2.set(one.id, { ...one, address: `party/${one.id}`, place: place2, statements: /* @__PURE__ */ new Set() });
      }
      for (const said of behind) boxes2.get(one.id).statements.add(said);
    }
    const id = `${from.id}>${to.id}${denied2 ? ":not" : ""}`;
    if (!drawn2.has(id)) {
      drawn2.set(id, {
        id,
        from,
        to,
        denied: denied2,
        address: `edge/${id}`,
        statements: /* @__PURE__ */ new Set()
      });
    }
    for (const said of behind) drawn2.get(id).statements.add(said);
  }
  function show4(page2, model, stage) {
    const { boxes: boxes2, edges, crowd } = model;
    stage.append(
      make(
        "p",
        { class: "controls note" },
        `${many(boxes2.length, "box", "boxes")}, ${many(edges.length, "arrow")}; an arrow stands for all its statements, red and dashed ones for denials. Blue: what a company collects; two arrows in a row are no path. `
      ),
      crowd ? make("div", { class: "controls" }, chooser(page2, crowd, "arrow")) : ""
    );
    if (!edges.length) {
      stage.append(make("p", { class: "empty" }, "Nothing is passed on here."));
      return;
    }
    if (!window.vis) {
      stage.append(
        make("p", { class: "empty" }, "The drawing library is missing."),
        list(page2, boxes2, edges)
      );
      return;
    }
    const columns = columnsOf(boxes2, stage.clientWidth);
    const rows = Math.max(...columns.map((column) => column.length));
    const canvas = make("div", {
      id: "canvas",
      role: "img",
      "aria-label": "Network of who passes data to whom; the list below says the same"
    });
    canvas.style.height = `${Math.min(Math.max(rows * ROW + 60, 360), TALLEST)}px`;
    stage.append(canvas, list(page2, boxes2, edges));
    page2.network = paint(page2, canvas, boxes2, edges, rows * ROW + 60 > TALLEST);
  }
  function columnsOf(boxes2, width) {
    const columns = /* @__PURE__ */ new Map();
    const sorted3 = [...boxes2].sort(
      (a, b) => a.place.x - b.place.x || a.place.y - b.place.y || (a.id < b.id ? -1 : 1)
    );
    for (const box of sorted3) {
      if (!columns.has(box.place.x)) columns.set(box.place.x, []);
      columns.get(box.place.x).push(box);
    }
    const found = [...columns.values()];
    found.forEach(
      (column, number2) => column.forEach((box, at) => {
        box.x = number2 * Math.max((width - BOX) / Math.max(found.length - 1, 1), BOX);
        box.y = at * ROW + number2 % 3 * (ROW / 3);
      })
    );
    return found;
  }
  function paint(page2, canvas, boxes2, edges, isTall) {
    const look = getComputedStyle(document.documentElement);
    const colour = (name) => look.getPropertyValue(`--${name}`).trim();
    const seen = /* @__PURE__ */ new Map();
    const nodes = boxes2.map((box) => ({
      id: box.id,
      x: box.x,
      y: box.y,
      label: `${shortened(box.label)}  ${box.statements.size}`,
      color: { background: colour(`node-${box.place.kind}`), border: colour("line-strong") },
      font: { color: box.place.kind === "publisher" ? colour("node-publisher-ink") : colour("ink") },
      opacity: page2.isLit(box) ? 1 : 0.3
    }));
    const lines = edges.map((edge) => {
      const pair = [edge.from.id, edge.to.id].sort().join(">");
      const twin = seen.get(pair) ?? 0;
      seen.set(pair, twin + 1);
      return {
        id: edge.id,
        from: edge.from.id,
        to: edge.to.id,
        width: edge.denied ? 2 : 1 + Math.sqrt(edge.statements.size),
        dashes: edge.denied ? [7, 5] : false,
        color: {
          color: colour(toneOf(edge)),
          highlight: colour("ink"),
          hover: colour("ink"),
          opacity: page2.isLit(edge) ? 0.75 : 0.15
        },
        // Arrows between the same two boxes are bent apart.
        smooth: twin ? { type: twin % 2 ? "curvedCW" : "curvedCCW", roundness: 0.12 * Math.ceil(twin / 2) } : { type: "cubicBezier", forceDirection: "horizontal", roundness: 0.45 }
      };
    });
    const options = structuredClone(page2.view.network.options);
    options.interaction.zoomView = isTall;
    const network = new window.vis.Network(canvas, { nodes, edges: lines }, options);
    network.fit({ maxZoomLevel: 1 });
    network.on("click", ({ nodes: [node], edges: [edge] }) => {
      if (node !== void 0) page2.select(`party/${node}`);
      else if (edge !== void 0) page2.select(`edge/${edge}`);
    });
    return network;
  }
  var toneOf = (edge) => {
    if (edge.denied) return "tone-denied";
    return isCollecting(edge) ? "tone-collect" : "tone-share";
  };
  var shortened = (label) => label.length > 28 ? `${label.slice(0, 27)}…` : label;
  var isListOpen = false;
  function list(page2, boxes2, edges) {
    const bySize = (a, b) => b.statements.size - a.statements.size || (a.id < b.id ? -1 : 1);
    const item = ({ address, statements, denied: denied2 }, text, below) => make(
      "li",
      {},
      make(
        "button",
        {
          class: denied2 ? "plain denied" : "plain",
          "data-focus": address,
          "aria-pressed": String(page2.state.selection === address),
          onclick: () => page2.select(address)
        },
        `${text} (${statements.size})`
      ),
      below
    );
    const arrows = (box) => edges.filter(({ from }) => from.id === box.id).sort(bySize).map((edge) => item(edge, edge.title));
    return make(
      "details",
      {
        class: "list",
        open: isListOpen,
        ontoggle: (event) => {
          isListOpen = event.target.open;
        }
      },
      make(
        "summary",
        { "data-focus": "edges" },
        `The same as a list: ${many(boxes2.length, "box", "boxes")}, ${many(edges.length, "arrow")}`
      ),
      make(
        "ul",
        {},
        [...boxes2].sort(bySize).map((box) => item(box, box.label, make("ul", {}, arrows(box))))
      )
    );
  }

  // panel.js
  var FILTER_NAMES = { data: "Data", recipient: "Recipient", purpose: "Purpose", place: "Place" };
  var WHO = { own: "the company", others: "others", all: "everybody" };
  var DENIALS = { with: "shown", without: "hidden", only: "alone" };
  var SURENESS = [0, 50, 70, 80, 90, 95];
  var LISTED = 40;
  function showPanel(page2, counts, panel) {
    const { state: state2 } = page2;
    panel.replaceChildren(
      make("h2", { class: "hidden" }, "Filters"),
      actions(page2, counts.actions),
      choice(page2, "denials", "Denials (“we do not …”)", DENIALS, counts.denials),
      page2.view.companies.length > 1 ? companies(page2, counts.companies) : "",
      choice(page2, "who", "What is done by", WHO, counts.who),
      ...Object.keys(CONCEPT_FILTERS).map((name) => concept(page2, name, counts[name])),
      versions(page2, counts.version),
      select2(
        page2,
        "least",
        "Confidence",
        SURENESS.map((least) => [
          String(least),
          least ? `at least ${(least / 100).toFixed(2)}` : "any"
        ]),
        String(state2.least),
        (value) => ({ least: Number(value) })
      ),
      make("button", { "data-focus": "reset", onclick: () => page2.reset() }, "Clear all filters")
    );
  }
  function actions(page2, counts) {
    const chosen = page2.state.actions;
    const change = (action) => () => page2.go({ actions: toggled(chosen, action), selection: "" });
    return boxes(
      "Action",
      page2.view.actions.map((action) => ({
        text: action,
        count: counts.get(action) ?? 0,
        denials: counts.get(`not ${action}`) ?? 0,
        isChosen: chosen.has(action),
        key: `action/${action}`,
        tone: action,
        change: change(action)
      }))
    );
  }
  function companies(page2, counts) {
    const { companies: chosen } = page2.state;
    const change = (company) => page2.go({ companies: toggled(chosen, company), selection: "" });
    const every = page2.view.companies;
    const listed2 = every.length <= LISTED ? every : every.filter((one) => chosen.has(one));
    const field2 = boxes(
      "Company",
      listed2.map((company) => ({
        text: company.label,
        count: counts.get(company) ?? 0,
        isChosen: chosen.has(company),
        key: `company/${company.key}`,
        change: () => change(company)
      }))
    );
    if (every.length > LISTED) {
      const options = every.filter((one) => !chosen.has(one));
      field2.append(
        make(
          "select",
          {
            "aria-label": "Add a company",
            "data-focus": "add-company",
            onchange: (event) => change(options[event.target.selectedIndex - 1])
          },
          make("option", {}, chosen.size ? "add a company …" : `all ${every.length} companies`),
          options.map((one) => make("option", {}, `${one.label} (${counts.get(one) ?? 0})`))
        )
      );
    }
    return field2;
  }
  function boxes(title, items) {
    return make(
      "fieldset",
      {},
      make("legend", {}, title),
      items.map(
        ({ text, count: count2, denials = 0, isChosen, key: key2, tone, change }) => make(
          "label",
          { class: count2 + denials ? null : "none" },
          make("input", { type: "checkbox", checked: isChosen, "data-focus": key2, onchange: change }),
          tone ? make("i", { class: `swatch tone-${tone}` }) : null,
          make("span", {}, text),
          denials ? make(
            "span",
            { class: "number denials", title: `${denials} denials` },
            `✕${number(denials)}`
          ) : null,
          make("span", { class: "number" }, number(count2))
        )
      )
    );
  }
  function choice(page2, name, title, texts, counts) {
    const options = Object.entries(texts).map(([value, text]) => [
      value,
      `${text} (${number(counts.get(value) ?? 0)})`
    ]);
    return select2(page2, name, title, options, page2.state[name], (value) => ({ [name]: value }));
  }
  function select2(page2, name, title, options, chosen, change) {
    return make(
      "label",
      { class: "field" },
      make("span", {}, title),
      make(
        "select",
        {
          "data-focus": `filter/${name}`,
          onchange: (event) => page2.go({ ...change(event.target.value), selection: "", page: 0 })
        },
        options.map(([value, text]) => make("option", { value, selected: value === chosen }, text))
      )
    );
  }
  function concept(page2, name, counts) {
    const kind = CONCEPT_FILTERS[name];
    const chosen = page2.state[name];
    const options = [["", "all"]];
    const seen = /* @__PURE__ */ new Set();
    const add2 = (one, depth) => {
      if (seen.has(one) || one.own && one !== chosen) return;
      if (!counts.has(one) && one !== chosen) return;
      seen.add(one);
      const space = " ".repeat(Math.max(0, depth));
      options.push([one.key, `${space}${one.label} (${number(counts.get(one) ?? 0)})`]);
      for (const below of [...one.below].sort((a, b) => a.label < b.label ? -1 : 1))
        add2(below, depth + 1);
    };
    for (const one of page2.view.concepts) if (one.kind === kind && !one.above.length) add2(one, 0);
    if (chosen && !seen.has(chosen)) options.push([chosen.key, chosen.label]);
    const change = (key2) => ({ [name]: page2.view.byKey.get(`${kind}/${key2}`) ?? null });
    return select2(page2, name, FILTER_NAMES[name], options, chosen?.key ?? "", change);
  }
  function versions(page2, counts) {
    const { version } = page2.state;
    const counted2 = (name) => `(${number(counts.get(name) ?? 0)})`;
    const days = [...new Set(page2.view.policies.map((policy) => policy.date).filter(Boolean))].sort().reverse();
    const options = [
      ["latest", `the latest of each ${counted2("latest")}`],
      ["all", `all snapshots ${counted2("all")}`],
      ...days.map((day) => [day, `as of ${day}`])
    ];
    if (!options.some(([value]) => value === version)) options.push([version, `as of ${version}`]);
    return select2(page2, "version", "Snapshot", options, version, (value) => ({ version: value }));
  }

  // search.js
  var TYPING = 200;
  var SUGGESTED = 1500;
  var timer = 0;
  function showWords(words) {
    if (!timer) byId("search").value = words;
  }
  function listenToSearch(view2, words, go2) {
    const search = byId("search");
    const filters = filtersByName(view2);
    const names2 = [...filters.keys()].sort().slice(0, SUGGESTED);
    byId("names").replaceChildren(...names2.map((value) => make("option", { value })));
    search.value = words;
    let isGoingOn = false;
    const look = () => {
      timer = 0;
      go2({ words: search.value.trim(), page: 0 }, { replace: isGoingOn });
      isGoingOn = true;
    };
    const pick = () => {
      const change = filters.get(search.value.trim());
      if (!change) return false;
      timer = 0;
      isGoingOn = false;
      go2({ words: "", ...change(), selection: "", page: 0 });
      return true;
    };
    search.addEventListener("focus", () => {
      isGoingOn = false;
    });
    search.addEventListener("input", ({ inputType }) => {
      clearTimeout(timer);
      const isPicked = inputType === void 0 || inputType === "insertReplacementText";
      if (isPicked && pick()) return;
      timer = setTimeout(look, TYPING);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      clearTimeout(timer);
      if (!pick()) look();
    });
  }
  function filtersByName(view2) {
    const found = /* @__PURE__ */ new Map();
    for (const company of view2.companies) {
      found.set(company.label, () => ({ companies: /* @__PURE__ */ new Set([company]) }));
    }
    for (const name of Object.keys(CONCEPT_FILTERS)) {
      for (const said of view2.statements) {
        for (const named2 of said[ROLE_FIELDS[name]]) {
          for (const one of named2.lineage) {
            if (one.key !== "own" && !found.has(one.label)) {
              found.set(one.label, () => ({ [name]: one }));
            }
          }
        }
      }
    }
    return found;
  }

  // status.js
  var OTHER_ACTORS = {
    own: "on what others do hidden",
    others: "on what the companies do hidden"
  };
  function showStatus(page2, first2, said = null) {
    const parts = said === null ? numbers(page2, first2) : [said];
    byId("status").textContent = parts.join(" · ");
    byId("hint").hidden = page2.state.selection !== "";
    const chips = chipsOf(page2, first2);
    byId("chips").replaceChildren(...chips);
    byId("chips").hidden = chips.length === 0;
  }
  function numbers({ view: view2, state: state2, shown }, first2) {
    const every = view2.statements;
    const ofVersion = filtered(every, { ...first2, who: "all", version: state2.version });
    const ofActor = filtered(ofVersion, { ...first2, who: state2.who, version: "all" });
    const parts = [`${number(shown.length)} of ${many(every.length, "statement")} shown`];
    const tell = (count2, text) => {
      if (count2 > 0) parts.push(`${number(count2)} ${text}`);
    };
    tell(every.length - ofVersion.length, "of other or undated snapshots hidden");
    tell(ofVersion.length - ofActor.length, OTHER_ACTORS[state2.who]);
    tell(ofActor.length - shown.length, "filtered out");
    return parts;
  }
  function chipsOf({ state: state2, go: go2 }, first2) {
    const chip2 = ([key2, text, change]) => make(
      "button",
      {
        class: "filter-chip",
        "data-focus": `chip/${key2}`,
        "aria-label": `${text} ×: remove this filter`,
        onclick: () => go2({ ...change, selection: "", page: 0 })
      },
      `${text} ×`
    );
    return filtersOn(state2, first2).map(chip2);
  }
  function filtersOn(state2, first2) {
    const found = [];
    if (state2.words) found.push(["words", `“${state2.words}”`, { words: "" }]);
    if (state2.actions.size) {
      found.push(["actions", `only ${[...state2.actions].join(", ")}`, { actions: /* @__PURE__ */ new Set() }]);
    }
    if (state2.companies.size) {
      const names2 = [...state2.companies].map(({ label }) => label).sort();
      found.push(["companies", listed(names2, 3), { companies: /* @__PURE__ */ new Set() }]);
    }
    for (const name of Object.keys(CONCEPT_FILTERS)) {
      if (state2[name]) found.push([name, `${name}: ${state2[name].label}`, { [name]: null }]);
    }
    const set = (name, text) => {
      if (state2[name] !== first2[name]) found.push([name, text, { [name]: first2[name] }]);
    };
    set("denials", state2.denials === "only" ? "denials alone" : "without denials");
    set("who", state2.who === "all" ? "what others do, too" : "only what others do");
    set("version", state2.version === "all" ? "all snapshots" : `as of ${state2.version}`);
    set("least", `confidence at least ${(state2.least / 100).toFixed(2)}`);
    return found;
  }

  // statements-tab.js
  var statements_tab_exports = {};
  __export(statements_tab_exports, {
    csv: () => csv,
    openingOf: () => openingOf,
    pageOf: () => pageOf,
    prepare: () => prepare5,
    show: () => show5
  });
  var PER_PAGE = 100;
  var BOM = "\uFEFF";
  var labels2 = (concepts) => concepts.map((concept2) => concept2.label).join("; ");
  var COLUMNS2 = {
    Company: (said) => said.company.label,
    Date: (said) => said.policy.date,
    Who: (said) => said.actor.label,
    Says: (said) => verb(said),
    Data: (said) => labels2(said.data),
    "To whom": (said) => labels2(said.recipients),
    "For what": (said) => labels2(said.purposes),
    Where: (said) => labels2(said.places),
    Condition: (said) => wordsOf(said, "condition").join("; "),
    Confidence: (said) => said.confidence / 100,
    Sentence: (said) => said.sentence.text
  };
  var MORE = {
    From: (said) => labels2(said.sources),
    "Legal basis": (said) => labels2(said.bases),
    "How long": (said) => wordsOf(said, "retention").join("; "),
    How: (said) => wordsOf(said, "method").join("; "),
    Against: (said) => wordsOf(said, "threat").join("; "),
    Polarity: (said) => said.denied ? "denied" : "affirmed",
    Modality: (said) => MODALITIES[said.modality],
    "Found by": (said) => SUPPORTS[said.support],
    Heading: (said) => said.sentence.heading,
    Document: (said) => said.policy.documents.join("; "),
    "Characters from": (said) => said.sentence.start,
    Source: (said) => said.policy.urls.join("; "),
    Statement: (said) => said.digits
  };
  function openingOf({ view: view2, state: state2 }) {
    if (!state2.selection.startsWith("statement/")) return null;
    const said = view2.statements.find(({ digits }) => `statement/${digits}` === state2.selection);
    return said ? { title: "One statement", statements: [said] } : null;
  }
  var prepare5 = (page2) => ({ rows: sorted2(page2.shown, page2.state.sort) });
  var pageOf = (shown, sort, said) => Math.max(0, Math.floor(sorted2(shown, sort).indexOf(said) / PER_PAGE));
  function sorted2(shown, sort) {
    const [name, isDown] = sorting(sort);
    if (!name) return shown;
    const keyed2 = shown.map((said) => [COLUMNS2[name](said), said]);
    const order = typeof keyed2[0]?.[0] === "number" ? (a, b) => a - b : compareTexts;
    keyed2.sort(([a], [b]) => isDown ? order(b, a) : order(a, b));
    return keyed2.map(([, said]) => said);
  }
  var compareTexts = new Intl.Collator("en").compare;
  function sorting(sort) {
    const isDown = sort.startsWith("-");
    const name = isDown ? sort.slice(1) : sort;
    return [Object.hasOwn(COLUMNS2, name) ? name : "", isDown];
  }
  function show5(page2, { rows }, stage) {
    const pages = Math.max(1, Math.ceil(rows.length / PER_PAGE));
    const at = Math.min(page2.state.page, pages - 1);
    const here = rows.slice(at * PER_PAGE, (at + 1) * PER_PAGE);
    stage.append(
      make(
        "div",
        { class: "controls" },
        make(
          "button",
          {
            "data-focus": "csv",
            onclick: () => download("statements.csv", "text/csv;charset=utf-8", `${BOM}${csv(rows)}`)
          },
          `Save ${many(rows.length, "row")} as CSV`
        ),
        pages > 1 ? pager(page2, at, pages, rows.length) : null
      ),
      make(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Statements" },
        table(page2, here)
      )
    );
  }
  function pager(page2, at, pages, count2) {
    const step = (text, to, isOff) => make(
      "button",
      { disabled: isOff, "data-focus": `page/${text}`, onclick: () => page2.go({ page: to }) },
      text
    );
    const last = Math.min((at + 1) * PER_PAGE, count2);
    return make(
      "span",
      { class: "pager" },
      step("Earlier", at - 1, at === 0),
      ` ${number(at * PER_PAGE + 1)} to ${number(last)} of ${number(count2)} `,
      step("Later", at + 1, at === pages - 1)
    );
  }
  function columnsOf2({ shown, state: state2 }) {
    const isTold = ([name, value]) => name === "Who" ? state2.who !== "own" : shown.some((said) => value(said) !== "");
    return Object.fromEntries(Object.entries(COLUMNS2).filter(isTold));
  }
  function table(page2, rows) {
    const [chosen, isDown] = sorting(page2.state.sort);
    const columns = columnsOf2(page2);
    const head2 = Object.keys(columns).map(
      (name) => make(
        "th",
        { scope: "col", "aria-sort": name === chosen ? isDown ? "descending" : "ascending" : null },
        make(
          "button",
          {
            class: "plain",
            "data-focus": `sort/${name}`,
            onclick: () => page2.go({ sort: name === chosen && !isDown ? `-${name}` : name, page: 0 })
          },
          name,
          name === chosen ? isDown ? " ↓" : " ↑" : null
        )
      )
    );
    return make(
      "table",
      { class: "statements" },
      make("caption", { class: "hidden" }, "Statements"),
      make("thead", {}, make("tr", {}, head2)),
      make(
        "tbody",
        {},
        rows.map((said) => row(page2, said, columns))
      )
    );
  }
  function row(page2, said, columns) {
    const address = `statement/${said.digits}`;
    const open = () => page2.select(address);
    return make(
      "tr",
      {
        class: [said.denied && "denied", page2.state.selection === address && "open"].filter(Boolean).join(" ") || null,
        onclick: open
      },
      Object.entries(columns).map(([name, value]) => {
        if (name === "Sentence") {
          return make(
            "td",
            { class: "quote" },
            make(
              "button",
              {
                class: "plain",
                "data-focus": address,
                "aria-pressed": String(page2.state.selection === address),
                onclick: (event) => {
                  event.stopPropagation();
                  open();
                }
              },
              value(said)
            )
          );
        }
        return make(
          "td",
          { class: `column-${name.replace(" ", "-").toLowerCase()}` },
          name === "Confidence" ? value(said).toFixed(2) : String(value(said))
        );
      })
    );
  }
  function csv(rows) {
    const columns = { ...COLUMNS2, ...MORE };
    const lines = [
      Object.keys(columns),
      ...rows.map((said) => Object.values(columns).map((value) => value(said)))
    ];
    return lines.map((line) => `${line.map(field).join(",")}\r
`).join("");
  }
  function field(value) {
    if (typeof value === "number") return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  // main.js
  var VIEWS = { compare: compare_tab_exports, flow: flow_tab_exports, changes: changes_tab_exports, network: network_tab_exports, statements: statements_tab_exports };
  var PAUSE = 200;
  var view = read(JSON.parse(byId("data").textContent));
  var publishers = new Set(view.companies);
  var first = initial(firstTab());
  var main = document.querySelector("main");
  var state = fromFragment(location.hash.slice(1), first, view);
  var drawn = state;
  var page = null;
  var isByKeyboard = false;
  function firstTab() {
    const plain = initial("flow");
    const given = {
      statements: filtered(view.statements, plain),
      hierarchy: new Hierarchy(/* @__PURE__ */ new Set()),
      publishers,
      columns: plain.columns
    };
    return view.companies.length === 1 && isReadable(given) ? "flow" : "compare";
  }
  function go(change, { replace = false, focus = [] } = {}) {
    state = { ...state, ...change };
    showWords(state.words);
    const address = `#${toFragment(state, first)}`;
    if (address !== (location.hash || "#")) {
      history[replace ? "replaceState" : "pushState"](null, "", address);
    }
    keepFocus(render, focus);
  }
  function select3(address) {
    if (state.selection === address) close();
    else go({ selection: address }, { focus: isByKeyboard ? ["evidence"] : [] });
  }
  function close() {
    go({ selection: "" }, { focus: isByKeyboard ? [state.selection, `tab/${state.tab}`] : [] });
  }
  function toggle(concept2) {
    const keys = [concept2.key, `${concept2.key}.`, ...concept2.below.map(({ key: key2 }) => key2)];
    const boxes2 = COLUMNS.flatMap((column) => keys.map((key2) => `node/${column}/${key2}`));
    go(
      { toggled: toggled(state.toggled, concept2), selection: "" },
      { focus: isByKeyboard ? boxes2 : [] }
    );
  }
  function reveal2(said) {
    const selection = `statement/${said.digits}`;
    let next = { ...state, tab: "statements", selection };
    if (!filtered([said], next).length) {
      next = { ...unfiltered(next), who: "all", version: "all", selection };
    }
    go({ ...next, page: pageOf(filtered(view.statements, next), next.sort, said) });
    document.querySelector("tr.open")?.scrollIntoView({ block: "center" });
  }
  function render() {
    page?.network?.destroy();
    page = {
      view,
      state,
      shown: filtered(view.statements, state),
      publishers,
      companies: view.companies.filter((one) => !state.companies.size || state.companies.has(one)),
      hierarchy: new Hierarchy(state.toggled),
      openings: /* @__PURE__ */ new Map(),
      go,
      select: select3,
      close,
      toggle,
      reveal: reveal2,
      reset: () => go(unfiltered(state))
    };
    page.pair = chosenPair(view, state);
    page.changes = page.pair && changesOf(page, page.pair);
    const cards = cardsOf(page);
    for (const one of cards) if (one.statements) page.openings.set(one.address, one);
    const { prepare: prepare6, status: status2, show: show6 } = VIEWS[state.tab];
    const model = prepare6(page);
    const opening = page.openings.get(state.selection) ?? openingOf(page);
    page.selected = opening && new Set(opening.statements);
    page.isLit = ({ statements: some }) => !page.selected || [...some].some((said) => page.selected.has(said));
    document.body.classList.toggle("opened", state.selection !== "");
    showTabs(state.tab);
    showCards(page, cards);
    showPanel(page, counted(view.statements, state), byId("filters"));
    showStatus(page, first, status2?.(model));
    showEvidence(page, opening, byId("evidence"));
    if (state.selection !== drawn.selection) byId("evidence").scrollTop = 0;
    draw2(() => show6(page, model, byId("stage")));
    drawn = state;
    const { dataset } = document.documentElement;
    dataset.drawn = String(Number(dataset.drawn ?? 0) + 1);
  }
  function draw2(show6) {
    const places = [main.scrollTop, scrollY];
    byId("stage").replaceChildren();
    show6();
    const isSame = drawn.tab === state.tab;
    main.scrollTop = isSame ? places[0] : 0;
    if (isSame) scrollTo(scrollX, places[1]);
  }
  function listen() {
    addEventListener("popstate", () => {
      state = fromFragment(location.hash.slice(1), first, view);
      showWords(state.words);
      keepFocus(render);
    });
    addEventListener("keydown", () => isByKeyboard = true, { capture: true });
    addEventListener("pointerdown", () => isByKeyboard = false, { capture: true });
    addEventListener("keydown", (event) => {
      const isTyping = event.target.matches?.("input[type=search], select, textarea");
      if (event.key === "Escape" && state.selection) close();
      else if (event.key === "/" && !isTyping) {
        event.preventDefault();
        byId("search").focus();
      }
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => keepFocus(render));
    let width = innerWidth;
    let timer2 = 0;
    addEventListener("resize", () => {
      clearTimeout(timer2);
      if (innerWidth !== width) timer2 = setTimeout(() => keepFocus(render), PAUSE);
      width = innerWidth;
    });
  }
  introduce(view, () => state, go);
  listenToSearch(view, state.words, go);
  listen();
  render();
})();
