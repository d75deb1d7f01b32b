import { asFailure } from "../../shared/failure.ts";

/** What a look into Sent found; null = could not look. */
export async function found(look: Promise<boolean | "inbox"> | undefined): Promise<boolean | "inbox" | null> {
  try {
    return (await look) ?? null;
  } catch (error) {
    if (asFailure(error).kind === "bug") throw error;
    return null;
  }
}
