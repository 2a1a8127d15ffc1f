/* The elements. Styles are adopted sheets and nothing is parsed as HTML, so the page around needs
   no more in its policy than our origin for the script and for its questions. */
function make(name, part, ...inside) {
  const node = document.createElement(name);
  node.className = part;
  node.setAttribute("part", part);
  node.append(...inside);
  return node;
}

const colour = (text, instead) => (/^#[0-9a-f]{6}$/i.test(text) ? text : instead);

function palette({ light = [], dark = [] } = {}) {
  const [a, b] = [colour(light[0], "#0b5d4e"), colour(dark[0], "#6fcdb6")];
  const [c, d] = [colour(light[1], "#ffffff"), colour(dark[1], "#14110e")];
  const both = `:host{--brand:light-dark(${a},${b});--on-brand:light-dark(${c},${d})}`;
  return `:host{--brand:${a};--on-brand:${c}}@supports (color:light-dark(#000,#fff)){${both}}`;
}

let shared;

class Embedded extends HTMLElement {
  static observedAttributes = ["campaign", "lang", "updates", "amount", "frequency", "ref"];

  connectedCallback() {
    if (!this.shadowRoot) {
      this.own = new CSSStyleSheet();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [shared, this.own];
    }
    this.join();
  }

  disconnectedCallback() {
    this.source?.remove(this);
    this.source = null;
  }

  attributeChangedCallback() {
    if (this.source) this.join();
  }

  /* Until there is an answer, and where there is none, the text inside the element stands. */
  join() {
    this.source?.remove(this);
    this.shown = null;
    this.shadowRoot.replaceChildren(document.createElement("slot"));
    this.source = sourceOf(this.getAttribute("campaign") ?? "");
    this.source.add(this);
  }

  get words() {
    return /^en\b/i.test(this.closest("[lang]")?.lang ?? "") ? WORDS.en : WORDS.sv;
  }

  say(name, value, more) {
    const { campaign, received_ore, goal_ore, percent, donors } = value;
    const detail = { campaign, received_ore, goal_ore, percent, donors, ...more };
    const how = { detail, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent(`fundraise:${name}`, how));
  }

  show(value, away) {
    const before = this.shown;
    this.shown = value;
    this.draw(value, away);
    if (!before) this.say("view", value);
    else if (before.received_ore !== value.received_ore) this.say("update", value);
  }
}

class Thermometer extends Embedded {
  get live() {
    return this.getAttribute("updates") !== "off";
  }

  build() {
    const sum = make("p", "sum", make("strong", "raised"), " ", make("span", "goal"));
    sum.id = "sum";
    const bar = make("div", "bar", make("span", "received"));
    bar.setAttribute("role", "progressbar");
    bar.setAttribute("aria-labelledby", "sum");
    bar.setAttribute("aria-valuemin", 0);
    bar.setAttribute("aria-valuemax", 100);
    this.parts = { sum, bar, under: make("p", "quiet"), note: make("p", "quiet note") };
    const box = make("div", "box", sum, bar, this.parts.under, this.parts.note);
    this.shadowRoot.replaceChildren(box);
  }

  draw(value, away) {
    const { words } = this;
    const { received_ore: received, goal_ore: goal } = value;
    const { promised_ore: promised = 0, forecast_ore: forecast = 0 } = value;
    if (!this.shadowRoot.querySelector(".box")) this.build();
    const { sum, bar, under: line, note } = this.parts;
    const shares = `--received:${share(received, 0, goal)};--forecast:${share(forecast, 0, goal)}`;
    this.own.replaceSync(
      `${palette(value.brand)}:host{${shares};--promised:${share(promised, received, goal)}}`,
    );
    this.shadowRoot.firstChild.lang = words === WORDS.en ? "en" : "sv";
    sum.firstChild.textContent = kronor(received);
    sum.lastChild.textContent = words.of(kronor(goal));
    line.textContent = under(value, words);
    bar.setAttribute("aria-valuenow", Math.min(100, Math.max(0, value.percent)));
    bar.setAttribute("aria-valuetext", line.textContent);
    /* Only what the numbers hold is drawn: a promise is no income and no guess is made here. */
    for (const [name, has] of [["promised", promised > 0], ["forecast", forecast > 0]]) {
      const there = bar.querySelector(`.${name}`);
      if (has && !there) bar.append(make("span", name));
      if (!has) there?.remove();
    }
    note.hidden = !(away || value.stale);
    note.textContent = note.hidden ? "" : words.updated(moment(new Date(value.at), words));
  }
}

class Button extends Embedded {
  get live() {
    return false;
  }

  get chosen() {
    const matching = (name, rule) => rule.exec(this.getAttribute(name) ?? "")?.[0] ?? "";
    return {
      amount: matching("amount", /^[1-9]\d{0,6}$/),
      frequency: matching("frequency", /^(once|monthly)$/),
      ref: matching("ref", /^[\w-]{1,40}$/),
    };
  }

  href(value) {
    const link = new URL(`${this.words.path}${encodeURIComponent(value.campaign)}/`, HOME);
    for (const [name, said] of Object.entries(this.chosen)) {
      if (said) link.searchParams.set(name, said);
    }
    return link.href;
  }

  draw(value) {
    const { words } = this;
    const { amount, frequency } = this.chosen;
    const monthly = frequency === "monthly" && value.monthly;
    let link = this.shadowRoot.querySelector("a");
    if (!link) {
      link = make("a", "button");
      link.addEventListener("click", () => {
        this.say("click", this.shown, { ...this.chosen, href: link.href });
      });
      this.shadowRoot.replaceChildren(link);
    }
    this.own.replaceSync(palette(value.brand));
    link.href = this.href(value);
    link.lang = words === WORDS.en ? "en" : "sv";
    const act = words.give(amount && kronor(amount * 100), monthly);
    link.textContent = value.open === false ? words.closed : act;
  }
}

/* An older browser, or one that has the elements already, keeps what it has. */
if ("adoptedStyleSheets" in Document.prototype && !customElements.get("fundraise-thermometer")) {
  shared = new CSSStyleSheet();
  shared.replaceSync(STYLE);
  customElements.define("fundraise-thermometer", Thermometer);
  customElements.define("fundraise-button", Button);
}
