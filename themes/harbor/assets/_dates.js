// The present moment where the site is at home, whatever zone the reader is in.
const zone = document.documentElement.dataset.timeZone || "Asia/Shanghai";

function pad(number) {
  return String(number).padStart(2, "0");
}

function parts(date) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  const found = {};
  format.formatToParts(date).forEach((part) => { found[part.type] = Number(part.value); });
  return found;
}

/** The present: `{iso: "2021-05-20T09:05", date: "2021-05-20", minutes: 545, weekday: 4}`, Monday being 1. */
export function now() {
  const { year, month, day, hour, minute } = parts(new Date());
  const date = `${year}-${pad(month)}-${pad(day)}`;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return { iso: `${date}T${pad(hour % 24)}:${pad(minute)}`, date, minutes: (hour % 24) * 60 + minute, weekday };
}

/** Whole days from one day to another, both as `2021-05-20`. */
function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86400000);
}

/** The last minute of a day, or of a moment, as it compares with the present. */
export function lasting(iso) {
  return iso.length > 10 ? iso : `${iso}T24:00`;
}

/** Tells of one time after another in a list, those that are over left out, whether it is shown:
    `data-limit` is how many are in all, `data-of-each` how many of one event. */
export function rationed(list) {
  const limit = Number(list.dataset.limit || 1000);
  const ofEach = Number(list.dataset.ofEach || 1000);
  const counts = {};
  let shown = 0;
  // From now on the script says what is hidden.
  list.dataset.ready = "";
  return ({ dataset }) => {
    counts[dataset.event] = (counts[dataset.event] || 0) + 1;
    const isShown = shown < limit && counts[dataset.event] <= ofEach;
    if (isShown) shown += 1;
    return isShown;
  };
}

/** Whether a time is `past`, `now`, or how many days it is off. */
export function judge({ start, end }, moment) {
  const until = lasting(end || start.slice(0, 10));
  if (moment.iso >= until) return "past";
  if (end && start.length > 10 && moment.iso >= start) return "now";
  if (end && end.slice(0, 10) > start && moment.date >= start) return "now";
  return Math.max(daysBetween(moment.date, start.slice(0, 10)), 0);
}
