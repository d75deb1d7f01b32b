import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { PROJECT } from "./project.ts";

// Makes main/accounts/provider-list.ts from a checkout of Thunderbird's provider files: `node build/run.mjs providers FOLDER`, FOLDER/*.xml being
// config-v1.1. Only what is encrypted is taken: the first server of each protocol that is TLS from its beginning, else the first with STARTTLS.

const HEAD = `/**
 * Mail servers by domain: a snapshot of the provider list of Thunderbird, https://github.com/thunderbird/autoconfig (c6ad79659b5f), reduced to its encrypted
 * servers. Like that list, this file is subject to the terms of the Mozilla Public License, v. 2.0; a copy of it is at https://mozilla.org/MPL/2.0/.
 * Made by \`node build/run.mjs providers FOLDER\`. A line is a provider: its domains, and behind each | the protocol, host, port, tls or
 * starttls, and who signs in: %a the address, %l what stands before the @, %d what stands after it.
 */
export const PROVIDER_LIST = \``;

const [folder = ""] = process.argv.slice(2);

function textOf(parent: Element, name: string): string {
  return parent.getElementsByTagName(name)[0]?.textContent?.trim() ?? "";
}

const placed = (text: string): string =>
  text.replaceAll("%EMAILADDRESS%", "%a").replaceAll("%EMAILLOCALPART%", "%l").replaceAll("%EMAILDOMAIN%", "%d");

function serverOf(servers: readonly Element[], protocol: string): string | null {
  const encrypted = servers.filter((server) => server.getAttribute("type") === protocol && textOf(server, "socketType") !== "plain");
  const best = encrypted.find((server) => textOf(server, "socketType") === "SSL") ?? encrypted[0];
  if (best === undefined) return null;
  const security = textOf(best, "socketType") === "SSL" ? "tls" : "starttls";
  return [protocol, placed(textOf(best, "hostname")), textOf(best, "port"), security, placed(textOf(best, "username")) || "%a"].join(" ");
}

function lineOf(file: string): string | null {
  const { document } = new JSDOM(readFileSync(join(folder, file), "utf8"), { contentType: "text/xml" }).window;
  const domains = [...document.getElementsByTagName("domain")].map((domain) => domain.textContent?.trim().toLowerCase() ?? "");
  const incoming = [...document.getElementsByTagName("incomingServer")];
  const outgoing = serverOf([...document.getElementsByTagName("outgoingServer")], "smtp");
  const both = [serverOf(incoming, "imap"), serverOf(incoming, "pop3")].filter((server) => server !== null);
  if (domains.length === 0 || both.length === 0 || outgoing === null) return null;
  return [[...new Set(domains)].join(" "), ...both, outgoing].join("|");
}

const lines = readdirSync(folder)
  .filter((file) => file.endsWith(".xml"))
  .sort()
  .flatMap((file) => lineOf(file) ?? []);
writeFileSync(join(PROJECT, "main/accounts/provider-list.ts"), `${HEAD}\n${lines.join("\n")}\n\`;\n`);
process.stdout.write(`${lines.length} providers.\n`);
