// The page's configuration, and how the page is fetched again after a change.
import { formatAll } from "./formats.js";
import { showCurrentView } from "./navigation.js";

export function config() {
  return JSON.parse(document.getElementById("portal-config").textContent);
}

// The token is kept in the address and nowhere else.
export function token() {
  return new URLSearchParams(location.search).get("token") ?? "";
}

// Fetches this page (in another language, if given) and shows it in place of the old one. The view,
// the scroll position, the focus and the texts of searches stay.
export async function refresh(locale) {
  const address = new URL(location.href);
  address.hash = "";
  if (locale) address.searchParams.set("locale", locale);
  const answer = await fetch(address, { cache: "no-store" });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !next.getElementById("app")) {
    // The link has ended. The browser shows the server's error page.
    location.reload();
    return;
  }
  // A dialog's button is gone after this, so the button that opened the dialog gets the focus.
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

// A message at the bottom. An error stays until it is dismissed, a success for 2.5 seconds.
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
