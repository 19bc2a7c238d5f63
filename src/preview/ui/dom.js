// Small tools for building the preview's own elements. Text always goes in as text, never as HTML.
// Syntax and interfaces: Chromium 80, Firefox 78, Safari 13.

/** A new element; `options` are attributes, where `false` and `null` leave one out. */
function element(name, options, ...children) {
  const made = document.createElement(name);
  for (const key of Object.keys(options || {})) {
    const value = options[key];
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Replaces everything in `parent`. */
function fill(parent, ...children) {
  while (parent.firstChild) parent.removeChild(parent.firstChild);
  parent.append(...children.filter((child) => child !== null && child !== undefined));
}

/** A word with each of its `#` replaced in turn. */
function say(word, ...values) {
  return values.reduce((text, value) => text.replace("#", () => String(value)), word);
}

/** "1 error", "3 errors"; `what` is `error`, `warning` or `note`. */
function counted(count, what) {
  return count === 1 ? words[what + "_one"] : say(words[what + "_many"], count);
}

/** Of several counts those that are not zero, as in "2 warnings, 1 note". */
function countedTogether(counts) {
  const kinds = Object.keys(counts).filter((what) => counts[what] > 0);
  return kinds.map((what) => counted(counts[what], what)).join(words.and);
}

/** A message whose `quoted` parts are shown as code. */
function quoted(message) {
  const parts = message.split("`");
  if (parts.length % 2 === 0) return [message];
  return parts.map((part, at) => (at % 2 === 0 ? part : element("code", {}, part)));
}

/** The link that opens a file in an editor which knows `vscode://`. */
function editorLink(path, line, column) {
  const segments = path.replace(/\\/g, "/").split("/");
  const encoded = segments.map((segment) => (/^[A-Za-z]:$/.test(segment) ? segment : encodeURIComponent(segment)));
  const from = path.charAt(0) === "/" ? "" : "/";
  const place = line ? ":" + line + ":" + (column || 1) : "";
  return "vscode://file" + from + encoded.join("/") + place;
}

/** The buttons that copy a path and open it in an editor. */
function fileActions(path, line, column) {
  const copy = element("button", { type: "button", class: "button" }, words.copy);
  copy.addEventListener("click", () => {
    copyText(path, copy).then((done) => {
      if (!done) return window.prompt(words.copy_by_hand, path);
      copy.textContent = words.copied;
      setTimeout(() => (copy.textContent = words.copy), 2000);
    });
  });
  const open = element("a", { class: "button", href: editorLink(path, line, column) }, words.open);
  return [copy, " ", open];
}

/** Copies `text`; resolves to whether that worked. */
function copyText(text, beside) {
  const asked = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
  return asked.then(() => true, () => copyBySelection(text, beside));
}

/** The way of browsers without `navigator.clipboard`. */
function copyBySelection(text, beside) {
  const field = element("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" });
  field.value = text;
  beside.parentNode.append(field);
  field.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch (refused) {
    done = false;
  }
  field.remove();
  beside.focus();
  return done;
}

/** What this tab remembers; nothing where the browser forbids it. */
const memory = {
  get(key) {
    try {
      return sessionStorage.getItem("yugang-preview:" + key);
    } catch (forbidden) {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null) sessionStorage.removeItem("yugang-preview:" + key);
      else sessionStorage.setItem("yugang-preview:" + key, value);
    } catch (forbidden) {
      // A full or forbidden store costs the scroll position, nothing else.
    }
  },
};

/** Fetches JSON, always anew. */
function fetchJson(url) {
  return fetch(url, { cache: "no-store" }).then((response) => {
    if (!response.ok) throw new Error(url + ": " + response.status);
    return response.json();
  });
}
