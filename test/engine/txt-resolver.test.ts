import { expect, test } from "vitest";
import { txtResolver } from "../../main/engine/txt-resolver.ts";

const refused = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));

test("names are asked once, reserved ones never; trouble is asked again after a minute", async () => {
  let now = 0;
  const asked: string[] = [];
  const answers: Record<string, () => Promise<string[][]>> = {
    "a.org": () => Promise.resolve([["v=DM", "ARC1"], ["other"]]),
    "none.org": () => refused("ENOTFOUND"),
    "slow.org": () => refused("ETIMEOUT"),
  };
  const resolveTxt = txtResolver(
    {
      resolveTxt(name) {
        asked.push(name);
        return answers[name]?.() ?? refused("ENODATA");
      },
    },
    () => now,
  );
  expect(await resolveTxt("a.org")).toEqual(["v=DMARC1", "other"]);
  expect(await resolveTxt("none.org")).toEqual([]);
  expect(await resolveTxt("empty.org")).toEqual([]);
  expect(await resolveTxt("slow.org")).toBe("trouble");
  expect(await resolveTxt("s._domainkey.bank.example")).toEqual([]);
  now = 61_000;
  for (const name of ["a.org", "none.org", "slow.org"]) await resolveTxt(name);
  expect(asked).toEqual(["a.org", "none.org", "empty.org", "slow.org", "slow.org"]);
});
