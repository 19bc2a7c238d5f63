// The page of a station: today's hours, what is on in its rooms now, when an event comes next, and the
// sheet with the QR code.
import { judge, now } from "./_dates.js";
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
  // A line does not end within a stretch.
  const text = stretches.map(([from, to]) => `${time(from)}\u2060–\u2060${time(to)}`).join("、") || line.dataset.closed;
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

/** Where the week is a list of days that fold, leaves open today's, or else that of the next day with anything on. */
function foldWeek({ weekday }) {
  const days = Array.from(document.querySelectorAll(".week-day"));
  const wait = (day) => (Number(day.dataset.day) - weekday + 7) % 7;
  const soonest = Math.min(...days.map(wait));
  days.forEach((day) => { day.open = wait(day) === soonest; });
}

/** `6月25日 周五 08:30` of `2021-06-25T08:30`. */
function inWords(start, text) {
  const [date, clock] = start.split("T");
  const [year, month, day] = date.split("-").map(Number);
  const weekday = dayName(new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7);
  return `${fill(text, { month, day, weekday })}${clock ? ` ${clock}` : ""}`;
}

/** The first of an event's times that is not over, and what is to be said of it. */
function upcoming(item, moment) {
  const all = item.dataset.times.split(" ").filter(Boolean);
  const times = all.map((pair) => pair.split("/")).map(([start, end]) => ({ start, end }));
  const next = times.find((time) => judge(time, moment) !== "past");
  if (!next) return { item, start: "", line: "" };
  const isOn = judge(next, moment) === "now";
  // What takes place once says when already.
  const coming = times.length > 1 ? fill(item.dataset.next, { date: inWords(next.start, item.dataset.date) }) : "";
  return { item, start: next.start, line: isOn ? item.dataset.now : coming };
}

let marked = "";

/** Shows when each event comes next, the soonest first; those that are over are left out. */
function markEvents(moment) {
  const section = document.querySelector(".station-events");
  if (!section) return;
  const events = Array.from(section.querySelectorAll("[data-times]"), (item) => upcoming(item, moment));
  events.sort((a, b) => a.start.localeCompare(b.start));
  // To move a link about takes the focus from it, so that it is done only when there is something to say.
  const told = events.map(({ start, line }) => `${start} ${line}`).join();
  if (marked === told) return;
  marked = told;
  events.forEach(({ item, start, line }) => {
    item.hidden = !start;
    item.parentNode.append(item);
    const known = item.querySelector(".station-next");
    if (known) known.remove();
    if (!line) return;
    const made = document.createElement("strong");
    made.className = "station-next";
    made.textContent = line;
    const when = item.querySelector(".station-when");
    when.insertBefore(made, when.firstChild);
  });
  section.hidden = events.every(({ start }) => !start);
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
  foldWeek(now());
  setInterval(markAll, 30000);
  document.addEventListener("visibilitychange", markAll);
}
const button = document.querySelector("[data-print-poster]");
if (button) {
  if (typeof window.print !== "function") button.hidden = true;
  button.addEventListener("click", () => printPoster(document.querySelector(".poster")));
}
