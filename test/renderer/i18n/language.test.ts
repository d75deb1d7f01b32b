import i18next from "i18next";
import { expect, test } from "vitest";
import { setLanguage, startLanguage } from "../../../renderer/i18n/setup.ts";

test("the language that was chosen last is shown, though the words of the one before come later", async () => {
  await startLanguage("en");
  const english = i18next.t("common:cancel");
  const before = setLanguage("zh-CN");
  await Promise.all([before, setLanguage("en")]);
  expect(i18next.language).toBe("en");
  await setLanguage("zh-CN");
  expect(i18next.language).toBe("zh-CN");
  expect(i18next.t("common:cancel")).not.toBe(english);
});
