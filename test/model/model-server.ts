import type { ImapServer } from "../servers/imap/server.ts";
import { encodeFolderName } from "../servers/imap/utf7.ts";
import { type PlainImap, quoted } from "../servers/plain-imap.ts";
import type { RealServers } from "../servers/real.ts";
import type { Lying } from "../support/same-as-server.ts";

/** What other programs, and the server itself, do to a mailbox: a hand on the real thing, past the program under test. */
export interface ModelServer {
  readonly port: number;
  readonly address: string;
  folders(): Promise<string[]>;
  list(folder: string): Promise<Lying[]>;
  deliver(folder: string, raw: string, flags: readonly string[], at: Date): Promise<void>;
  setFlags(folder: string, uid: number, flags: readonly string[]): Promise<void>;
  copy(folder: string, uid: number, to: string): Promise<void>;
  expunge(folder: string, uid: number): Promise<void>;
  create(folder: string): Promise<void>;
  rename(folder: string, to: string): Promise<void>;
  delete(folder: string): Promise<void>;
  /** All UIDs change. */
  renumber(folder: string): Promise<void>;
  close(): Promise<void>;
}

export function scriptedModelServer(server: ImapServer, address: string): ModelServer {
  const at = (folder: string) => server.folder(address, folder);
  return {
    port: server.port,
    address,
    folders: async () => server.folders(address),
    list: async (folder) => at(folder).messages(),
    deliver: async (folder, raw, flags, internalDate) => void at(folder).deliver(raw, { flags, internalDate }),
    setFlags: async (folder, uid, flags) => at(folder).setFlags(uid, flags),
    copy: async (folder, uid, to) => at(folder).copyTo(to, uid),
    expunge: async (folder, uid) => at(folder).expunge(uid),
    create: async (folder) => void at(folder).create(),
    rename: async (folder, to) => at(folder).rename(to),
    delete: async (folder) => at(folder).delete(),
    renumber: async (folder) => at(folder).resetUidValidity(),
    close: () => server.stop(),
  };
}

/** Over plain IMAP, as any other mail program. */
export async function realModelServer(servers: RealServers, address: string): Promise<ModelServer> {
  const line: PlainImap = await servers.connect(address);
  const name = (folder: string) => quoted(encodeFolderName(folder));
  const inFolder = async (folder: string, ...commands: string[]): Promise<void> => {
    await line.expectOk(`SELECT ${name(folder)}`);
    for (const command of commands) await line.expectOk(command);
    await line.expectOk("UNSELECT");
  };
  const append = async (folder: string, raw: Buffer, flags: readonly string[], date: string): Promise<void> =>
    void (await line.expectOk(`APPEND ${name(folder)} (${flags.join(" ")}) "${date}" `, raw));
  return {
    port: servers.ports.imap,
    address,
    folders: async () => {
      const rows = await line.expectOk('LIST "" "*"');
      return rows.flatMap(({ line: text }) => /^\* LIST .* (?:"([^"]*)"|([^" ]+))$/u.exec(text)?.slice(1).find(Boolean) ?? []);
    },
    list: (folder) => servers.mailboxOf(address, folder),
    deliver: (folder, raw, flags, at) => append(folder, Buffer.from(raw), flags, imapDate(at)),
    setFlags: (folder, uid, flags) => inFolder(folder, `UID STORE ${uid} FLAGS.SILENT (${flags.join(" ")})`),
    copy: (folder, uid, to) => inFolder(folder, `UID COPY ${uid} ${name(to)}`),
    expunge: (folder, uid) => inFolder(folder, `UID STORE ${uid} +FLAGS.SILENT (\\Deleted)`, `UID EXPUNGE ${uid}`),
    create: async (folder) => void (await line.expectOk(`CREATE ${name(folder)}`)),
    rename: async (folder, to) => void (await line.expectOk(`RENAME ${name(folder)} ${name(to)}`)),
    delete: async (folder) => void (await line.expectOk(`DELETE ${name(folder)}`)),
    renumber: async (folder) => {
      await line.expectOk(`EXAMINE ${name(folder)}`);
      const rows = await line.send("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])");
      await line.expectOk("UNSELECT");
      await line.expectOk(`DELETE ${name(folder)}`);
      await line.expectOk(`CREATE ${name(folder)}`);
      for (const { line: text, literals } of rows.untagged) {
        const flags = /\bFLAGS \(([^)]*)\)/u.exec(text)?.[1];
        const date = /\bINTERNALDATE "([^"]*)"/u.exec(text)?.[1];
        const [raw] = literals;
        if (flags === undefined || date === undefined || raw === undefined) continue;
        await append(
          folder,
          raw,
          flags.split(" ").filter((flag) => flag !== "" && flag !== "\\Recent"),
          date,
        );
      }
    },
    close: async () => line.close(),
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function imapDate(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
  return `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${time} +0000`;
}
