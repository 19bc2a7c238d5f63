// Runs before the page is drawn, so that the reader's choices do not flash.
(function () {
  var root = document.documentElement;
  root.dataset.js = "";
  try {
    ["size", "mode", "scheme"].forEach(function (name) {
      var value = localStorage.getItem("yugang." + name);
      if (value) root.dataset[name] = value;
    });
  } catch (error) {
    // Without storage the page keeps its defaults.
  }
  // Where text is large and the screen narrow, the navigation is folded behind a button. It is unfolded from
  // here, because what is folded from the first frame on must not depend on a script that may come late.
  document.addEventListener("click", function (event) {
    var target = event.target.closest && event.target.closest(".menu-button, .skip[href='#nav']");
    if (!target) return;
    var button = document.querySelector(".menu-button");
    var isOpen = target !== button || button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(isOpen));
    document.getElementById("nav").classList.toggle("is-open", isOpen);
  });
})();
