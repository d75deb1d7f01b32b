import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { TlsOptions } from "node:tls";

export type ServedPage = { readonly html: string; readonly headers: Readonly<Record<string, string>> };

export type WebServer = {
  readonly port: number;
  readonly securePort: number;
  /** Host and path of every request, and the name of every TLS greeting, even where no request follows. */
  readonly heard: readonly string[];
  /** Pages by path: asking for them is what a test does, and is not heard. */
  readonly pages: Map<string, ServedPage>;
  stop(): Promise<void>;
};

const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** A web server for every name there is, over HTTP and HTTPS, that notes who called. What it gives is what the path's ending promises. */
export async function startWebServer(tls: { key: Buffer; cert: Buffer }): Promise<WebServer> {
  const heard: string[] = [];
  const pages = new Map<string, ServedPage>();
  const answer: RequestListener = (request, response) => {
    const path = request.url ?? "/";
    const page = pages.get(path);
    if (page !== undefined) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers }).end(page.html);
      return;
    }
    heard.push(`${request.method} ${request.headers.host ?? ""}${path}`);
    const [type, body] = contentOf(path);
    response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" }).end(body);
  };
  const secureOptions: TlsOptions = {
    ...tls,
    SNICallback: (name, done) => {
      heard.push(`greeting ${name}`);
      done(null);
    },
  };
  const plain = createServer(answer);
  const secure = createSecureServer(secureOptions, answer);
  return {
    port: await listening(plain),
    securePort: await listening(secure),
    heard,
    pages,
    async stop() {
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      }
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Addresses of vectors are `/KEY/FILE`; a script that comes from here says its key. */
function contentOf(path: string): [type: string, body: string | Buffer] {
  const [, key = "", file = ""] = path.split("/");
  switch (/\.[a-z]+$/u.exec(file)?.[0]) {
    case ".css":
      return ["text/css", "p{color:#111}"];
    case ".js":
      return ["text/javascript", `console.log("ran:${key}")`];
    case ".svg":
      return ["image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><g id="a"/></svg>'];
    case ".html":
      return ["text/html", "<p>a page</p>"];
    default:
      return ["image/gif", PIXEL];
  }
}
