// Search and filters. They hide elements of the page.
function filterView(input) {
  const view = input.closest("[data-view]");
  const wanted = input.value.trim().toLocaleLowerCase();
  let found = 0;
  for (const group of view.querySelectorAll("[data-filter-group]")) {
    let here = 0;
    for (const item of group.querySelectorAll("[data-search]")) {
      item.hidden = !item.dataset.search.includes(wanted);
      if (!item.hidden) here += 1;
    }
    group.hidden = here === 0;
    found += here;
  }
  const none = view.querySelector("[data-filter-none]");
  if (none) none.hidden = found > 0;
}

function filterEvents(view) {
  const boxes = [...view.querySelectorAll("[data-event-kind]")];
  const on = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.eventKind));
  for (const row of view.querySelectorAll("[data-event]")) row.hidden = !on.has(row.dataset.event);
  view.querySelector("[data-events-none]").hidden = on.size > 0;
}

export function startFilters() {
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-filter]")) filterView(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-event-kind]")) filterEvents(event.target.closest("[data-view]"));
  });
}
