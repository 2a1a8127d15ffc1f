"use strict";
// The builder of segments: the tree is drawn from its JSON, and each change asks how many there are.
// A newer question ends the one before, here and at the server; the server has the last word.
document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector("[data-segment]");
  if (!root) return;
  const { make, draw } = window.SegmentFields;
  const { tree: first, kept, kinds: groups, writes, words, free } = JSON.parse(document.getElementById("segment-builder").textContent);
  const find = (name) => root.querySelector(`[data-${name}]`);
  const token = document.querySelector("[data-token]").elements.csrfmiddlewaretoken.value;
  const key = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const offered = groups.flatMap((group) => group.kinds);
  // The root is always a group, so that there is a place to add to.
  const rooted = (node) => ("all" in node || "any" in node ? node : { all: [node] });
  let tree = rooted(first);
  let saved = JSON.stringify(rooted(kept));
  let timer = 0;
  let asked = null;

  const wordOf = (node) => ("all" in node ? "all" : "any");
  const isGroup = (node) => "all" in node || "any" in node;

  const cuts = (field) => field.as === "many" && field.free && field.name !== "states";

  function kindOf(condition) {
    const same = offered.filter((kind) => kind.code === condition.is);
    return same.find((kind) => kind.first.measure === condition.measure) ?? same[0];
  }

  // --- Drawing ----------------------------------------------------------------------------------------
  function redraw(focus) {
    find("tree").replaceChildren(group(tree, null, 1));
    if (focus) root.querySelector(focus)?.focus();
    changed();
  }

  function group(node, remove, depth, turn) {
    const word = wordOf(node);
    const box = make("fieldset", { className: `group ${word}`, disabled: !writes });
    const select = make("select", { ariaLabel: words.group });
    for (const name of ["all", "any"]) select.append(make("option", { value: name }, words[name]));
    select.value = word;
    select.addEventListener("change", () => {
      const inside = node[wordOf(node)];
      delete node[wordOf(node)];
      node[select.value] = inside;
      redraw();
    });
    const head = make("div", { className: "head" }, select);
    if (turn) head.append(turn);
    if (remove) head.append(button(words.remove, remove, "×"));
    box.append(head);
    const list = node[word];
    const inside = make("ol", { className: "inside" });
    list.forEach((one, place) => inside.append(make("li", {}, item(list, place, depth))));
    if (!list.length && depth === 1) inside.append(make("li", { className: "quiet" }, words.everybody));
    box.append(inside);
    if (writes) box.append(adding(list, depth));
    return box;
  }

  // One place of a group: a condition or a group, perhaps turned round by "not".
  function item(list, place, depth) {
    const turned = "not" in list[place];
    const node = turned ? list[place].not : list[place];
    const remove = () => { list.splice(place, 1); redraw("[data-tree] select"); };
    const tick = make("input", { type: "checkbox", checked: turned });
    tick.addEventListener("change", () => { list[place] = tick.checked ? { not: node } : node; redraw(); });
    const turn = make("label", { className: "turn", title: words.turn }, tick, words.not);
    if (isGroup(node)) return group(node, remove, depth + 1, turn);
    if ("not" in node) return make("p", {}, words.broken);
    return conditionBox(node, remove, turn);
  }

  function conditionBox(node, remove, turn) {
    const kind = kindOf(node);
    const box = make("fieldset", { className: "condition" });
    const title = make("b", {}, kind ? kind.title : words.broken);
    const head = make("div", { className: "head" }, turn, title);
    if (!free.includes(node.is) && node.is !== "segment") head.append(make("span", { className: "mark" }, words.targets));
    if (writes) head.append(button(words.remove, remove, "×"));
    box.append(head);
    const fields = make("div", { className: "fields" });
    const drawn = (field) => draw(node, field, changed, words);
    const all = kind?.fields ?? [];
    for (const field of all.filter((one) => !cuts(one))) fields.append(drawn(field));
    // Lists of things to choose among are folded until one is chosen: most conditions need none.
    const folded = all.filter(cuts);
    if (folded.length) {
      const open = folded.some((one) => node[one.name] !== undefined);
      fields.append(make("details", { className: "narrow-down", open }, make("summary", {}, words.narrow), ...folded.map(drawn)));
    }
    if (fields.children.length) box.append(fields);
    return box;
  }

  function button(label, act, sign) {
    const made = make("button", { type: "button", className: "small", title: label, ariaLabel: label }, sign ?? label);
    made.addEventListener("click", act);
    return made;
  }

  function adding(list, depth) {
    const select = make("select", { ariaLabel: words.add, className: "add" }, make("option", { value: "" }, `+ ${words.add}`));
    groups.forEach((one, g) => {
      const part = make("optgroup", { label: one.title });
      one.kinds.forEach((kind, k) => part.append(make("option", { value: `${g}.${k}` }, kind.title)));
      select.append(part);
    });
    select.addEventListener("change", () => {
      const [g, k] = select.value.split(".").map(Number);
      list.push(structuredClone(groups[g].kinds[k].first));
      redraw();
    });
    const line = make("div", { className: "adding" }, select);
    if (depth < 6) line.append(button(`+ ${words.addGroup}`, () => { list.push({ [depth % 2 ? "any" : "all"]: [] }); redraw(); }));
    return line;
  }

  // --- Asking -----------------------------------------------------------------------------------------
  const plain = () => JSON.stringify(tree);

  function changed() {
    const unsaved = find("unsaved");
    if (unsaved) {
      unsaved.hidden = plain() === saved;
      unsaved.textContent = words.unsaved;
    }
    clearTimeout(timer);
    find("state").textContent = words.counting;
    timer = setTimeout(count, 350);
  }

  async function send(url, values) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    body.set("tree", plain());
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    return (signal) => fetch(url, { method: "POST", body, signal });
  }

  async function count() {
    asked?.abort();
    asked = new AbortController();
    const mine = asked;
    try {
      const ask = await send(root.dataset.count, { key, campaign: find("campaign").value });
      const answer = await ask(mine.signal);
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
    } catch (error) {
      if (mine === asked && error.name !== "AbortError") find("state").textContent = words.away;
    }
  }

  function show(found) {
    const wrong = found.error ?? found.problems.map((one) => one.text).join(" ");
    if (found.sentence) find("sentence").textContent = found.sentence;
    find("number").textContent = found.count === undefined ? "–" : found.count.toLocaleString(document.documentElement.lang);
    find("state").textContent = wrong || words.people;
    find("state").classList.toggle("wrong", Boolean(wrong));
    find("groups").replaceChildren(...(found.groups ?? []).map((one) =>
      make("li", {}, make("b", {}, one.people.toLocaleString(document.documentElement.lang)), ` ${one.text}`)));
    find("targets").hidden = !found.targeting?.length || !found.groups;
    find("targeting").replaceChildren(...(found.targeting ?? []).map((text) => make("li", {}, text)));
  }

  async function people(url, values, place) {
    try {
      const ask = await send(url, values);
      const answer = await ask();
      if ((answer.headers.get("Content-Type") ?? "").includes("json")) {
        const found = await answer.json();
        place.textContent = found.error ?? found.problems.map((one) => one.text).join(" ");
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...(answer.ok ? page.body.children : [document.createTextNode(words.away)]));
    } catch {
      place.textContent = words.away;
    }
  }

  find("campaign").addEventListener("change", changed);
  find("look")?.addEventListener("click", () => people(root.dataset.sample, {}, find("people")));
  find("people")?.addEventListener("click", (event) => {
    const one = event.target.closest("[data-why-of]");
    if (one) people(root.dataset.why, { who: one.dataset.whyOf }, find("answer"));
  });
  find("ask")?.addEventListener("submit", (event) => {
    event.preventDefault();
    people(root.dataset.why, { who: event.target.elements.who.value }, find("answer"));
  });
  find("save")?.addEventListener("submit", (event) => {
    event.target.elements.tree.value = plain();
    saved = plain();
  });
  window.addEventListener("beforeunload", (event) => { if (writes && plain() !== saved) event.preventDefault(); });
  redraw();
});
