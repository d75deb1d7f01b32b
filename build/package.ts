import { bundle } from "./bundle.ts";
import { runCommand } from "./run-command.ts";

// `npm run package` builds for this system; `-- --linux dir` and the like are electron-builder's own options.
await bundle((sentence) => void process.stdout.write(`${sentence}\n`));
const { code } = await runCommand(
  "electron-builder",
  ["--config", "build/electron-builder.json", "--publish", "never", ...process.argv.slice(2)],
  { show: true },
);
process.exitCode = code;
