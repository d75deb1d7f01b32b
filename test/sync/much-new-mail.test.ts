import { expect, test } from "vitest";
import { sampleMail } from "../support/sample-mail.ts";
import { ME, scriptedAccount } from "../support/scripted-account.ts";
import { uidsOf } from "../support/uids-of.ts";

test("much new mail over a line that breaks is taken up where it was left", { timeout: 60_000 }, async () => {
  const mail = await scriptedAccount({ fill: (server) => void server.folder(ME, "INBOX").deliver(sampleMail("m1")) });
  mail.account.running.setOffline(true);
  for (let index = 2; index <= 1301; index += 1) mail.server.folder(ME, "INBOX").deliver(sampleMail(`m${index}`));
  const asked: string[] = [];
  mail.server.hooks = {
    onCommand: ({ name, line }) => {
      if (name !== "UID FETCH" || !line.includes("HEADER.FIELDS")) return undefined;
      asked.push(/UID FETCH (\S+)/u.exec(line)?.[1] ?? "");
      return asked.length === 2 ? "drop" : undefined;
    },
  };
  await mail.goOnline();
  expect(asked).toEqual(["2:501", "502:1001", "502:1001", "1002:*"]);
  expect(uidsOf(mail.account.store, mail.account.named("INBOX").id).size).toBe(1301);
});
