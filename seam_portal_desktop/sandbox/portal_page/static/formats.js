// Formats dates and numbers in the page's language.
const PERIODS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

function locale() {
  return document.documentElement.lang;
}

function dateFormat(options, zone) {
  try {
    return new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone || undefined });
  } catch {
    // This browser doesn't know the zone.
    return new Intl.DateTimeFormat(locale(), options);
  }
}

function relative(time) {
  const seconds = (time - Date.now()) / 1000;
  const [unit, size] = PERIODS.find(([, period]) => Math.abs(seconds) >= period) ?? ["minute", 60];
  const count = Math.round(seconds / size);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(count, unit);
}

function formatTime(element) {
  const time = new Date(element.dateTime);
  const { format, zone } = element.dataset;
  const whole = dateFormat({ dateStyle: "medium", timeStyle: "short" }, zone).format(time);
  if (format === "relative") element.textContent = relative(time);
  else if (format === "date") {
    const year = time.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
    element.textContent = dateFormat({ day: "numeric", month: "short", year }, zone).format(time);
  } else element.textContent = whole;
  element.title = whole;
}

function formatNumber(element) {
  const value = Number(element.value);
  if (element.dataset.format === "percent") {
    element.textContent = new Intl.NumberFormat(locale(), { style: "percent" }).format(value);
    return;
  }
  const american = locale() === "en-US";
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: american ? 0 : 1 });
  // Without Intl's unit: it writes "st. C" in Polish.
  element.textContent = american
    ? `${number.format(value * 1.8 + 32)}\u00a0°F`
    : `${number.format(value)}\u00a0°C`;
}

function formatClock(element) {
  const zone = element.dataset.clock;
  element.textContent = dateFormat({ timeStyle: "short" }, zone).format(new Date());
}

export function formatAll() {
  document.querySelectorAll("time[data-format]").forEach(formatTime);
  document.querySelectorAll("data[data-format]").forEach(formatNumber);
  document.querySelectorAll("[data-clock]").forEach(formatClock);
}

export function startClocks() {
  setInterval(() => {
    document.querySelectorAll("[data-clock]").forEach(formatClock);
    document.querySelectorAll("time[data-format=relative]").forEach(formatTime);
  }, 20000);
}
