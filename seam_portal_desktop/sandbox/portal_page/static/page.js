// The page's own data, and fetching it anew after something changed.
import { formatAll } from "./formats.js";
import { showCurrentView } from "./navigation.js";

export function config() {
  return JSON.parse(document.getElementById("portal-config").textContent);
}

// The token stays where the link put it: in the address, and nowhere else.
export function token() {
  return new URLSearchParams(location.search).get("token") ?? "";
}

// Fetches this page (in another language, if given) and shows it in place. What the visitor was
// looking at stays: the view, the scroll position, the focus, what was typed into a search.
export async function refresh(locale) {
  const address = new URL(location.href);
  address.hash = "";
  if (locale) address.searchParams.set("locale", locale);
  const answer = await fetch(address, { cache: "no-store" });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !next.getElementById("app")) {
    // The link ended meanwhile: let the browser show what the server says to that.
    location.reload();
    return;
  }
  // A dialog's button goes with its dialog; the one that opened it comes back.
  const from = document.activeElement?.closest("dialog")?.dataset.openedBy;
  const focused = from ?? document.activeElement?.id;
  const searches = [...document.querySelectorAll("[data-filter]")].map((input) => input.value);
  const kinds = new Map(
    [...document.querySelectorAll("[data-event-kind]")].map((box) => [
      box.dataset.eventKind,
      box.checked,
    ]),
  );
  document.documentElement.lang = next.documentElement.lang;
  document.title = next.title;
  document.getElementById("app").replaceWith(document.adoptNode(next.getElementById("app")));
  if (locale) history.replaceState(null, "", address.pathname + address.search + location.hash);
  showCurrentView({ focus: false });
  formatAll();
  document.querySelectorAll("[data-filter]").forEach((input, index) => {
    if (!searches[index]) return;
    input.value = searches[index];
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.querySelectorAll("[data-event-kind]").forEach((box) => {
    if (!kinds.has(box.dataset.eventKind)) return;
    box.checked = kinds.get(box.dataset.eventKind);
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

export function startLocalePicker() {
  document.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-locale-picker]")) return;
    const before = document.documentElement.lang;
    try {
      await refresh(event.target.value);
    } catch {
      event.target.value = before;
      toast(config().messages.errors.network, "bad");
    }
  });
}

// A line at the bottom. A failure stays until it is dismissed, a success leaves by itself.
export function toast(text, tone) {
  const line = document.createElement("div");
  line.className = "toast";
  line.dataset.tone = tone;
  const words = document.createElement("span");
  words.textContent = text;
  line.append(words);
  const host = document.getElementById("toasts");
  host.replaceChildren(line);
  if (tone === "bad") {
    const dismiss = document.createElement("button");
    dismiss.type = "button";
    dismiss.setAttribute("aria-label", config().messages.dismiss);
    dismiss.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-x"/></svg>';
    dismiss.addEventListener("click", () => line.remove());
    line.append(dismiss);
  } else {
    setTimeout(() => line.remove(), 2500);
  }
}
