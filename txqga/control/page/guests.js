// All guests, a row each.

import { amount, badge, el, spark } from "./draw.js";
import { EventList } from "./events.js";

const VITALS = [
  ["cpu", "CPU", 1],
  ["load", "Load", null],
  ["memory", "Memory", 1],
  ["disk", "Disk", null],
  ["network", "Network", null],
];

export class GuestsView {
  constructor(state) {
    this.state = state;
    this.rows = new Map();
    this.search = el("input", {
      type: "search",
      placeholder: "Name, state or reason   ( / )",
      "aria-label": "Show only guests whose name, state or reason has these words",
      oninput: () => this.update(),
    });
    this.body = el("tbody", { role: "rowgroup" }); // a table drawn as blocks would have no roles
    this.nothing = el("p", { class: "quiet" });
    this.events = new EventList(state.happened);
    const heads = ["Guest", "State", "Reason", ...VITALS.map(([, words]) => words)];
    this.element = el(
      "div",
      {},
      el("div", { class: "bar" }, this.search),
      el(
        "div",
        { class: "narrow" },
        el(
          "table",
          { class: "guests", role: "table" },
          el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads.map(head))),
          this.body,
        ),
      ),
      this.nothing,
      this.events.element,
    );
  }

  update() {
    this.events.update();
    const wanted = this.search.value.trim().toLowerCase();
    const names = [...this.state.guests.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const shown = [];
    for (const name of names) {
      const guest = this.state.guests.get(name);
      const text = `${name} ${guest.state} ${guest.freeze.stage} ${guest.reason}`.toLowerCase();
      if (text.includes(wanted)) shown.push(this.row(guest));
    }
    for (const name of this.rows.keys()) {
      if (!this.state.guests.has(name)) this.rows.delete(name);
    }
    this.place(shown);
    if (this.state.guests.size === 0) {
      this.nothing.textContent = "No guest is served, or none that you may know of.";
    } else {
      this.nothing.textContent = shown.length ? "" : "No guest is like that.";
    }
  }

  place(shown) {
    const there = this.body.children;
    shown.forEach((row, number) => {
      if (there[number] !== row) this.body.insertBefore(row, there[number] ?? null);
    });
    while (there.length > shown.length) there[there.length - 1].remove();
  }

  row(guest) {
    const vitals = this.state.vitals.get(guest.name) ?? {};
    // what is drawn from, so that only what has changed is drawn
    const drawn = JSON.stringify([guest.state, guest.reason, guest.freeze.stage, vitals]);
    let known = this.rows.get(guest.name);
    if (known === undefined) {
      known = { row: el("tr", { role: "row", data: { guest: guest.name } }), drawn: "" };
      const to = `#/guest/${encodeURIComponent(guest.name)}`;
      const link = el("a", { href: to }, guest.name);
      known.row.append(el("td", { role: "cell", class: "name" }, link));
      this.rows.set(guest.name, known);
    }
    if (known.drawn !== drawn) {
      known.drawn = drawn;
      while (known.row.children.length > 1) known.row.lastChild.remove();
      known.row.append(
        el("td", { role: "cell", data: { name: "State" } }, badge(guest)),
        el("td", { role: "cell", class: "reason" }, guest.reason),
        ...VITALS.map(([kind, words, top]) => cell(words, vitals[kind], top)),
      );
    }
    return known.row;
  }
}

function head(words) {
  return el("th", { scope: "col", role: "columnheader" }, words);
}

function cell(words, vital, top) {
  if (vital === undefined) {
    return el("td", { role: "cell", class: "absent", data: { name: words } }, "–");
  }
  const value = amount(vital.unit, vital.points.at(-1));
  return el(
    "td",
    { role: "cell", data: { name: words } },
    el(
      "span",
      { class: "vital" },
      spark(vital.points, top, `${words} of late; now ${value}`),
      el("span", { class: "number" }, value),
    ),
  );
}
