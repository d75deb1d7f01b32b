import { expect, test } from "vitest";
import { mailDomains } from "../../main/engine/mail-domains.ts";
import type { AccountId } from "../../shared/ids.ts";

const ACCOUNT = 1 as AccountId;

test("name servers are asked once in half an hour, again where they did not answer, and never about names that nobody has or for an account that may not", async () => {
  const asked: string[] = [];
  let now = 0;
  const fails = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
  const ask = mailDomains(
    {
      resolveMx(domain: string) {
        asked.push(domain);
        if (domain === "slow.org") return fails("ETIMEOUT");
        if (domain === "bare.org") return fails("ENODATA");
        return domain === "gmial.com" ? fails("ENOTFOUND") : Promise.resolve([{ priority: 10, exchange: "mx.a.org" }]);
      },
      resolve4: () => fails("ENODATA"),
      resolve6: () => fails("ENODATA"),
    } as never,
    () => now,
    (account) => account === ACCOUNT,
  );
  const takes = (domain: string) => ask(domain, ACCOUNT);
  expect(await ask("gmial.com", 2 as AccountId)).toBe("unknown");
  expect(asked).toEqual([]);
  expect([await takes("gmial.com"), await takes("gmial.com"), await takes("a.org"), await takes("bare.org")]).toEqual([
    "no",
    "no",
    "yes",
    "no",
  ]);
  expect([await takes("slow.org"), await takes("slow.org")]).toEqual(["unknown", "unknown"]);
  expect([await takes("shop.example"), await takes("localhost"), await takes("")]).toEqual(["unknown", "unknown", "unknown"]);
  expect(await takes("bücher.org")).toBe("yes");
  expect(asked).toEqual(["gmial.com", "a.org", "bare.org", "slow.org", "slow.org", "xn--bcher-kva.org"]);
  now = 31 * 60_000;
  await takes("a.org");
  expect(asked.at(-1)).toBe("a.org");
});
