import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readText } from "../../../main/mime/body-text.ts";
import { extractPart } from "../../../main/mime/part-bytes.ts";
import { innerMessage, type Leaf, leavesOf, squeeze, type Verdict, verdict } from "./verdict.ts";

/** The decoded leaves that james-mime4j keeps beside each of its test messages, in order, against what is read here. */
export function judgeMime4j(root: string): Verdict[] {
  const verdicts: Verdict[] = [];
  const all = readdirSync(root);
  for (const file of all.filter((name) => name.endsWith(".msg"))) {
    const stem = file.slice(0, -".msg".length);
    const decoded = all.filter((name) => name.startsWith(`${stem}_decoded_`)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const leaves = allLeaves(readFileSync(join(root, file)));
    verdicts.push(verdict("parts", `${file} parts`, leaves.length, decoded.length));
    for (const [at, name] of decoded.entries()) {
      const wanted = readFileSync(join(root, name));
      const leaf = leaves[at];
      if (leaf === undefined) continue;
      const where = `${file} part ${at + 1}`;
      if (name.endsWith(".txt"))
        verdicts.push(verdict("text", where, squeeze(readText(leaf.message, leaf.part).text), squeeze(wanted.toString("utf8"))));
      else
        verdicts.push(
          verdict("binary", where, extractPart(leaf.message, leaf.part.number).bytes.toString("latin1"), wanted.toString("latin1")),
        );
    }
  }
  return verdicts;
}

/** Also those of the messages inside. */
function allLeaves(message: Buffer): Leaf[] {
  return leavesOf(message).flatMap((leaf) => (leaf.part.type === "message/rfc822" ? allLeaves(innerMessage(leaf)) : [leaf]));
}
