(function () {
var root = document.documentElement;
root.dataset.js = "";
try {
["size", "mode", "scheme"].forEach(function (name) {
var value = localStorage.getItem("yugang." + name);
if (value) root.dataset[name] = value;
});
} catch (error) {
}
document.addEventListener("click", function (event) {
var target = event.target.closest && event.target.closest(".menu-button, .skip[href='#nav']");
if (!target) return;
var button = document.querySelector(".menu-button");
var isOpen = target !== button || button.getAttribute("aria-expanded") === "false";
button.setAttribute("aria-expanded", String(isOpen));
document.getElementById("nav").classList.toggle("is-open", isOpen);
});
})();
