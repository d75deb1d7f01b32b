import { afterEach, describe, expect, test, vi } from "vitest";
import type { Engine } from "../../main/engine/engine.ts";
import { silentLog } from "../../main/log.ts";
import { DEFAULT_SETTINGS } from "../../shared/contract/settings.ts";
import { Failure } from "../../shared/failure.ts";
import type { Port } from "../../shared/wire.ts";
import { Line } from "../support/line.ts";
import { openTestEngine } from "../support/test-engine.ts";
import { testPlatform } from "../support/test-platform.ts";

/** Opens a line to the engine over the kind of port under test. */
export type Connect = (engine: Engine) => Promise<{ port: Port; close(): Promise<void> }>;

/** What every kind of line must do alike. */
export function contractSuite(name: string, connect: Connect): void {
  describe(`the contract over ${name}`, () => {
    const open: { close(): Promise<void> }[] = [];
    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
    });

    async function engineAndLines(count: number): Promise<Line[]> {
      const engine = await openTestEngine({ platform: testPlatform(), log: silentLog, recentLog: () => "", restarts: 0 });
      const lines: Line[] = [];
      for (let n = 0; n < count; n += 1) {
        const connected = await connect(engine);
        open.push(connected);
        lines.push(new Line(connected.port));
      }
      return lines;
    }

    test("a question is answered with what the contract promises", async () => {
      const [line] = await engineAndLines(1);
      expect(await line?.ask("settings.read", {})).toEqual(DEFAULT_SETTINGS);
    });

    test("questions asked together are answered each to its own asker", async () => {
      const [one, other] = await engineAndLines(2);
      const answers = await Promise.all([
        one?.ask("settings.write", { density: "compact" }),
        other?.ask("health.hello", {}),
        one?.ask("settings.read", {}),
      ]);
      expect(answers).toMatchObject([{ density: "compact" }, { host: "loopback" }, { density: "compact" }]);
    });

    test("a change made in one window is told to every window", async () => {
      const [one, other] = await engineAndLines(2);
      // An answer shows that the second window is being served before the first one changes anything.
      await other?.ask("settings.read", {});
      await one?.ask("settings.write", { theme: "dark" });
      await vi.waitFor(() => expect(other?.events).toEqual([{ event: "settings.changed", data: { revision: 1 } }]));
    });

    test("input that breaks its schema is refused with the field's name", async () => {
      const [line] = await engineAndLines(1);
      const asked = line?.raw({ method: "settings.write", input: { bodyTextPx: "large" }, correlation: "c" });
      await expect(asked).rejects.toMatchObject({ kind: "invalid", code: "invalid-input", params: { field: "bodyTextPx" } });
    });

    test("a question that the contract does not know is refused", async () => {
      const [line] = await engineAndLines(1);
      await expect(line?.raw({ method: "sql.run", input: {}, correlation: "c" })).rejects.toMatchObject({ code: "unknown-request" });
      await expect(line?.raw({ method: "toString", input: {}, correlation: "c" })).rejects.toMatchObject({ code: "unknown-request" });
    });

    test("a message that is no question at all harms nothing", async () => {
      const [line] = await engineAndLines(1);
      const lost = line?.raw({ nonsense: true }).catch((error: unknown) => error);
      expect(await line?.ask("settings.read", {})).toEqual(DEFAULT_SETTINGS);
      for (const one of open.splice(0)) await one.close();
      expect(await lost).toBeInstanceOf(Failure);
    });

    test("an attachment's largest piece arrives whole", async () => {
      const [line] = await engineAndLines(1);
      const shortcut = "k".repeat(40);
      const shortcuts = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`command ${n}`, shortcut]));
      const written = await line?.ask("settings.write", { shortcuts });
      expect(Object.keys(written?.shortcuts ?? {})).toHaveLength(10_000);
    });

    test("a closed line is known to be closed", async () => {
      const [line] = await engineAndLines(1);
      await line?.ask("settings.read", {});
      line?.close();
      await expect(line?.closed).resolves.toBeUndefined();
    });
  });
}
