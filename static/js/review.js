/* The review queue by keyboard. J, K, A, R and S press what stands on the page (app.js); here is what they leave open. */
(function () {
  "use strict";

  const back = document.querySelector("[data-review-return]");
  const keys = document.querySelector("[data-review-keys]");

  const reason = back && back.querySelector("textarea");

  // R opens the form: the reason is what has to be written next. Whoever is writing at a line goes on there.
  if (back) back.addEventListener("toggle", () => {
    if (back.open && reason && !document.activeElement.matches("input, textarea")) reason.focus();
  });

  // A comment at a line belongs to a return: its form opens with it, so that the button is at hand.
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (back && field.form && field.form.id === "return" && !back.contains(field) && field.value && !back.open) {
      back.open = true;
    }
  });

  const shortcutsOn = () => {
    try { return localStorage.getItem("zhibu-shortcuts") !== "off"; } catch (error) { return true; }
  };

  // R once more goes to the reason instead of closing it.
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
    if (!plain || event.key.toLowerCase() !== "r" || !back || !back.open || !shortcutsOn()) return;
    if (event.target.closest && event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    reason.focus();
  }, true);

  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && inField) { inField.blur(); return; }
    if (inField || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !shortcutsOn()) return;
    if (event.key === "?" && keys) { event.preventDefault(); keys.open = !keys.open; }
    if (event.key.toLowerCase() === "u") {
      const undo = document.querySelector("[data-undo] button");
      if (undo) { event.preventDefault(); undo.click(); }
    }
  });
})();
