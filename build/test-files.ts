/** Files that want a process of their own: they put something else in the place of a module, of a clock or of the window, or measure the process. */
export const ALONE = [
  "test/electron/*.test.ts",
  "test/accounts/app-lock.test.ts",
  "test/engine/health.test.ts",
  "test/engine/idle.test.ts",
  "test/health/*.test.ts",
  "test/mime/parse.test.ts",
  "test/renderer/failures/*.test.{ts,tsx}",
  "test/renderer/mail/somebody.test.ts",
  "test/renderer/reader/blocked-note.test.tsx",
  "test/renderer/reader/first-shown.test.ts",
  "test/renderer/telling/*.test.ts",
  "test/search/gathering.test.ts",
  "test/servers/demo.test.ts",
];
