// The list of stations: which are open now, filters kept in the address, the nearest first. Also marks
// what is open on any other page (elements with `data-open`), and calls the script of a station's page.
import { now } from "./_dates.js";
import { fill, inWords, parse, state } from "./_open.js";
import "./_station.js";

const words = document.getElementById("open-words");

/** Says of each opening schedule of the page what it means at this moment. */
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

/** Metres between two places on the globe. */
function metres(a, b) {
  const radians = Math.PI / 180;
  const half = (from, to) => Math.sin(((to - from) * radians) / 2) ** 2;
  const cosines = Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians);
  const chord = half(a.latitude, b.latitude) + cosines * half(a.longitude, b.longitude);
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** A distance in words, no more exact than a position is. */
function distanceInWords(distance, texts) {
  if (distance < 50) return texts.here;
  if (distance < 975) return fill(texts.meters, { count: Math.round(distance / 50) * 50 });
  const kilometres = distance / 1000;
  const count = kilometres < 10 ? kilometres.toFixed(1).replace(/\.0$/, "") : Math.round(kilometres);
  return fill(texts.kilometers, { count });
}

/** What a station is called; with the badge of one that is a sample, or whose place is. */
function title(element) {
  const badge = element.querySelector("h3 .sample, .station-distance .sample");
  const called = element.querySelector("h3 a").textContent;
  return badge ? `${called}（${badge.textContent}）` : called;
}

/** The stations of the page, each with what can be asked for. */
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

/** Changes what a place says only when it is something else, so that it is not read out again. */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Makes the finder work. */
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
  // What the last attempt to find the nearest said, and the position that it found.
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

  /** Keeps what is asked for in the address, so that it can be shared and is there after Back. */
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

  /** Every station in its place again, as the page was sent. */
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
    // The button that had the focus is gone.
    found.focus();
  });
  if (nearest) nearest.addEventListener("click", locate);
  window.addEventListener("popstate", () => {
    recall();
    show();
  });

  // Where there is room for all that can be asked for, nothing is folded; what folds has no button there.
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
