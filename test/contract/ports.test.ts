import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { WebSocket } from "ws";
import { inProcessPorts } from "../../main/host/in-process-port.ts";
import { channelPort } from "../../main/host/message-channel-port.ts";
import { WindowFiles } from "../../main/host/window-files.ts";
import { silentLog } from "../../main/log.ts";
import { serveLoopback } from "../../main/loopback/serve.ts";
import { socketPort } from "../../main/loopback/socket-port.ts";
import { contractSuite } from "./contract-suite.ts";

contractSuite("in-process ports", (engine) => {
  const [mine, theirs] = inProcessPorts();
  engine.serve(theirs);
  return Promise.resolve({
    port: mine,
    close: () => {
      mine.close();
      return Promise.resolve();
    },
  });
});

contractSuite("MessagePorts", (engine) => {
  const { port1, port2 } = new MessageChannel();
  engine.serve(channelPort(port2));
  return Promise.resolve({
    port: channelPort(port1),
    close: () => {
      port1.close();
      return Promise.resolve();
    },
  });
});

contractSuite("WebSockets", async (engine) => {
  const folder = mkdtempSync(join(tmpdir(), "satchel-window-"));
  writeFileSync(join(folder, "index.html"), "<!doctype html>");
  const loopback = await serveLoopback({ engine: () => engine, files: new WindowFiles(folder), log: silentLog });
  const page = await fetch(loopback.newAddress());
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const origin = `http://127.0.0.1:${loopback.port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${loopback.port}/port`, { headers: { cookie, origin } });
  const port = socketPort(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return {
    port,
    close: async () => {
      await loopback.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
