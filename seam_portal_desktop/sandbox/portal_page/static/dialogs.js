// Dialogs: they are opened and filled here, and questions are asked.
import { config } from "./page.js";

// At first each select has only its present value. The page has the list of places once.
export function fillPlaces(select) {
  if (select.dataset.filled) return;
  const chosen = select.value;
  const options = document.getElementById("place-options").content.cloneNode(true);
  select.replaceChildren(options);
  if (select.dataset.none) select.prepend(new Option(select.dataset.none, ""));
  select.value = chosen;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
  select.dataset.filled = "yes";
}

function open(button) {
  const dialog = document.getElementById(button.dataset.open);
  dialog.dataset.openedBy = button.id;
  const form = dialog.querySelector("form");
  form.reset();
  dialog.querySelector(".dialog__error").hidden = true;
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.values))) {
    form.elements[name].value = value;
  }
  dialog.querySelectorAll("[data-places]").forEach(fillPlaces);
  if (form.elements.starts_at) proposeDates(form);
  dialog.showModal();
}

// From tomorrow to the day after, at the place's check-in and check-out times.
function proposeDates(form) {
  const place = form.elements.place.selectedOptions[0];
  const propose = (field, days, hour) => {
    const day = new Date(Date.now() + days * 86400000);
    const pad = (number) => String(number).padStart(2, "0");
    const date = `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
    form.elements[field].value = `${date}T${hour.slice(0, 5)}`;
  };
  propose("starts_at", 1, place?.dataset.starts || "15:00");
  propose("ends_at", 2, place?.dataset.ends || "11:00");
  noteZone(form);
}

function noteZone(form) {
  const zone = form.elements.place.selectedOptions[0]?.dataset.zone ?? "";
  const note = form.querySelector("[data-zone-note]");
  note.hidden = !zone;
  note.textContent = `${config().messages.timeZone}: ${zone.replaceAll("_", " ")}`;
}

// Resolves to true if the visitor agreed.
export function ask(question) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("h2").textContent = question.title;
  dialog.querySelector("p").textContent = question.body;
  dialog.querySelector("[data-confirm-cancel]").textContent = question.cancel;
  const ok = dialog.querySelector("[data-confirm-ok]");
  ok.textContent = question.ok;
  ok.classList.toggle("button--danger", Boolean(question.danger));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(opener);
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
  for (const kind of ["pointerdown", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const select = event.target.closest?.("select[data-places]:not(:disabled)");
      if (select) fillPlaces(select);
    });
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (form && event.target === form.elements.place) noteZone(form);
  });
}
