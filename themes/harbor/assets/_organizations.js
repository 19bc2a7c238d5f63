// Pages of organizations and projects: which of their events are over and which comes next, whose
// turn it is this month. Without script there are the dates.
import { judge, now, rationed } from "./_dates.js";

/** Puts `text` as a mark at the end of `place`, or takes it away. */
function mark(place, text, isWanted) {
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
