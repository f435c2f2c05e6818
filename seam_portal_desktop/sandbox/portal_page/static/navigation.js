// Shows one of the page's views. The address has its name after #, so Back works.
import { config } from "./page.js";

function wantedView() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

export function showCurrentView({ focus }) {
  const views = [...document.querySelectorAll("[data-view]")];
  const shown =
    views.find((view) => view.dataset.view === wantedView()) ??
    views.find((view) => view.dataset.view === config().openingView);
  if (!shown) return;
  for (const view of views) view.hidden = view !== shown;
  for (const link of document.querySelectorAll("[data-nav]")) {
    const here = link.dataset.nav === shown.dataset.parent;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (here) bringIntoStrip(link);
  }
  if (focus) {
    document.querySelectorAll("[data-notice=missing]").forEach((notice) => notice.remove());
    window.scrollTo(0, 0);
    shown.querySelector("h1")?.focus({ preventScroll: true });
  }
}

// scrollIntoView would scroll the whole page as well.
function bringIntoStrip(link) {
  const strip = link.parentElement;
  const left = link.offsetLeft - strip.offsetLeft;
  if (left < strip.scrollLeft || left + link.offsetWidth > strip.scrollLeft + strip.clientWidth) {
    strip.scrollLeft = left - (strip.clientWidth - link.offsetWidth) / 2;
  }
}

export function startNavigation() {
  window.addEventListener("hashchange", () => showCurrentView({ focus: true }));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-skip]")) return;
    event.preventDefault();
    document.querySelector("[data-view]:not([hidden]) h1")?.focus();
  });
  document.querySelectorAll("[data-logo]").forEach((logo) => {
    const drop = () => logo.remove();
    if (logo.complete && !logo.naturalWidth) drop();
    logo.addEventListener("error", drop);
  });
  showCurrentView({ focus: false });
}
