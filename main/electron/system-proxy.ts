import { session } from "electron";
import { DIRECT, isHere, parseProxyList, type Route } from "../plan/proxy.ts";

let asked: Promise<Electron.Session> | null = null;

/** A session of its own that loads nothing: those of the windows have no proxy, since they have no network. */
function asking(): Promise<Electron.Session> {
  asked ??= (async () => {
    const own = session.fromPartition("system-proxy", { cache: false });
    await own.setProxy({ mode: "system" });
    return own;
  })();
  return asked;
}

/** The system's proxy settings as Chromium reads them, scripts and exceptions included. They know web addresses only, so the server is asked for as one. */
export async function systemProxy(host: string, port: number): Promise<readonly Route[]> {
  if (isHere(host)) return DIRECT;
  const own = await asking();
  return parseProxyList(await own.resolveProxy(`https://${host.includes(":") ? `[${host}]` : host}:${port}/`));
}
