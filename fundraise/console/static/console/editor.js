"use strict";
// The mail editor: blocks, saves as one writes, the preview. The server has the last word on
// everything; what could not be saved stays on the page and is tried again.
document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const { make, icon, said } = EditorDom;
  const state = JSON.parse(document.getElementById("editor-state").textContent);
  const words = state.words;
  const find = (name) => root.querySelector(`[data-${name}]`);
  const token = find("csrf").elements.csrfmiddlewaretoken.value;
  // The address may name a version, and the language of its words: #B, #B-en.
  const [asked, tongue] = location.hash.slice(1).split("-");
  let letter = state.pages[asked] ? asked : "A";
  let language = (tongue ?? sessionStorage.getItem("mail-language")) === "en" ? "en" : "sv";
  let who = state.people[0].who;
  let theme = "light";
  let gone = null; // the block taken away last, to be put back

  const page = (l = letter, g = language) => state.pages[l][g];
  const sheet = () => page().sheet;
  const each = (act) => Object.entries(state.pages).forEach(([l, pages]) => Object.keys(pages).forEach((g) => act(l, g)));

  async function send(url, values) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    for (const [key, value] of Object.entries(values)) body.set(key, value);
    const keepalive = document.hidden && (values.sheet?.length ?? 1e9) < 50_000; // leaving the page
    const answer = await fetch(url, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
    return { status: isJson ? answer.status : 403, body: isJson ? await answer.json() : {} };
  }

  const desk = {
    state, send, writes: state.writes, entity: find("entity").value,
    language: () => language, changed: () => changed(), redraw: (id) => drawBlock(id),
  };

  // --- Saving: one at a time, the newest words of each page -----------------------------------------
  const waiting = new Set();
  const refused = new Set(); // can't be kept as it stands: tried again when it has changed
  let timer = 0;
  let busy = false;
  let stuck = false; // somebody else saved: nothing more is sent until a person has chosen

  function changed() {
    if (!state.writes) return;
    waiting.add(`${letter} ${language}`);
    refused.delete(`${letter} ${language}`);
    if (!stuck) tell(words.unsaved);
    clearTimeout(timer);
    timer = setTimeout(save, 700);
  }

  async function save() {
    clearTimeout(timer);
    if (busy || stuck || !waiting.size) return;
    busy = true;
    const key = [...waiting][0];
    const [l, g] = key.split(" ");
    waiting.delete(key);
    tell(words.saving);
    const sent = JSON.stringify(page(l, g).sheet);
    try {
      const got = await send(state.urls.save, { letter: l, language: g, edition: page(l, g).edition, sheet: sent });
      if (got.status === 200) kept(l, g, got.body);
      else failed(key, l, g, got);
    } catch {
      waiting.add(key);
      tell(words.away, true);
      timer = setTimeout(save, 4000);
    }
    busy = false;
    if (waiting.size && !stuck && !timer) save();
  }

  function kept(l, g, answer) {
    const one = page(l, g);
    const before = one.edition;
    Object.assign(one, { edition: answer.edition, problems: answer.problems, text_made: answer.text_made, size: answer.size, standing: answer.standing });
    one.sheet.text_basis = answer.basis;
    if (state.shared) each((ll, gg) => { page(ll, gg).edition = answer.edition; });
    for (const field of document.querySelectorAll("input[name=edition]")) field.value = answer.edition;
    banner();
    tell(waiting.size ? words.saving : said(words.saved, { at: answer.at }));
    timer = 0;
    if (waiting.size) setTimeout(save, 0);
    if (l === letter && g === language) { problems(); plain(); if (before !== answer.edition) look(); }
  }

  function failed(key, l, g, got) {
    if (got.status === 409) {
      waiting.add(key);
      stuck = true;
      tell(words.unsaved, true);
      const theirs = make("button", { type: "button", onclick: () => { waiting.clear(); location.reload(); } }, words.show_theirs);
      const mine = make("button", { type: "button", onclick: () => { page(l, g).edition = got.body.edition; stuck = false; banner(); save(); } }, words.keep_mine);
      banner(got.body.say, theirs, mine);
    } else if (got.status === 422) {
      refused.add(key);
      tell(words.unsaved, true);
      banner(got.body.say);
    } else {
      waiting.add(key);
      tell(words.logged_out, true);
      timer = setTimeout(save, 8000);
    }
  }

  function tell(text, isBad = false) {
    const place = find("state");
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("bad", isBad);
  }

  function banner(text = "", ...acts) {
    const place = find("banner");
    place.hidden = !text;
    place.replaceChildren(...(text ? [make("p", {}, text), make("p", { className: "acts" }, ...acts)] : []));
    if (text) place.scrollIntoView({ block: "nearest" });
  }

  window.addEventListener("beforeunload", (event) => { if (waiting.size || refused.size || busy) { save(); event.preventDefault(); } });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  // What is done with the whole mail waits for what is written to be saved.
  for (const form of document.querySelectorAll("form[data-after-save]")) {
    form.addEventListener("submit", (event) => {
      if (!waiting.size && !refused.size && !busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (stuck || refused.size) return find("banner").scrollIntoView({ block: "nearest" });
      save();
      const wait = setInterval(() => {
        if (stuck || refused.size) return clearInterval(wait);
        if (waiting.size || busy) return;
        clearInterval(wait);
        form.requestSubmit();
      }, 100);
    }, true);
  }

  // --- The blocks -----------------------------------------------------------------------------------
  const place = find("blocks");

  function draw() {
    const { blocks } = sheet();
    place.replaceChildren(...blocks.map(card));
    if (gone && gone.letter === letter && gone.language === language) place.append(undo());
    if (!blocks.length) place.append(empty());
    problems();
  }

  function empty() {
    const other = page(letter, language === "sv" ? "en" : "sv").sheet;
    const copy = make("button", { type: "button", onclick: () => {
      const edition = sheet();
      Object.assign(edition, structuredClone(other), { text_edited: "", text_basis: "" });
      all();
      changed();
    } }, words.copy);
    const can = state.writes && (other.blocks.length || other.subject);
    return make("div", { className: "empty" }, make("p", {}, words.empty), can ? copy : null);
  }

  function card(block) {
    const kind = state.kinds.find((one) => one.kind === block.kind);
    const at = sheet().blocks.indexOf(block);
    const button = (name, label, act, disabled = false) =>
      make("button", { type: "button", className: "small", title: label, ariaLabel: `${label}: ${kind.label}`, disabled, onclick: act }, icon(name));
    const acts = state.writes ? make("div", { className: "block-acts" },
      button("arrow_upward", words.up, () => move(block, -1), at === 0),
      button("arrow_downward", words.down, () => move(block, 1), at === sheet().blocks.length - 1),
      button("add", words.add_below, () => offer(block)),
      button("delete", words.remove, () => remove(block))) : null;
    const node = make("section", { className: "card mail-block", id: `block-${block.id}`, ariaLabel: kind.label },
      make("header", {}, make("h3", {}, icon(kind.icon), kind.label), acts),
      ...EditorBlocks.inputs(block, desk).filter(Boolean), make("div", { className: "block-problems" }));
    node.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!event.altKey || !step || !state.writes) return;
      event.preventDefault();
      move(block, step);
    });
    return node;
  }

  function drawBlock(id) {
    const block = sheet().blocks.find((one) => one.id === id);
    document.getElementById(`block-${id}`)?.replaceWith(card(block));
    problems();
  }

  function move(block, step) {
    const { blocks } = sheet();
    const at = blocks.indexOf(block);
    const to = at + step;
    if (to < 0 || to >= blocks.length) return;
    blocks.splice(at, 1);
    blocks.splice(to, 0, block);
    draw();
    const node = document.getElementById(`block-${block.id}`);
    node.scrollIntoView({ block: "nearest" });
    (node.querySelector(`.block-acts button:nth-child(${step < 0 ? 1 : 2}):not(:disabled)`) ?? node.querySelector(".block-acts button:not(:disabled)"))?.focus();
    changed();
  }

  function remove(block) {
    const { blocks } = sheet();
    const at = blocks.indexOf(block);
    gone = { block, at, letter, language };
    blocks.splice(at, 1);
    draw();
    place.querySelector(".undo button")?.focus();
    changed();
  }

  function undo() {
    const kind = state.kinds.find((one) => one.kind === gone.block.kind);
    const button = make("button", { type: "button", className: "small", onclick: () => {
      const { block, at } = gone;
      gone = null;
      sheet().blocks.splice(at, 0, block);
      draw();
      show(block);
      changed();
    } }, words.undo);
    return make("p", { className: "undo", role: "status" }, `${said(words.removed, { kind: kind.label })} `, button);
  }

  function add(kind, after = null) {
    const { blocks } = sheet();
    if (blocks.length >= state.most) return banner(words.most);
    const block = EditorBlocks.fresh(kind, new Set(blocks.map((one) => one.id)));
    const at = after ? blocks.indexOf(after) + 1 : blocks.length;
    gone = null;
    blocks.splice(at, 0, block);
    draw();
    show(block);
    changed();
  }

  function show(block) {
    const node = document.getElementById(`block-${block.id}`);
    node.scrollIntoView({ block: "nearest" });
    (node.querySelector("textarea, input[type=text]") ?? node.querySelector("button"))?.focus();
  }

  const choices = (after) => state.kinds.map((one) =>
    make("button", { type: "button", className: "small", onclick: () => add(one.kind, after) }, icon(one.icon), one.label));

  function offer(block) {
    const node = document.getElementById(`block-${block.id}`);
    if (node.nextElementSibling?.matches(".kinds")) return node.nextElementSibling.remove();
    const list = make("div", { className: "kinds below", role: "group", ariaLabel: words.add_below }, ...choices(block));
    node.after(list);
    list.querySelector("button").focus();
  }

  // --- What is wrong, and where ---------------------------------------------------------------------
  function problems() {
    const one = page();
    find("standing").textContent = one.standing;
    find("size").textContent = said(words.size, { n: one.size });
    root.querySelector(".standing").classList.toggle("ready", !one.problems.some((each) => each.stops));
    const line = (each) => make("p", { className: each.stops ? "error" : "note" }, make("span", { ariaHidden: "true" }, each.stops ? "■ " : "▲ "), each.say);
    for (const spot of root.querySelectorAll("[data-problems-of], .block-problems")) spot.replaceChildren();
    for (const each of one.problems) {
      const spot = root.querySelector(`[data-problems-of="${each.block}"]`) ?? document.querySelector(`#block-${CSS.escape(each.block)} .block-problems`);
      spot?.append(line(each));
    }
    find("problems").replaceChildren(...one.problems.map((each) => {
      const block = sheet().blocks.find((b) => b.id === each.block);
      const kind = block && state.kinds.find((k) => k.kind === block.kind);
      const where = kind ? `${kind.label} ${sheet().blocks.indexOf(block) + 1}` : each.where;
      const link = make("a", { href: `#${target(each)}`, onclick: (event) => { event.preventDefault(); go(each); } }, where);
      return make("li", { className: each.stops ? "stops" : "notes" }, each.block === "mail" ? where : link, `: ${each.say}`);
    }));
  }

  function target(each) {
    return { subject: "mail-subject", preheader: "mail-preheader", text: "mail-text" }[each.block] ?? `block-${each.block}`;
  }

  function go(each) {
    if (each.block === "text") find("plain").open = true;
    const node = document.getElementById(target(each));
    const field = node?.matches("input, textarea") ? node : node?.querySelector(`[data-place="${each.place}"]`) ?? node?.querySelector("button");
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
    node?.scrollIntoView({ block: "center" });
  }

  // --- Subject, preview line, plain text ------------------------------------------------------------
  for (const [name, good] of [["subject", 60], ["preheader", 110]]) {
    const input = find(name);
    input.readOnly = !state.writes;
    input.addEventListener("input", () => { sheet()[name] = input.value; counts(); changed(); });
    input.good = good;
    if (state.writes) input.previousElementSibling.append(make("div", { className: "tools" }, EditorBlocks.merge(input, desk, name === "subject")));
  }

  function counts() {
    for (const name of ["subject", "preheader"]) {
      const input = find(name);
      find(`${name}-count`).textContent = said(words.counter, { n: input.value.length, good: input.good });
    }
  }

  function plain() {
    const { text_edited: edited } = sheet();
    const area = find("text");
    const shown = edited || page().text_made;
    if (area.value !== shown && document.activeElement !== area) area.value = shown;
    area.readOnly = !state.writes || !edited;
    find("text-said").textContent = edited ? words.hand_say : words.made_say;
    find("text-hand").textContent = edited ? words.made_again : words.by_hand;
    find("text-hand").hidden = !state.writes;
  }

  find("text").addEventListener("input", () => { sheet().text_edited = find("text").value; changed(); });
  find("text-hand").addEventListener("click", () => {
    sheet().text_edited = sheet().text_edited ? "" : page().text_made;
    find("text").blur();
    plain();
    if (sheet().text_edited) find("text").focus();
    changed();
  });

  // --- Versions and languages -----------------------------------------------------------------------
  const letters = Object.keys(state.pages);
  find("letters").hidden = letters.length < 2;
  find("letters").append(...letters.map((one) => make("button", { type: "button", role: "tab", onclick: () => turn(one, language) }, one)));
  for (const button of find("languages").children) button.addEventListener("click", () => turn(letter, button.dataset.language));

  function turn(l, g) {
    save();
    letter = l;
    language = g;
    gone = null;
    sessionStorage.setItem("mail-language", g);
    if (letters.length > 1) history.replaceState(null, "", `#${l}`);
    all();
  }

  // Whom the version comes from: the form under the blocks, and the list of mails at the side.
  const sending = JSON.parse(document.getElementById("sending")?.textContent ?? "{}");
  function from() {
    const one = sending[letter];
    find("look-from").textContent = one?.name ?? "";
    const form = document.querySelector("[data-sender]");
    if (!form || !one) return;
    for (const name of ["address", "name", "reply_to"]) form.elements[name].value = one[name];
  }

  function all() {
    from();
    for (const button of find("letters").children) button.ariaSelected = String(button.textContent === letter);
    for (const button of find("languages").children) button.ariaSelected = String(button.dataset.language === language);
    for (const input of document.querySelectorAll("[data-letter-field]")) input.value = letter;
    for (const form of document.querySelectorAll("[data-not-a]")) form.hidden = letter === "A";
    find("subject").value = sheet().subject;
    find("preheader").value = sheet().preheader;
    place.lang = find("subject").lang = find("preheader").lang = find("text").lang = language;
    counts();
    find("text").value = "";
    plain();
    draw();
    look();
  }

  // --- The preview: each look is a new frame, so that Back leaves the page ---------------------------
  const query = () => new URLSearchParams({ letter, language, who }).toString();
  let soon = 0;

  function look() {
    clearTimeout(soon);
    soon = setTimeout(lookNow, 60);
  }

  async function lookNow() {
    for (const stage of root.querySelectorAll("[data-frame]")) {
      if (stage.dataset.fixed && !find("wall").open) continue;
      if (stage.dataset.frame === "desk") stage.style.setProperty("--fit", Math.min(1, stage.clientWidth / 680));
      const fresh = make("iframe", { title: stage.dataset.title, sandbox: "" });
      fresh.src = `${state.urls.frame}?${query()}&theme=${stage.dataset.fixed ?? theme}`;
      fresh.className = "coming";
      const old = stage.querySelector("iframe:not(.coming)");
      stage.querySelector("iframe.coming")?.remove();
      fresh.addEventListener("load", () => { old?.remove(); fresh.className = ""; }, { once: true });
      stage.append(fresh);
    }
    try {
      const answer = await fetch(`${state.urls.words}?${query()}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const told = await answer.json();
      find("look-subject").textContent = told.subject || "–";
      find("look-preheader").textContent = told.preheader;
      find("look-text").textContent = told.text;
      find("sums").replaceChildren(...told.sums.map((one) => make("p", { className: "help" }, make("b", {}, one.sums), ` ${one.why}`)));
    } catch {
      // Away for a moment: the next save looks again.
    }
  }

  function people(list, isChosen = false) {
    const menu = find("who");
    for (const one of list) {
      if (![...menu.options].some((each) => each.value === one.who)) menu.append(make("option", { value: one.who }, one.label));
    }
    if (isChosen && list.length) { menu.value = who = list[0].who; look(); }
  }

  people(state.people);
  find("who").addEventListener("change", () => { who = find("who").value; look(); });
  find("find").hidden = !state.reveals;
  find("find").textContent = words.find;
  find("find").addEventListener("click", async () => {
    find("find-form").hidden = false;
    await search("");
    find("find-text").focus();
  });
  find("find-form").addEventListener("submit", (event) => { event.preventDefault(); search(find("find-text").value); });

  async function search(text) {
    try {
      const got = await send(state.urls.people, { text });
      const found = got.body.people ?? [];
      find("find-text").setCustomValidity(found.length ? "" : words.nobody);
      if (found.length) people(found, true);
      else find("find-text").reportValidity();
    } catch {
      tell(words.away, true);
    }
  }

  find("find-text").addEventListener("input", () => find("find-text").setCustomValidity(""));
  for (const button of find("themes").children) {
    button.addEventListener("click", () => {
      theme = button.dataset.theme;
      for (const one of find("themes").children) one.ariaPressed = String(one === button);
      look();
    });
  }
  find("wall").addEventListener("toggle", () => { if (find("wall").open) lookNow(); });
  if (state.writes) find("kinds").append(...choices(null));
  else root.querySelector(".add-block").hidden = true;
  all();
});
