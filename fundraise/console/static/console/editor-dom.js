"use strict";
// Small tools of the mail editor. Nothing typed is ever read as HTML: all text goes in as text.
const EditorDom = (() => {
  function make(name, given = {}, ...inside) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(given)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (key in node && key !== "list") node[key] = value;
      else node.setAttribute(key, value);
    }
    node.append(...inside.filter((one) => one !== null && one !== undefined));
    return node;
  }

  function icon(name) {
    return make("span", { className: "material-symbols-outlined", ariaHidden: "true" }, name);
  }

  function said(template, words) {
    return template.replace(/%\((\w+)\)s/g, (_all, name) => words[name]);
  }

  // A field's label with its tools, and its input.
  let count = 0;
  function field(label, input, tools = null) {
    input.id ||= `e${++count}`;
    const head = make("div", { className: "field-head" }, make("label", { htmlFor: input.id }, label), tools);
    return make("div", { className: "field" }, head, input);
  }

  // Put text where the cursor is, in place of what is chosen, as if it had been typed; so Undo works.
  function type(input, text, from, to) {
    input.focus();
    if (!document.execCommand("insertText", false, text)) {
      input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const start = input.selectionStart - text.length;
    if (from !== undefined) input.setSelectionRange(start + from, start + to);
  }

  function chosen(input) {
    return input.value.slice(input.selectionStart, input.selectionEnd);
  }

  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${Math.max(area.scrollHeight + 2, 84)}px`;
  }

  return { make, icon, said, field, type, chosen, grow };
})();
