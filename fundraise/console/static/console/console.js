"use strict";
// htmx would write an inline style for its spinner; the policy of staff pages refuses those.
if (window.htmx) window.htmx.config.includeIndicatorStyles = false;

// A form that does something is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (event.submitter?.formTarget) return; // into a frame: looked at, not done
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
});

// The page may come back from the browser's memory: its forms can be sent again then.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
    }
  }
});

// A page where something is being asked looks again by itself, unless somebody is typing.
document.addEventListener("DOMContentLoaded", () => {
  const seconds = Number(document.querySelector("[data-look-again]")?.dataset.lookAgain);
  if (!seconds) return;
  const isTyping = () =>
    [...document.querySelectorAll(".console input:not([type=hidden]), .console textarea")].some(
      (field) => field === document.activeElement || field.value !== field.defaultValue,
    );
  setInterval(() => { if (!isTyping()) location.reload(); }, seconds * 1000);
});

document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".console .summary")?.focus();
  // Unfold would write the file's name into a text field that our forms do not have.
  for (const input of document.querySelectorAll(".console input[type=file]")) {
    input.hasChangeListener = true;
  }
});

// Long work: the part of the page that tells how far it is, asked for again until it is done.
function poll() {
  const part = document.querySelector("[data-poll]");
  if (part) window.setTimeout(() => look(part), Number(part.dataset.poll));
}

async function look(part) {
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-poll]");
    // What can be done hangs on the mark: another one is another page.
    const isOther = now?.dataset.mark !== part.dataset.mark;
    if (!answer.ok || !now || isOther) return window.location.reload();
    // Whoever stands on a link of the part by keyboard stays there until they leave it.
    if (!part.contains(document.activeElement)) part.replaceWith(document.importNode(now, true));
  } catch {
    // Away for a moment: the next look may come through.
  }
  poll();
}

document.addEventListener("DOMContentLoaded", poll);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// The preview of a campaign follows what is typed. Each look is a new frame, so that Back leaves
// the page and does not step through previews; the old one stands until the new one is there.
document.addEventListener("DOMContentLoaded", () => {
  const part = document.querySelector("[data-preview]");
  const button = part?.querySelector("button");
  const form = button?.form;
  if (!form) return;
  const stage = part.querySelector(".stage");
  const width = part.querySelector("#preview-width");
  const file = form.querySelector("input[type=file]");
  const chosen = part.querySelector("[name=preview_picture]");
  let timer;
  let looks = 0;
  let shown = "";

  // A new picture stays in the form: the frame has a place for it, and is given its address here.
  function picture(page) {
    URL.revokeObjectURL(shown);
    shown = chosen.value ? URL.createObjectURL(file.files[0]) : "";
    const place = page.querySelector(".picture img");
    if (shown && place) place.src = shown;
  }

  function look() {
    const old = stage.querySelector("iframe");
    const fresh = old.cloneNode();
    fresh.name = button.formTarget = `preview-${++looks}`;
    fresh.classList.add("coming");
    stage.append(fresh);
    let blank = true;
    fresh.addEventListener("load", () => {
      if (blank && fresh.contentWindow.location.href === "about:blank") return;
      blank = false;
      const at = old.contentWindow?.scrollY ?? 0;
      picture(fresh.contentDocument);
      old.remove();
      fresh.classList.remove("coming");
      fresh.contentWindow.scrollTo(0, at);
    });
    chosen.value = file.files.length ? "1" : "";
    file.disabled = true; // a picture is sent once, when the campaign is saved
    form.requestSubmit(button);
    file.disabled = false;
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 500);
  };
  const size = () => stage.classList.toggle("wide-stage", width.value === "wide");
  width.addEventListener("change", size);
  form.addEventListener("input", soon);
  part.addEventListener("input", (event) => event.target !== width && soon());
  button.hidden = true;
  size();
  look();
});

// The bank's name beside an account while it is typed. The number is posted and kept nowhere.
document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("[data-account]");
  const said = document.querySelector("[data-account-said]");
  if (!field || !said) return;
  const variant = field.form.elements.variant;
  let timer;
  let asked = 0;

  async function look() {
    const mine = ++asked;
    if (!field.value.trim()) return said.replaceChildren();
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "account", "variant"]) {
      body.set(name, field.form.elements[name].value);
    }
    try {
      const answer = await fetch(said.dataset.accountSaid, { method: "POST", body });
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      said.replaceChildren(...page.body.childNodes);
    } catch {
      // Away for a moment: the form is read again when it is sent.
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400);
  };
  field.addEventListener("input", soon);
  variant?.addEventListener("change", look);
  look();
});

// The number of people follows the choices of the form, counted by the page itself.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-count]");
  if (!form || form.querySelector("fieldset:disabled")) return;
  let timer;
  let asked = 0;

  async function count() {
    const mine = ++asked;
    const body = new FormData(form);
    body.set("do", "count");
    try {
      const answer = await fetch(window.location.href, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-counted]");
      if (!now || mine !== asked) return;
      document.querySelector("[data-counted]").replaceChildren(...now.childNodes);
    } catch {
      // Away for a moment: the button counts again.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, 400);
  });
  // A choice that is opened by another one is chosen with it.
  form.addEventListener("focusin", (event) => {
    const inner = event.target.closest(".inner");
    const radio = inner?.closest(".choice")?.querySelector("input[type=radio]");
    if (radio && !radio.checked) radio.checked = true;
  });
});
