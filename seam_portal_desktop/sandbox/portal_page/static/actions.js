// Visitors' actions: post the action, then show the server's new page.
import { ask } from "./dialogs.js";
import { config, refresh, toast, token } from "./page.js";

let busy = false;

class Refused extends Error {
  constructor(type) {
    super(type);
    this.type = type;
  }
}

async function post(body) {
  const answer = await fetch(config().actionsPath, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token()}` },
    body: JSON.stringify(body),
  });
  if (answer.status === 401) {
    // The link has ended. The page's own address shows the reason.
    location.reload();
    throw new Refused("forbidden");
  }
  if (answer.ok) return;
  const { error } = await answer.json().catch(() => ({ error: null }));
  throw new Refused(error?.type ?? "unknown");
}

function errorText(error) {
  const { errors } = config().messages;
  return error instanceof Refused ? (errors[error.type] ?? errors.unknown) : errors.network;
}

// Posts `body`; meanwhile `control` is busy. `failed` is called with the error's text.
async function act(body, control, failed) {
  if (busy) return false;
  busy = true;
  control.setAttribute("aria-busy", "true");
  try {
    await post(body);
    await refresh();
    toast(config().messages.done, "good");
    return true;
  } catch (error) {
    failed(errorText(error));
    return false;
  } finally {
    busy = false;
    control.removeAttribute("aria-busy");
  }
}

const showError = (words) => toast(words, "bad");

async function press(button) {
  const { action, confirm } = button.dataset;
  if (confirm && !(await ask(JSON.parse(confirm)))) return;
  await act(JSON.parse(action), button, showError);
}

// A switch or a select shows the new value at once, and the old one again after an error.
async function change(control) {
  const body = JSON.parse(control.dataset.change);
  if (control.type === "checkbox") {
    body.enabled = control.checked;
    showSwitch(control);
  } else body.place = control.value || null;
  const taken = await act(body, control, showError);
  if (taken) return;
  if (control.type === "checkbox") {
    control.checked = !control.checked;
    showSwitch(control);
  } else control.value = control.dataset.before;
}

function showSwitch(control) {
  const word = control.parentElement.querySelector(".switch__word");
  word.textContent = control.checked ? control.dataset.on : control.dataset.off;
}

async function submit(form) {
  const body = { action: form.dataset.form, ...Object.fromEntries(new FormData(form)) };
  const zone = form.elements.place?.selectedOptions[0]?.dataset.zone;
  for (const name of ["starts_at", "ends_at"]) {
    if (name in body) body[name] = inZone(body[name], zone);
  }
  const line = form.querySelector(".dialog__error");
  await act(body, form.querySelector("[type=submit]"), (words) => {
    line.textContent = words;
    line.hidden = false;
  });
}

// The local time `local` (without offset) in `zone`, as ISO 8601 in UTC.
function inZone(local, zone) {
  if (!zone) return new Date(local).toISOString();
  const asUtc = Date.parse(`${local}Z`);
  const shown = (moment) => {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    }).formatToParts(moment);
    const part = (type) => parts.find((each) => each.type === type).value;
    return Date.parse(
      `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}Z`,
    );
  };
  // Twice, because the offset at the first result may differ from that at the real time.
  let moment = asUtc - (shown(asUtc) - asUtc);
  moment += asUtc - shown(moment);
  return new Date(moment).toISOString();
}

export function startActions() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button) press(button);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("select[data-change]")) event.target.dataset.before = event.target.value;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-change]")) change(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-form]")) return;
    event.preventDefault();
    submit(event.target);
  });
}
