// What is asked of the mux, and what it tells by itself.

const KEY = "txqga.token";
const SILENT = 40_000; // milliseconds without a sign of life, of which one comes every 15 s

/** An answer that says what went wrong. */
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** Take a token out of the address, where a link has put it, so that it is not kept there. */
export function takeToken() {
  const found = /^#token=([A-Za-z0-9._~+/=-]+)$/.exec(location.hash);
  if (found) {
    setToken(found[1]);
    history.replaceState(null, "", "#/");
  }
}

export function setToken(token) {
  sessionStorage.setItem(KEY, token);
}

function headers(more = {}) {
  const token = sessionStorage.getItem(KEY);
  return token ? { ...more, authorization: `Bearer ${token}` } : more;
}

async function problem(response) {
  try {
    const said = await response.json();
    return new Problem(response.status, said.code ?? "", said.detail ?? response.statusText);
  } catch {
    return new Problem(response.status, "", response.statusText || `status ${response.status}`);
  }
}

/** Ask, and give what is answered; throws a Problem. */
export async function ask(method, path, body) {
  const wanted = { method, headers: headers(), cache: "no-store" };
  if (body !== undefined) {
    wanted.headers = headers({ "content-type": "application/json" });
    wanted.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, wanted);
  } catch {
    throw new Problem(0, "unreachable", "the mux does not answer");
  }
  if (!response.ok) {
    throw await problem(response);
  }
  return response.status === 204 ? null : response.json();
}

/** The path of a guest, or of something of it. */
export function path(guest, ...parts) {
  return ["/v1/guests", encodeURIComponent(guest), ...parts.map(encodeURIComponent)].join("/");
}

/** Run a command of a guest's agent. */
export async function command(guest, name, given = {}) {
  return (await ask("POST", path(guest, "commands", name), given)).return;
}

/**
 * Follow what happens, for ever: `heard` gets each event, `live` whether we are connected, and
 * why not.
 *
 * EventSource sends no token, so the stream is read by hand.
 */
export async function follow(heard, live) {
  let last = "0-0"; // of no life of the mux: all that is kept is told
  let wait = 500;
  for (;;) {
    const given = new AbortController();
    const hears = () => setTimeout(() => given.abort(), SILENT);
    let silence = hears();
    try {
      const more = { "last-event-id": last };
      const wanted = { headers: headers(more), cache: "no-store", signal: given.signal };
      const response = await fetch("/v1/events", wanted);
      if (!response.ok) {
        throw await problem(response);
      }
      wait = 500;
      live(true);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(silence);
        silence = hears();
        text += value;
        const blocks = text.split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const event = parsed(block);
          if (event !== null) {
            last = event.id ?? last;
            heard(event);
          }
        }
      }
      live(false, null);
    } catch (why) {
      live(false, why);
    } finally {
      clearTimeout(silence);
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 10_000);
  }
}

function parsed(block) {
  const event = { id: null, kind: "message", data: null };
  for (const line of block.split("\n")) {
    const [name, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()];
    if (name === "id") event.id = value;
    else if (name === "event") event.kind = value;
    else if (name === "data") event.data = JSON.parse(value);
  }
  return event.data === null ? null : event;
}
