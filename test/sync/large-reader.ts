import { silentLog } from "../../main/log.ts";
import { NO_HINTS } from "../../main/mime/charset-hints.ts";
import { startParsePool } from "../../main/sync/parse-pool.ts";

// Opens one message as the window has it opened, in a process of its own, and tells how much memory that took at most.

const [blobDir = "", hash = ""] = process.argv.slice(2);
const pool = startParsePool({ size: 1, blobDir, log: silentLog });
await pool.warm();
const options = { partPrefix: "part/", remotePrefix: null, quoteLabel: "", hints: NO_HINTS, inside: null };
const before = process.resourceUsage().maxRSS;
const cpu = process.threadCpuUsage();
const front = await pool.front(hash, options);
const whole = await pool.read({ hash }, options);
await pool.list({ hash }, 0, {});
await pool.calendars({ hash }, null, NO_HINTS);
const { user, system } = process.threadCpuUsage(cpu);
const tookMb = (process.resourceUsage().maxRSS - before) / 1024;
await pool.close();
process.stdout.write(
  JSON.stringify({ first: front.read?.text, text: whole.text, parts: whole.parts.length, tookMb, askerMs: (user + system) / 1000 }),
);
