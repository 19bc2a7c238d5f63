// Suggests names of organizations, projects and stations under the boxes in which readers say what they
// search for. The names are fetched when a box is first entered.
import { readNames, suggested } from "./_search_names.js";

const MOST = 6;

async function loadNames(url) {
  const index = await (await fetch(url, { cache: "no-cache" })).json();
  if (!index.names) return [];
  return readNames(await (await fetch(new URL(index.names, url).href)).json());
}

/** Makes a box one that suggests (a combobox, as the authoring practices of ARIA have it). */
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
  // Pressing on a suggestion must not leave the box, or the list would be gone before the click.
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
