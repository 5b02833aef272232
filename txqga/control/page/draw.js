// Elements. Whatever a guest says becomes text, and never markup.

const SVG = "http://www.w3.org/2000/svg";

const LONGEST = 1000; // characters of a text
const MARKS = /(\p{M}{3})\p{M}+/gu; // more than any script puts on one letter

/**
 * Show what cannot be seen, or turns what is beside it around; cut what is too long, or would be
 * drawn over what is above and below.
 */
export function plain(text) {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd").replace(MARKS, "$1\ufffd");
}

/** Make an element: properties, then children; a string becomes text. */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key === "data") Object.assign(made.dataset, value);
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  for (const each of children) made.append(typeof each === "string" ? plain(each) : each);
  return made;
}

/** Draw points as a line over its area; `top` is the value at the upper edge, if it is fixed. */
export function spark(points, top, words) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", "0 0 100 24");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words);
  const highest = Math.max(top ?? 0, ...points) || 1;
  const step = points.length > 1 ? 100 / (points.length - 1) : 100;
  const across = points.length > 1 ? points : [points[0], points[0]];
  const dots = across.map((value, number) => {
    return `${(number * step).toFixed(2)},${(23 - 22 * Math.max(0, value / highest)).toFixed(2)}`;
  });
  for (const [kind, form] of [
    ["area", `M0,24 L${dots.join(" L")} L100,24 Z`],
    ["line", `M${dots.join(" L")}`],
  ]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", kind);
    path.setAttribute("d", form);
    svg.append(path);
  }
  return svg;
}

/** Write octets as people do. */
export function octets(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  if (value >= 2 ** 80) return "more than there is";
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Write a time span as people do. */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** Write a vital's value. */
export function amount(unit, value) {
  if (unit === "ratio") return `${Math.round(value * 100)} %`;
  if (unit === "bytes per second") return `${octets(value)}/s`;
  return value.toFixed(2);
}

const KINDS = {
  ready: "good", busy: "good", frozen: "cold", freezing: "cold", thawing: "cold", doubtful: "cold",
  paused: "cold", migrating: "cold", desynced: "bad", held: "bad", absent: "bad",
};

/** Whether it is frozen, or may be. */
export function isHeld(guest) {
  return guest.freeze.stage !== "thawed" && guest.freeze.stage !== "lapsed";
}

/** Draw how a guest is. */
export function badge(guest) {
  const state = isHeld(guest) ? guest.freeze.stage : guest.state;
  return el("span", { class: `state ${KINDS[state] ?? "warn"}`, data: { state } }, state);
}

/** Whether the agent answers. */
export function answers(guest) {
  return ["ready", "busy", "frozen"].includes(guest.state);
}
