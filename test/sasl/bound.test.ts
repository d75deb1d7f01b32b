import { createHash, createHmac, pbkdf2Sync, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { TlsSessions } from "../../main/line/tls-sessions.ts";
import { codeOf, sessionOn } from "../pop3/support.ts";
import { makeCertificates } from "../servers/certificates.ts";

let folder: string;
let pem: { cert: string; key: string; ca: string };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "satchel-bound-"));
  const made = makeCertificates(folder);
  pem = { cert: readFileSync(made.cert, "utf8"), key: readFileSync(made.key, "utf8"), ca: readFileSync(made.ca, "utf8") };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the server itself has of the line. */
function bindingAt(socket: TLSSocket, kind: string): Buffer {
  if (kind === "tls-exporter") return socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  return createHash("sha256").update(new X509Certificate(pem.cert).raw).digest();
}

type Ways = { tls: "TLSv1.2" | "TLSv1.3"; lies?: boolean; mechanisms?: string };

/** A POP3 server that takes SCRAM-SHA-256-PLUS and holds the binding against its own end of the line. */
async function serve({
  tls,
  lies = false,
  mechanisms = "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN",
}: Ways): Promise<{ port: number; heard: string[]; reused: boolean[] }> {
  const heard: string[] = [];
  const reused: boolean[] = [];
  const server = createServer({ ...pem, minVersion: tls, maxVersion: tls }, (socket) => {
    socket.on("error", () => undefined);
    reused.push(socket.isSessionReused());
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    let first = "";
    let challenge = "";
    say("+OK ready");
    socket.on("data", (bytes) => {
      const line = bytes.toString().trim();
      heard.push(line);
      if (line === "CAPA") return say(`+OK\r\nUIDL\r\nSASL ${mechanisms}\r\n.`);
      if (line === "STAT") return say("+OK 0 0");
      const begin = /^AUTH SCRAM-SHA-256(?:-PLUS)? (\S+)$/u.exec(line);
      if (begin) {
        first = Buffer.from(begin[1] ?? "", "base64").toString();
        challenge = `r=${/r=(.+)$/u.exec(first)?.[1] ?? ""}server,s=${Buffer.from("salt").toString("base64")},i=4096`;
        return say(`+ ${Buffer.from(challenge).toString("base64")}`);
      }
      if (line === "*") return say("-ERR given up");
      if (line === "") return say("+OK in");
      const last = Buffer.from(line, "base64").toString();
      const [gs2 = ""] = first.split(",,");
      const kind = /^p=(.+)$/u.exec(gs2)?.[1];
      const bound = Buffer.concat([Buffer.from(`${gs2},,`), kind === undefined ? Buffer.alloc(0) : bindingAt(socket, kind)]).toString(
        "base64",
      );
      if (!last.startsWith(`c=${bound},`)) return say("-ERR the line is another one");
      const salted = pbkdf2Sync(lies ? "somebody's guess" : "secret-user1", "salt", 4096, 32, "sha256");
      const hmac = (key: Buffer, of: string): Buffer => createHmac("sha256", key).update(of).digest();
      const message = `${first.slice(first.indexOf(",,") + 2)},${challenge},${last.replace(/,p=.*$/u, "")}`;
      return say(`+ ${Buffer.from(`v=${hmac(hmac(salted, "Server Key"), message).toString("base64")}`).toString("base64")}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, heard, reused };
}

const at = (port: number) => ({ server: { host: "127.0.0.1", port, security: "tls", user: "user1@example.test" } as const, ca: pem.ca });
const flagOf = (heard: readonly string[]): string =>
  Buffer.from(heard.find((line) => line.startsWith("AUTH "))?.split(" ")[2] ?? "", "base64")
    .toString()
    .split(",,")[0] ?? "";

test.each([
  ["TLSv1.3", "p=tls-exporter"],
  ["TLSv1.2", "p=tls-server-end-point"],
] as const)("over %s the sign-in is bound to the line by %s", async (tls, flag) => {
  const { port, heard } = await serve({ tls });
  const session = await sessionOn(port, at(port));
  session.destroy();
  expect(flagOf(heard)).toBe(flag);
  expect(heard.some((line) => line.includes("PLAIN") || line.includes(Buffer.from("secret-user1").toString("base64")))).toBe(false);
});

test("a line that takes up the TLS session of an earlier one is bound as itself", async () => {
  const { port, heard, reused } = await serve({ tls: "TLSv1.3" });
  const sessions = new TlsSessions();
  for (let line = 0; line < 2; line += 1) (await sessionOn(port, { ...at(port), sessions })).destroy();
  expect(reused).toEqual([false, true]);
  expect(flagOf(heard.toReversed())).toBe("p=tls-exporter");
});

test("a server whose offer to bind was cut out on the way hears that we could have", async () => {
  const { port, heard } = await serve({ tls: "TLSv1.3", mechanisms: "SCRAM-SHA-256 PLAIN" });
  (await sessionOn(port, at(port))).destroy();
  expect(flagOf(heard)).toBe("y");
});

test("a server that does not know the password does not get a session, nor the password", async () => {
  const { port, heard } = await serve({ tls: "TLSv1.3", lies: true });
  expect(await codeOf(sessionOn(port, at(port)))).toBe("server-unproven");
  expect(heard.at(-1)).toBe("*");
  expect(heard.some((line) => line.startsWith("AUTH PLAIN"))).toBe(false);
});
