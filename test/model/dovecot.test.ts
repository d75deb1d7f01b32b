import fc from "fast-check";
import { afterAll, beforeAll, describe, test } from "vitest";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { realModelServer } from "./model-server.ts";
import { play } from "./play.ts";
import { stepList } from "./scripted.ts";

describe.skipIf(mailServersAvailable() !== null)("against Dovecot", () => {
  let servers: RealServers;
  let users = 0;
  beforeAll(async () => {
    servers = await startMailServers({ users: 8 });
  });
  afterAll(() => servers.stop());

  test.each([
    ["with all that it has", []],
    ["without MOVE, CONDSTORE and QRESYNC", ["MOVE", "CONDSTORE", "QRESYNC"]],
  ])("store, server and model are the same after anything that may happen (%s)", { timeout: 120_000 }, async (_name, withhold) => {
    const seed = Number(process.env["SATCHEL_MODEL_SEED"] ?? 1125);
    await fc.assert(
      fc.asyncProperty(stepList(30), async (steps) => {
        users += 1;
        const server = await realModelServer(servers, `user${users}@example.test`);
        const means = { move: !withhold.includes("MOVE"), uidplus: true };
        await play({ server, means, withhold, patience: 30, renumbers: (folder) => folder.startsWith("Box") }, steps);
        await server.close();
      }),
      { seed, numRuns: 1, endOnFailure: true },
    );
  });
});
