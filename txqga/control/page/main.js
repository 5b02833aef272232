// The page: what is known of all guests, kept up to date, and which of its two views is shown.

import { ask, follow, path, setToken, takeToken } from "./api.js";
import { el } from "./draw.js";
import { Happened } from "./events.js";
import { GuestView } from "./guest.js";
import { GuestsView } from "./guests.js";

const EVERY = 10_000; // milliseconds between two looks at the figures
const MANY = 20; // guests that are asked for one by one; if more have changed, all are
const BUSY = 2000; // milliseconds until a guest that was busy is looked at again
const SOON = 80; // milliseconds in which changes are gathered
const AGAIN = 2000; // milliseconds after which is asked again what was not answered

const main = document.querySelector("#main");
const state = {
  guests: new Map(), // by name, as /v1/guests has them
  vitals: new Map(), // by name, as /v1/figures has them
  polls: false,
  happened: new Happened(), // of what is told to people
  may: () => false, // whether a command of a guest may be called
  received: 0, // when the guests were asked for, by performance.now()
};
const changed = new Set();
const busy = new Map(); // by name: what looks at a guest again that was busy
let view = null;
let gathering = false; // until everything is known that was to be asked for
let whole = true; // everything is asked for anew

function show() {
  const found = /^#\/guest\/([^/]+)$/.exec(location.hash);
  let name = null;
  try {
    name = found ? decodeURIComponent(found[1]) : null;
  } catch {
    // no name at all
  }
  view?.close?.();
  view = name === null ? new GuestsView(state) : new GuestView(state, name);
  document.title = name === null ? "Guests" : `${name} – Guests`;
  main.replaceChildren(view.element);
  view.update();
  if (found) main.focus();
}

function count() {
  const guests = [...state.guests.values()];
  const ready = guests.filter((each) => ["ready", "busy"].includes(each.state)).length;
  const words = guests.length === 1 ? "1 guest" : `${guests.length} guests`;
  document.querySelector("#counts").textContent = `${words}, ${ready} ready`;
}

function put(guest) {
  state.guests.set(guest.name, { ...guest, received: performance.now() });
  clearTimeout(busy.get(guest.name));
  busy.delete(guest.name);
  if (guest.state === "busy") busy.set(guest.name, setTimeout(() => again(guest.name), BUSY));
}

/** Look at a guest again that was busy: that a command has ended is no event. */
function again(name) {
  busy.delete(name);
  if (state.guests.get(name)?.state !== "busy") return;
  changed.add(name);
  gather();
}

async function refresh() {
  const names = [...changed];
  changed.clear();
  if (whole || names.length > MANY) {
    whole = false;
    const [{ guests }, me] = await Promise.all([ask("GET", "/v1/guests"), ask("GET", "/v1/me")]);
    state.guests.clear();
    guests.forEach(put);
    for (const name of busy.keys()) {
      if (!state.guests.has(name)) busy.delete(name);
    }
    allow(me);
  } else {
    await Promise.all(names.map(refreshOne));
  }
  count();
  view.update();
}

async function refreshOne(name) {
  try {
    put(await ask("GET", path(name)));
  } catch (why) {
    if (why.code !== "no-such-guest") throw why;
    state.guests.delete(name);
  }
}

function allow(me) {
  const rights = new Map();
  for (const each of me.may) {
    const commands = new Set(each.commands);
    each.guests.forEach((guest) => rights.set(guest, commands));
  }
  state.may = (guest, command) => rights.get(guest)?.has(command) ?? false;
}

async function look() {
  const points = state.vitals.size ? 1 : 30;
  const told = await ask("GET", `/v1/figures?points=${points}`);
  state.polls = told.polls;
  const before = state.vitals;
  state.vitals = new Map();
  for (const [name, vitals] of Object.entries(told.guests)) {
    const known = before.get(name) ?? {};
    const now = Object.entries(vitals).map(([kind, vital]) => [kind, joined(known[kind], vital)]);
    state.vitals.set(name, Object.fromEntries(now));
  }
  view.update();
}

function joined(before, vital) {
  if (before === undefined || vital.points.length > 1) return vital;
  if (vital.time === before.time) return before; // a clock that was set back goes on all the same
  return { ...vital, points: [...before.points, ...vital.points].slice(-30) };
}

/** Ask for what has changed: once at a time, or an old answer could come after a newer one. */
async function gather() {
  if (gathering) return;
  gathering = true;
  await pause(SOON);
  while (whole || changed.size) {
    try {
      await refresh();
      await pause(SOON);
    } catch (why) {
      failed(why);
      whole = true;
      await pause(AGAIN);
    }
  }
  gathering = false;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function heard(event) {
  state.happened.hear(event);
  if (event.kind === "missed" || event.kind === "guest-added") whole = true;
  else if (event.data.guest) changed.add(event.data.guest);
  gather();
}

function live(is, why) {
  const shown = document.querySelector("#live");
  shown.dataset.live = is ? "yes" : "no";
  shown.textContent = is ? "live" : "not connected";
  if (is) {
    whole = true; // what happened meanwhile may have been missed
    gather();
  } else if (why?.status === 401) askForToken(why.message);
}

function failed(why) {
  if (why.status === 401) askForToken(why.message);
  else document.querySelector("#counts").textContent = why.message;
}

function askForToken(why) {
  if (document.querySelector("form.token")) return;
  const field = el("input", { type: "password", name: "token", required: true, autocomplete: "off" });
  const form = el(
    "form",
    { class: "token bar" },
    el("label", {}, "Token ", field),
    el("button", { type: "submit" }, "Show the guests"),
    el("p", { class: "said bad", role: "alert" }, why),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    setToken(field.value.trim());
    location.reload();
  });
  main.replaceChildren(form);
  field.focus();
}

addEventListener("hashchange", show);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // another address would be another view
  main.focus();
});
addEventListener("keydown", (event) => {
  const writing = event.target.matches?.("input, textarea");
  if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "Escape" && !writing && location.hash.startsWith("#/guest/")) {
    location.hash = "#/";
  }
});
takeToken();
show();
follow(heard, live);
const looking = () => look().then(count, failed);
looking();
setInterval(() => document.visibilityState === "visible" && looking(), EVERY);
setInterval(() => view.tick?.(), 1000);
