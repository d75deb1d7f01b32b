import type { LookupFunction, Socket } from "node:net";
import { cleanLine } from "../mime/clean.ts";
import type { Via } from "../plan/proxy.ts";
import type { PostAnswer } from "../plan/unsubscribe.ts";
import { leadsInside, lineTo, portOf, publicLookup } from "./remote-picture.ts";

const DEADLINE_MS = 20_000;
const MOST_BYTES = 64 * 1024;
const LONGEST_WORDS = 300;

/** RFC 8058 §3.1. As the fields of a form, which every server reads; that of a file upload not all do. */
const BODY = "List-Unsubscribe=One-Click";

export type OneClick = (url: string, beforeSending: () => void, via: Via | undefined) => Promise<PostAnswer>;

/**
 * Tells a sender's server that its list is left (RFC 8058 §3.2): no cookie, no referrer, nothing about this program or its user, in https
 * only, never to an address inside the user's own network. Redirections are an answer like any other and are not followed (§3.1).
 *
 * @param beforeSending called once, after the line is up and before the first byte of the request leaves
 * @param via the way of the account that the list writes to
 * @param trust for tests: names and authorities of their own
 */
export async function tellOnce(
  address: string,
  beforeSending: () => void,
  via: Via | undefined,
  { lookup = publicLookup, ca }: { lookup?: LookupFunction; ca?: string } = {},
): Promise<PostAnswer> {
  const url = URL.parse(address);
  if (url === null || url.protocol !== "https:" || url.username !== "" || url.password !== "" || leadsInside(url))
    return { kind: "forbidden" };
  let line: Socket | null;
  try {
    line = await lineTo(url, via);
  } catch (error) {
    return notReached(error instanceof Error ? error : new Error(String(error)));
  }
  return await new Promise((resolve) => {
    let sent = false;
    const asked = process.getBuiltinModule("node:https").request(url, {
      method: "POST",
      ...(line === null ? { lookup, agent: false } : { createConnection: () => line, defaultPort: 443, port: portOf(url) }),
      headers: {
        accept: "*/*",
        "user-agent": "Mozilla/5.0",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": BODY.length,
      },
      ...(ca === undefined ? {} : { ca }),
    });
    const deadline = setTimeout(() => asked.destroy(new Error("no answer")), DEADLINE_MS);
    const end = (answer: PostAnswer): void => {
      clearTimeout(deadline);
      resolve(answer);
      asked.destroy();
    };
    asked.once("error", (error) => end(sent ? { kind: "cut" } : notReached(error)));
    asked.once("socket", (socket) => {
      const up = (): void => {
        try {
          beforeSending();
        } catch (error) {
          // What cannot be written down is not sent.
          asked.destroy(error instanceof Error ? error : new Error(String(error)));
          return;
        }
        sent = true;
        asked.end(BODY);
      };
      // Through a proxy it is up already.
      if (line === null) socket.once("secureConnect", up);
      else up();
    });
    asked.once("response", (response) => {
      const { statusCode = 0, statusMessage = "", headers } = response;
      const chunks: Buffer[] = [];
      let size = 0;
      const answered = (): void => {
        const plain = /^text\/plain\b/iu.test(headers["content-type"] ?? "") ? Buffer.concat(chunks).toString("utf8") : "";
        const words = cleanLine(plain).slice(0, LONGEST_WORDS) || cleanLine(statusMessage).slice(0, LONGEST_WORDS);
        end({ kind: "answered", status: statusCode, words, retryAfterMs: seconds(headers["retry-after"]) });
      };
      response.on("data", (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size <= MOST_BYTES) chunks.push(chunk);
        else answered();
      });
      // The status has come; what of its words is missing is missing.
      response.once("end", answered);
      response.once("error", answered);
    });
  });
}

function notReached(error: Error): PostAnswer {
  // A name that leads inside is no matter of the line.
  return error.message === "private address" || error.message === "inner name"
    ? { kind: "forbidden" }
    : { kind: "not-reached", words: cleanLine(error.message).slice(0, LONGEST_WORDS) };
}

/** RFC 9110 §10.2.3, as a number only. @returns ms */
function seconds(retryAfter: string | undefined): number | null {
  return retryAfter !== undefined && /^\d{1,9}$/u.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : null;
}
