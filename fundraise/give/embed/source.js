/* Where the numbers come from: one poller for each campaign on a page, however many elements show
   it. Nothing is stored and no cookie is sent. */
const HOME = new URL("..", import.meta.url).href;
const SHORTEST = 15; /* seconds between two questions, whatever is asked for */
const LONGEST = 3600;
const BACK_OFF = 600;
const PATIENCE = 10;

const sources = new Map();
const now = () => performance.now() / 1000;
const between = (low, high) => low + Math.random() * (high - low);

class Source {
  constructor(campaign) {
    this.address = `${HOME}${encodeURIComponent(campaign)}/thermometer.json`;
    this.elements = new Set();
    this.value = null;
    this.failures = 0;
    this.due = 0;
    this.unknown = !campaign;
    this.asking = this.asked = false;
  }

  add(element) {
    this.elements.add(element);
    if (this.value) element.show(this.value, this.failures > 0);
    this.plan();
  }

  remove(element) {
    this.elements.delete(element);
    this.plan();
  }

  /* Nobody sees a hidden page, and what shall not move needs one answer only. */
  get wanted() {
    if (document.hidden || this.unknown) return false;
    return [...this.elements].some((element) => !this.value || element.live);
  }

  plan() {
    clearTimeout(this.timer);
    if (this.asking || !this.wanted) return;
    this.timer = setTimeout(() => this.ask(), Math.max(0, this.due - now()) * 1000);
  }

  /* Seen again, or on the net again: what is overdue is asked for soon, not by all at once. */
  wake(within, always = this.due < now()) {
    if (always && this.due) this.due = now() + between(0, within);
    this.plan();
  }

  /* The first answer may be what the browser kept of an earlier visit: then the page shows a sum at
     once, and has one when we are away. An old one is asked about again at once. */
  async ask() {
    this.asking = true;
    const first = !this.asked;
    this.asked = true;
    let wait = 0;
    try {
      const answer = await this.fetch(first ? "force-cache" : "no-cache");
      this.unknown = answer.status === 404;
      if (!this.unknown && !answer.ok) wait = later(answer);
      if (!this.unknown) this.value = await read(answer);
      this.failures = 0;
      wait = first && old(this.value) ? 0 : pause(this.value, answer);
    } catch {
      this.failures += 1;
      wait = Math.max(wait, between(0.5, 1) * Math.min(BACK_OFF, 30 * 2 ** this.failures));
    }
    this.asking = false;
    this.due = now() + wait;
    this.plan();
    if (this.value) this.elements.forEach((element) => element.show(this.value, this.failures > 0));
  }

  fetch(cache) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), PATIENCE * 1000);
    return fetch(this.address, {
      cache, credentials: "omit", referrerPolicy: "no-referrer", signal: stop.signal,
    });
  }
}

async function read(answer) {
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const value = await answer.json();
  if (!Number.isSafeInteger(value.received_ore) || !(value.goal_ore > 0)) throw new Error("no sum");
  return value;
}

/* An answer says the minute that it was read in, and may be kept for a few seconds on its way. */
const old = (value) => Boolean(value) && Date.now() - Date.parse(value.at) > 90_000;

function pause(value, answer) {
  const age = /max-age=(\d+)/.exec(answer.headers.get("Cache-Control") ?? "");
  const asked = Math.max(SHORTEST, value?.poll_after || 30, age ? Number(age[1]) : 0);
  return Math.min(LONGEST, asked) * between(2 / 3, 4 / 3);
}

function later(answer) {
  const said = answer.headers.get("Retry-After") ?? "";
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
  return seconds > 0 ? Math.min(LONGEST, seconds) * between(1, 1.25) : 0;
}

function sourceOf(campaign) {
  if (!sources.has(campaign)) sources.set(campaign, new Source(campaign));
  return sources.get(campaign);
}

document.addEventListener("visibilitychange", () => sources.forEach((source) => source.wake(2)));
addEventListener("online", () => sources.forEach((source) => source.wake(10, source.failures > 0)));
