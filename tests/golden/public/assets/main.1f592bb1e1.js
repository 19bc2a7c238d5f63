const $$0=(()=>{const root = document.documentElement;
function remember(name, value) {
if (value) root.dataset[name] = value;
else delete root.dataset[name];
try {
if (value) localStorage.setItem(`yugang.${name}`, value);
else localStorage.removeItem(`yugang.${name}`);
} catch (error) {
}
}
function show() {
document.querySelectorAll("[data-set]").forEach((button) => {
const { set: name, value } = button.dataset;
button.setAttribute("aria-pressed", String((root.dataset[name] || "") === value));
});
}
const toast = document.querySelector(".toast");
let clearing = 0;
function say(text) {
if (!toast) return;
toast.textContent = text;
clearTimeout(clearing);
clearing = setTimeout(() => { toast.textContent = ""; }, 6000);
}
document.addEventListener("click", (event) => {
const button = event.target.closest("[data-set]");
if (!button) return;
const { set: name, value } = button.dataset;
const isToggle = button.hasAttribute("data-toggle");
const isOn = (root.dataset[name] || "") === value;
remember(name, isToggle && isOn ? "" : value);
show();
});
document.querySelectorAll("[data-print]").forEach((button) => {
button.addEventListener("click", () => window.print());
});
function copied(button) {
say(button.dataset.copied);
}
function copyByHand(text) {
const field = document.createElement("textarea");
field.value = text;
field.className = "visually-hidden";
document.body.append(field);
field.select();
const isDone = document.execCommand("copy");
field.remove();
return isDone;
}
document.querySelectorAll("[data-copy]").forEach((button) => {
button.addEventListener("click", () => {
const text = button.dataset.copy || location.href;
const fail = () => (copyByHand(text) ? copied(button) : say(`${button.dataset.failed} ${text}`));
if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(() => copied(button), fail);
else fail();
button.focus();
});
});
const tools = document.querySelector("details.tools");
if (tools) {
document.addEventListener("click", (event) => {
if (tools.open && !tools.contains(event.target)) tools.open = false;
});
tools.addEventListener("keydown", (event) => {
if (event.key !== "Escape" || !tools.open) return;
tools.open = false;
tools.querySelector("summary").focus();
});
}
show();
return{say}})();
const $$1=(()=>{const dialog = document.querySelector("dialog.leave");
function isOutside(link) {
return /^https?:$/.test(link.protocol) && link.host !== location.host;
}
document.addEventListener("click", (event) => {
const link = event.target.closest && event.target.closest("a[href]");
if (!link || !dialog || !isOutside(link) || event.defaultPrevented) return;
event.preventDefault();
if (typeof dialog.showModal !== "function") {
if (window.confirm(dialog.dataset.question)) location.href = link.href;
return;
}
dialog.querySelector(".address").textContent = link.href;
const go = dialog.querySelector("a");
go.href = link.href;
dialog.returnValue = "";
dialog.showModal();
const back = () => {
dialog.removeEventListener("close", back);
link.focus();
};
dialog.addEventListener("close", back);
});
if (dialog) {
dialog.querySelector("a").addEventListener("click", (event) => {
event.stopPropagation();
dialog.close();
});
dialog.querySelector("button").addEventListener("click", () => dialog.close());
}
return{}})();
const $$2=(()=>{const article = document.querySelector("[data-read]");
const controls = document.querySelector("[data-reader]");
const voice = window.speechSynthesis;
const TOOLS = ".page-tools, .toc, .buttons, [data-script-only], nav";
function isFolded(part) {
const fold = part.closest("details:not([open])");
return Boolean(fold) && !part.closest("summary");
}
function passages() {
const title = document.querySelector("h1");
const parts = Array.from(article.querySelectorAll("p, li, h2, h3, h4, figcaption, td, th, dt, dd"));
const inner = parts.filter((part) => !part.querySelector("p, li") && !part.closest(TOOLS) && !isFolded(part));
const seen = inner.filter((part) => part.getClientRects().length > 0 && part.innerText.trim());
return [title].concat(seen).filter(Boolean);
}
function sentences(text) {
return text.replace(/\s+/g, " ").match(/[^。！？；!?;]+[。！？；!?;]*/g) || [];
}
function start() {
let queue = [];
let at = 0;
let state = "idle";
const [play, stop] = controls.querySelectorAll("button");
const label = play.querySelector("span");
const mark = (passage) => {
document.querySelectorAll(".reading").forEach((old) => old.classList.remove("reading"));
if (passage) passage.classList.add("reading");
};
const become = (next) => {
state = next;
const words = { idle: controls.dataset.play, playing: controls.dataset.pause, paused: controls.dataset.resume };
label.textContent = words[next];
stop.hidden = next === "idle";
};
const finish = () => {
voice.cancel();
mark(null);
become("idle");
queue = [];
};
const next = () => {
if (at >= queue.length) return finish();
const { text, passage } = queue[at];
const utterance = new SpeechSynthesisUtterance(text);
utterance.lang = "zh-CN";
utterance.rate = 0.9;
utterance.onstart = () => mark(passage);
utterance.onend = () => {
if (state === "idle") return;
at += 1;
next();
};
utterance.onerror = (event) => {
if (event.error !== "canceled" && event.error !== "interrupted") finish();
};
voice.speak(utterance);
};
play.addEventListener("click", () => {
if (state === "playing") {
voice.pause();
become("paused");
} else if (state === "paused") {
voice.resume();
become("playing");
} else {
voice.cancel();
queue = [];
passages().forEach((passage) => sentences(passage.innerText).forEach((text) => queue.push({ text, passage })));
at = 0;
become("playing");
next();
}
});
stop.addEventListener("click", () => {
finish();
play.focus();
});
window.addEventListener("pagehide", finish);
controls.hidden = false;
become("idle");
}
if (article && controls && voice && window.SpeechSynthesisUtterance) start();
return{}})();
const $$3=(()=>{const zone = document.documentElement.dataset.timeZone || "Asia/Shanghai";
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
function now() {
const { year, month, day, hour, minute } = parts(new Date());
const date = `${year}-${pad(month)}-${pad(day)}`;
const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
return { iso: `${date}T${pad(hour % 24)}:${pad(minute)}`, date, minutes: (hour % 24) * 60 + minute, weekday };
}
function daysBetween(from, to) {
return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86400000);
}
function lasting(iso) {
return iso.length > 10 ? iso : `${iso}T24:00`;
}
function rationed(list) {
const limit = Number(list.dataset.limit || 1000);
const ofEach = Number(list.dataset.ofEach || 1000);
const counts = {};
let shown = 0;
list.dataset.ready = "";
return ({ dataset }) => {
counts[dataset.event] = (counts[dataset.event] || 0) + 1;
const isShown = shown < limit && counts[dataset.event] <= ofEach;
if (isShown) shown += 1;
return isShown;
};
}
function judge({ start, end }, moment) {
const until = lasting(end || start.slice(0, 10));
if (moment.iso >= until) return "past";
if (end && start.length > 10 && moment.iso >= start) return "now";
if (end && end.slice(0, 10) > start && moment.date >= start) return "now";
return Math.max(daysBetween(moment.date, start.slice(0, 10)), 0);
}
return{now,lasting,rationed,judge}})();
const $$4=(()=>{const judge=$$3.judge;const lasting=$$3.lasting;const now=$$3.now;const rationed=$$3.rationed;const words = (document.getElementById("when-words") || document.body).dataset;
function each(selector, task, within = document) {
within.querySelectorAll(selector).forEach(task);
}
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
return{}})();
const $$5=(()=>{const judge=$$3.judge;const now=$$3.now;const rationed=$$3.rationed;function mark(place, text, isWanted) {
const known = place.querySelector(".mark");
if (known && !isWanted) known.remove();
if (known || !isWanted) return;
const made = document.createElement("span");
made.className = "tag mark";
made.textContent = text;
place.append(" ", made);
}
function markComing(moment) {
document.querySelectorAll(".coming").forEach((list) => {
const items = Array.from(list.querySelectorAll("[data-start]"));
const isWanted = rationed(list);
const isOver = ({ dataset }) => judge(dataset, moment) === "past";
const next = items.find((item) => !isOver(item));
items.forEach((item) => {
item.hidden = isOver(item) || !isWanted(item);
mark(item.querySelector(".title"), list.dataset.next, item === next);
});
list.closest("section").hidden = !next;
});
}
function markTurns({ date }) {
document.querySelectorAll(".months").forEach((list) => {
list.querySelectorAll("[data-month]").forEach((turn) => {
const isCurrent = turn.dataset.month === date.slice(0, 7);
turn.classList.toggle("is-current", isCurrent);
mark(turn.querySelector(".turn-when"), list.dataset.now, isCurrent);
});
});
}
function markAll() {
const moment = now();
markComing(moment);
markTurns(moment);
}
markAll();
document.addEventListener("visibilitychange", markAll);
return{}})();
const $$6=(()=>{const DAY = 24 * 60;
const WEEK = 7 * DAY;
function clock(digits) {
if (!/^\d{4}$/.test(digits)) return -1;
const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
return Number(digits.slice(2)) < 60 && minutes <= DAY ? minutes : -1;
}
function dayNumbers(text) {
const days = [];
for (const part of text.split(",")) {
const found = /^([1-7])(?:-([1-7]))?$/.exec(part);
if (!found) continue;
for (let day = Number(found[1]); day <= Number(found[2] || found[1]); day += 1) days.push(day);
}
return days;
}
function parse(code) {
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
function moment(minute, weekday) {
const day = Math.floor(minute / DAY);
return { days: day - (weekday - 1), weekday: (day % 7) + 1, minutes: minute % DAY };
}
function state(stretches, { weekday, minutes }) {
if (stretches.length === 0) return null;
const at = (weekday - 1) * DAY + minutes;
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
function time(minutes) {
const two = (number) => String(number).padStart(2, "0");
return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
function fill(text, values) {
return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
function inWords(found, words) {
if (found.open && found.always) return words.always;
const { days, weekday, minutes } = found.open ? found.until : found.next;
const name = words.days.split(" ")[weekday - 1];
const day = days === 1 ? words.tomorrow : days === 7 ? fill(words.week, { day: name }) : name;
const values = { time: time(minutes), day };
if (found.open) return fill(days === 0 ? words.until : words.untilDay, values);
return fill(days === 0 ? words.today : words.later, values);
}
function ofDay(code, weekday) {
const start = (weekday - 1) * DAY;
const pieces = parse(code).map(([from, to]) => [Math.max(from - start, 0), Math.min(to - start, DAY)]);
return pieces.filter(([from, to]) => from < to);
}
return{parse,state,time,fill,inWords,ofDay}})();
const $$7=(()=>{const judge=$$3.judge;const now=$$3.now;const fill=$$6.fill;const ofDay=$$6.ofDay;const parse=$$6.parse;const state=$$6.state;const time=$$6.time;const words = document.getElementById("open-words");
function dayName(weekday) {
return words.dataset.days.split(" ")[weekday - 1];
}
function markHours({ weekday }) {
const line = document.querySelector("[data-today-hours]");
if (!line) return;
const stretches = ofDay(line.dataset.todayHours, weekday);
const text = stretches.map(([from, to]) => `${time(from)}\u2060–\u2060${time(to)}`).join("、") || line.dataset.closed;
line.textContent = `${dayName(weekday)} ${text}`;
document.querySelectorAll(".hours-table tr").forEach((row) => {
const isToday = row.dataset.days.split(" ").indexOf(String(weekday)) >= 0;
row.classList.toggle("is-today", isToday);
});
}
function mark(place, text, isWanted) {
const known = place.querySelector(":scope > .mark");
if (known && !isWanted) known.remove();
if (known || !isWanted) return;
const made = document.createElement("span");
made.className = "mark";
made.textContent = text;
place.append(" ", made);
}
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
function foldWeek({ weekday }) {
const days = Array.from(document.querySelectorAll(".week-day"));
const wait = (day) => (Number(day.dataset.day) - weekday + 7) % 7;
const soonest = Math.min(...days.map(wait));
days.forEach((day) => { day.open = wait(day) === soonest; });
}
function inWords(start, text) {
const [date, clock] = start.split("T");
const [year, month, day] = date.split("-").map(Number);
const weekday = dayName(new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7);
return `${fill(text, { month, day, weekday })}${clock ? ` ${clock}` : ""}`;
}
function upcoming(item, moment) {
const all = item.dataset.times.split(" ").filter(Boolean);
const times = all.map((pair) => pair.split("/")).map(([start, end]) => ({ start, end }));
const next = times.find((time) => judge(time, moment) !== "past");
if (!next) return { item, start: "", line: "" };
const isOn = judge(next, moment) === "now";
const coming = times.length > 1 ? fill(item.dataset.next, { date: inWords(next.start, item.dataset.date) }) : "";
return { item, start: next.start, line: isOn ? item.dataset.now : coming };
}
let marked = "";
function markEvents(moment) {
const section = document.querySelector(".station-events");
if (!section) return;
const events = Array.from(section.querySelectorAll("[data-times]"), (item) => upcoming(item, moment));
events.sort((a, b) => a.start.localeCompare(b.start));
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
function printPoster(sheet) {
const root = document.documentElement;
const copy = sheet.cloneNode(true);
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
return{}})();
const $$8=(()=>{const now=$$3.now;const fill=$$6.fill;const inWords=$$6.inWords;const parse=$$6.parse;const state=$$6.state;const words = document.getElementById("open-words");
function markOpen() {
if (!words) return;
const moment = now();
document.querySelectorAll("[data-open]").forEach((mark) => {
const found = state(parse(mark.dataset.open), moment);
mark.hidden = !found;
if (!found) return;
mark.dataset.state = found.open ? "open" : "closed";
const text = inWords(found, words.dataset);
if (mark.textContent !== text) mark.textContent = text;
});
}
function metres(a, b) {
const radians = Math.PI / 180;
const half = (from, to) => Math.sin(((to - from) * radians) / 2) ** 2;
const cosines = Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians);
const chord = half(a.latitude, b.latitude) + cosines * half(a.longitude, b.longitude);
return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(chord)));
}
function distanceInWords(distance, texts) {
if (distance < 50) return texts.here;
if (distance < 975) return fill(texts.meters, { count: Math.round(distance / 50) * 50 });
const kilometres = distance / 1000;
const count = kilometres < 10 ? kilometres.toFixed(1).replace(/\.0$/, "") : Math.round(kilometres);
return fill(texts.kilometers, { count });
}
function title(element) {
const badge = element.querySelector("h3 .sample, .station-distance .sample");
const called = element.querySelector("h3 a").textContent;
return badge ? `${called}（${badge.textContent}）` : called;
}
function read(finder) {
return Array.from(finder.querySelectorAll(".station-item"), (element) => {
const { kind, community, latitude, longitude } = element.dataset;
const mark = element.querySelector("[data-open]");
return {
element,
home: element.parentNode,
kind,
community,
services: Array.from(element.querySelectorAll(".station-services li"), (service) => service.textContent),
stretches: parse(mark ? mark.dataset.open : ""),
title: title(element),
place: latitude ? { latitude: Number(latitude), longitude: Number(longitude) } : null,
distance: null,
};
});
}
function say(place, text) {
if (place.textContent !== text) place.textContent = text;
}
function start(finder) {
const form = finder.querySelector(".station-filter");
const found = finder.querySelector(".station-found");
const told = finder.querySelector(".station-attempt");
const near = finder.querySelector(".station-near");
const nowhere = finder.querySelector(".station-nowhere");
const nearest = form.querySelector("#nearest");
const more = form.querySelector(".station-more");
const chosen = more.querySelector("[data-chosen]");
const clear = finder.querySelector("[type=reset]");
const stations = read(finder);
const texts = finder.dataset;
let attempt = "";
let position = null;
const wanted = () => {
const asked = {};
Array.from(form.elements).forEach((field) => {
if (field.name) asked[field.name] = field.type === "checkbox" ? (field.checked ? field.value : "") : field.value;
});
return asked;
};
const matches = (station, asked, moment) => {
if (asked.community && station.community !== asked.community) return false;
if (asked.kind && station.kind !== asked.kind) return false;
if (asked.service && station.services.indexOf(asked.service) < 0) return false;
if (!asked.open) return true;
const said = state(station.stretches, moment);
return Boolean(said && said.open);
};
function show() {
const asked = wanted();
const moment = now();
const shown = stations.filter((station) => {
const isShown = matches(station, asked, moment);
station.element.hidden = !isShown;
return isShown;
});
finder.querySelectorAll(".station-group, .station-near, .station-nowhere").forEach((group) => {
group.hidden = !group.querySelector(".station-item:not([hidden])");
});
const text = shown.length > 0 ? fill(texts.found, { count: shown.length }) : texts.none;
say(found, text);
const folded = ["community", "kind", "service"].filter((name) => asked[name]).length;
say(chosen, folded > 0 ? fill(chosen.dataset.chosen, { count: folded }) : "");
clear.hidden = !folded && !asked.open && !position && !attempt;
if (told) say(told, position ? nearestInWords(shown) : attempt);
}
function nearestInWords(shown) {
const placed = shown.filter((station) => station.distance !== null);
if (placed.length === 0) return shown.length > 0 ? texts.locatedNone : "";
const first = placed.reduce((one, other) => (other.distance < one.distance ? other : one));
const words = fill(texts.located, { title: first.title, distance: distanceInWords(first.distance, texts) });
if (!(position.accuracy > 1000)) return words;
return words + fill(texts.rough, { distance: distanceInWords(position.accuracy, texts) });
}
function keep() {
const query = new URLSearchParams();
const asked = wanted();
Object.keys(asked).forEach((name) => asked[name] && query.set(name, asked[name]));
const text = query.toString();
history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
}
function recall() {
const query = new URLSearchParams(location.search);
Array.from(form.elements).forEach((field) => {
if (!field.name) return;
const value = query.get(field.name) || "";
if (field.type === "checkbox") field.checked = value === field.value;
else field.value = Array.from(field.options, (option) => option.value).indexOf(value) < 0 ? "" : value;
});
}
function unsort() {
stations.forEach((station) => {
station.home.append(station.element);
station.element.querySelector(".station-distance").hidden = true;
});
attempt = "";
position = null;
}
function sort(coordinates) {
position = coordinates;
stations.forEach((station) => {
station.distance = station.place && metres(position, station.place);
const line = station.element.querySelector(".station-distance");
line.hidden = station.distance === null;
if (station.distance === null) return;
line.querySelector("span").textContent = fill(texts.straight, { distance: distanceInWords(station.distance, texts) });
});
const placed = stations.filter((station) => station.distance !== null);
placed.sort((a, b) => a.distance - b.distance);
placed.forEach((station) => near.querySelector("ul").append(station.element));
const rest = stations.filter((station) => station.distance === null);
rest.forEach((station) => nowhere.querySelector("ul").append(station.element));
show();
}
function locate() {
const answer = (text) => {
attempt = text;
position = null;
show();
};
if (!navigator.geolocation || !window.isSecureContext) return answer(texts.unsupported);
answer(texts.locating);
const reasons = { 1: texts.denied, 2: texts.unavailable, 3: texts.timeout };
return navigator.geolocation.getCurrentPosition(
({ coords }) => sort(coords),
(error) => answer(reasons[error.code] || texts.unavailable),
{ enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
);
}
form.addEventListener("submit", (event) => {
event.preventDefault();
found.focus();
found.scrollIntoView({ block: "start" });
});
form.addEventListener("change", () => {
keep();
show();
});
form.addEventListener("reset", (event) => {
event.preventDefault();
Array.from(form.elements).forEach((field) => {
if (field.type === "checkbox") field.checked = false;
else if (field.name) field.value = "";
});
unsort();
keep();
show();
found.focus();
});
if (nearest) nearest.addEventListener("click", locate);
window.addEventListener("popstate", () => {
recall();
show();
});
const narrow = window.matchMedia("(max-width: 40rem)");
const fold = () => { more.open = !narrow.matches; };
narrow.addListener(fold);
fold();
recall();
show();
if (nearest && location.hash === "#nearest") {
nearest.focus();
nearest.scrollIntoView({ block: "center" });
}
return show;
}
markOpen();
const finder = document.querySelector(".station-finder");
const refresh = finder ? start(finder) : () => {};
function again() {
if (document.hidden) return;
markOpen();
refresh();
}
if (document.querySelector("[data-open]")) {
setInterval(again, 30000);
document.addEventListener("visibilitychange", again);
}
return{}})();
const $$9=(()=>{const photos = Array.prototype.slice.call(document.querySelectorAll("[data-photo]"));
const words = document.querySelector("[data-viewer]");
if (photos.length > 0 && words && window.HTMLDialogElement) {
let here = 0;
let viewer = null;
const make = (tag, className, text) => {
const element = document.createElement(tag);
element.className = className;
if (text) element.textContent = text;
return element;
};
const picture = make("img", "");
const sizes = make("source", "");
sizes.type = "image/webp";
sizes.sizes = "100vw";
const caption = make("p", "viewer-text");
const count = make("p", "viewer-text meta");
const button = (word, act) => {
const element = make("button", "button", words.dataset[word]);
element.type = "button";
element.addEventListener("click", act);
return element;
};
const show = (index) => {
here = (index + photos.length) % photos.length;
const photo = photos[here];
const shown = photo.querySelector("img");
const written = photo.parentNode.querySelector("figcaption");
const known = photo.querySelector("source");
if (known) sizes.srcset = known.srcset;
else sizes.removeAttribute("srcset");
picture.src = photo.href;
picture.alt = shown.alt;
caption.textContent = written ? written.textContent : "";
count.textContent = words.dataset.count.replace("{number}", here + 1).replace("{total}", photos.length);
};
const build = () => {
viewer = make("dialog", "viewer");
viewer.setAttribute("aria-label", words.dataset.title);
const stage = make("div", "viewer-stage");
const text = make("div", "");
const bar = make("div", "viewer-bar");
const close = button("close", () => viewer.close());
text.setAttribute("role", "status");
text.appendChild(caption);
text.appendChild(count);
const whole = make("picture", "");
whole.appendChild(sizes);
whole.appendChild(picture);
stage.appendChild(whole);
if (photos.length > 1) bar.appendChild(button("previous", () => show(here - 1)));
bar.appendChild(close);
if (photos.length > 1) bar.appendChild(button("next", () => show(here + 1)));
[stage, text, bar].forEach((part) => viewer.appendChild(part));
viewer.addEventListener("keydown", (event) => {
if (event.key === "ArrowLeft") show(here - 1);
else if (event.key === "ArrowRight") show(here + 1);
});
viewer.addEventListener("close", () => {
sizes.removeAttribute("srcset");
picture.removeAttribute("src");
photos[here].focus();
});
document.body.appendChild(viewer);
close.autofocus = true;
};
photos.forEach((photo, index) => {
photo.addEventListener("click", (event) => {
if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
event.preventDefault();
if (!viewer) build();
show(index);
viewer.showModal();
});
});
}
return{}})();
const $$10=(()=>{const MARKS = new Map();
["\"“”„‟″〝〞「」『』«»", "'‘’‚‛′", "(〔【〖﹝[{", ")〕】〗﹞]}", "-‐‑‒–—―−─", ",、", ".。", "·•‧・", "~〜"].forEach((group) => {
Array.from(group).forEach((mark, at) => at > 0 && MARKS.set(mark, group[0]));
});
const SPACE = /[\0-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const INVISIBLE = /[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/;
const SPACED = /[0-9a-z\xc0-\u1fff\uac00-\ud7a3]/;
const NONE = new Map();
const known = new Map();
function isSpace(character) {
return SPACE.test(character);
}
function readVariants(text) {
const characters = Array.from(text).filter((character) => character !== "\n");
const variants = new Map();
for (let at = 0; at + 1 < characters.length; at += 2) variants.set(characters[at], characters[at + 1]);
return variants;
}
function folded(character, variants) {
const compatible = Array.from(character.normalize("NFKC"), (part) => part.toLowerCase()).join("");
return Array.from(compatible, (part) => MARKS.get(part) || variants.get(part) || part)
.filter((part) => !SPACE.test(part))
.join("");
}
function lookUp(character, variants) {
let table = known.get(variants);
if (!table) known.set(variants, (table = new Map()));
let found = table.get(character);
if (found === undefined) table.set(character, (found = folded(character, variants)));
return found;
}
function fold(text, variants = NONE, places = null) {
let result = "";
let pending = -1;
let at = 0;
for (const character of text.normalize("NFC")) {
const start = at;
at += character.length;
if (SPACE.test(character)) {
if (pending < 0 && result && SPACED.test(result[result.length - 1])) pending = start;
continue;
}
if (INVISIBLE.test(character)) continue;
const parts = lookUp(character, variants);
if (!parts) continue;
if (pending >= 0 && SPACED.test(parts[0])) {
result += " ";
if (places) places.push(pending);
}
pending = -1;
result += parts;
if (places) for (let unit = 0; unit < parts.length; unit += 1) places.push(start);
}
return result;
}
return{isSpace,readVariants,fold}})();
const $$11=(()=>{const fold=$$10.fold;function readNames(names) {
return names.map(([title, url, kind, syllables, sample]) => ({
title, url, kind, sample: Boolean(sample),
folded: fold(title),
spoken: (syllables || "").split(" ").filter(Boolean).map((syllable) => syllable.split("/")),
}));
}
function isSpoken(letters, spoken, at) {
if (!letters) return true;
if (at >= spoken.length) return false;
return spoken[at].some((syllable) => {
let length = 0;
while (length < letters.length && letters[length] === syllable[length]) length += 1;
for (; length > 0; length -= 1) if (isSpoken(letters.slice(length), spoken, at + 1)) return true;
return false;
});
}
function rank(name, wanted, letters) {
const at = name.folded.indexOf(wanted);
if (at >= 0) return at === 0 ? 0 : 1;
if (!letters) return 9;
const start = name.spoken.findIndex((syllable, from) => isSpoken(letters, name.spoken, from));
if (start < 0) return 9;
return start === 0 ? 2 : 3;
}
function suggested(names, typed, most) {
const wanted = fold(typed);
if (!wanted || wanted.length > 40) return [];
const [letters] = /^[a-z0-9' ]+$/.test(wanted) ? [wanted.replace(/[' ]/g, "")] : [""];
const ranked = names.map((name) => ({ name, rank: rank(name, wanted, letters) })).filter((found) => found.rank < 9);
ranked.sort((one, other) => one.rank - other.rank || one.name.folded.length - other.name.folded.length);
return ranked.slice(0, most).map(({ name }) => name);
}
function similar(names, typed, most) {
const wanted = new Set(fold(typed).replace(/[ -~]/g, ""));
const shared = (name) => Array.from(new Set(name.folded)).filter((character) => wanted.has(character)).length;
const counted = names.map((name) => ({ name, count: shared(name) })).filter(({ count }) => count >= 2);
counted.sort((one, other) => other.count - one.count || one.name.folded.length - other.name.folded.length);
return counted.slice(0, most).map(({ name }) => name);
}
return{readNames,suggested,similar}})();
const $$12=(()=>{const readNames=$$11.readNames;const suggested=$$11.suggested;const MOST = 6;
async function loadNames(url) {
const index = await (await fetch(url, { cache: "no-cache" })).json();
if (!index.names) return [];
return readNames(await (await fetch(new URL(index.names, url).href)).json());
}
function suggest(input) {
const { form } = input;
const list = form.querySelector("[data-suggestions]");
let names = null;
let wanted = [];
let active = -1;
function close() {
active = -1;
list.hidden = true;
input.setAttribute("aria-expanded", "false");
input.removeAttribute("aria-activedescendant");
}
function point(at) {
active = at;
Array.from(list.children, (option, index) => option.setAttribute("aria-selected", String(index === at)));
if (at < 0) return input.removeAttribute("aria-activedescendant");
list.children[at].scrollIntoView({ block: "nearest" });
return input.setAttribute("aria-activedescendant", list.children[at].id);
}
function option(name, index) {
const item = document.createElement("li");
item.id = `${list.id}-${index}`;
item.setAttribute("role", "option");
item.setAttribute("aria-selected", "false");
item.append(name.title);
if (name.sample) {
const badge = document.createElement("span");
badge.className = "sample";
badge.textContent = list.dataset.sample;
item.append(" ", badge);
}
return item;
}
function open() {
wanted = names ? suggested(names, input.value, MOST) : [];
list.textContent = "";
list.append(...wanted.map(option));
close();
if (wanted.length === 0 || document.activeElement !== input) return;
list.hidden = false;
input.setAttribute("aria-expanded", "true");
}
function load() {
if (names) return;
names = [];
loadNames(new URL("index.json", form.action).href).then((found) => {
names = found;
if (document.activeElement === input && input.value) open();
}, () => { names = null; });
}
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", list.dataset.label);
input.setAttribute("role", "combobox");
input.setAttribute("aria-autocomplete", "list");
input.setAttribute("aria-controls", list.id);
close();
input.addEventListener("focus", load);
input.addEventListener("input", (event) => !event.isComposing && open());
input.addEventListener("compositionend", open);
input.addEventListener("blur", close);
form.addEventListener("submit", close);
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
const at = Array.from(list.children).indexOf(event.target.closest("[role=option]"));
if (at >= 0) location.href = wanted[at].url;
});
input.addEventListener("keydown", (event) => {
if (event.isComposing || list.hidden) return;
const moves = { ArrowDown: 1, ArrowUp: -1 };
if (moves[event.key]) {
const count = wanted.length + 1;
point(((active + 1 + moves[event.key] + count) % count) - 1);
} else if (event.key === "Enter" && active >= 0) location.href = wanted[active].url;
else if (event.key === "Escape") close();
else return;
event.preventDefault();
});
}
document.querySelectorAll("[data-suggest]").forEach(suggest);
return{}})();

