import type { Engine } from "../engine/engine.ts";
import { ask } from "./ask.ts";

/** Opens the demo mailbox as its button would. A profile that has no vault yet gets one with a key file: the demo holds no secret. */
export async function openDemo(engine: Pick<Engine, "serve">): Promise<void> {
  const { vault } = await ask(engine, "accounts.list", {});
  if (vault.kind === "none") await ask(engine, "accounts.createVault", { passphrase: null });
  await ask(engine, "accounts.openDemo", {});
}
