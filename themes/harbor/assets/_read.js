// Reads the article aloud, paragraph by paragraph, with the paragraph marked.
const article = document.querySelector("[data-read]");
const controls = document.querySelector("[data-reader]");
const voice = window.speechSynthesis;

/** What is to be used and not to be read. */
const TOOLS = ".page-tools, .toc, .buttons, [data-script-only], nav";

/** A browser may give room to what is folded. */
function isFolded(part) {
  const fold = part.closest("details:not([open])");
  return Boolean(fold) && !part.closest("summary");
}

/** What is seen of the article: nothing that is folded; of a plan that is there for wide screens and for
    narrow ones, the one. */
function passages() {
  const title = document.querySelector("h1");
  const parts = Array.from(article.querySelectorAll("p, li, h2, h3, h4, figcaption, td, th, dt, dd"));
  const inner = parts.filter((part) => !part.querySelector("p, li") && !part.closest(TOOLS) && !isFolded(part));
  const seen = inner.filter((part) => part.getClientRects().length > 0 && part.innerText.trim());
  return [title].concat(seen).filter(Boolean);
}

// Some voices stop after a quarter of a minute: long passages are read sentence by sentence.
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
