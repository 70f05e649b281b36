/* The shell: menus, notices, keys, text size. Every page works without it. */
(function () {
  "use strict";

  const words = document.getElementById("words") ? document.getElementById("words").dataset : {};
  const live = document.getElementById("live");

  function announce(text) {
    if (!live) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
  }

  function showNotice(text, tone) {
    const place = document.getElementById("notices");
    if (!place) return;
    const notice = document.createElement("div");
    notice.className = "notice notice--" + (tone || "soon");
    notice.setAttribute("role", "alert");
    const body = document.createElement("p");
    body.className = "notice__body";
    body.textContent = text;
    notice.append(body);
    place.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  window.zhibu = { announce, showNotice, words };

  // Controls that do nothing without a script are hidden in the page and shown here.
  const SCRIPTED = "[data-dismiss], [data-set], [data-fill], [data-copy], [data-print], [data-board-all], [data-shortcuts]";

  function dress(root) {
    root.querySelectorAll(SCRIPTED).forEach((element) => { element.hidden = false; });
    root.querySelectorAll("[data-undo]").forEach(leaveLater);
    root.querySelectorAll("[data-bulk-bar]").forEach(countBulk);
    const summary = root.querySelector("#error-summary");
    if (summary) {
      summary.focus();
      const prefix = words.errorTitle;
      if (prefix && !document.title.startsWith(prefix)) document.title = prefix + " " + document.title;
    }
  }

  // An undo bar leaves by itself, but never from under a hand or a reader.
  function leaveLater(bar) {
    if (bar.dataset.waiting) return;
    bar.dataset.waiting = "yes";
    let left = Number(bar.dataset.undo) || 10;
    const tick = setInterval(() => {
      if (!bar.isConnected) return clearInterval(tick);
      if (bar.matches(":hover") || bar.contains(document.activeElement) || document.hidden) return undefined;
      left -= 1;
      if (left <= 0) { clearInterval(tick); bar.remove(); }
      return undefined;
    }, 1000);
  }

  function countBulk() {
    document.querySelectorAll("[data-bulk-bar]").forEach((bar) => {
      const boxes = document.querySelectorAll("input[data-bulk]");
      const chosen = Array.from(boxes).filter((box) => box.checked).length;
      bar.hidden = chosen === 0;
      const count = bar.querySelector("[data-bulk-count]");
      if (count) count.textContent = String(chosen);
      const all = document.querySelector("input[data-bulk-all]");
      if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
    });
  }

  function change(input, value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("input[data-bulk-all]")) {
      document.querySelectorAll("input[data-bulk]").forEach((other) => { other.checked = box.checked; });
    }
    if (box.matches("input[data-bulk], input[data-bulk-all]")) countBulk();
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-dismiss], [data-set], [data-fill], [data-copy], [data-print], [data-shortcuts]");
    if (target) act(target);
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  function act(target) {
    const data = target.dataset;
    if (data.dismiss !== undefined) target.closest(".notice").remove();
    if (data.set) {
      const input = document.querySelector(data.set);
      change(input, data.value);
      input.focus();
    }
    if (data.fill) {
      const input = document.querySelector(data.fill);
      change(input, input.value.trim() ? input.value.replace(/\s+$/, "") + "\n" + data.text : data.text);
      input.focus();
    }
    if (data.copy && navigator.clipboard) {
      navigator.clipboard.writeText(document.querySelector(data.copy).value).then(() => announce(words.copied));
    }
    if (data.print !== undefined) window.print();
    if (data.shortcuts !== undefined) switchShortcuts(target);
  }

  // One menu at a time; Esc closes it and gives the focus back.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches || !event.target.matches("details[data-menu]") || !event.target.open) return;
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (menu !== event.target) menu.open = false; });
  }, true);

  function store(key, value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
    } catch (error) { /* private windows refuse; then nothing is remembered */ }
    return null;
  }

  function shortcutsOn() { return store("zhibu-shortcuts") !== "off"; }

  function switchShortcuts(button) {
    const on = !shortcutsOn();
    store("zhibu-shortcuts", on ? null : "off");
    button.setAttribute("aria-pressed", String(on));
  }

  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    // 229: the key belongs to the input method; Safari sends it after composition has ended.
    if (event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter" && inField && inField.matches("input")) event.preventDefault();
      return;
    }
    if (event.key === "Escape") return escape();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && inField && inField.form) {
      event.preventDefault();
      return inField.form.requestSubmit();
    }
    // A key held down would decide about one after the other, page after page.
    if (inField || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !shortcutsOn()) return undefined;
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search && search.offsetParent) { event.preventDefault(); search.focus(); search.select(); }
      return undefined;
    }
    if (event.target.closest && event.target.closest("[data-board]")) return undefined;
    const wanted = /^[a-z]$/i.test(event.key) && document.querySelector('[data-shortcut="' + event.key.toLowerCase() + '"]');
    if (wanted) { event.preventDefault(); wanted.click(); }
    return undefined;
  });

  function escape() {
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    const close = document.querySelector("[data-drawer] [data-close]");
    if (close) close.click();
  }

  // The text grows under the reader's eyes, and what is half typed stays.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-text-size]") || !event.submitter) return;
    event.preventDefault();
    const data = new FormData(form);
    data.set("size", event.submitter.value);
    document.documentElement.dataset.text = event.submitter.value;
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button === event.submitter)));
    fetch(form.action, { method: "POST", body: data, redirect: "manual", keepalive: true }).catch(() => {});
  });

  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    showNotice(status === 403 || status === 401 ? words.signedOut : words.failed);
  });
  document.addEventListener("htmx:sendError", () => showNotice(words.offlinePlain));
  document.addEventListener("htmx:afterSettle", (event) => dress(event.target.parentElement || event.target));

  function start() {
    dress(document);
    document.querySelectorAll("[data-shortcuts]").forEach((button) => button.setAttribute("aria-pressed", String(shortcutsOn())));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
