"use strict";
// The fields of one condition in the builder of segments: each reads and writes the condition itself.
window.SegmentFields = (() => {
  let number = 0;

  function make(tag, props = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(props)) {
      if (key in element && key !== "list") element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  function labelled(text, input) {
    input.id = `segment-field-${++number}`;
    const label = make("label", { htmlFor: input.id }, text);
    return make("div", { className: "field" }, label, input);
  }

  function put(condition, name, value) {
    if (value === null || value === "" || (Array.isArray(value) && !value.length)) delete condition[name];
    else condition[name] = value;
  }

  const whole = (text) => (/^\d{1,9}$/.test(text.replace(/\s/g, "")) ? Number(text.replace(/\s/g, "")) : null);

  function kronor(text) {
    const found = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.replace(/\s|kr/g, ""));
    return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
  }

  const shownKronor = (ore) => (ore % 100 ? (ore / 100).toFixed(2).replace(".", ",") : String(ore / 100));

  function typed(condition, field, changed, read, show) {
    const value = condition[field.name];
    const isNumber = read === whole || read === kronor;
    const wrong = (it) => isNumber && typeof it === "string";
    const input = make("input", { type: "text", autocomplete: "off", value: value === undefined ? "" : wrong(value) ? value : show(value) });
    if (isNumber) input.inputMode = "numeric";
    if (wrong(value)) input.setAttribute("aria-invalid", "true");
    input.addEventListener("input", () => {
      const text = input.value.trim();
      const found = text ? read(text) ?? text : null;
      // What is no number goes along as it is: the server says so, and counts and keeps nothing.
      input.setAttribute("aria-invalid", wrong(found) ? "true" : "false");
      put(condition, field.name, found);
      changed();
    });
    return labelled(field.label, input);
  }

  function one(condition, field, changed) {
    const select = make("select");
    for (const option of field.options) select.append(make("option", { value: option.value }, option.label));
    if (![...select.options].some((option) => option.value === String(condition[field.name]))) {
      select.append(make("option", { value: condition[field.name] ?? "" }, condition[field.name] ?? "–"));
    }
    select.value = condition[field.name] ?? "";
    select.addEventListener("change", () => { condition[field.name] = select.value; changed(); });
    return labelled(field.label, select);
  }

  function many(condition, field, changed) {
    const chosen = () => condition[field.name] ?? [];
    const box = make("fieldset", { className: "chips" }, make("legend", {}, field.label));
    const known = field.options.map((option) => option.value);
    const strange = chosen().filter((value) => !known.includes(value));
    const options = [...field.options, ...strange.map((value) => ({ value, label: String(value) }))];
    for (const option of options) {
      const tick = make("input", { type: "checkbox", checked: chosen().includes(option.value) });
      tick.addEventListener("change", () => {
        const rest = chosen().filter((value) => value !== option.value);
        put(condition, field.name, tick.checked ? [...rest, option.value] : rest);
        changed();
      });
      box.append(make("label", { className: "chip" }, tick, option.label));
    }
    return box;
  }

  // A stretch of days: what kind it is, and its one or two values.
  function when(condition, field, changed, words) {
    const kinds = { last: words.last, before: words.before, year: words.year, span: words.span };
    const kindOf = (value) =>
      !value ? "" : "last" in value ? "last" : "before" in value ? "before" : "year" in value ? "year" : "span";
    const select = make("select");
    if (field.free) select.append(make("option", { value: "" }, words.always));
    for (const [kind, text] of Object.entries(kinds)) select.append(make("option", { value: kind }, text));
    select.value = kindOf(condition[field.name]);
    const more = make("span", { className: "period" });
    const set = (value) => { put(condition, field.name, value); changed(); };

    function draw() {
      const value = condition[field.name] ?? {};
      more.replaceChildren();
      const kind = select.value;
      if (kind === "last" || kind === "before") {
        const count = make("input", { type: "number", min: 1, max: 3660, value: value[kind] ?? 12, ariaLabel: kinds[kind] });
        const unit = make("select", { ariaLabel: field.label });
        for (const name of ["days", "months"]) unit.append(make("option", { value: name }, words[name]));
        unit.value = value.unit ?? "months";
        const read = () => {
          count.setAttribute("aria-invalid", whole(count.value) ? "false" : "true");
          set({ [kind]: whole(count.value) ?? count.value, unit: unit.value });
        };
        count.addEventListener("input", read);
        unit.addEventListener("change", read);
        more.append(count, unit);
      } else if (kind === "year") {
        const year = make("select", { ariaLabel: words.year });
        for (let back = 0; back <= 10; back += 1) {
          const text = back === 0 ? words.thisYear : back === 1 ? words.lastYear : `${back} ${words.yearsAgo}`;
          year.append(make("option", { value: -back }, text));
        }
        year.value = String(value.year ?? 0);
        year.addEventListener("change", () => set({ year: Number(year.value) }));
        more.append(year);
      } else if (kind === "span") {
        const ends = ["from", "to"].map((end) => {
          const input = make("input", { type: "date", value: value[end] ?? "", ariaLabel: words[end] });
          input.addEventListener("change", () => {
            const found = { ...condition[field.name] };
            if (input.value) found[end] = input.value;
            else delete found[end];
            if (Object.keys(found).length) set(found);
          });
          return input;
        });
        more.append(...ends);
      }
    }

    select.addEventListener("change", () => {
      const today = new Date().toISOString().slice(0, 10);
      const first = { "": null, last: { last: 12, unit: "months" }, before: { before: 12, unit: "months" }, year: { year: 0 }, span: { from: today } };
      put(condition, field.name, first[select.value]);
      draw();
      changed();
    });
    draw();
    const line = labelled(field.label, select);
    line.classList.add("when");
    line.append(more);
    return line;
  }

  const words = (condition, field, changed) =>
    typed(condition, field, changed,
      (text) => text.split(",").map((part) => part.trim()).filter(Boolean),
      (value) => value.join(", "));

  const kinds = {
    one,
    many,
    when,
    words,
    kronor: (c, f, changed) => typed(c, f, changed, kronor, shownKronor),
    number: (c, f, changed) => typed(c, f, changed, whole, String),
    text: (c, f, changed) => typed(c, f, changed, (text) => text.toLowerCase(), String),
  };

  return { make, draw: (condition, field, changed, said) => kinds[field.as](condition, field, changed, said) };
})();
