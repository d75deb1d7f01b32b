import { describe, expect, test } from "vitest";
import { readOptions } from "../../main/host/options.ts";
import { defaultProfileDir } from "../../main/host/profile-dir.ts";

describe("the command line", () => {
  test("reads every option", () => {
    expect(readOptions(["--demo", "--profile", "/tmp/p", "--lang", "zh-CN", "--no-window"])).toEqual({
      profile: "/tmp/p",
      language: "zh-CN",
      demo: true,
      noWindow: true,
    });
    expect(readOptions([])).toEqual({ profile: null, language: null, demo: false, noWindow: false });
  });

  test("a language that Satchel does not speak is refused with those it does", () => {
    expect(() => readOptions(["--lang", "fr"])).toThrow("en and zh-CN");
  });

  test("an unknown option is refused", () => {
    expect(() => readOptions(["--windowless"])).toThrow("--windowless");
  });
});

test("the profile lies where each system keeps a program's data", () => {
  expect(defaultProfileDir("linux", {}, "/home/user1")).toBe("/home/user1/.local/share/satchel");
  expect(defaultProfileDir("linux", { XDG_DATA_HOME: "/data" }, "/home/user1")).toBe("/data/satchel");
  expect(defaultProfileDir("darwin", {}, "/Users/user1")).toBe("/Users/user1/Library/Application Support/Satchel");
});
