import { asImapFailure } from "../../main/imap/outcomes.ts";
import { lineFailure } from "../../main/plan/line-failure.ts";
import { Refused } from "../../main/pop3/connection.ts";
import { asPop3Failure } from "../../main/pop3/outcomes.ts";
import { asSmtpFailure } from "../../main/smtp/outcomes.ts";
import { Failure, type FailureCode } from "../../shared/failure.ts";

const SMTP_COMMANDS: Readonly<Record<string, string>> = { AUTH: "AUTH", MAIL: "MAIL FROM", RCPT: "RCPT TO", DATA: "DATA", CONN: "CONN" };

/** `code key=value key=value | words` */
function found(host: string, text: string): Failure {
  const [facts = "", words] = text.split(" | ");
  const [code = "", ...rest] = facts.split(/ (?=\w+=|[a-z-]+$)/u);
  const params = Object.fromEntries(rest.map((one) => one.split("=") as [string, string]));
  return new Failure(code as FailureCode, { params: { host, ...params }, serverWords: words });
}

/** An example as the program's own adapters see it. */
export function asFailureOf(example: string): Failure {
  const [, host = "", point = "", answer = ""] = /^(\S+) (\w+): (.*)$/su.exec(example) ?? [];
  const where = { host, port: 993 };
  if (point === "FOUND") return found(host, answer);
  if (point === "LINE") {
    const [code = "", port = "0"] = answer.split(" ");
    const failure = lineFailure(Object.assign(new Error(code), { code }), { host, port: Number(port) });
    if (failure === undefined) throw new Error(`no failure of the line: ${example}`);
    return failure;
  }
  if (point === "LOGIN" || point === "SELECT") {
    const [, responseStatus, serverResponseCode, responseText] = /^(NO|BAD) (?:\[([^\]\s]+)[^\]]*\] ?)?(.*)$/su.exec(answer) ?? [];
    return asImapFailure({ responseStatus, serverResponseCode, responseText, authenticationFailed: point === "LOGIN" }, where);
  }
  if (point === "PASS") return asPop3Failure(new Refused(answer), { ...where, token: false }, "sign-in");
  const command = SMTP_COMMANDS[point];
  if (command === undefined) throw new Error(`no such point: ${example}`);
  const error = Object.assign(new Error(answer), { response: answer, command, ...(point === "AUTH" ? { code: "EAUTH" } : {}) });
  return asSmtpFailure(error, where);
}
