/* The review queue by keyboard. J, K, A, R and S press what stands on the page (app.js); here is what they leave open. */
(function () {
  "use strict";

  const back = document.querySelector("[data-review-return]");
  const keys = document.querySelector("[data-review-keys]");

  // R opens the form: the reason is what has to be written next.
  if (back) back.addEventListener("toggle", () => {
    const reason = back.querySelector("textarea");
    if (back.open && reason) reason.focus();
  });

  // A comment at a line belongs to a return: its form opens with it, so that the button is at hand.
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (back && field.form && field.form.id === "return" && !back.contains(field) && field.value && !back.open) {
      back.open = true;
      field.focus();
    }
  });

  const shortcutsOn = () => {
    try { return localStorage.getItem("zhibu-shortcuts") !== "off"; } catch (error) { return true; }
  };

  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && inField) { inField.blur(); return; }
    if (inField || event.ctrlKey || event.metaKey || event.altKey || !shortcutsOn()) return;
    if (event.key === "?" && keys) { event.preventDefault(); keys.open = !keys.open; }
    if (event.key.toLowerCase() === "u") {
      const undo = document.querySelector("[data-undo] button");
      if (undo) { event.preventDefault(); undo.click(); }
    }
  });
})();
