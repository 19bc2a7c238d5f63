// Opening hours: what a weekly schedule says about a moment. No page, no clock: both are handed in.
//
// A schedule is written `1-5 0830-1130 1400-1700;6 0900-1130`: days (1 is Monday, 7 Sunday), then
// stretches of time. `2400` is midnight at the end of the day. What does not follow this form is
// passed over, so that a page never says more than its schedule.

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** Minutes from midnight of `0830`, or -1. */
function clock(digits) {
  if (!/^\d{4}$/.test(digits)) return -1;
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return Number(digits.slice(2)) < 60 && minutes <= DAY ? minutes : -1;
}

/** The days of `1-3,5` as numbers. */
function dayNumbers(text) {
  const days = [];
  for (const part of text.split(",")) {
    const found = /^([1-7])(?:-([1-7]))?$/.exec(part);
    if (!found) continue;
    for (let day = Number(found[1]); day <= Number(found[2] || found[1]); day += 1) days.push(day);
  }
  return days;
}

/** The schedule as stretches `[from, to]` in minutes of the week, in order; those that touch are one. */
export function parse(code) {
  const stretches = [];
  for (const group of String(code || "").split(";")) {
    const [days, ...times] = group.trim().split(/\s+/);
    for (const day of dayNumbers(days)) {
      for (const time of times) {
        const [from, to] = time.split("-").map(clock);
        if (from >= 0 && to > from) stretches.push([(day - 1) * DAY + from, (day - 1) * DAY + to]);
      }
    }
  }
  stretches.sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const [from, to] of stretches) {
    const last = merged[merged.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** A minute of the week as seen from a day: how many days on, which day of the week, which minute. */
function moment(minute, weekday) {
  const day = Math.floor(minute / DAY);
  return { days: day - (weekday - 1), weekday: (day % 7) + 1, minutes: minute % DAY };
}

/**
 * What the stretches say of a moment (`weekday` 1 to 7, `minutes` from midnight):
 * `{ open: true, until }`, `{ open: true, always: true }`, `{ open: false, next }`, or `null` for a
 * schedule without hours. `until` and `next` are `{ days, weekday, minutes }`; an end at midnight is
 * 1440 minutes of the day that ends.
 */
export function state(stretches, { weekday, minutes }) {
  if (stretches.length === 0) return null;
  const at = (weekday - 1) * DAY + minutes;
  // The week before and the week after, for what crosses the night from Sunday to Monday.
  const around = [];
  for (const shift of [-WEEK, 0, WEEK, 2 * WEEK]) {
    for (const [from, to] of stretches) {
      const last = around[around.length - 1];
      if (last && from + shift <= last[1]) last[1] = to + shift;
      else around.push([from + shift, to + shift]);
    }
  }
  const current = around.find(([from, to]) => from <= at && at < to);
  if (current) {
    if (current[1] - at >= WEEK) return { open: true, always: true };
    const until = moment(current[1], weekday);
    if (until.minutes > 0) return { open: true, until };
    return { open: true, until: { ...moment(current[1] - 1, weekday), minutes: DAY } };
  }
  const next = around.find(([from]) => from > at);
  return { open: false, next: moment(next[0], weekday) };
}

/** `08:30` of minutes from midnight. */
export function time(minutes) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `text` with `{name}` filled in by the value of that name. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/**
 * A state in words. `words` holds the texts: `always`, `until` ({time}), `untilDay` ({day}, {time}),
 * `today` ({time}), `later` ({day}, {time}), `tomorrow`, `days` (seven names separated by spaces) and
 * `week` ({day}), the same day of the next week.
 */
export function inWords(found, words) {
  if (found.open && found.always) return words.always;
  const { days, weekday, minutes } = found.open ? found.until : found.next;
  const name = words.days.split(" ")[weekday - 1];
  const day = days === 1 ? words.tomorrow : days === 7 ? fill(words.week, { day: name }) : name;
  const values = { time: time(minutes), day };
  if (found.open) return fill(days === 0 ? words.until : words.untilDay, values);
  return fill(days === 0 ? words.today : words.later, values);
}

/** The stretches of one day of the week, as `[from, to]` in minutes of that day. */
export function ofDay(code, weekday) {
  const start = (weekday - 1) * DAY;
  const pieces = parse(code).map(([from, to]) => [Math.max(from - start, 0), Math.min(to - start, DAY)]);
  return pieces.filter(([from, to]) => from < to);
}
