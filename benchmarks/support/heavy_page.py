"""A server with one heavy page at /portals/heavy. Prints its port; ends with its standard input."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Two seconds of script in slices, 30,000 elements, a large animated canvas, and 200 pictures.
PAGE = b"""<!doctype html><meta charset=utf-8><title>Heavy</title>
<canvas width=1600 height=1200></canvas><main></main><script>
const main = document.querySelector('main'), began = performance.now();
for (let n = 0; n < 30000; n++) {
  main.append(Object.assign(document.createElement('p'), {textContent: 'Row ' + n}));
}
for (let n = 0; n < 200; n++) {
  main.append(Object.assign(new Image(32, 32), {src: '/picture.svg?' + n}));
}
const pen = document.querySelector('canvas').getContext('2d');
const draw = () => {
  for (let n = 0; n < 400; n++) {
    pen.fillStyle = `hsl(${(performance.now() + n) % 360},80%,50%)`;
    pen.fillRect(Math.random() * 1600, Math.random() * 1200, 200, 200);
  }
  requestAnimationFrame(draw);
};
draw();
const work = () => {
  const until = performance.now() + 40;
  while (performance.now() < until) JSON.parse(JSON.stringify(Array(200).fill({a: 'b'})));
  if (performance.now() - began < 2000) setTimeout(work);
};
work();
</script>"""
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="4" cx="4" cy="4"/></svg>'
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        picture = self.path.startswith("/picture")
        body, kind = (PICTURE, "image/svg+xml") if picture else (PAGE, "text/html")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not a word: standard output is the report's."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    sys.stdin.read()


main()
