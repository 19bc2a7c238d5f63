// Marks what is coming, on now or over; the turn of this month, tasks that are late, sign-ups that are
// closed. Looks again when the page is shown again, and each minute, so that it is right after midnight.
import { judge, lasting, now, rationed } from "./_dates.js";

const words = (document.getElementById("when-words") || document.body).dataset;

function each(selector, task, within = document) {
  within.querySelectorAll(selector).forEach(task);
}

/** Writes a mark; nothing hides it. */
function mark(place, text, state = "") {
  if (!place) return;
  place.hidden = !text;
  if (place.textContent !== text) place.textContent = text;
  if (state) place.dataset.state = state;
  else delete place.dataset.state;
}

function inWords(found) {
  if (found === "past" || found === "now") return words[found];
  if (found === 0) return words.today;
  return found === 1 ? words.tomorrow : words.days.replace("{days}", found);
}

/** Marks a list of times. Those that are over go, or with `data-keep` are said to be; the first that is
    to come stands out. */
function times(list, moment) {
  const keep = "keep" in list.dataset;
  const past = document.querySelector("[data-past-events]");
  const isWanted = rationed(list);
  let shown = 0;
  each("[data-start]", (item) => {
    const found = judge(item.dataset, moment);
    const over = found === "past";
    const next = !over && shown === 0;
    item.hidden = keep ? false : over || !isWanted(item);
    if (!over && !item.hidden) shown += 1;
    item.classList.toggle("is-next", next);
    item.classList.toggle("is-past", over);
    mark(item.querySelector("[data-mark]"), over ? words.past : next || found === "now" || found < 2 ? inWords(found) : "", found === "now" ? "now" : "");
    if (over && past && !item.querySelector(".tag")) past.insertBefore(listed(item), past.firstChild);
  }, list);
  const none = list.previousElementSibling;
  if (none && none.classList.contains("upcoming-none")) none.hidden = shown > 0;
  if (past) past.parentNode.hidden = past.children.length === 0;
}

/** An event that is over as a line of the list of such; it leaves the list of those to come. */
function listed(item) {
  const line = document.createElement("li");
  const title = document.createElement("span");
  title.className = "title";
  title.append(item.querySelector("h3 a"));
  each("h3 > .sample", (sample) => title.append(" ", sample), item);
  const badge = item.querySelector("time");
  const day = document.createElement("time");
  day.dateTime = badge.dateTime;
  day.textContent = badge.dataset.text;
  line.append(title, day);
  each("[data-of-start] .sample", (sample) => line.append(" ", sample), item);
  item.remove();
  return line;
}

function months(moment) {
  let shown = false;
  each("[data-month]", (item) => {
    const current = item.dataset.month === moment.date.slice(0, 7);
    item.classList.toggle("is-current", current);
    if (current) item.setAttribute("aria-current", "date");
    else item.removeAttribute("aria-current");
    mark(item.querySelector("[data-turn]"), current ? words.turn : "");
    if (!("onlyNow" in item.dataset)) return;
    item.hidden = !current;
    shown = shown || current;
  });
  each("[data-turn-heading]", (heading) => {
    if (shown) heading.textContent = heading.dataset.now;
    each("[data-fold]", (fold) => {
      if (shown) fold.open = false;
      delete fold.dataset.fold;
    });
  });
}

/** Marks today in the page of a month; other pages have days of their own sort. */
function days(page, moment) {
  each("[data-day]", (day) => {
    const today = day.dataset.day === moment.date;
    day.classList.toggle("is-today", today);
    if (today) day.setAttribute("aria-current", "date");
    else day.removeAttribute("aria-current");
    mark(day.querySelector("[data-today]"), today ? page.dataset.todayWord : "");
  }, page);
}

function again() {
  if (document.hidden) return;
  const moment = now();
  each("[data-upcoming]", (list) => times(list, moment));
  months(moment);
  each("[data-due]", (task) => mark(task.querySelector("[data-late]"), moment.date > task.dataset.due ? words.late : ""));
  each("[data-deadline]", (place) => {
    if (moment.iso < lasting(place.dataset.deadline) || place.classList.contains("is-closed")) return;
    place.classList.add("is-closed");
    const closed = document.createElement("strong");
    closed.className = "when-mark late";
    closed.textContent = words.closed;
    const heading = place.querySelector("h2");
    if (heading) heading.append(" ", closed);
    else place.append(" ", closed);
  });
  each(".month-page", (page) => days(page, moment));
}

if (document.querySelector("[data-start], [data-month], [data-due], [data-deadline], .month-page")) {
  again();
  setInterval(again, 60000);
  document.addEventListener("visibilitychange", again);
}
