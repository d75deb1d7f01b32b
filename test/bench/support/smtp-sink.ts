import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePorts } from "../../servers/free-ports.ts";
import { BENCH_DIR } from "./measured-host.ts";

/** Postfix's smtp-sink, from its package unpacked beside the project: installing it would put a mail server on the machine. */
export async function startSmtpSink(): Promise<{ port: number; stop(): void }> {
  const root = join(BENCH_DIR, "postfix");
  const program = join(root, "usr/sbin/smtp-sink");
  if (!existsSync(program)) {
    mkdirSync(root, { recursive: true });
    execFileSync("apt-get", ["download", "postfix"], { cwd: root, stdio: "ignore" });
    const [deb] = readdirSync(root).filter((name) => name.endsWith(".deb"));
    execFileSync("dpkg", ["-x", join(root, deb ?? ""), root]);
  }
  const [port = 0] = await freePorts(1);
  const child: ChildProcess = spawn(program, ["-c", "-u", "nobody", `inet:127.0.0.1:${port}`, "200"], {
    stdio: "ignore",
    env: { ...process.env, LD_LIBRARY_PATH: join(root, "usr/lib/postfix") },
  });
  process.once("exit", () => child.kill("SIGKILL"));
  while (!(await answers(port))) await wait(20);
  return { port, stop: () => void child.kill("SIGKILL") };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
