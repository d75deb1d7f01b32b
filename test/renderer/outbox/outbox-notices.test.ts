import { describe, expect, it } from "vitest";
import { type Gathered, gather } from "../../../renderer/state/outbox-notices.ts";
import type { Notice } from "../../../shared/contract/health.ts";

let lastId = 0;
function notice(code: Notice["code"], item: number): Notice {
  lastId += 1;
  return { id: lastId, at: lastId, code, params: { item, subject: `Letter ${item}` }, failure: null };
}

function told(...notices: Notice[]): { kind: string; items: unknown[] } | null {
  const all = notices.reduce<Gathered | null>((before, fresh) => gather(before, fresh) ?? before, null);
  return all === null ? null : { kind: all.kind, items: all.notices.map(({ params }) => params["item"]) };
}

describe("what is told of the outbox", () => {
  it("is one notice for all that wait, whatever they wait for, and each message counts once", () => {
    const many = [1, 2, 3].map((item) => notice("message-held", item));
    expect(told(...many, notice("message-unknown", 4), notice("not-filed", 5), notice("message-held", 2))).toEqual({
      kind: "waiting",
      items: [1, 3, 4, 5, 2],
    });
  });

  it("is not pushed aside by what was sent, and forgets what was sent after all", () => {
    const standing = gather(null, notice("message-held", 1));
    expect(gather(standing, notice("message-sent", 2))).toBe(standing);
    expect(told(notice("message-held", 1), notice("message-held", 2), notice("message-sent", 1))).toEqual({ kind: "waiting", items: [2] });
    expect(told(notice("message-held", 1), notice("message-sent", 1))).toEqual({ kind: "sent", items: [1] });
  });

  it("gives way to what waits, when all was well before", () => {
    expect(told(notice("message-sent", 1), notice("message-sent", 2))).toEqual({ kind: "sent", items: [1, 2] });
    expect(told(notice("message-sent", 1), notice("message-sent", 2), notice("message-held", 3))).toEqual({ kind: "waiting", items: [3] });
  });

  it("is nothing where a notice speaks of something else", () => {
    expect(gather(null, notice("operation-refused", 1))).toBeNull();
    expect(gather(null, notice("bulk-ended", 1))).toBeNull();
  });
});
