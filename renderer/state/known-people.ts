import type { Address } from "../../shared/address.ts";
import { client } from "../client/engine.ts";

/** People the user has written to or heard from that fit what was typed, the likeliest first. Nothing known is no failure. */
export async function knownPeople(text: string, limit: number): Promise<readonly Address[]> {
  try {
    return (await client.request("compose.complete", { text: text.slice(0, 200), limit })).people;
  } catch {
    // Completion is a convenience: without the engine one types the address out, and the status line says what is wrong.
    return [];
  }
}
