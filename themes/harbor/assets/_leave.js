// Asks before a link leads away from the site.
const dialog = document.querySelector("dialog.leave");

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
