// Opens a damaged store, and ends itself without a warning before the change number KILL_AT that it would make to the disk. Says how many it made.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import BetterSqlite from "better-sqlite3";

const [profileDir = "", killAt = "0"] = process.argv.slice(2);
let changes = 0;
function changing(): void {
  changes += 1;
  if (changes === Number(killAt)) process.kill(process.pid, "SIGKILL");
}
for (const name of ["renameSync", "rmSync", "writeFileSync", "copyFileSync", "cpSync"] as const) {
  const before = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      changing();
      return before(...args);
    },
  });
}
syncBuiltinESMExports();
const { transaction, exec } = BetterSqlite.prototype;
BetterSqlite.prototype.exec = function (sql) {
  changing();
  return exec.call(this, sql);
};
BetterSqlite.prototype.transaction = function (work) {
  changing();
  return transaction.call(this, work) as never;
};

const { openOrRescue } = await import("../../main/store/open-or-rescue.ts");
const { store } = await openOrRescue({ profileDir });
store.close();
fs.writeSync(1, `${changes}`);
