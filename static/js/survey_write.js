/* While a survey is written: only the lists that the kind of answer needs. Without this script all of them are shown. */
(function () {
  "use strict";

  const NEEDS = { single: ["choices"], multiple: ["choices"], matrix: ["choices", "rows"], scale: [], text: [] };

  function suit(select) {
    const line = select.closest("fieldset"), needs = NEEDS[select.value] || [];
    const more = line.querySelector("details");
    more.hidden = needs.length === 0;
    more.open = needs.length > 0;
    ["choices", "rows"].forEach((name) => {
      const input = line.querySelector("[name$='-" + name + "']");
      input.closest(".field").hidden = !needs.includes(name);
    });
  }

  document.querySelectorAll("select[name$='-kind']").forEach((select) => {
    suit(select);
    select.addEventListener("change", () => suit(select));
  });
})();
