/* One question a screen, with a look at all answers before they are handed in. Without this script the page is one long form.
   Nothing is kept in the browser. */
(function () {
  "use strict";

  const form = document.querySelector("[data-survey]");
  if (!form || form.dataset.all !== undefined) return;
  const steps = Array.from(form.querySelectorAll(".survey-step"));
  const check = form.querySelector("[data-survey-check]");
  const actions = form.querySelector(".survey-actions");
  const send = actions.querySelector("button");
  if (steps.length < 2) return;

  const button = (label, kind) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button--" + kind;
    made.textContent = label;
    return made;
  };
  const next = button(form.dataset.next, "primary");
  const back = button(form.dataset.back, "quiet");
  actions.prepend(next);
  actions.append(back);
  let at = 0;

  const answersOf = (step) => {
    const field = (input) => input.closest("label");
    const said = Array.from(step.querySelectorAll("input:checked")).map((input) => {
      const row = step.dataset.kind === "matrix" ? input.closest("fieldset").querySelector("legend").textContent.trim() + ": " : "";
      return row + field(input).textContent.trim();
    });
    const words = step.querySelector("textarea");
    if (words && words.value.trim()) said.push(words.value.trim());
    return said.join("\n");
  };

  function show(place, focus) {
    at = Math.max(0, Math.min(place, steps.length));
    steps.forEach((step, index) => { step.hidden = index !== at; });
    const last = at === steps.length;
    check.hidden = !last;
    send.hidden = !last;
    next.hidden = last;
    back.hidden = at === 0;
    next.textContent = at === steps.length - 1 ? form.dataset.check : form.dataset.next;
    if (last) review();
    if (!focus) return;
    const title = last ? check.querySelector("h2") : steps[at];
    title.tabIndex = -1;
    title.focus();
  }

  function review() {
    const list = check.querySelector("dl");
    list.replaceChildren();
    steps.forEach((step, index) => {
      const title = document.createElement("dt"), said = document.createElement("dd");
      title.textContent = step.dataset.step;
      said.textContent = answersOf(step) || form.dataset.none;
      const change = button(form.dataset.change, "quiet");
      change.addEventListener("click", () => show(index, true));
      title.append(" ", change);
      list.append(title, said);
    });
  }

  // What has to be answered keeps its screen; the browser says so at the field.
  const isReady = () => Array.from(steps[at].querySelectorAll("input, textarea")).every((input) => input.reportValidity());
  next.addEventListener("click", () => { if (isReady()) show(at + 1, true); });
  back.addEventListener("click", () => show(at - 1, true));
  // One tap answers a question with one answer. Arrow keys choose too, and must not turn the page.
  form.addEventListener("click", (event) => {
    const input = event.target;
    if (event.detail > 0 && input.type === "radio" && ["single", "scale"].includes(steps[at] && steps[at].dataset.kind)) {
      setTimeout(() => show(at + 1, true), 150);
    }
  });
  form.addEventListener("submit", (event) => {
    if (at < steps.length) { event.preventDefault(); if (isReady()) show(at + 1, true); }
  });
  show(0, false);
})();
