import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the collected test mail lies: beside the project, or where SATCHEL_CORPORA says. Null when it is not there. */
export function corpora(): string | null {
  const folder = process.env["SATCHEL_CORPORA"] ?? fileURLToPath(new URL("../../../shared/corpora", import.meta.url));
  return existsSync(join(folder, "INDEX.md")) ? folder : null;
}
