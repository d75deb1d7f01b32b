import type { TakesMail } from "../../shared/contract/compose.ts";

/** What a name server said of one kind of record. `nothing`: the name is there, but has none; `no-name`: NXDOMAIN; `no-answer`: anything else. */
export type NameAnswer =
  | { readonly kind: "found"; readonly exchangers?: readonly string[] }
  | { readonly kind: "nothing" | "no-name" | "no-answer" };

/**
 * Whether a domain takes mail: by its MX, and where there is none by its addresses (RFC 5321 §5.1). One MX that names the root takes none (RFC 7505).
 * @param addresses A and AAAA; null while they were not asked
 * @returns null: ask for its addresses first
 */
export function takesMail(mx: NameAnswer, addresses: readonly NameAnswer[] | null): TakesMail | null {
  if (mx.kind === "no-name") return "no";
  if (mx.kind === "no-answer") return "unknown";
  if (mx.kind === "found") {
    const [first, ...others] = mx.exchangers ?? [];
    return others.length === 0 && (first === "" || first === ".") ? "no" : "yes";
  }
  if (addresses === null) return null;
  if (addresses.some(({ kind }) => kind === "found")) return "yes";
  return addresses.some(({ kind }) => kind === "no-answer") ? "unknown" : "no";
}
