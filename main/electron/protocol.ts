import { type Protocol, protocol } from "electron";
import type { Engine } from "../engine/engine.ts";
import { assetHeaders, COMMON_HEADERS } from "../host/content-policy.ts";
import type { WindowFiles } from "../host/window-files.ts";
import type { Log } from "../log.ts";
import { ORIGIN, SCHEME } from "./addresses.ts";

/** Must run before the app is ready. `stream`: films begin before all of them was read. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers the program's own addresses: the window's files, and assets of mail by their keys. */
export function serveScheme(target: Protocol, engine: Pick<Engine, "readAsset">, files: WindowFiles, log: Log): void {
  target.handle(SCHEME, async (request) => {
    try {
      return await answer(request, engine, files);
    } catch (error) {
      log.error("scheme.request-failed", error);
      return new Response(null, { status: 500 });
    }
  });
}

async function answer(request: Request, engine: Pick<Engine, "readAsset">, files: WindowFiles): Promise<Response> {
  const url = new URL(request.url);
  if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405 });
  if (`${url.protocol}//${url.host}` !== ORIGIN) return new Response(null, { status: 404 });
  if (url.pathname.startsWith("/asset/")) {
    const { status, headers, body } = await engine.readAsset(url.pathname, { range: request.headers.get("range") });
    return new Response(new Uint8Array(body), { status, headers: assetHeaders(headers) });
  }
  const file = await files.read(url.pathname);
  if (file === null) return new Response(null, { status: 404, headers: COMMON_HEADERS });
  return new Response(new Uint8Array(file.bytes), {
    headers: { ...COMMON_HEADERS, "content-type": file.type, "content-security-policy": file.policy },
  });
}
