"""The script that records, from a document's first moment, which of its parts fail to load."""

from __future__ import annotations

from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

# The script records what failed to load and what was answered with an error. Qt's console messages
# contain neither (seen with 6.11.3). The page may clear its list of timings, but it can't change
# what an observer has seen. A call that got no answer isn't recorded: it looks like a call that the
# page cancelled itself.
_SCRIPT = """(() => {
  const failed = new Map();
  let count = 0;
  const note = (address, kind, status) => {
    const known = failed.get(address);
    if (known) {
      known[1] = known[1] || status;
      if (kind === 'script' || kind === 'stylesheet') known[0] = kind;
      return;
    }
    count += 1;
    if (failed.size < 200) failed.set(String(address).slice(0, 2000), [kind, status]);
  };
  addEventListener('error', (event) => {
    const part = event.target;
    if (!event.isTrusted || !(part instanceof Element)) return;
    const style = part.localName === 'link' && part.relList?.contains('stylesheet');
    const address = part.currentSrc || part.src || part.href || part.data || '';
    note(address, style ? 'stylesheet' : part.localName, 0);
  }, true);
  new PerformanceObserver((list) => {
    for (const part of list.getEntries())
      if (part.responseStatus >= 400) note(part.name, part.initiatorType, part.responseStatus);
  }).observe({type: 'resource', buffered: true});
  globalThis.portalPreviewWatch = () => ({count, failed: [...failed]});
})()"""


def watch_for_failures(page: QWebEnginePage) -> None:
    """Run the script in every document of `page`, but not of its frames, in our own script world.

    The page can't reach it there. `portalPreviewWatch()` in that world returns
    `{count, failed: [[address, [kind, status]], …]}`.
    """
    script = QWebEngineScript()
    script.setName("portal-preview-watch")
    script.setSourceCode(_SCRIPT)
    script.setWorldId(QWebEngineScript.ScriptWorldId.ApplicationWorld.value)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setRunsOnSubFrames(False)
    page.scripts().insert(script)
