// The page works without this file. It adds: one decision per screen on phones, the typed sum in the
// words and on the button, identity fields while typing, a lock on the button, waiting for an answer.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const form = $("form.card input[name=proof]")?.form; // the one that gives; others need no script
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

  // --- Came by a mail's link: say once that the page was in front of somebody for a second ---
  const came = new URLSearchParams(location.search);
  if (/^[\w-]{24}$/.test(came.get("ref") || "") && /^\d{1,4}$/.test(came.get("lank") || "")) {
    let timer = 0;
    const seen = () => {
      clearTimeout(timer);
      if (document.visibilityState !== "visible") return;
      timer = setTimeout(() => {
        document.removeEventListener("visibilitychange", seen);
        const body = new URLSearchParams({ ref: came.get("ref"), lank: came.get("lank") });
        fetch("/anlant", { method: "POST", body, keepalive: true }).catch(() => {});
      }, 1000);
    };
    document.addEventListener("visibilitychange", seen);
    seen();
  }

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

    // --- A proof of work, when the page asks for one (data-prove): many rounds of PBKDF2 ---
    const proof = $("input[name=proof]", form);
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const tried = async (asked, number) => {
      const nonce = bytes(asked.nonce);
      const password = new Uint8Array(nonce.length + 4);
      password.set(nonce);
      new DataView(password.buffer).setUint32(nonce.length, number);
      const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(asked.salt), iterations: asked.cost };
      const made = new Uint8Array(await crypto.subtle.deriveBits(how, key, asked.keyLength * 8));
      return Array.from(made, (byte) => byte.toString(16).padStart(2, "0")).join("");
    };
    const prove = async () => {
      const body = new URLSearchParams({ token: token.value });
      const answer = await fetch(form.dataset.prove, { method: "POST", body });
      if (!answer.ok) throw new Error("no challenge");
      const challenge = await answer.json();
      const asked = challenge.parameters;
      for (let first = 0; first < 100000; first += 8) {
        const batch = Array.from({ length: 8 }, (_, step) => tried(asked, first + step));
        const keys = await Promise.all(batch);
        const at = keys.findIndex((key) => key.startsWith(asked.keyPrefix));
        if (at >= 0) return btoa(JSON.stringify({ challenge, solution: { counter: first + at, derivedKey: keys[at] } }));
      }
      throw new Error("not found");
    };
    const kept = { at: 0, made: null }; // solved while the visitor writes, good for ten minutes
    const proven = () => {
      if (!kept.made || performance.now() - kept.at > 600000) {
        kept.at = performance.now();
        kept.made = prove();
        kept.made.catch(() => { kept.made = null; });
      }
      return kept.made;
    };
    const asks = () => form.dataset.prove && !proof.value
      && ($("#frequency-monthly:checked", form) || ($("input[name=way]:checked, input[name=way][type=hidden]", form) || {}).value !== "swish_number");
    const opened = performance.now();
    const early = () => Number(form.dataset.least) * 1000 - (performance.now() - opened);
    const other = $("#elsewhere");
    if (form.dataset.prove) {
      if (other && crypto.subtle) other.hidden = true;
      form.addEventListener("input", () => { if (asks() && crypto.subtle) proven().catch(() => {}); });
    }
    const ready = async () => {
      if (early() > 0) await new Promise((done) => setTimeout(done, early()));
      if (!asks()) return;
      $("#checking").textContent = form.dataset.checking;
      proof.value = await proven();
    };

    // --- An account: its bank is asked for by the clearing number alone; the rest is looked at here ---
    const digits = (input) => input.value.replace(/\D/g, "");
    const luhn = (text) => [...text].reverse().reduce((sum, sign, at) => {
      const two = at % 2 ? Number(sign) * 2 : Number(sign);
      return sum + (two > 9 ? two - 9 : two);
    }, 0) % 10 === 0;
    const mod11 = (text) => [...text].reverse().reduce((sum, sign, at) => sum + Number(sign) * (at % 10 + 1), 0) % 11 === 0;
    const tell = (input, words, state) => {
      const said = $(`#${input.id}-said`);
      if (said.textContent !== words) said.textContent = words;
      said.className = `said-of ${state}`;
    };
    const account = $("#account", form);
    const number = $("#payer_number", form);
    if (account) {
      const help = $("#account-help").textContent;
      const banks = new Map();
      const bankOf = (clearing) => {
        if (!banks.has(clearing)) {
          banks.set(clearing, fetch(`${account.dataset.bank}?clearing=${clearing}`)
            .then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
        }
        return banks.get(clearing);
      };
      const isRight = (check, clearing, rest, longest) => ({
        "1/1": () => mod11(clearing.slice(1) + rest),
        "1/2": () => mod11(clearing + rest),
        "2/1": () => luhn(rest.padStart(longest, "0")),
        "2/2": () => mod11(rest),
      })[check]?.() ?? true;
      const look = async (done) => {
        const typed = digits(account);
        const clearing = typed.slice(0, 4);
        if (typed.length < 4 || clearing[0] === "0" || $("#payer-bankgiro:checked", form)) return tell(account, "", "");
        const bank = await bankOf(clearing);
        if (digits(account).slice(0, 4) !== clearing || !bank) return undefined;
        $("#account-help").textContent = bank.help || help;
        let rest = typed.slice(4);
        if (clearing[0] === "8" && (/^\D*\d{4}\D?\d\D+\d/.test(account.value) || rest.length > 10) && luhn(typed.slice(0, 5))) rest = typed.slice(5);
        const [least, most] = bank.digits.length ? bank.digits : [2, 12];
        if (done && rest && (rest.length < least || rest.length > most)) return tell(account, account.dataset.short, "warn");
        if (rest.length >= least && rest.length <= most && (done || least === most) && !isRight(bank.check, clearing, rest, most)) {
          return tell(account, account.dataset.wrong, "warn");
        }
        return tell(account, bank.said || bank.bank, bank.said ? "warn" : "ok");
      };
      account.addEventListener("input", () => look(false));
      account.addEventListener("change", () => look(true));
      form.addEventListener("change", (event) => { if (event.target.name === "payer") look(false); });
      number.addEventListener("input", () => tell(number, "", ""));
      number.addEventListener("change", () => {
        const typed = digits(number).slice(-10);
        tell(number, typed.length === 10 && !luhn(typed) ? number.dataset.wrong : "", "warn");
      });
      if (account.value) look(true);
    }

    // --- What was written stays in this tab while the bank's app is looked into, until it is sent.
    // Never the personal number, never a tick, never what proves the form ---
    const place = `give ${location.pathname}${location.search}`;
    const stays = ["name", "email", "account", "frequency", "amount_once", "amount_monthly", "other_once", "other_monthly", "day", "every", "payer", "monthly_way"];
    const inputs = () => [...form.elements].filter((input) => stays.includes(input.name) && input.type !== "hidden");
    const store = (use) => { try { return use(sessionStorage); } catch { return null; } };
    form.addEventListener("input", () => {
      const kept = {};
      for (const input of inputs()) {
        if (input.type === "radio" ? input.checked : input.value) kept[input.name] = input.value;
      }
      store((tab) => tab.setItem(place, JSON.stringify(kept)));
    });
    const before = problem ? null : JSON.parse(store((tab) => tab.getItem(place)) || "null");
    if (before) {
      for (const input of inputs()) {
        if (!(input.name in before) || input.disabled) continue;
        if (input.type === "radio") input.checked = input.value === before[input.name];
        else if (!input.value) input.value = before[input.name];
      }
      for (const input of form.querySelectorAll("input[name^=other_]")) echo(input);
      if (account?.value) account.dispatchEvent(new Event("change"));
    }

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
      if (early() <= 0 && !asks()) return undefined;
      event.preventDefault();
      ready().then(() => form.submit(), () => {
        unlock();
        $("#checking").textContent = form.dataset.unchecked;
        if (other) {
          other.hidden = false;
          other.classList.add("asked");
        }
      });
      return undefined;
    });
    const mailed = proof.value.startsWith("pass.");
    addEventListener("pageshow", () => { // Back brings the page as it was left
      unlock();
      if (mailed) return;
      proof.value = ""; // a changed gift needs a proof of its own
      kept.made = null;
      if ($("#checking")) $("#checking").textContent = "";
    });
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
  if ($("[data-forget]")) { try { sessionStorage.clear(); } catch { /* no storage, nothing kept */ } }
  const gift = $("#gift[data-check]");
  if (gift) {
    const pauses = [1, 2, 3, 4, 5, 8, 13, 20, 30, 45, 60, 60, 60, 60, 60].slice(0, Number(gift.dataset.polls));
    const scan = $("#code"); // of an order of BankID: another code each second, until it is opened
    const turn = scan && setInterval(async () => {
      try {
        const body = new URLSearchParams(new FormData($("form", gift)));
        body.set("code", "1");
        const answer = await fetch(gift.dataset.check, { method: "POST", headers: { Accept: "application/json" }, body });
        const { code } = answer.ok ? await answer.json() : {};
        if (code) $("svg", scan).outerHTML = code;
      } catch { /* offline: the next second asks again */ }
    }, 1000);
    const ask = async () => {
      try {
        const body = new URLSearchParams(new FormData($("form", gift) || undefined));
        const answer = await fetch(gift.dataset.check, { method: "POST", headers: { Accept: "application/json" }, body });
        const now = answer.ok ? (await answer.json()).now : gift.dataset.now;
        if (scan && !/open$|outstanding|noClient/.test(now)) { clearInterval(turn); scan.hidden = true; }
        const next = gift.dataset.next; // an order of BankID: on when it is over, not at each step
        if (next ? !now.startsWith("waiting") : now !== gift.dataset.now) return next ? location.assign(next) : location.reload();
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
