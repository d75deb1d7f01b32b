import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { guidesEn } from "../../../renderer/i18n/guides.en.ts";
import { DRAWINGS, DRAWN, GuideDrawing } from "../../../renderer/ui/accounts/guide-drawing.tsx";

const stepsOf = (guide: string): number =>
  Object.keys(guidesEn).filter((key) => key.startsWith(`${guide}.steps.`) && key.endsWith(".title")).length;
const guides = [...new Set(Object.keys(guidesEn).map((key) => key.slice(0, key.indexOf("."))))].filter((guide) => stepsOf(guide) > 0);

test("every step of every walkthrough has its drawing, and none has one too many", () => {
  expect(Object.keys(DRAWN).sort()).toEqual(guides.sort());
  for (const guide of guides) expect(DRAWN[guide]?.length, guide).toBe(stepsOf(guide));
});

test.each(DRAWINGS)("%s is a drawing without a word, passed by in reading aloud, in the colours of the window", (of) => {
  const drawn = renderToStaticMarkup(<GuideDrawing of={of} />);
  expect(drawn).toContain('aria-hidden="true"');
  expect(drawn).not.toMatch(/<text|>[^<\s]/u);
  expect(drawn).not.toMatch(/#[0-9a-f]{3}|rgb\(|fill=|stroke=/u);
});
