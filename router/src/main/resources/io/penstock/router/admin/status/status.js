// The page: one event a second from the router, written into charts and pools. A page nobody sees does not listen.
import { Charts } from "./charts.js";
import { span } from "./numbers.js";
import { writePools } from "./pools.js";

const EVENTS = "status/events";
const AGAIN_MS = 5000;
const SILENCE_MS = 5000;

const standing = document.getElementById("standing");
const charts = new Charts(document.getElementById("tiles"));
let source = null;
let silence = 0;
let again = 0;

function stand(words, tone) {
  standing.textContent = words;
  standing.dataset.tone = tone;
  document.title = `Penstock: ${words}`;
}

function show(status) {
  document.body.classList.remove("stale");
  const down = status.pools.filter((pool) => !pool.canServe && !pool.removed).length;
  if (status.draining) {
    stand("draining", "warn");
  } else if (!status.ready) {
    stand("not ready", "bad");
  } else if (down) {
    stand(`ready, ${down} of ${status.pools.length} pools out`, "warn");
  } else {
    stand("ready", "good");
  }
  document.getElementById("facts").textContent
    = `${location.host} · ${status.version} · up ${span(status.uptimeSeconds)}`;
  charts.add(Date.now() / 1000, status);
  writePools(document.getElementById("pools"), status.pools);
}

/** What is shown is old from now on. */
function lost(words) {
  if (!document.body.classList.contains("stale")) {
    document.body.classList.add("stale");
    charts.add(Date.now() / 1000, null);
  }
  stand(words, "bad");
}

function listen() {
  stop();
  source = new EventSource(EVENTS);
  source.onmessage = (event) => {
    clearTimeout(silence);
    silence = setTimeout(() => lost("no answer"), SILENCE_MS);
    show(JSON.parse(event.data));
  };
  source.onerror = refused;
}

function stop() {
  clearTimeout(silence);
  clearTimeout(again);
  source?.close();
  source = null;
}

/** A stream that broke is asked for again by the browser; one that was refused, by us. */
async function refused() {
  clearTimeout(silence);
  lost("no connection");
  if (source?.readyState === EventSource.CLOSED) {
    again = setTimeout(listen, AGAIN_MS);
    const answer = await fetch(EVENTS, { method: "HEAD" }).catch(() => null);
    if (answer?.status === 503) {
      stand("too many watch already", "warn");
    }
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stop();
    charts.add(Date.now() / 1000, null);
  } else {
    listen();
  }
});
if (!document.hidden) {
  listen();
}
