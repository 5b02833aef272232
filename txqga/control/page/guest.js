// One guest: how it is and why, what it is made of, and what may be done with it.

import { ask, command, path } from "./api.js";
import { amount, answers, badge, el, isHeld, octets, plain, spark, span } from "./draw.js";
import { EventList } from "./events.js";

const EVERY = 10_000; // milliseconds between two looks at its figures
const WORDS = {
  cpu: ["CPU in use", 1],
  load: ["Load, 1 minute", null],
  memory: ["Memory in use", 1],
  disk: ["Disks, read and written", null],
  network: ["Network, in and out", null],
};

export class GuestView {
  constructor(state, name) {
    this.state = state;
    this.name = name;
    this.asked = 0; // when the figures were asked for last
    this.talks = null; // whether the agent could be asked for what it is
    this.examined = ""; // the state and reason for which advice was asked last
    this.held = false; // whether it is frozen, as far as was told
    this.acting = new Set(); // the buttons whose act is under way
    this.head = el("div", { class: "title" });
    this.reason = el("p", { class: "quiet" });
    this.frozen = el("span", { role: "status" });
    this.left = el("span", { role: "timer" }); // counts down, which is not to be read out
    this.advice = el("div");
    this.said = el("p", { class: "said", role: "status" });
    this.seconds = el("input", { type: "number", min: 1, max: 3600, value: 60, name: "seconds" });
    this.buttons = {
      ping: this.button("Ping", "guest-ping", () => this.ping()),
      freeze: this.button("Freeze", "guest-fsfreeze-freeze", () => this.freeze()),
      thaw: this.button("Thaw", "guest-fsfreeze-thaw", () => this.thaw()),
    };
    this.cards = el("div", { class: "cards" });
    this.events = new EventList(state.happened, name);
    this.parts = {};
    for (const each of ["filesystems", "interfaces", "users", "system", "commands"]) {
      this.parts[each] = el("section", { id: each });
    }
    this.element = el(
      "div",
      {},
      el("p", {}, el("a", { href: "#/" }, "← All guests")),
      this.head,
      this.reason,
      el("p", { id: "freeze" }, this.frozen, this.left),
      el(
        "div",
        { class: "actions" },
        this.buttons.ping,
        this.buttons.freeze,
        el("label", {}, "for ", this.seconds, " s"),
        this.buttons.thaw,
      ),
      this.said,
      this.advice,
      this.cards,
      this.events.element,
      ...Object.values(this.parts),
    );
  }

  button(words, needs, act) {
    const made = el("button", { type: "button", data: { needs } }, words);
    made.addEventListener("click", async () => {
      if (this.acting.has(made)) return;
      this.acting.add(made);
      made.setAttribute("aria-disabled", "true"); // so it keeps the focus
      this.say(`${words} …`);
      try {
        this.say(await act());
      } catch (why) {
        this.say(why.message, true);
      }
      this.acting.delete(made);
      made.removeAttribute("aria-disabled");
      this.update();
    });
    return made;
  }

  say(words, bad = false) {
    this.said.textContent = plain(words);
    this.said.classList.toggle("bad", bad);
  }

  async ping() {
    const began = performance.now();
    await command(this.name, "guest-ping");
    return `It answered after ${(performance.now() - began).toFixed(0)} ms.`;
  }

  async freeze() {
    const seconds = Number(this.seconds.value);
    if (!(seconds > 0)) throw new Error("Say for how many seconds.");
    const told = await ask("POST", path(this.name, "freeze"), { seconds });
    return `Frozen, for ${seconds} s at most: ${filesystemsOf(told)}.`;
  }

  async thaw() {
    const told = await ask("DELETE", path(this.name, "freeze"));
    return `Thawed: ${filesystemsOf(told)}.`;
  }

  update() {
    this.events.update();
    const guest = this.state.guests.get(this.name);
    if (guest === undefined) {
      this.head.replaceChildren(el("h2", {}, this.name));
      this.frozen.textContent = this.left.textContent = "";
      this.advice.replaceChildren();
      this.talks = null;
      for (const each of Object.values(this.buttons)) each.disabled = true;
      const words = this.state.guests.size ? "No guest of that name is served." : "";
      this.reason.textContent = words;
      return;
    }
    const shown = badge(guest);
    if (this.head.lastChild?.textContent !== shown.textContent) {
      this.head.replaceChildren(el("h2", {}, this.name), shown);
    }
    for (const each of Object.values(this.buttons)) {
      const may = this.state.may(this.name, each.dataset.needs);
      each.disabled = !may;
      each.title = may ? "" : "The mux's policy does not allow you this.";
    }
    const held = isHeld(guest);
    if (this.held && !held && !this.acting.size) this.say(""); // that it is frozen holds no more
    this.held = held;
    this.tick();
    this.examine(guest);
    if (performance.now() - this.asked > EVERY - 1000) this.look();
    const talks = ["ready", "busy"].includes(guest.state) && !held; // a frozen one says nothing
    if (this.talks !== talks) {
      this.talks = talks;
      if (talks) this.inquire();
    }
  }

  tick() {
    const guest = this.state.guests.get(this.name);
    if (guest === undefined) return;
    const passed = (performance.now() - guest.received) / 1000;
    this.reason.textContent = plain(`${guest.reason} (for ${span(guest.seconds + passed)})`);
    const { freeze } = guest;
    const [words, left] =
      freeze.stage === "thawed"
        ? ["", ""]
        : freeze.left === undefined
          ? [freeze.reason, ""]
          : [`Frozen for ${freeze.owner}: `, `thawed in ${span(freeze.left - passed)} at the latest.`];
    if (this.frozen.textContent !== plain(words)) this.frozen.textContent = plain(words);
    this.left.textContent = left;
  }

  async examine(guest) {
    const examined = answers(guest) ? "" : `${guest.state} ${guest.reason}`;
    if (examined === this.examined) return;
    this.examined = examined;
    if (examined === "") {
      this.advice.replaceChildren();
      return;
    }
    try {
      const { findings } = await ask("GET", path(this.name, "doctor"));
      if (examined !== this.examined) return; // it is another case meanwhile
      this.advice.replaceChildren(
        ...findings.map((each) => el("div", { class: "advice" }, el("p", {}, `${each.words} ${each.advice}`))),
      );
    } catch {
      this.advice.replaceChildren(); // the state and its reason are shown all the same
      this.examined = ""; // asked for again with what comes
    }
  }

  async look() {
    this.asked = performance.now();
    let told;
    try {
      told = await ask("GET", path(this.name, "figures"));
    } catch {
      return; // the next look comes soon
    }
    this.cards.replaceChildren(...Object.entries(told.vitals).map(card));
    if (!told.polls) {
      const words = "Figures are not collected: the mux was started without --poll.";
      this.cards.replaceChildren(el("p", { class: "quiet" }, words));
    }
    this.parts.filesystems.replaceChildren(...filesystems(told.figures));
  }

  /** Ask the agent itself, once, for what does not change often. */
  async inquire() {
    const part = async (id, needs, draw) => {
      if (!this.state.may(this.name, needs)) return;
      try {
        this.parts[id].replaceChildren(...draw(await command(this.name, needs)));
      } catch (why) {
        this.parts[id].replaceChildren(el("p", { class: "quiet" }, `${needs}: ${why.message}`));
      }
    };
    await part("system", "guest-get-osinfo", system);
    await part("interfaces", "guest-network-get-interfaces", interfaces);
    await part("users", "guest-get-users", users);
    await part("commands", "guest-info", commands);
  }
}

function filesystemsOf({ filesystems }) {
  return filesystems === 1 ? "1 filesystem" : `${filesystems} filesystems`;
}

function card([kind, vital]) {
  const [words, top] = WORDS[kind] ?? [kind, null];
  const value = amount(vital.unit, vital.points.at(-1));
  return el(
    "div",
    { class: "card", data: { vital: kind } },
    el("h3", {}, words),
    el("div", { class: "big" }, value),
    spark(vital.points, top, `${words} of late; now ${value}`),
  );
}

function filesystems(figures) {
  const found = new Map();
  for (const [name, key] of [
    ["qga_guest_filesystem_size_bytes", "size"],
    ["qga_guest_filesystem_used_bytes", "used"],
    ["qga_guest_filesystem_avail_bytes", "left"],
  ]) {
    const figure = figures.find((each) => each.name === name);
    for (const { labels, value } of figure?.series ?? []) {
      const where = JSON.stringify(labels);
      found.set(where, { ...found.get(where), labels, [key]: value });
    }
  }
  if (!found.size) return [];
  const rows = [...found.values()].map(({ labels, size, used, left }) => {
    const share = size > 0 && used !== undefined ? used / size : null;
    return [
      labels.mountpoint,
      labels.device,
      labels.fstype,
      share === null ? "–" : bar(share),
      used === undefined ? "–" : octets(used),
      left === undefined ? "–" : octets(left),
      size === undefined ? "–" : octets(size),
    ];
  });
  return [table("Filesystems", ["Mounted at", "Device", "Type", "Full", "Used", "Left", "Size"], rows)];
}

function bar(share) {
  const words = `${Math.round(share * 100)} %`;
  const meter = el("meter", { min: 0, max: 1, low: 0.8, high: 0.9, optimum: 0, value: share });
  meter.setAttribute("aria-label", `${words} used`);
  return el("span", { class: "vital" }, meter, el("span", { class: "number" }, words));
}

function system(os) {
  const known = [
    ["System", os["pretty-name"] ?? os.name],
    ["Kernel", os["kernel-release"]],
    ["Machine", os.machine],
  ];
  const pairs = known.filter(([, value]) => value);
  return [el("h2", {}, "System"), el("dl", {}, ...pairs.flatMap(([a, b]) => [el("dt", {}, a), el("dd", {}, String(b))]))];
}

function interfaces(list) {
  const rows = list.slice(0, 64).map((each) => [
    String(each.name),
    String(each["hardware-address"] ?? "–"),
    (each["ip-addresses"] ?? []).slice(0, 32).map((ip) => `${ip["ip-address"]}/${ip.prefix}`).join(", ") || "–",
  ]);
  return [table("Interfaces", ["Name", "Hardware address", "Addresses"], rows)];
}

function users(list) {
  if (!list.length) return [el("h2", {}, "Users"), el("p", { class: "quiet" }, "Nobody is logged in.")];
  const rows = list.slice(0, 64).map((each) => [
    String(each.user),
    String(each.domain ?? "–"),
    new Date(Number(each["login-time"]) * 1000).toLocaleString(),
  ]);
  return [table("Users", ["Name", "Domain", "Since"], rows)];
}

function commands(info) {
  const all = info.supported_commands.slice(0, 512);
  const items = all.map((each) => el("li", { class: each.enabled ? "" : "off" }, String(each.name)));
  const on = all.filter((each) => each.enabled).length;
  const words = `Agent ${String(info.version)}: ${on} of ${all.length} commands are enabled`;
  return [el("h2", {}, "Agent"), el("details", {}, el("summary", {}, words), el("ul", { class: "commands" }, ...items))];
}

function table(caption, heads, rows) {
  return el(
    "div",
    { class: "narrow" },
    el(
      "table",
      {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...heads.map((each) => el("th", { scope: "col" }, each)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((each) => el("td", {}, each))))),
    ),
  );
}
