// What has happened to guests of late: what an operator wants to know, not each step of a session.

import { el, octets, span } from "./draw.js";

const KEPT = 200; // events of all guests
const SHOWN = 12; // at a time

/** By the event's name: how bad it is, and what is said. */
const SAID = {
  "guest-added": () => ["good", "is served"],
  "guest-removed": () => ["warn", "is served no more"],
  "agent-gone": (it) => ["bad", `the agent does not answer: ${it.reason}`],
  "agent-back": (it) => ["good", `the agent answers again, after ${span(it.seconds)}`],
  "guest-rebooted": () => ["warn", "was started anew"],
  "frozen-too-long": (it) =>
    it.alert === "raised"
      ? ["bad", `frozen for ${span(it.seconds)}, for ${it.owner}`]
      : ["good", `frozen no more, after ${span(it.seconds)}`],
  "disk-nearly-full": (it) =>
    it.alert === "raised"
      ? ["bad", `${it.mountpoint}: ${it.used} % are used, ${octets(it.available)} left`]
      : ["good", `${it.mountpoint}: ${it.used === undefined ? it.reason : `${it.used} % are used`}`],
};

/** Keeps the last events that are told to people. */
export class Happened {
  constructor() {
    this.kept = []; // the newest first
    this.number = 0; // grows with each
  }

  hear(event) {
    const says = SAID[event.kind];
    if (says === undefined) return;
    const [mood, words] = says(event.data);
    const { guest, time } = event.data;
    this.kept.unshift({ kind: event.kind, guest, time, mood, words });
    this.kept.length = Math.min(this.kept.length, KEPT);
    this.number += 1;
  }
}

/** Shows them, of all guests or of one. */
export class EventList {
  constructor(happened, guest = null) {
    this.happened = happened;
    this.guest = guest;
    this.drawn = -1;
    this.list = el("ol", { class: "events" });
    this.element = el("section", { id: "events", hidden: true }, el("h2", {}, "What has happened"), this.list);
  }

  update() {
    if (this.drawn === this.happened.number) return;
    this.drawn = this.happened.number;
    const wanted = this.happened.kept.filter((each) => this.guest === null || each.guest === this.guest);
    this.element.hidden = wanted.length === 0;
    this.list.replaceChildren(...wanted.slice(0, SHOWN).map((each) => this.row(each)));
  }

  row({ kind, guest, time, mood, words }) {
    const when = new Date(time * 1000);
    const at = el("time", { dateTime: when.toISOString(), class: "quiet" }, when.toLocaleString());
    const what = el("span", { class: `mood ${mood}` }, words);
    const named = el("a", { href: `#/guest/${encodeURIComponent(guest)}` }, guest);
    return el("li", { data: { kind } }, at, ...(this.guest === null ? [named] : []), what);
  }
}
