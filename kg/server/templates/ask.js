"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const STATEMENT = /\/statement\/([0-9a-f]{16})$/;
  // What a screen would hide, or what turns the direction of writing, is shown as a sign.
  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
  const FIRST = `SELECT ?company ?action ?sentence ?statement
WHERE {
  ?snapshot pf:publisherName ?company .
  GRAPH ?snapshot { ?statement a pf:Denial ; pf:action ?action ; pf:sentence ?sentence }
}
ORDER BY ?company ?sentence
LIMIT 50
`;
  const MOST = 2000;
  let questions = [];
  let asked = 0;
  let before = null;

  const visible = (text) =>
    String(text).replace(HIDDEN, (c) => "\\u" + c.codePointAt(0).toString(16).padStart(4, "0"));

  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    if (text !== undefined && text !== null) element.textContent = visible(text);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  const say = (text, failed = false) => {
    at("status").textContent = visible(text);
    at("status").classList.toggle("failed", failed);
  };

  const why = async (response) => {
    const text = await response.text();
    try {
      const problem = JSON.parse(text);
      return `${problem.title}: ${problem.detail}`;
    } catch {
      return `the server answered ${response.status}`;
    }
  };

  // Answers come back in any order: only the last question's is shown.
  const ask = async (address, options, show) => {
    const mine = ++asked;
    at("rows").replaceChildren();
    at("answer").setAttribute("aria-busy", "true");
    say("Asking …");
    const start = performance.now();
    try {
      const response = await fetch(address, options);
      if (mine !== asked) return;
      if (!response.ok) {
        say(await why(response), true);
        return;
      }
      const body = await response.text();
      if (mine !== asked) return;
      const told = show(body, response.headers.get("Content-Type") ?? "");
      const cut = response.headers.get("X-Result-Cut");
      const seconds = ((performance.now() - start) / 1000).toFixed(2);
      say(`${told}, in ${seconds} s${cut ? `. The answer was cut by the server (${cut})` : ""}`);
    } catch {
      if (mine === asked) say("The server cannot be reached.", true);
    } finally {
      if (mine === asked) at("answer").removeAttribute("aria-busy");
    }
  };

  const cellOf = (value, isIri) => {
    const found = isIri ? STATEMENT.exec(value) : null;
    const cell = make("td");
    if (typeof value === "number") cell.className = "number";
    if (String(value).length > 60) cell.className = "long";
    if (found) {
      const button = make("button", found[1], { type: "button", title: "Show its sentence" });
      button.addEventListener("click", () => explain(found[1], button));
      cell.append(button);
    } else {
      cell.textContent = value === undefined || value === null ? "" : visible(value);
    }
    return cell;
  };

  const table = (columns, rows) => {
    const head = make("tr");
    for (const column of columns) head.append(make("th", column, { scope: "col" }));
    const body = make("tbody");
    for (const row of rows.slice(0, MOST)) {
      const line = make("tr");
      line.append(...row);
      body.append(line);
    }
    const whole = make("table");
    const top = make("thead");
    top.append(head);
    whole.append(top, body);
    at("rows").replaceChildren(whole);
  };

  const counted = (count, total) => {
    const rows = total === 1 ? "1 row" : `${total} rows`;
    return count < total ? `${rows}, the first ${count} of them here` : rows;
  };

  const showQuestion = (body) => {
    const { columns, rows, total } = JSON.parse(body);
    const lines = rows
      .slice(0, MOST)
      .map((row) => columns.map((c) => cellOf(row[c], typeof row[c] === "string")));
    table(columns, lines);
    return counted(lines.length, total);
  };

  const showSparql = (body, kind) => {
    if (!kind.includes("json")) {
      at("rows").replaceChildren(make("pre", body));
      return "A graph";
    }
    const found = JSON.parse(body);
    if ("boolean" in found) {
      at("rows").replaceChildren();
      return found.boolean ? "Yes" : "No";
    }
    const columns = found.head.vars;
    const rows = found.results.bindings;
    const lines = rows.slice(0, MOST).map((row) =>
      columns.map((column) => {
        const term = row[column];
        const text = term && typeof term.value === "object" ? JSON.stringify(term.value) : term?.value;
        return cellOf(text, term?.type === "uri");
      }),
    );
    table(columns, lines);
    return counted(lines.length, rows.length);
  };

  const explain = async (digits, from) => {
    const response = await fetch(`/statements/${digits}`, { headers: { Accept: "application/json" } });
    if (!response.ok) {
      say(await why(response), true);
      return;
    }
    const found = await response.json();
    before = from;
    at("said").textContent = visible(found.claim);
    at("quote").replaceChildren(
      ...found.segments.map(({ text, roles }) =>
        roles.length ? make("mark", text, { class: roles.join(" "), title: roles.join(", ") }) : visible(text),
      ),
    );
    const facts = [
      ["policy", [found.company, found.title, found.date].filter(Boolean).join(" · ")],
      ["under", found.headings.join(" › ")],
      ["kind", `${found.denial ? "a denial" : "a statement"}, ${found.modality}`],
      ["confidence", found.confidence.toFixed(2)],
      ...found.roles.map((role) => [role.name, [role.text, role.label].filter(Boolean).join(" → ")]),
      ...found.context.map((place) => ["rests also on", place.text]),
      ["source", found.urls.join(" ")],
      ["statement", found.iri],
    ];
    at("facts").replaceChildren(
      ...facts.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", name), make("dd", value)]),
    );
    at("sentence").hidden = false;
    at("said").focus();
  };

  const close = () => {
    if (at("sentence").hidden) return;
    at("sentence").hidden = true;
    before?.focus();
  };

  const chosen = () => questions.find((one) => one.name === at("name").value);

  const address = (more = {}) => {
    const given = new URLSearchParams(more);
    for (const input of at("parameters").querySelectorAll("input")) {
      if (input.value.trim()) given.set(input.name, input.value.trim());
    }
    const text = given.toString();
    return chosen().href + (text ? `?${text}` : "");
  };

  const link = () => {
    const csv = at("as-csv");
    csv.hidden = !at("canned").checkValidity();
    csv.href = address({ format: "csv" });
  };

  const fields = () => {
    at("parameters").replaceChildren(
      ...chosen().parameters.map(({ name, required, meaning }) => {
        const line = make("p");
        const label = make("label", `${name}${required ? "" : " (may be left open)"}`, { for: `of-${name}` });
        const input = make("input", null, { id: `of-${name}`, name, placeholder: meaning, autocomplete: "off" });
        input.required = required;
        line.append(label, input);
        return line;
      }),
    );
    link();
  };

  const choices = async () => {
    const response = await fetch("/queries");
    if (!response.ok) {
      say(await why(response), true);
      return;
    }
    questions = await response.json();
    at("name").replaceChildren(...questions.map((one) => make("option", one.question, { value: one.name })));
    fields();
  };

  at("text").value = FIRST;
  at("name").addEventListener("change", fields);
  at("parameters").addEventListener("input", link);
  at("canned").addEventListener("submit", (event) => {
    event.preventDefault();
    if (chosen()) ask(address(), { headers: { Accept: "application/json" } }, showQuestion);
  });
  at("as-sparql").addEventListener("click", () => {
    if (!chosen()) return;
    at("text").value = chosen().sparql;
    at("text").focus();
  });
  at("sparql").addEventListener("submit", (event) => {
    event.preventDefault();
    const accept = "application/sparql-results+json, text/turtle;q=0.9";
    const headers = { "Content-Type": "application/sparql-query", Accept: accept };
    ask("/sparql", { method: "POST", headers, body: at("text").value }, showSparql);
  });
  at("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      at("sparql").requestSubmit();
    }
  });
  at("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  choices();
})();
