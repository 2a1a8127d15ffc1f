"use strict";
// How each kind of block is written. A block changes its own object and tells of it.
const EditorBlocks = (() => {
  const { make, icon, field, type, chosen, grow } = EditorDom;

  // `desk` is what the editor lends: state, language(), changed(), writes.
  function inputs(block, desk) {
    const words = desk.state.words;
    switch (block.kind) {
      case "heading":
        return [line(block, "text", words.line, desk, true)];
      case "text":
        return [area(block, desk)];
      case "picture":
        return [...picture(block, desk, words.choose), line(block, "alt", words.alt, desk),
          line(block, "link", words.picture_link, desk)];
      case "button":
        return [line(block, "text", words.button_text, desk, true),
          line(block, "link", words.address, desk)];
      case "ask":
        return ask(block, desk);
      case "thermometer":
        return [line(block, "text", words.above, desk, true), help(words.bar_help)];
      default:
        return signature(block, desk);
    }
  }

  function help(text) {
    return make("p", { className: "help" }, text);
  }

  function line(block, key, label, desk, merges = false) {
    const input = make("input", {
      type: "text", value: block[key] ?? "", maxLength: key === "link" ? 2000 : 200,
      readOnly: !desk.writes, autocomplete: "off", inputMode: key === "link" ? "url" : "text",
      oninput: () => { block[key] = input.value; desk.changed(); },
    });
    input.dataset.place = key;
    const tools = merges && desk.writes ? make("div", { className: "tools" }, merge(input, desk)) : null;
    return field(label, input, tools);
  }

  function area(block, desk) {
    const words = desk.state.words;
    const input = make("textarea", {
      value: block.text ?? "", maxLength: 10000, readOnly: !desk.writes,
      oninput: () => { block.text = input.value; grow(input); desk.changed(); },
    });
    input.dataset.place = "text";
    requestAnimationFrame(() => grow(input));
    const tools = desk.writes ? make("div", { className: "tools" },
      tool("format_bold", words.bold, () => around(input, "**")),
      tool("format_italic", words.italic, () => around(input, "*")),
      tool("link", words.link, () => linked(input, words)),
      tool("format_list_bulleted", words.list, () => listed(input)),
      merge(input, desk)) : null;
    return field(words.text, input, tools);
  }

  function tool(name, label, act) {
    return make("button", { type: "button", className: "small", title: label, ariaLabel: label, onclick: act }, icon(name));
  }

  function around(input, mark) {
    const inside = chosen(input) || " ";
    const words = inside.trim() || "text";
    type(input, `${mark}${words}${mark}`, mark.length, mark.length + words.length);
  }

  function linked(input, words) {
    const inside = chosen(input).trim() || words.link.toLowerCase();
    const url = "https://";
    const text = `[${inside}](${url})`;
    type(input, text, text.length - 1, text.length - 1);
  }

  function listed(input) {
    const inside = chosen(input) || "";
    const lines = inside.trim() ? inside.trim().split("\n") : [""];
    const before = input.value.slice(0, input.selectionStart);
    const gap = before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
    type(input, gap + lines.map((one) => `- ${one.replace(/^- /, "")}`).join("\n"));
  }

  // The menu of merge fields: each with what it means; the words for who has none stand chosen.
  function merge(input, desk, subject = false) {
    const words = desk.state.words;
    const menu = make("select", { className: "merge", ariaLabel: words.insert });
    menu.append(make("option", { value: "" }, words.insert));
    for (const one of desk.state.fields) {
      if (!subject || one.subject) menu.append(make("option", { value: one.name }, one.label));
    }
    menu.addEventListener("change", () => {
      const one = desk.state.fields.find((each) => each.name === menu.value);
      menu.value = "";
      const none = one[desk.language()];
      const text = none ? `{{${one.name}|${none}}}` : `{{${one.name}}}`;
      if (none) type(input, text, text.length - 2 - none.length, text.length - 2);
      else type(input, text);
    });
    return menu;
  }

  function ask(block, desk) {
    const words = desk.state.words;
    const period = select(block, "period", [["once", words.once], ["monthly", words.monthly]], desk);
    const base = select(block, "base", [["last", words.last], ["largest", words.largest]], desk);
    const from = field(words.base, base);
    const fit = () => { from.hidden = block.period === "monthly"; };
    period.addEventListener("change", fit);
    fit();
    return [line(block, "text", words.above, desk, true),
      make("div", { className: "two" }, field(words.period, period), from), help(words.ask_help)];
  }

  function select(block, key, choices, desk) {
    const input = make("select", {
      disabled: !desk.writes, onchange: () => { block[key] = input.value; desk.changed(); },
    }, ...choices.map(([value, label]) => make("option", { value }, label)));
    input.value = block[key];
    return input;
  }

  function signature(block, desk) {
    const words = desk.state.words;
    return [line(block, "closing", words.closing, desk, true),
      make("div", { className: "two" }, line(block, "name", words.name, desk), line(block, "role", words.role, desk, true)),
      make("details", {}, make("summary", {}, words.portrait), ...picture(block, desk, words.portrait), line(block, "alt", words.alt, desk))];
  }

  // --- Pictures: chosen among the library's, or sent at once -------------------------------------
  function picture(block, desk, label) {
    const shown = make("div", { className: "chosen-picture" });
    const list = make("div", { className: "pictures", role: "group", ariaLabel: label });
    const draw = () => {
      shown.replaceChildren(block.picture ? make("img", { src: `/bilder/${block.picture}`, alt: block.alt || "" }) : help(desk.state.words.choose));
      list.replaceChildren(...desk.state.pictures.map((one) => choice(one, block, desk, draw)));
      if (!desk.state.pictures.length) list.append(help(desk.state.words.no_pictures));
    };
    draw();
    const library = make("details", { open: !block.picture && desk.writes },
      make("summary", {}, desk.state.words.choose), list, desk.writes ? upload(block, desk, draw) : null);
    return [shown, desk.writes ? library : null];
  }

  function choice(one, block, desk, draw) {
    const isIt = one.name === block.picture;
    return make("button", {
      type: "button", title: one.sv, ariaLabel: one.sv, ariaPressed: String(isIt),
      onclick: () => { take(one, block, desk); draw(); },
    }, make("img", { src: `/bilder/${one.name}`, alt: "", loading: "lazy" }));
  }

  function take(one, block, desk) {
    const before = desk.state.pictures.find((each) => each.name === block.picture);
    const words = one[desk.language()];
    if (!block.alt || (before && block.alt === before[desk.language()])) block.alt = words;
    block.picture = one.name;
    if (block.kind === "picture") [block.width, block.height] = [one.width, one.height];
    desk.changed();
    desk.redraw(block.id);
  }

  function upload(block, desk, draw) {
    const words = desk.state.words;
    const file = make("input", { type: "file", accept: "image/jpeg,image/png,image/webp" });
    const swedish = make("input", { type: "text", maxLength: 200 });
    const english = make("input", { type: "text", maxLength: 200 });
    const answer = make("p", { className: "error", role: "alert", hidden: true });
    const button = make("button", { type: "button", className: "small" }, words.send);
    button.addEventListener("click", async () => {
      if (button.ariaDisabled === "true") return;
      button.ariaDisabled = "true";
      answer.hidden = true;
      try {
        const got = await desk.send(desk.state.urls.upload, {
          picture: file.files[0] ?? "", alt_sv: swedish.value, alt_en: english.value, entity: desk.entity,
        });
        if (got.status !== 200) throw new Error(got.body.say ?? words.away);
        const others = desk.state.pictures.filter((one) => one.name !== got.body.name);
        desk.state.pictures = [got.body, ...others];
        take(got.body, block, desk);
        draw();
      } catch (error) {
        answer.textContent = error.message;
        answer.hidden = false;
      }
      button.ariaDisabled = "false";
    });
    return make("fieldset", { className: "upload" }, make("legend", {}, words.upload), file,
      field(words.alt_sv, swedish), field(words.alt_en, english), answer, button);
  }

  const FRESH = {
    heading: { text: "" },
    text: { text: "" },
    picture: { picture: "", width: 0, height: 0, alt: "", link: "" },
    button: { text: "", link: "" },
    ask: { period: "once", base: "last", text: "" },
    thermometer: { text: "" },
    signature: { closing: "", name: "", role: "", picture: "", alt: "" },
  };

  function fresh(kind, taken) {
    let number = taken.size + 1;
    while (taken.has(`b${number}`)) number += 1;
    return { id: `b${number}`, kind, ...FRESH[kind] };
  }

  return { inputs, merge, fresh };
})();
