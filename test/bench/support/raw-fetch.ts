import { connect } from "node:net";
import { encodeFolderName } from "../../../main/imap/folder-names.ts";

/**
 * The least that any client must do: a raw socket that fetches every message of the folders and discards what comes.
 *
 * @returns milliseconds
 */
export function rawFetch(server: { port: number; user: string; password: string }, folders: readonly string[]): Promise<number> {
  const commands = [
    ...folders.flatMap((folder) => [`EXAMINE "${encodeFolderName(folder)}"`, "UID FETCH 1:* (UID FLAGS BODY.PEEK[])"]),
    "LOGOUT",
  ].map((command, at) => `r${at + 1} ${command}\r\n`);
  const last = `r${commands.length} OK`;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    let tail = "";
    let loggedIn = false;
    socket.on("data", (data: Buffer) => {
      tail = (tail + data.subarray(-2000).toString("latin1")).slice(-2000);
      if (!loggedIn && tail.includes("r0 OK")) {
        // Before it, a server takes only so much.
        loggedIn = true;
        socket.write(commands.join(""));
      }
      if (!tail.includes(last)) return;
      socket.destroy();
      resolve(performance.now() - started);
    });
    socket.once("error", reject);
    socket.write(`r0 LOGIN ${server.user} ${server.password}\r\n`);
  });
}
