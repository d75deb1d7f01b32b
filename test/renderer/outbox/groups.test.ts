import { describe, expect, it } from "vitest";
import { groupOutbox, stageProgress } from "../../../renderer/state/outbox-groups.ts";
import { outboxItem } from "../../support/fake-engine/outbox-items.ts";

const NOW = new Date(2026, 10, 21, 9, 42).getTime();
const DAY = 86_400_000;

describe("the outbox page", () => {
  it("puts what needs the user first, refused before unknown, and what goes out in its turn", () => {
    const groups = groupOutbox(
      [
        outboxItem(1, NOW, { state: "queued", attempts: 2, nextTryAt: NOW + 60_000 }),
        outboxItem(2, NOW, { state: "unknown" }),
        outboxItem(3, NOW, { state: "sending" }),
        outboxItem(4, NOW, { state: "held" }),
        outboxItem(5, NOW, { state: "queued" }),
        outboxItem(6, NOW, { state: "cancelled" }),
      ],
      NOW,
    );
    const ids = (items: readonly { id: number }[]): number[] => items.map((item) => item.id);
    expect(ids(groups.needsYou)).toEqual([4, 2]);
    expect(ids(groups.goingOut)).toEqual([3, 5, 1]);
    expect(ids(groups.ended)).toEqual([6]);
  });

  it("shows what was filed today, and what is accepted but not filed whatever the day", () => {
    const groups = groupOutbox(
      [
        outboxItem(1, NOW, { state: "filed", acceptedAt: NOW - DAY }),
        outboxItem(2, NOW, { state: "filed", acceptedAt: NOW - 60_000 }),
        outboxItem(3, NOW, { state: "accepted", acceptedAt: NOW - DAY }),
      ],
      NOW,
    );
    expect(groups.sentToday.map((item) => item.id)).toEqual([2, 3]);
  });

  it("has what a server keeps until its time among what goes later, and then among what was sent", () => {
    const item = outboxItem(1, NOW, { state: "accepted", acceptedAt: NOW - 60_000, sendAt: NOW + DAY, hold: "asked" });
    expect(groupOutbox([item], NOW)).toMatchObject({ later: [{ id: 1 }], sentToday: [] });
    expect(groupOutbox([item], NOW + DAY + 1)).toMatchObject({ later: [], sentToday: [{ id: 1 }] });
  });

  it("shows no message twice and loses none that is not over", () => {
    const states = ["queued", "sending", "finishing", "accepted", "filed", "held", "unknown", "cancelled"] as const;
    const items = states.map((state, at) => outboxItem(at + 1, NOW, { state, acceptedAt: NOW }));
    const groups = groupOutbox(items, NOW);
    const shown = [...groups.needsYou, ...groups.goingOut, ...groups.sentToday, ...groups.ended].map((item) => item.state);
    expect(shown.toSorted()).toEqual([...states].toSorted());
  });

  it("ticks the stages that are behind and names the one under way", () => {
    expect(stageProgress(outboxItem(1, NOW, { state: "sending", stage: "connecting" }))).toEqual({ done: [], now: "connecting" });
    expect(stageProgress(outboxItem(1, NOW, { state: "sending", stage: "uploading" }))).toEqual({
      done: ["greeted", "signed-in", "recipients"],
      now: "uploading",
    });
    expect(stageProgress(outboxItem(1, NOW, { state: "finishing", stage: "finishing" })).now).toBe("finishing");
  });
});
