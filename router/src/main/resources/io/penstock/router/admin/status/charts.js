// The tiles: one number, what stands beside it, and its course over the last minutes.
import { count, text, time } from "./numbers.js";

const SECONDS = 300;
const LEAST_SECONDS = 60;
const PICKED = ["ready", "new"];

const kept = (status) => status.pools.filter((pool) => !pool.removed);
const engines = (status) => kept(status).flatMap((pool) => pool.engines);
const sum = (things, field) => things.reduce((total, thing) => total + thing[field], 0);
const all = (status) => status.pools.flatMap((pool) => pool.engines);
const picked = (status) => engines(status).filter((engine) => PICKED.includes(engine.state)).length;
const unready = (status) => engines(status).length - picked(status);

/** Each tile: `values` are the lines of its chart, the first of them its number, and nulls are not
 * drawn; `floor` is the least height of its scale; `edge` names the value worth telling: the highest if left out. */
const TILES = [
  {
    name: "engines", label: "Engines ready", floor: 1, write: count, steps: true, edge: "lowest",
    values: (status) => [picked(status)],
    beside: (status) => `of ${engines(status).length}`,
    tone: (status) => (kept(status).some((pool) => !pool.canServe) ? "bad" : unready(status) ? "warn" : ""),
  },
  {
    name: "in-flight", label: "In flight", floor: 4, write: count,
    values: (status) => [sum(all(status), "inFlight")],
    beside: () => "requests",
  },
  {
    name: "waiting", label: "Waiting", floor: 4, write: count,
    values: (status) => [sum(status.pools, "waiting")],
    beside: (status) => (sum(kept(status), "waitingLimit")
      ? `of ${text(count(sum(kept(status), "waitingLimit")))} at most` : "nobody may wait"),
    tone: (status) => (kept(status).some((pool) => pool.waiting && pool.waiting >= 0.8 * pool.waitingLimit) ? "bad"
      : sum(status.pools, "waiting") ? "warn" : ""),
  },
  {
    name: "sessions", label: "Sessions", floor: 4, write: count,
    values: (status) => [sum(all(status), "sessions")],
    beside: () => "seen lately",
  },
  {
    name: "requests", label: "Requests/s", floor: 1, write: count, second: "bad",
    values: (status) => [status.requestsPerSecond, status.failuresPerSecond || null],
    beside: (status) => (status.failuresPerSecond === null ? ""
      : status.failuresPerSecond ? `${text(count(status.failuresPerSecond))}/s failed` : "none failed"),
    tone: (status) => (status.failuresPerSecond ? "bad-beside" : ""),
  },
  {
    name: "tokens", label: "Tokens/s", floor: 10, write: count,
    values: (status) => [status.tokensPerSecond],
    beside: () => "made",
  },
  {
    name: "first-token", label: "Time to first token", floor: 0.01, write: time, second: "soft",
    values: (status) => [status.firstToken.median, status.firstToken.p95],
    beside: (status) => beside95(status.firstToken, "no stream began"),
  },
  {
    name: "added", label: "Added by the router", floor: 0.0005, write: time, second: "soft",
    values: (status) => [status.added.median, status.added.p95],
    beside: (status) => beside95(status.added, "no answer began"),
  },
];

function beside95(times, none) {
  return times.p95 === null ? none : `median; 95%: ${text(time(times.p95))}`;
}

const colour = (name) => () => getComputedStyle(document.documentElement).getPropertyValue(name);

/** All tiles under `parent`, sharing one course of time. */
export class Charts {
  constructor(parent) {
    this.times = [];
    this.history = [];
    this.shown = null;
    this.tiles = TILES.map((tile) => this.tile(tile, parent));
    new ResizeObserver(() => this.fit()).observe(parent);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  tile(tile, parent) {
    const element = document.createElement("article");
    element.id = tile.name;
    element.className = "tile";
    element.innerHTML = '<h2></h2><p class="value"><b>–</b><span class="unit"></span><span class="beside"></span></p>'
      + '<div class="chart"></div><p class="edge"></p>';
    element.querySelector("h2").textContent = tile.label;
    parent.append(element);
    const chart = element.querySelector(".chart");
    return { ...tile, element, chart, plot: this.plot(tile, chart) };
  }

  plot(tile, parent) {
    const lines = [{ stroke: colour("--chart"), fill: colour("--chart-fill") }];
    if (tile.second) {
      lines.push({ stroke: colour(`--chart-${tile.second}`) });
    }
    const paths = tile.steps ? uPlot.paths.stepped({ align: 1 }) : undefined;
    return new uPlot({
      width: parent.clientWidth,
      height: parent.clientHeight,
      padding: [4, 0, 1, 0],
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      cursor: { y: false, drag: { x: false }, points: { size: 5 }, sync: { key: "penstock" } },
      scales: {
        x: { time: false, range: () => [this.now() - this.span(), this.now()] },
        y: { range: (plot, least, most) => [0, Math.max(most * 1.08, tile.floor)] },
      },
      series: [{}, ...lines.map((line) => ({ width: 1.5, points: { show: false }, paths, ...line }))],
      hooks: { setCursor: [(plot) => this.point(plot.cursor.idx)] },
    }, [[], ...lines.map(() => [])], parent);
  }

  now() {
    return this.times.length ? this.times[this.times.length - 1] : 0;
  }

  span() {
    return Math.min(SECONDS, Math.max(LEAST_SECONDS, this.now() - (this.times[0] ?? 0)));
  }

  /** A status at a time in seconds; null where the course is broken. */
  add(seconds, status) {
    this.times.push(seconds);
    this.history.push(status);
    const outside = this.times.findIndex((each) => each >= seconds - SECONDS);
    this.times.splice(0, outside);
    this.history.splice(0, outside);
    for (const { plot, values, second } of this.tiles) {
      const lines = this.history.map((each) => (each ? values(each) : [null, null]));
      const columns = [lines.map((line) => line[0])];
      if (second) {
        columns.push(lines.map((line) => line[1]));
      }
      plot.setData([this.times, ...columns]);
    }
    this.write();
  }

  /** The pointer is over this place of the course, or over none. */
  point(place) {
    const shown = place ?? null;
    if (shown !== this.shown) {
      this.shown = shown;
      requestAnimationFrame(() => this.write());
    }
  }

  write() {
    const pointed = this.shown !== null && this.history[this.shown] ? this.shown : null;
    const status = pointed === null ? this.history.filter((each) => each).pop() : this.history[pointed];
    if (status) {
      const at = pointed === null ? null : new Date(this.times[pointed] * 1000).toLocaleTimeString();
      this.tiles.forEach((tile) => this.writeTile(tile, status, at));
    }
  }

  writeTile({ element, values, write, beside, tone, edge }, status, at) {
    const { number, unit } = write(values(status)[0]);
    element.dataset.tone = tone ? tone(status) : "";
    element.querySelector("b").textContent = number;
    element.querySelector(".unit").textContent = unit;
    element.querySelector(".beside").textContent = beside(status);
    const past = this.history.flatMap((each) => (each ? values(each) : [])).filter((each) => each !== null);
    const worst = edge ? Math.min(...past) : Math.max(...past);
    element.querySelector(".edge").textContent = at ?? (worst > 0 ? `${edge ?? "highest"} ${text(write(worst))}` : "");
  }

  fit() {
    this.tiles.forEach(({ plot, chart }) => plot.setSize({ width: chart.clientWidth, height: chart.clientHeight }));
  }

  redraw() {
    this.tiles.forEach(({ plot }) => plot.redraw());
  }
}
