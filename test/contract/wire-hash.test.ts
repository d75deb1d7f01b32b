import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { failureData } from "../../shared/contract/failure-data.ts";
import { events, requests } from "../../shared/contract/table.ts";

/** What a schema accepts, as JSON Schema; what it says only in code (a refinement) is not seen. */
function described(schema: z.ZodType, io: "input" | "output"): unknown {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" });
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}

test("the wire between window and engine is the one that was agreed", () => {
  const wire = {
    failure: hash(described(failureData, "output")),
    requests: Object.fromEntries(
      Object.entries(requests).map(([name, { input, output }]) => [name, hash([described(input, "input"), described(output, "output")])]),
    ),
    events: Object.fromEntries(Object.entries(events).map(([name, schema]) => [name, hash(described(schema, "output"))])),
  };
  // A changed line below is a changed wire: look at it, then renew with `vitest run -u` and say why in the commit.
  expect(wire).toMatchSnapshot();
});
