import { describe, expect, it } from "vitest";
import { tidySecret, wrongShape } from "../../../renderer/state/secret-shape.ts";
import { alternativeSide, needsOf, neverReached, stepsOf } from "../../../renderer/state/test-steps.ts";
import type { AccountSettings } from "../../../shared/contract/accounts.ts";
import { passedTest, twoThingsNeeded, unknownHost } from "../../support/fake-engine/test-runs.ts";

const settings: AccountSettings = {
  protocol: "imap",
  incoming: { host: "imap.example.test", port: 993, security: "tls", user: "user1" },
  outgoing: { host: "smtp.example.test", port: 465, security: "tls", user: "user1" },
};

describe("a connection test on the screen", () => {
  it("says what each later step waits for", () => {
    const folders = stepsOf(twoThingsNeeded(settings), "incoming").find((step) => step.stage === "folders");
    expect(folders?.waitsFor).toBe("login");
  });

  it("counts the refused sign-in and the offered port as two things", () => {
    expect([needsOf(twoThingsNeeded(settings)), needsOf(unknownHost(settings)), needsOf(passedTest())]).toEqual([2, 1, 0]);
  });

  it("offers other settings on the side where they differ", () => {
    const { alternative } = twoThingsNeeded(settings);
    expect(alternative === null ? null : alternativeSide(settings, alternative)).toBe("outgoing");
  });

  it("tries the next guess when nobody was reached, never after a refused password", () => {
    expect([neverReached(unknownHost(settings)), neverReached(twoThingsNeeded(settings))]).toEqual([true, false]);
  });
});

describe("a code or an app password", () => {
  it("is accepted with the blanks and hyphens it is handed out in, and sent without", () => {
    expect(tidySecret("secr etse same code", "app-password")).toBe("secretsesamecode");
    expect(tidySecret("secr-etse-same-code", "app-password")).toBe("secretsesamecode");
    expect(wrongShape("secr etse same code", "gmail")).toBeNull();
  });

  it("leaves a password of one's own as it is, blanks included", () => {
    expect(tidySecret(" secret-four words in a row ", "password")).toBe(" secret-four words in a row ");
  });

  it("looks wrong when it is plainly the sign-in password", () => {
    expect([
      wrongShape("Linwei2026", "qq"),
      wrongShape("Linwei2026", "163"),
      wrongShape("Linwei2026", "sina"),
      wrongShape("x", null),
    ]).toEqual(["letters16", "lettersFigures16", null, null]);
  });
});
