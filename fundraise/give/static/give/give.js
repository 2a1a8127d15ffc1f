// The page works without this file. It adds: one decision per screen on phones, the typed sum in the
// words and on the button, identity fields while typing, a lock on the button, waiting for an answer.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const form = $("form.card");
  const problem = $("#problem, #notice");
  if (problem) problem.focus();

  // --- The typed sum (fundraise/money.py is the judge; this only echoes what is clear) ---
  const ore = (typed) => {
    const text = typed.normalize("NFKC").toLowerCase().trim()
      .replace(/\s*(kronor|kr|sek|:-)\.?$/, "").replace(/\s+/g, " ");
    if (/^\d{1,3}([.,]\d{3})+/.test(text)) return null;
    const match = /^(\d{1,3}(?: \d{3})+|\d{1,10})(?:[,.](\d{1,2}))?$/.exec(text);
    if (!match) return null;
    return Number(match[1].replaceAll(" ", "")) * 100 + Number((match[2] || "").padEnd(2, "0"));
  };
  const kronor = (sum) => {
    const whole = String(Math.floor(sum / 100)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
    const rest = sum % 100 ? "," + String(sum % 100).padStart(2, "0") : "";
    return whole + rest + "\u202fkr";
  };

  if (form) {
    const identity = $("#identity");
    const unwritten = new Map();
    const said = (ladder) => form.querySelectorAll(`.say-${ladder}-other strong, .say-${ladder}-other [data-sum]`);
    const echo = (input) => {
      const ladder = input.name.replace("other_", "");
      const sum = ore(input.value);
      for (const node of said(ladder)) {
        if (!unwritten.has(node)) unwritten.set(node, node.textContent);
        node.textContent = sum ? kronor(sum) : unwritten.get(node);
      }
      if (identity && identity.dataset.above) {
        const chosen = $(`#${ladder}-other`).checked;
        const asked = chosen && sum > Number(identity.dataset.above);
        identity.classList.toggle("asked", asked || identity.dataset.kept === "1");
      }
    };
    if (identity && identity.classList.contains("asked")) identity.dataset.kept = "1";
    for (const input of form.querySelectorAll("input[name^=other_]")) {
      const radio = $(`#${input.name.replace("other_", "")}-other`);
      input.addEventListener("input", () => {
        if (input.value.trim()) radio.checked = true; // typing is choosing; focus is not
        echo(input);
      });
      form.addEventListener("change", (event) => {
        if (event.target.name === radio.name) {
          if (event.target !== radio) input.value = "";
          echo(input);
        }
      });
      radio.addEventListener("click", (event) => {
        if (event.detail) input.focus(); // pressed by hand; arrow keys may go on past it
      });
      echo(input);
    }

    // --- One form, one gift: Back and reload bring the token that was sent ---
    const token = $("input[name=token]", form);
    const state = () => history.state || {};
    if (state().token) token.value = state().token;
    else history.replaceState({ ...state(), token: token.value }, "");

    // --- One press, one sending ---
    const button = $("button[type=submit]", form);
    let words = null;
    const unlock = () => {
      if (words) button.replaceChildren(...words);
      words = null;
      button.removeAttribute("aria-disabled");
    };
    form.addEventListener("submit", (event) => {
      if (words) return event.preventDefault();
      if (!navigator.onLine) {
        event.preventDefault();
        let note = $("#offline");
        if (!note) {
          note = document.createElement("p");
          note.id = "offline";
          note.className = "error";
          note.setAttribute("role", "alert");
          button.before(note);
        }
        note.textContent = form.dataset.offline;
        return undefined;
      }
      words = [...button.childNodes];
      button.setAttribute("aria-disabled", "true");
      button.textContent = form.dataset.sending;
      return undefined;
    });
    addEventListener("pageshow", unlock); // Back brings the page as it was left
    addEventListener("online", () => { $("#offline")?.remove(); });

    // --- One decision per screen on phones; Back goes to the step before ---
    const narrow = matchMedia("(max-width: 40rem)");
    const steps = [...form.querySelectorAll(".step")];
    const show = (at, focus) => {
      const on = narrow.matches && "steps" in form.dataset;
      form.classList.toggle("steps", on);
      document.body.classList.toggle("deep", on && at > 0);
      steps.forEach((step, index) => step.classList.toggle("here", index === at));
      if (on && focus) {
        form.scrollIntoView();
        const legend = $("legend", steps[at]);
        legend.tabIndex = -1;
        legend.focus({ preventScroll: true });
      }
    };
    const here = () => state().step || 0;
    const chosen = () => {
      const frequency = $("input[name=frequency]:checked", form)?.value || "once";
      const radio = $(`input[name=amount_${frequency}]:checked`, form);
      if (!radio) return false;
      return radio.value !== "other" || $(`#other_${frequency}`).value.trim() !== "";
    };
    const ask = () => {
      const set = steps[0].querySelector("fieldset[class^=ladder]:not([hidden])");
      let note = $("#choose");
      if (!note) {
        note = document.createElement("p");
        note.id = "choose";
        note.className = "error";
        note.setAttribute("role", "alert");
        $("legend", set).after(note);
      }
      note.textContent = form.dataset.choose;
      $("input", set).focus();
    };
    $(".next", form)?.addEventListener("click", () => {
      if (!chosen()) return ask();
      $("#choose")?.remove();
      history.pushState({ ...state(), step: 1 }, "");
      return show(1, true);
    });
    $(".back", form)?.addEventListener("click", () => history.back());
    addEventListener("popstate", () => show(here(), true));
    narrow.addEventListener("change", () => show(here(), false));
    show(here(), false);
  }

  // --- Waiting for an answer: ask with growing pauses, then stop ---
  const gift = $("#gift[data-check]");
  if (gift) {
    const pauses = [1, 2, 3, 4, 5, 8, 13, 20, 30, 45, 60, 60, 60, 60, 60].slice(0, Number(gift.dataset.polls));
    const ask = async () => {
      try {
        const answer = await fetch(gift.dataset.check, { method: "POST", headers: { Accept: "application/json" } });
        if (answer.ok && (await answer.json()).now !== gift.dataset.now) return location.reload();
      } catch { /* offline: the next try asks again */ }
      return wait();
    };
    const wait = () => {
      const pause = pauses.shift();
      if (pause !== undefined) setTimeout(ask, pause * 1000);
      else if (Number(gift.dataset.polls) > 1) $("#still").textContent = gift.dataset.still;
    };
    wait();
  }

  // --- Share ---
  const share = $("#share");
  if (share) {
    share.hidden = false;
    share.addEventListener("click", async () => {
      const { url, title, copied } = share.dataset;
      try {
        if (navigator.share) await navigator.share({ url, title });
        else {
          await navigator.clipboard.writeText(url);
          share.textContent = copied;
        }
      } catch { /* closed without sharing */ }
    });
  }

  // --- Copy ---
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText($(button.dataset.copies).textContent);
      button.textContent = button.dataset.copied;
    });
  }
})();
