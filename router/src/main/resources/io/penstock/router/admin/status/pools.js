// The pools, each a table of its engines. What is there stays there: only what changed is written.
import { count, span, text } from "./numbers.js";

const TONES = { ready: "good", new: "muted", half_open: "warn", busy: "warn", draining: "muted", ejected: "bad", down: "bad" };
const WORDS = { half_open: "on trial", new: "not probed yet" };

const POOL = '<header><h2 class="cut"></h2><p class="pill"></p></header><p class="facts muted"></p>'
  + '<p class="found muted" hidden><span class="place"></span><span class="problem" data-tone="warn"></span></p>'
  + '<table><thead><tr><th scope="col">Engine</th><th scope="col" class="state-column">State</th><th scope="col" class="number">In flight</th>'
  + '<th scope="col" class="number">Tokens/s</th><th scope="col" class="number">Sessions</th></tr></thead><tbody></tbody></table>'
  + '<p class="none muted" hidden>This pool has no engine.</p>';
const ENGINE = '<th scope="row"><span class="name"></span></th><td class="state-column"><span class="state"></span></td>'
  + '<td class="number"><span class="bar"><i></i></span><span class="in-flight"></span></td>'
  + '<td class="number tokens"></td><td class="number sessions"></td>';

/** Writes a text, and where it may be cut, the whole of it as a hint. */
function put(element, words, hint) {
  if (element.textContent !== words) {
    element.textContent = words;
  }
  if (hint !== undefined && element.title !== hint) {
    element.title = hint;
  }
}

function made(tag, html, className) {
  const element = document.createElement(tag);
  element.className = className;
  element.innerHTML = html;
  return element;
}

/** Makes the children of `parent` those of `things`, in their order; `make` and `write` are given one of them. */
function match(parent, things, make, write) {
  const there = new Map([...parent.children].map((child) => [child.dataset.name, child]));
  things.forEach((thing, place) => {
    const child = there.get(thing.name) ?? make();
    there.delete(thing.name);
    child.dataset.name = thing.name;
    if (parent.children[place] !== child) {
      parent.insertBefore(child, parent.children[place] ?? null);
    }
    write(child, thing);
  });
  there.forEach((child) => child.remove());
}

export function writePools(parent, pools) {
  match(parent, pools, () => made("section", POOL, "pool"), writePool);
}

function writePool(element, pool) {
  put(element.querySelector("h2"), pool.name, pool.name);
  const pill = element.querySelector(".pill");
  pill.dataset.tone = pool.removed ? "muted" : pool.canServe ? "good" : "bad";
  put(pill, pool.removed ? "removed, ending" : pool.canServe ? "serving" : "no engine may be picked");
  put(element.querySelector(".facts"), facts(pool), pool.models.join(", "));
  writeFound(element.querySelector(".found"), pool.discovery);
  element.querySelector("table").hidden = pool.engines.length === 0;
  element.querySelector(".none").hidden = pool.engines.length > 0;
  const full = pool.engineLimit || Math.max(4, ...pool.engines.map((engine) => engine.inFlight));
  const troubled = pool.engines.filter((engine) => engine.state !== "ready");
  const well = pool.engines.filter((engine) => engine.state === "ready");
  match(element.querySelector("tbody"), [...troubled, ...well], () => made("tr", ENGINE, "engine"),
    (row, engine) => writeEngine(row, engine, full));
}

/** How the engines are found, where they are not listed. */
function writeFound(element, found) {
  element.hidden = !found;
  if (found) {
    const told = [
      `found by ${found.place}`,
      found.changeSeconds === null ? "" : `changed ${span(Math.floor(found.changeSeconds))} ago`,
      found.withheld ? `${found.withheld} not ready` : "",
    ];
    put(element.querySelector(".place"), told.filter((fact) => fact).join(" · "));
    put(element.querySelector(".problem"), found.problem ?? "");
  }
}

function facts(pool) {
  const inFlight = pool.engines.reduce((total, engine) => total + engine.inFlight, 0);
  const ready = pool.engines.filter((engine) => engine.state === "ready").length;
  const told = [
    pool.role ?? "",
    models(pool),
    `${ready} of ${pool.engines.length} ready`,
    pool.requestsLimit ? `${inFlight} of ${pool.requestsLimit} in flight` : `${inFlight} in flight`,
    pool.waitingLimit ? `${pool.waiting} of ${pool.waitingLimit} waiting` : "",
  ];
  return told.filter((fact) => fact).join(" · ");
}

function models(pool) {
  if (pool.modelCount === 0) {
    return "no model known yet";
  }
  const more = pool.modelCount - 2;
  return pool.models.slice(0, 2).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function writeEngine(row, engine, full) {
  put(row.querySelector(".name"), engine.name, engine.name);
  const state = row.querySelector(".state");
  state.dataset.tone = TONES[engine.state] ?? "muted";
  put(state, WORDS[engine.state] ?? engine.state);
  put(row.querySelector(".in-flight"), text(count(engine.inFlight)));
  put(row.querySelector(".tokens"), text(count(engine.tokensPerSecond)));
  put(row.querySelector(".sessions"), text(count(engine.sessions)));
  row.querySelector("i").style.width = `${Math.min(100, (100 * engine.inFlight) / full)}%`;
}
