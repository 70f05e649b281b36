/* Forms: one submit at a time, autosave, drafts on the device, the attendance board. Every form works without it. */
(function () {
  "use strict";

  const { announce, words } = window.zhibu;
  const DRAFT = "zhibu-draft:";
  const mayKeep = () => document.body.hasAttribute("data-keep-drafts");

  function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; } }
  function write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch (error) { return false; } }
  function forget(key) { try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ } }
  function draftKeys() { try { return Object.keys(localStorage).filter((key) => key.startsWith(DRAFT)); } catch (error) { return []; } }

  function moment(time) {
    const then = new Date(time), at = then.getHours() + ":" + String(then.getMinutes()).padStart(2, "0");
    return then.toDateString() === new Date().toDateString() ? at : then.getMonth() + 1 + "-" + then.getDate() + " " + at;
  }

  // --- One submit at a time ------------------------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-sign-out]")) draftKeys().forEach(forget);
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-no-guard")) return;
    if (form.dataset.busy) { event.preventDefault(); return; }
    form.dataset.busy = "yes";
    const saver = savers.get(form), saved = saver && saver.stop();
    if (saved) {
      // What is being saved raises the version on the server; a submit that still names the old one would look like a colleague's.
      event.preventDefault();
      const submitter = event.submitter;
      saved.then(() => {
        delete form.dataset.busy;
        if (submitter) submitter.click(); else if (form.requestSubmit) form.requestSubmit(); else form.submit();
      });
      return;
    }
    const draft = draftOf(form);
    if (draft) { keepDraft(form); const kept = read(draft); if (kept) write(draft, Object.assign(kept, { sent: true })); }
    const button = event.submitter;
    if (button && words.saving) {
      const label = button.querySelector("span") || button;
      button.style.minWidth = button.offsetWidth + "px";
      button.setAttribute("aria-disabled", "true");
      button.dataset.label = label.textContent;
      label.textContent = words.saving;
    }
    // A download answers without leaving the page.
    setTimeout(() => release(form), 15000);
  });

  function release(form) {
    delete form.dataset.busy;
    form.querySelectorAll('[aria-disabled="true"][data-label]').forEach((button) => {
      (button.querySelector("span") || button).textContent = button.dataset.label;
      button.removeAttribute("aria-disabled");
      delete button.dataset.label;
    });
  }

  // Back from the next page: the browser may show this one as it was left, button and all.
  window.addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(release); });
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.target.closest && event.target.closest("form"); if (form) release(form); });

  // --- Autosave ------------------------------------------------------------------------------------------------------------
  // <form data-autosave="/address/">: the whole form is posted there. Answer 200 with the stamp as plain text ("Saved 10:42")
  // and, for records with versions, X-Version; 409 someone else was faster; 422 with the reason as plain text.

  const savers = new Map();
  const PAUSE = 800;

  function autosave(form) {
    let timer = null, running = null, ended = null, dirty = false, composing = false, stopped = false;
    const stamp = form.querySelector("[data-saved]") || form.appendChild(Object.assign(document.createElement("p"), { className: "saved" }));

    function say(text, trouble) {
      stamp.textContent = text;
      stamp.classList.toggle("saved--trouble", Boolean(trouble));
    }

    function soon(wait) {
      dirty = true;
      clearTimeout(timer);
      if (!composing && !stopped) timer = setTimeout(save, wait);
    }

    async function save() {
      clearTimeout(timer);
      if (running || !dirty || stopped) return;
      dirty = false;
      let end;
      running = new AbortController();
      ended = new Promise((resolve) => { end = resolve; });
      try {
        const response = await fetch(form.dataset.autosave, {
          method: "POST", body: new FormData(form), signal: running.signal, headers: { "X-Autosave": "1" }, redirect: "manual",
        });
        await answered(response);
      } catch (error) {
        if (error.name !== "AbortError") lost();
      }
      running = ended = null;
      end();
      if (dirty) soon(PAUSE);
    }

    async function answered(response) {
      if (response.ok) {
        const version = response.headers.get("X-Version");
        if (version && form.elements.version) form.elements.version.value = version;
        say(await response.text());
        offline(false);
        const draft = draftOf(form);
        if (draft && !dirty) forget(draft);
      } else if (response.status === 422) {
        say((await response.text()) || words.notSaved, true);
      } else if (response.status === 409) {
        stopped = true;
        say(words.conflict, true);
      } else if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
        say(words.signedOut, true);
      } else {
        lost();
      }
    }

    function lost() {
      dirty = true;
      say(words.notSaved, true);
      offline(true, Boolean(draftOf(form)) && keepDraft(form));
    }

    // The input method fires `input` while the characters are still being chosen.
    form.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
    form.addEventListener("compositionend", () => { composing = false; soon(PAUSE); });
    form.addEventListener("input", (event) => { if (!event.isComposing) soon(PAUSE); });
    form.addEventListener("change", () => { if (!composing) soon(0); });

    const saver = {
      retry() { if (dirty) save(); },
      // Answers with a promise while something is still on its way; a dead line is not waited for.
      stop() { stopped = true; clearTimeout(timer); if (running) setTimeout((it) => it.abort(), 4000, running); return ended; },
      resume() { stopped = false; },
    };
    stamp.setAttribute("role", "status");
    savers.set(form, saver);
  }

  function offline(yes, kept) {
    const bar = document.getElementById("offline");
    if (!bar) return;
    bar.hidden = !yes;
    bar.textContent = yes ? (kept ? words.offline : words.offlinePlain) : "";
  }

  function retryAll() { savers.forEach((saver) => saver.retry()); }
  window.addEventListener("online", () => { offline(false); retryAll(); });
  window.addEventListener("offline", () => {
    const drafts = Array.from(document.querySelectorAll("form[data-local-draft]"));
    if (drafts.length || savers.size) offline(true, drafts.length > 0 && drafts.every(keepDraft));
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) retryAll(); });
  setInterval(retryAll, 30000);

  // --- Drafts on the device: only forms that ask for it, never on a shared computer -------------------------------------------

  function draftOf(form) { return form.dataset.localDraft && mayKeep() ? DRAFT + form.dataset.localDraft : ""; }

  function keepDraft(form) {
    const key = draftOf(form);
    if (!key) return false;
    return write(key, { at: Date.now(), version: versionOf(form), fields: fieldsOf(form) });
  }

  // What the page prints for itself belongs to the page it was printed on.
  const PRINTED = ["csrfmiddlewaretoken", "version", "confirmed"];

  function fieldsOf(form) {
    const fields = [];
    new FormData(form).forEach((value, name) => { if (typeof value === "string" && !PRINTED.includes(name)) fields.push([name, value]); });
    return fields;
  }

  function versionOf(form) { return form.elements.version ? Number(form.elements.version.value) : 0; }

  // The page adds empty lines to write on; they are no text.
  function textOf(fields) { return JSON.stringify(fields.map(([name, value]) => [name, value.trim()]).filter(([, value]) => value).sort()); }

  // The server has it: the form says the same, or this login has saved upon the version that was sent.
  function arrived(form, draft) {
    if (textOf(draft.fields) === textOf(fieldsOf(form))) return true;
    return Boolean(draft.sent) && form.hasAttribute("data-saved-here") && draft.version > 0 && versionOf(form) > draft.version;
  }

  function putBack(form, fields) {
    const values = new Map();
    fields.forEach(([name, value]) => values.set(name, (values.get(name) || []).concat(value)));
    Array.from(form.elements).forEach((input) => {
      if (!input.name || input.type === "file" || PRINTED.includes(input.name)) return;
      const kept = values.get(input.name) || [];
      if (input.type === "checkbox" || input.type === "radio") input.checked = kept.includes(input.value);
      else if (input.multiple && input.options) Array.from(input.options).forEach((option) => { option.selected = kept.includes(option.value); });
      else if (input.type !== "submit" && input.type !== "button" && kept.length) input.value = kept.shift();
    });
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.querySelectorAll("[data-board]").forEach(showBoard);
  }

  function offerDraft(form) {
    const key = draftOf(form), draft = key && read(key);
    if (!draft) return;
    if (arrived(form, draft)) { forget(key); return; }
    if (draft.sent) { write(key, { at: draft.at, version: draft.version, fields: draft.fields }); }
    // After a refused submit the server has printed the same text again.
    if (document.getElementById("error-summary")) return;
    const bar = document.createElement("div");
    bar.className = "undo";
    bar.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = words.draftFound.replace("{time}", moment(draft.at));
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    [[words.draftRestore, () => putBack(form, draft.fields)], [words.draftDiscard, () => forget(key)]].forEach(([label, then]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet";
      button.textContent = label;
      button.addEventListener("click", () => { bar.remove(); then(); });
      buttons.append(button);
    });
    bar.append(text, buttons);
    form.prepend(bar);
  }

  function drafts() {
    const here = new Set(Array.from(document.querySelectorAll("form[data-local-draft]")).map(draftOf));
    // A page of the signed-in shell without that form is the server's answer that it has arrived.
    if (document.body.hasAttribute("data-shell")) {
      draftKeys().forEach((key) => { const draft = read(key); if (draft && draft.sent && !here.has(key)) forget(key); });
    }
    document.querySelectorAll("form[data-local-draft]").forEach((form) => {
      offerDraft(form);
      let timer = null;
      form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => keepDraft(form), 400); });
      form.addEventListener("change", () => keepDraft(form));
      // What is sent is marked as sent; a timer of the last character would take the mark away.
      form.addEventListener("submit", () => clearTimeout(timer));
    });
  }

  // --- Attendance board: one button per person, under it the radio buttons that are sent ------------------------------------

  function choiceOf(person) { return person.querySelector('input[type="radio"]:checked'); }

  function showPerson(person) {
    const choice = choiceOf(person), state = choice ? choice.value : "";
    person.className = "person" + (state ? " person--" + state : "");
    person.querySelectorAll("[data-state]").forEach((face) => { face.hidden = face.dataset.state !== state; });
  }

  function showBoard(board) {
    const counts = { present: 0, excused: 0, absent: 0 };
    board.querySelectorAll("[data-person]").forEach((person) => {
      showPerson(person);
      const choice = choiceOf(person);
      if (choice) counts[choice.value === "online" ? "present" : choice.value] += 1;
    });
    Object.entries(counts).forEach(([name, count]) => {
      const place = board.querySelector('[data-count="' + name + '"]');
      if (place) place.textContent = String(count);
    });
    if (board.closest("form")) besides(board.closest("form"));
  }

  // What stands beside the board and follows from it: who may give a reason in words, whether the meeting may decide.
  function besides(form) {
    const stateOf = (name) => { const choice = form.querySelector('input[name="' + name + '"]:checked'); return choice ? choice.value : ""; };
    form.querySelectorAll("[data-away-rows]").forEach((rows) => {
      let away = 0;
      rows.querySelectorAll("[data-away-of]").forEach((row) => {
        const isAway = ["excused", "absent"].includes(stateOf(row.dataset.awayOf));
        row.hidden = !isAway;
        away += isAway;
      });
      rows.hidden = !away;
    });
    form.querySelectorAll("[data-quorum]").forEach((line) => {
      const present = line.dataset.quorum.split(" ").filter((name) => ["present", "online"].includes(stateOf(name))).length;
      line.textContent = (present >= Number(line.dataset.least) ? line.dataset.enough : line.dataset.short).replace("{present}", present);
      // Who is expected besides the roster, or not, is known once it is saved.
      line.hidden = Array.from(form.querySelectorAll('select[name="off_who"] option')).some((option) => option.selected !== option.defaultSelected && option.value);
    });
  }

  function choose(person, value) {
    const input = Array.from(person.querySelectorAll('input[type="radio"]')).find((radio) => radio.value === value);
    if (!input || input.checked) return;
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function attendance(board) {
    board.classList.add("js-board");
    showBoard(board);
    (board.closest("form") || board).addEventListener("change", () => showBoard(board));
    board.addEventListener("click", (event) => {
      const button = event.target.closest("[data-cycle]");
      if (button) {
        const person = button.closest("[data-person]");
        const states = Array.from(person.querySelectorAll('input[type="radio"]')).map((radio) => radio.value);
        const choice = choiceOf(person);
        choose(person, states[(states.indexOf(choice ? choice.value : "") + 1) % states.length]);
        announce(button.innerText.replace(/\s+/g, " "));
      }
      if (event.target.closest("[data-board-all]")) board.querySelectorAll("[data-person]").forEach((person) => choose(person, "present"));
    });
    let typed = "", since = 0;
    board.addEventListener("keydown", (event) => {
      if (!event.target.closest("[data-cycle]") || event.ctrlKey || event.metaKey || event.altKey || !/^[a-z]$/i.test(event.key)) return;
      typed = event.timeStamp - since > 900 ? event.key.toLowerCase() : typed + event.key.toLowerCase();
      since = event.timeStamp;
      const found = board.querySelector('[data-initials^="' + typed + '"] [data-cycle]');
      if (found) found.focus();
    });
  }

  function dress(root) {
    root.querySelectorAll("form[data-autosave]").forEach((form) => { if (!savers.has(form)) autosave(form); });
    root.querySelectorAll("[data-board]:not(.js-board)").forEach(attendance);
  }

  function start() { dress(document); drafts(); }

  window.addEventListener("pageshow", (event) => { if (event.persisted) savers.forEach((saver) => saver.resume()); });
  document.addEventListener("htmx:afterSettle", (event) => dress(event.target.parentElement || event.target));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
