import { encodeFolderName } from "./imap/utf7.ts";
import { PlainImap, quoted } from "./plain-imap.ts";

/** A message as the server has it. */
export interface StoredMessage {
  uid: number;
  flags: string[];
  raw: Buffer;
}

export interface Mailboxes {
  deliver(address: string, rawMessage: Buffer | string, folder?: string, flags?: readonly string[]): Promise<void>;
  mailboxOf(address: string, folder: string): Promise<StoredMessage[]>;
  connect(address: string): Promise<PlainImap>;
  close(): void;
}

/**
 * Mail put in and looked at straight on an IMAP server, past any client under test.
 *
 * Folder names are given as people write them and go out in modified UTF-7.
 */
export function mailboxes(port: number, users: readonly { address: string; password: string }[]): Mailboxes {
  const writers = new Map<string, Promise<PlainImap>>();
  const connect = async (address: string): Promise<PlainImap> => {
    const user = users.find((one) => one.address === address);
    if (user === undefined) throw new Error(`no such user: ${address}`);
    const client = await PlainImap.open(port);
    await client.expectOk(`LOGIN ${quoted(user.address)} ${quoted(user.password)}`);
    return client;
  };
  /** One connection per user stays open for deliveries: thousands are delivered in a row. */
  const writer = async (address: string): Promise<PlainImap> => {
    const known = await writers.get(address)?.catch(() => null);
    if (known && !known.closed) return known;
    const opening = connect(address);
    writers.set(address, opening);
    return opening;
  };
  return {
    connect,
    deliver: async (address, rawMessage, folder = "INBOX", flags = []) => {
      const client = await writer(address);
      const name = quoted(encodeFolderName(folder));
      const bytes = Buffer.isBuffer(rawMessage) ? rawMessage : Buffer.from(rawMessage);
      const append = [`APPEND ${name} (${flags.join(" ")}) `, bytes] as const;
      const answer = await client.send(...append);
      if (answer.status === "OK") return;
      if (!answer.text.includes("TRYCREATE")) throw new Error(`not delivered to ${folder}: ${answer.text}`);
      await client.expectOk(`CREATE ${name}`);
      await client.expectOk(...append);
    },
    mailboxOf: async (address, folder) => {
      const client = await connect(address);
      try {
        return await readFolder(client, folder);
      } finally {
        client.close();
      }
    },
    close: () => {
      for (const opening of writers.values()) {
        opening.then(
          (client) => client.close(),
          () => null,
        );
      }
    },
  };
}

async function readFolder(client: PlainImap, folder: string): Promise<StoredMessage[]> {
  const opened = await client.send(`EXAMINE ${quoted(encodeFolderName(folder))}`);
  if (opened.status !== "OK") return [];
  if (opened.untagged.some((one) => one.line === "* 0 EXISTS")) return [];
  const rows = await client.expectOk("UID FETCH 1:* (UID FLAGS BODY.PEEK[])");
  return rows.flatMap(({ line, literals }) => {
    const uid = /\bUID (\d+)/.exec(line)?.[1];
    const flags = /\bFLAGS \(([^)]*)\)/.exec(line)?.[1];
    if (uid === undefined || flags === undefined) return [];
    return { uid: Number(uid), flags: flags.split(" ").filter((flag) => flag !== ""), raw: literals[0] ?? Buffer.alloc(0) };
  });
}
