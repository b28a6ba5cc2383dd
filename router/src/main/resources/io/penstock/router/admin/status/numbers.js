// How numbers are written: short, and with a unit of their own.

/** A count or a rate: 7, 4.2, 1,234, 12.3k. */
export function count(value) {
  if (value === null || value === undefined) {
    return { number: "–", unit: "" };
  }
  if (value >= 1e6) {
    return { number: (value / 1e6).toFixed(1), unit: "M" };
  }
  if (value >= 1e4) {
    return { number: (value / 1e3).toFixed(1), unit: "k" };
  }
  const whole = Number.isInteger(value) || value >= 100;
  return { number: whole ? Math.round(value).toLocaleString("en") : value.toFixed(1), unit: "" };
}

/** Seconds: 85 µs, 4.2 ms, 152 ms, 1.24 s. */
export function time(seconds) {
  if (seconds === null || seconds === undefined) {
    return { number: "–", unit: "" };
  }
  if (seconds < 1e-3) {
    return { number: (seconds * 1e6).toFixed(0), unit: "µs" };
  }
  if (seconds < 1) {
    return { number: (seconds * 1e3).toFixed(seconds < 1e-2 ? 1 : 0), unit: "ms" };
  }
  return { number: seconds.toFixed(seconds < 10 ? 2 : 1), unit: "s" };
}

/** Both in one text. */
export function text({ number, unit }) {
  return unit.length > 1 || unit === "s" ? `${number} ${unit}` : number + unit;
}

/** How long: 42 s, 3 min, 5 h 12 min, 3 d 4 h. */
export function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) {
    return `${seconds} s`;
  }
  if (hours < 1) {
    return `${minutes} min`;
  }
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
