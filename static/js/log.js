/* The log flow: steps without a round trip, rows that grow, photos that leave at once. The page works without it. */
(function () {
  "use strict";

  const form = document.getElementById("log");
  if (!form) return;
  const { announce } = window.zhibu;
  const narrow = window.matchMedia("(max-width: 767px)");
  const blocks = form.dataset.blocks.split(" ");

  function show(step, push) {
    form.dataset.step = step;
    const labels = document.querySelectorAll("[data-log-steps] .steps__item");
    const place = blocks.indexOf(String(step));
    labels.forEach((item, at) => { if (at === place) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current"); });
    const now = document.querySelector("[data-log-steps] .steps__now");
    if (now) now.textContent = now.textContent.replace(/\d+/, String(place + 1));
    if (push) history.pushState({ step }, "", "?step=" + step);
    const title = document.getElementById("title-" + step);
    if (push && title) {
      window.scrollTo(0, 0);
      document.getElementById("block-" + step).focus({ preventScroll: true });
      announce(title.textContent);
    }
  }

  // Between the first three blocks nothing has to be asked of the server: the whole form is here.
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="go"]');
    if (button && narrow.matches && ["1", "2", "3"].includes(button.value) && button.closest(".log-next")) {
      event.preventDefault();
      form.dispatchEvent(new Event("change", { bubbles: true }));
      show(button.value, true);
    }
    const link = event.target.closest("a[data-block]");
    if (link && !narrow.matches) {
      const field = document.querySelector(link.hash);
      if (field) { event.preventDefault(); field.focus(); }
    }
    if (event.target.closest("[data-add-task]")) { event.preventDefault(); addTask(event.target.closest("[data-add-task]")); }
  });

  window.addEventListener("popstate", (event) => {
    const step = (event.state && event.state.step) || new URLSearchParams(location.search).get("step") || "1";
    if (form.dataset.step !== "4" || step === "4") show(step, false); else location.reload();
  });

  function addTask(button) {
    const rows = button.closest(".disclosure__body").querySelectorAll("[data-task]");
    const last = rows[rows.length - 1], row = last.cloneNode(true);
    row.querySelectorAll("input, select").forEach((input) => {
      input.value = "";
      const label = row.querySelector('label[for="' + input.id + '"]');
      input.id = input.id.replace(/\d+$/, String(rows.length));
      if (label) label.htmlFor = input.id;
    });
    row.querySelectorAll(".field__error").forEach((error) => error.remove());
    row.querySelectorAll(".field--error").forEach((field) => field.classList.remove("field--error"));
    last.after(row);
    row.querySelector("select").focus();
  }

  // One empty line below what has been written.
  form.addEventListener("input", (event) => {
    const own = event.target.closest("[data-own]");
    if (!own || !event.target.value) return;
    const inputs = own.querySelectorAll("input");
    if (inputs[inputs.length - 1] !== event.target || inputs.length >= 20) return;
    const next = event.target.cloneNode(false);
    next.value = "";
    next.id = next.id.replace(/\d+$/, String(inputs.length));
    event.target.after(next);
  });

  // A file goes by itself and leaves the input empty, so that autosave never carries it.
  const input = form.querySelector("[data-upload]");
  if (input) {
    const button = form.querySelector("[data-upload-button]");
    button.hidden = true;
    ["input", "change"].forEach((name) => input.addEventListener(name, (event) => event.stopPropagation()));
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      for (const file of input.files) data.append("files", await smaller(file), file.name);
      input.value = "";
      input.disabled = true;
      try {
        const response = await fetch(input.dataset.upload, { method: "POST", body: data, headers: { "HX-Request": "true" } });
        const text = await response.text();
        const place = document.getElementById("uploaded");
        place.innerHTML = text;
      } catch (error) {
        window.zhibu.showNotice(window.zhibu.words.failed, "error");
      }
      input.disabled = false;
    });
  }

  // A photo of a page is readable at 1600 pixels; sending ten million is what takes long on a phone.
  async function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 400000 || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => { canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.85); });
    } catch (error) { return file; }
  }
})();
