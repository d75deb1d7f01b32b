import { appendMessage } from "../../main/imap/append-message.ts";
import { openFrozenBytes } from "../../main/outbox/frozen-bytes.ts";
import { withBcc } from "../../main/outbox/sent-copy.ts";
import { peakMemoryMb } from "../support/host-process.ts";
import { sessionTo } from "../support/imap-session.ts";

/* Puts two frozen messages into Sent, a small one first, in a process of its own, and says what its memory came to at most after each, in MB. */
const { port, profileDir, messages } = JSON.parse(process.argv[2] ?? "{}") as {
  port: number;
  profileDir: string;
  messages: { hash: string; sizeBytes: number }[];
};
const session = await sessionTo({ port });
const peaks: number[] = [];
for (const { hash, sizeBytes } of messages) {
  const bytes = await openFrozenBytes(profileDir, hash, sizeBytes);
  await appendMessage(session, "Sent", { source: withBcc(bytes, [{ name: "", address: "hidden@example.test" }]), flags: ["\\Seen"] });
  await bytes.close();
  peaks.push(peakMemoryMb(process.pid));
}
process.stdout.write(JSON.stringify(peaks));
await session.end();
