// The page of a station: today's hours, what is on in its rooms now, when an event comes next, and the
// sheet with the QR code.
import { now } from "./_dates.js";
import { fill, ofDay, parse, state, time } from "./_open.js";

const words = document.getElementById("open-words");

function dayName(weekday) {
  return words.dataset.days.split(" ")[weekday - 1];
}

/** Shows today's hours, and marks today in the table of the week. */
function markHours({ weekday }) {
  const line = document.querySelector("[data-today-hours]");
  if (!line) return;
  const stretches = ofDay(line.dataset.todayHours, weekday);
  const text = stretches.map(([from, to]) => `${time(from)}–${time(to)}`).join("、") || line.dataset.closed;
  line.textContent = `${dayName(weekday)} ${text}`;
  document.querySelectorAll(".hours-table tr").forEach((row) => {
    const isToday = row.dataset.days.split(" ").indexOf(String(weekday)) >= 0;
    row.classList.toggle("is-today", isToday);
  });
}

/** Puts `text` as a mark at the end of `place`, or takes it away. */
function mark(place, text, isWanted) {
  const known = place.querySelector(":scope > .mark");
  if (known && !isWanted) known.remove();
  if (known || !isWanted) return;
  const made = document.createElement("span");
  made.className = "mark";
  made.textContent = text;
  place.append(" ", made);
}

/** Marks today in the week of the rooms, and what is going on at this moment. */
function markWeek(moment) {
  const week = document.querySelector(".station-week");
  if (!week) return;
  week.querySelectorAll("[data-day]").forEach((day) => {
    const isToday = day.dataset.day === String(moment.weekday);
    day.classList.toggle("is-today", isToday);
    const heading = day.matches("th") ? day : day.querySelector("h3");
    if (heading) mark(heading, week.dataset.today, isToday);
  });
  week.querySelectorAll("[data-use]").forEach((used) => {
    const found = state(parse(used.dataset.use), moment);
    const isOn = Boolean(found && found.open);
    used.classList.toggle("is-on", isOn);
    mark(used.querySelector(".room-use-time"), week.dataset.goingOn, isOn);
  });
}

/** `6月25日 周五 08:30` of `2021-06-25T08:30`. */
function inWords(start, text) {
  const [date, clock] = start.split("T");
  const [year, month, day] = date.split("-").map(Number);
  const weekday = dayName(new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7);
  return `${fill(text, { month, day, weekday })}${clock ? ` ${clock}` : ""}`;
}

let markedEvents = "";

/** Shows when each event comes next, the soonest first; those that are over are left out. */
function markEvents({ date }) {
  const section = document.querySelector(".station-events");
  // To move a link about takes the focus from it, so that it is done once a day only.
  if (!section || markedEvents === date) return;
  markedEvents = date;
  const items = Array.from(section.querySelectorAll("[data-starts]"), (item) => {
    const starts = item.dataset.starts.split(" ").filter(Boolean);
    return { item, repeats: starts.length > 1, next: starts.find((start) => start.slice(0, 10) >= date) };
  });
  items.sort((a, b) => (a.next || "").localeCompare(b.next || ""));
  items.forEach(({ item, repeats, next }) => {
    item.hidden = !next;
    item.parentNode.append(item);
    const known = item.querySelector(".station-next");
    if (known) known.remove();
    // What takes place once says so already.
    if (!next || !repeats) return;
    const line = document.createElement("strong");
    line.className = "station-next";
    line.textContent = fill(item.dataset.next, { date: inWords(next, item.dataset.date) });
    const when = item.querySelector(".station-when");
    when.insertBefore(line, when.firstChild);
  });
  section.hidden = items.every(({ next }) => !next);
}

/** Prints nothing but the sheet. */
function printPoster(sheet) {
  const root = document.documentElement;
  const copy = sheet.cloneNode(true);
  // A copy must not bring its names along.
  copy.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
  copy.classList.add("poster-copy");
  document.body.append(copy);
  root.classList.add("prints-poster");
  const restore = () => {
    window.removeEventListener("afterprint", restore);
    root.classList.remove("prints-poster");
    copy.remove();
  };
  window.addEventListener("afterprint", restore);
  window.print();
}

function markAll() {
  const moment = now();
  markHours(moment);
  markWeek(moment);
  markEvents(moment);
}

if (words) {
  markAll();
  setInterval(markAll, 30000);
  document.addEventListener("visibilitychange", markAll);
}
const button = document.querySelector("[data-print-poster]");
if (button) {
  if (typeof window.print !== "function") button.hidden = true;
  button.addEventListener("click", () => printPoster(document.querySelector(".poster")));
}
