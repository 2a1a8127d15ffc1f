/* What the elements say, in the words of the donation page. */
const WORDS = {
  sv: {
    path: "",
    clock: "sv-SE",
    of: (goal) => `av ${goal}`,
    begun: "Insamlingen har just börjat",
    donors: (n, words) => `${words} givare`,
    days: (n) => (n === 0 ? "sista dagen" : n === 1 ? "1 dag kvar" : `${n} dagar kvar`),
    promised: (sum) => `${sum} utlovat (streckat)`,
    forecast: (sum) => `${sum} väntas (tunt streck)`,
    closed: "Insamlingen är avslutad",
    updated: (time) => `Senast uppdaterad ${time}`,
    give: (sum, monthly) => `Ge ${sum || "en gåva"}${monthly ? " varje månad" : ""}`,
  },
  en: {
    path: "en/",
    clock: "en-GB",
    of: (goal) => `of ${goal}`,
    begun: "The campaign has just begun",
    donors: (n, words) => `${words} ${n === 1 ? "donor" : "donors"}`,
    days: (n) => (n === 0 ? "last day" : n === 1 ? "1 day left" : `${n} days left`),
    promised: (sum) => `${sum} promised (hatched)`,
    forecast: (sum) => `${sum} expected (thin line)`,
    closed: "The campaign is closed",
    updated: (time) => `Last updated ${time}`,
    give: (sum, monthly) => `Give ${sum || "a gift"}${monthly ? " every month" : ""}`,
  },
};

function kronor(ore) {
  const whole = String(Math.floor(Math.abs(ore) / 100)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const rest = Math.abs(ore) % 100;
  const decimals = rest ? `,${String(rest).padStart(2, "0")}` : "";
  return `${ore < 0 ? "\u2212" : ""}${whole}${decimals}\u202fkr`;
}

function share(ore, before, goal) {
  const start = Math.min(Math.max(0, before), goal);
  const end = Math.min(start + Math.max(0, ore), goal);
  return `${Math.floor(((end - start) * 10_000) / goal) / 100}%`;
}

/* The time in Sweden, as everywhere else the sum is shown; the day too when it is another one. */
function moment(at, words) {
  const zone = { timeZone: "Europe/Stockholm" };
  const date = { ...zone, day: "numeric", month: "long" };
  const day = (when) => when.toLocaleDateString(words.clock, date);
  const time = at.toLocaleTimeString(words.clock, { ...zone, hour: "2-digit", minute: "2-digit" });
  const said = words === WORDS.sv ? time.replace(":", ".") : time;
  return day(at) === day(new Date()) ? said : `${day(at)} ${said}`;
}

function under(value, words) {
  const left = Number.isInteger(value.days_left) && words.days(value.days_left);
  return [
    value.percent >= 1 ? `${value.percent}\u00a0%` : words.begun,
    value.donors && words.donors(value.donors, kronor(value.donors * 100).slice(0, -3)),
    value.open === false ? words.closed : left,
    value.promised_ore > 0 && words.promised(kronor(value.promised_ore)),
    value.forecast_ore > 0 && words.forecast(kronor(value.forecast_ore)),
  ].filter(Boolean).join(" · ");
}
