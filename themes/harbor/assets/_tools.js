// The reader's tools: text size, plain mode, colours; kept from page to page.
const root = document.documentElement;

function remember(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  try {
    if (value) localStorage.setItem(`yugang.${name}`, value);
    else localStorage.removeItem(`yugang.${name}`);
  } catch (error) {
    // Without storage the choice holds for this page only.
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

/** Says something in a live region, for a while. */
export function say(text) {
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

// The panel closes as people expect: by Escape, or by a click beside it.
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
