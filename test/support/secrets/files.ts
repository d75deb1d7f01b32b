import { closeSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import { OVERLAP, secretsIn } from "./marks.ts";

const PIECE = 4 * 1024 * 1024;
/** What servers of the test suite are told (their users with the passwords), and the tests' own text as Node has compiled it. */
const NOT_LEFT = /\/(?:satchel-mail-\w+\/conf|satchel-compile-cache)\//u;

/** Every secret in a file, or in the files below a folder: a line each, with the file's name. */
export function secretsBelow(path: string): string[] {
  return filesBelow(path).flatMap((file) => [...secretsInFile(file)].map((secret) => `${secret} in ${file}`));
}

function filesBelow(path: string): string[] {
  try {
    const about = lstatSync(path);
    if (about.isFile()) return NOT_LEFT.test(path) ? [] : [path];
    return about.isDirectory() ? readdirSync(path).flatMap((name) => filesBelow(join(path, name))) : [];
  } catch (error) {
    return goneMeanwhile(error, []);
  }
}

function secretsInFile(file: string): Set<string> {
  const found = new Set(secretsIn(Buffer.from(basename(file))));
  try {
    const handle = openSync(file, "r");
    try {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, lstatSync(file).size + OVERLAP));
      for (let from = 0; ; from += piece.length - OVERLAP) {
        const length = readSync(handle, piece, 0, piece.length, from);
        for (const secret of secretsIn(piece.subarray(0, length))) found.add(secret);
        if (length < piece.length) return found;
      }
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    return goneMeanwhile(error, found);
  }
}

/** A program that is still ending tidies up for itself; what it took away, nobody finds there. */
function goneMeanwhile<T>(error: unknown, otherwise: T): T {
  if (["ENOENT", "ENOTDIR", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return otherwise;
  throw error;
}
