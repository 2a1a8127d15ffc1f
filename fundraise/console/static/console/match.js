"use strict";
// Suggestions by the keyboard: j and k, Enter for yes, x for no, o to open, space to tick.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-keys]");
  const all = document.querySelector("#tick-all");
  all?.addEventListener("change", () => {
    for (const box of document.querySelectorAll(".match input[type=checkbox]")) {
      box.checked = all.checked;
    }
  });
  if (!list) return;
  const rows = [...list.querySelectorAll(".match")];
  let at = -1;
  const go = (to) => {
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const acts = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    Enter: () => rows[at]?.querySelector("button.yes")?.click(),
    x: () => rows[at]?.querySelector("button.no")?.click(),
    o: () => rows[at] && window.location.assign(rows[at].dataset.open),
    " ": () => {
      const box = rows[at]?.querySelector("input[type=checkbox]");
      if (box) box.checked = !box.checked;
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, textarea, select, button, a");
    if (typing || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });
  go(0);
});
