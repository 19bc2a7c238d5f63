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
})();
