import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type FoundPolicy, policy as policySchema } from "../../shared/contract/policy.ts";

const MOST_BYTES = 256 * 1024;

/** Where an organisation's policy lies: a place that only administrators can write to. */
export function policyPlace(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === "darwin") return "/Library/Application Support/Satchel/policy.json";
  // The variable could be anybody's; its usual value is the administrators'.
  if (platform === "win32") return join(env["ProgramData"] ?? "C:\\ProgramData", "Satchel", "policy.json");
  return "/etc/satchel/policy.json";
}

/**
 * The policy in force: that of the system's place, else the file that SATCHEL_POLICY names, or the JSON that it is. null where there is none. A policy that
 * cannot be read is told, with the reason, instead of being taken for none.
 *
 * @param read gives the text of a file, null where there is none
 */
export function findPolicy(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  read: (path: string) => string | null = readPolicyFile,
): FoundPolicy | null {
  const place = policyPlace(platform, env);
  const named = env["SATCHEL_POLICY"]?.trim() ?? "";
  const own = attempt(place, () => read(place), env);
  if (own !== null || named === "") return own;
  if (named.startsWith("{")) return attempt("SATCHEL_POLICY", () => named, env);
  // A file that was named and is not there is a mistake that somebody wants to know of.
  return attempt(named, () => read(named), env) ?? { place: named, policy: null, problem: "there is no such file" };
}

function attempt(place: string, text: () => string | null, env: NodeJS.ProcessEnv): FoundPolicy | null {
  try {
    const found = text();
    return found === null ? null : { place, ...parsePolicy(found, env) };
  } catch (error) {
    return { place, policy: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

function parsePolicy(text: string, env: NodeJS.ProcessEnv): Pick<FoundPolicy, "policy" | "problem"> {
  const parsed = policySchema.safeParse(JSON.parse(text));
  if (!parsed.success) return { policy: null, problem: z.prettifyError(parsed.error).slice(0, 1000) };
  const { address, personName, ...rest } = parsed.data;
  return {
    policy: {
      ...rest,
      ...(address === undefined ? {} : { address: filled(address, env) }),
      ...(personName === undefined ? {} : { personName: filled(personName, env) }),
    },
    problem: null,
  };
}

/** A variable that is not set leaves the whole text empty: half an address is none. */
function filled(text: string, env: NodeJS.ProcessEnv): string {
  const names = [...text.matchAll(/\$\{(\w+)\}/gu)].map(([, name = ""]) => name);
  if (names.some((name) => env[name] === undefined)) return "";
  return text.replaceAll(/\$\{(\w+)\}/gu, (_, name: string) => env[name] ?? "");
}

function readPolicyFile(path: string): string | null {
  try {
    const bytes = readFileSync(path);
    if (bytes.byteLength > MOST_BYTES) throw new Error("larger than 256 KB");
    return bytes.toString("utf8").replace(/^\uFEFF/u, "");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}
