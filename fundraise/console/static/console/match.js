"use strict";
// Suggestions by the keyboard. What is said is held for a moment, so that a slip costs nothing, and
// then sent in the background: no key waits for the server, and nothing is lost when it does not
// answer. Without this script each button sends the form.
const HOLD = 4000; // milliseconds in which u takes back what was not sent
const TRY_AGAIN = 5000;

document.addEventListener("DOMContentLoaded", () => {
  const all = document.querySelector("#tick-all");
  all?.addEventListener("change", () => {
    for (const box of document.querySelectorAll(".match:not([data-said]) input[type=checkbox]")) {
      box.checked = all.checked;
    }
  });
  const list = document.querySelector("[data-keys]");
  if (list) byKeys(list);
});

function byKeys(list) {
  const rows = [...list.querySelectorAll(".match")];
  const status = document.querySelector(".progress");
  const token = document.querySelector("#suggestions [name=csrfmiddlewaretoken]").value;
  const said = []; // {row, kind, refs, at, sent, done}, the last said last
  let at = 0;
  let sending = false;
  let timer = 0;

  const go = (to) => {
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const next = () => {
    const open = (row) => !row.dataset.said;
    const after = rows.findIndex((row, place) => place > at && open(row));
    const first = rows.findIndex(open);
    if (after >= 0 || first >= 0) go(after >= 0 ? after : first);
  };
  const held = () => said.filter((one) => !one.done);
  const unsent = () => said.filter((one) => !one.sent);
  const tell = (words) => {
    const count = status.dataset.count
      .replace("{said}", rows.filter((row) => row.dataset.said).length)
      .replace("{all}", rows.length)
      .replace("{held}", held().length);
    const over = rows.every((row) => row.dataset.said) && !held().length;
    status.textContent = words ? `${count} ${words}` : over ? status.dataset.next : count;
  };
  const mark = (row, kind, words) => {
    const told = row.querySelector(".told");
    told.textContent = words;
    told.hidden = !words;
    if (kind) row.dataset.said = kind;
    else delete row.dataset.said;
    const box = row.querySelector("input[type=checkbox]");
    if (box) box.disabled = Boolean(kind);
  };

  // Yes to one suggestion of a row; no to all of them.
  const say = (row, kind, button) => {
    if (!button || row.dataset.said) return;
    const buttons = kind === "yes" ? [button] : [...row.querySelectorAll("button.no")];
    at = rows.indexOf(row);
    const refs = buttons.map((one) => one.value);
    said.push({ row, kind, refs, at: Date.now(), sent: false, done: false });
    mark(row, kind, status.dataset[kind]);
    next();
    tell();
    plan(HOLD);
  };
  const plan = (wait) => {
    timer ||= window.setTimeout(send, wait); // never put off by the next key
  };

  // One request at a time: all of one kind that have been held long enough.
  const send = async () => {
    timer = 0;
    const ripe = unsent().filter((one) => Date.now() - one.at >= HOLD);
    if (!sending && ripe.length) {
      sending = true;
      await flush(ripe.filter((one) => one.kind === ripe[0].kind));
      sending = false;
    }
    if (unsent().length) plan(HOLD / 8);
  };
  const leave = () => {
    for (const kind of ["yes", "no"]) flush(unsent().filter((one) => one.kind === kind));
  };
  const flush = async (batch) => {
    if (!batch.length) return;
    for (const one of batch) one.sent = true;
    const told = await post(list.dataset[batch[0].kind], batch.flatMap((one) => one.refs));
    if (told.failed) {
      for (const one of batch) Object.assign(one, { sent: false, at: Date.now() + TRY_AGAIN - HOLD });
    } else {
      for (const one of batch) settle(one, told);
    }
    tell(told.failed);
  };
  const settle = (one, told) => {
    one.done = true;
    const wrong = one.refs.find((ref) => !(ref in told.done));
    if (wrong === undefined) {
      mark(one.row, one.kind, one.kind === "yes" ? status.dataset.booked : status.dataset.refused);
    } else {
      said.splice(said.indexOf(one), 1);
      mark(one.row, "wrong", told.left[wrong] ?? status.dataset.gone);
    }
  };
  const post = async (url, refs) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    for (const ref of refs) body.append("match", ref);
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(url, { method: "POST", body, headers, keepalive: true });
      const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (answer.redirected || answer.status === 403) return { failed: status.dataset.out };
      return answer.ok && isJson ? await answer.json() : { failed: status.dataset.lost };
    } catch {
      return { failed: status.dataset.lost };
    }
  };

  const undo = async () => {
    const one = said.pop();
    if (!one) return tell(status.dataset.nothing);
    if (!one.sent) {
      mark(one.row, "", "");
      go(rows.indexOf(one.row));
      return tell();
    }
    while (!one.done) await new Promise((done) => window.setTimeout(done, 100));
    const told = await post(list.dataset.back, one.refs);
    if (told.failed) {
      said.push(one);
      return tell(told.failed);
    }
    const wrong = one.refs.find((ref) => !told.done[ref]);
    if (wrong !== undefined) {
      mark(one.row, "wrong", told.left[wrong] ?? status.dataset.chosen);
      return tell();
    }
    for (const ref of one.refs) {
      for (const input of one.row.querySelectorAll(`[value="${ref}"]`)) input.value = told.done[ref];
    }
    mark(one.row, "", "");
    go(rows.indexOf(one.row));
    return tell(status.dataset.back);
  };

  const button = (kind, place = 0) => rows[at]?.querySelectorAll(`button.${kind}`)[place];
  const acts = {
    j: () => go(at + 1),
    ArrowDown: () => go(at + 1),
    k: () => go(at - 1),
    ArrowUp: () => go(at - 1),
    Enter: () => {
      const over = rows.every((row) => row.dataset.said) && !held().length;
      if (over) window.location.reload();
      else say(rows[at], "yes", button("yes"));
    },
    x: () => say(rows[at], "no", button("no")),
    u: undo,
    o: () => window.location.assign(rows[at].dataset.open),
    s: () => window.location.assign(`${rows[at].dataset.open}#split`),
    " ": () => {
      const box = rows[at].querySelector("input[type=checkbox]");
      if (box && !box.disabled) box.checked = !box.checked;
    },
  };
  for (let place = 1; place < 10; place += 1) {
    acts[place] = () => say(rows[at], "yes", button("yes", place - 1));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const elsewhere = event.target !== document.body && !event.target.closest(".match");
    if (elsewhere || event.target.closest("input, button, a") || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  });
  list.addEventListener("click", (event) => {
    const pressed = event.target.closest("button.yes, button.no");
    if (!pressed) return;
    event.preventDefault();
    say(pressed.closest(".match"), pressed.matches(".yes") ? "yes" : "no", pressed);
  });
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  go(0);
}
