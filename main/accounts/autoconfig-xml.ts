import { SaxesParser } from "saxes";
import type { ListedServer } from "../plan/listed-servers.ts";

/** More than any provider's file, and less than would be felt. */
export const MOST_BYTES = 128 * 1024;
const MOST_ELEMENTS = 2000;
const DEEPEST = 12;
const MOST_SERVERS = 20;
const LONGEST_TEXT = 500;

type Draft = { protocol: string; fields: Map<string, string>; authentication: string[] };

/**
 * Reads a configuration file in Mozilla's format, config-v1.1 (https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/).
 *
 * Whoever wrote it may be anybody: a file with a document type (and so with entities of its own), one that is too large, too deep or not well-formed is
 * refused as a whole; elements that are not asked for are passed over.
 *
 * @returns the servers as they are listed, or null for what is no such file
 */
export function parseAutoconfig(bytes: Uint8Array): ListedServer[] | null {
  if (bytes.byteLength > MOST_BYTES) return null;
  const reader = new Reader();
  try {
    reader.read(new TextDecoder("utf-8").decode(bytes));
  } catch {
    // Why a stranger's file is none helps nobody; that it is none is what is told.
    return null;
  }
  return reader.isConfig ? reader.servers : null;
}

class Reader {
  readonly servers: ListedServer[] = [];
  isConfig = false;
  readonly #path: string[] = [];
  #elements = 0;
  #providers = 0;
  #draft: Draft | null = null;
  #text = "";

  read(xml: string): void {
    const parser = new SaxesParser();
    parser.on("error", (error) => {
      throw error;
    });
    parser.on("doctype", () => {
      throw new Error("document type");
    });
    parser.on("opentag", ({ name, attributes }) => this.#open(name, attributes["type"] ?? ""));
    parser.on("text", (text) => this.#take(text));
    parser.on("cdata", (text) => this.#take(text));
    parser.on("closetag", ({ name }) => this.#close(name));
    parser.write(xml).close();
  }

  #open(name: string, type: string): void {
    this.#elements += 1;
    this.#path.push(name);
    if (this.#elements > MOST_ELEMENTS || this.#path.length > DEEPEST) throw new Error("too much");
    this.#text = "";
    const path = this.#path.join("/");
    if (path === "clientConfig") this.isConfig = true;
    if (path === "clientConfig/emailProvider") this.#providers += 1;
    const isServer = path === "clientConfig/emailProvider/incomingServer" || path === "clientConfig/emailProvider/outgoingServer";
    // Only the first provider's: the file is about one.
    if (isServer && this.#providers === 1) this.#draft = { protocol: type.toLowerCase(), fields: new Map(), authentication: [] };
  }

  #take(text: string): void {
    if (this.#draft !== null && this.#text.length <= LONGEST_TEXT) this.#text += text;
  }

  #close(name: string): void {
    const depth = this.#path.length;
    this.#path.pop();
    const draft = this.#draft;
    if (draft === null) return;
    if (depth === 4 && this.#text.length <= LONGEST_TEXT) {
      const text = this.#text.trim();
      if (name === "authentication") draft.authentication.push(text);
      // What is said twice is the first.
      else if (!draft.fields.has(name)) draft.fields.set(name, text);
    }
    this.#text = "";
    if (depth !== 3) return;
    this.#draft = null;
    const field = (key: string): string => draft.fields.get(key) ?? "";
    if (this.servers.length >= MOST_SERVERS) return;
    this.servers.push({
      protocol: draft.protocol,
      host: field("hostname"),
      port: field("port"),
      socket: field("socketType"),
      user: field("username"),
      authentication: draft.authentication,
    });
  }
}
