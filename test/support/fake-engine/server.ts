import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { standInStyle } from "../../../main/mime/picture-stand-ins.ts";
import { asFailure } from "../../../shared/failure.ts";
import type { WireRequest } from "../../../shared/wire.ts";
import { FakeEngine } from "./engine.ts";

/** As in every frame: mail with pictures that are not shown. */
const PICTURES = standInStyle({ ground: "#ffffff", text: "#565752", line: "#cdccc6" });
const BUILT = fileURLToPath(new URL("../../../out/renderer/", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const WINDOW_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self' ws:; frame-src 'self'; font-src 'self'";
const BODY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:";

export type FakeHost = {
  url: string;
  /** Puts another engine behind it; whoever was connected to the one before is no more. */
  serve(engine: FakeEngine): void;
  close(): Promise<void>;
};

/** Serves the built window with a scripted engine behind it, the way the loopback host does. `now` is the window's moment; `built` ends in a slash. */
export async function startFakeHost(now: number, first = new FakeEngine(now), built = BUILT): Promise<FakeHost> {
  let engine = first;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    const body = /^\/body\/(\d+)$/u.exec(path);
    if (body !== null) {
      const html = engine.letters.find((letter) => letter.placementId === Number(body[1]))?.html ?? "";
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": BODY_POLICY });
      // A whole page is what the engine itself would serve.
      response.end(
        html.startsWith("<!doctype")
          ? html
          : `<!doctype html><html><head><meta charset="utf-8"><style data-satchel>${PICTURES}</style></head><body>${html}</body></html>`,
      );
      return;
    }
    const mark = engine.marks.get(decodeURIComponent(path.replace(/^\/mark\//u, "")));
    if (mark !== undefined) {
      response.writeHead(200, { "content-type": "image/png" }).end(mark);
      return;
    }
    const file = join(built, path === "/" ? "index.html" : normalize(path));
    if (!file.startsWith(built) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy": WINDOW_POLICY,
    });
    createReadStream(file).pipe(response);
  });
  const sockets = new WebSocketServer({ server, path: "/port" });
  const serve = (next: FakeEngine): void => {
    engine.emit = () => undefined;
    for (const socket of sockets.clients) socket.terminate();
    engine = next;
    engine.emit = (event, data) => {
      for (const socket of sockets.clients) socket.send(JSON.stringify({ event, data }));
    };
  };
  serve(first);
  sockets.on("connection", (socket) => {
    const asked = engine;
    socket.on("message", (bytes) => {
      const { id, method, input } = JSON.parse(String(bytes)) as WireRequest;
      asked.answer(method, input).then(
        (output) => socket.send(JSON.stringify({ id, output })),
        (error: unknown) => socket.send(JSON.stringify({ id, failure: asFailure(error).data() })),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    serve,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
