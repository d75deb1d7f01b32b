import { createHmac } from "node:crypto";
import { type Dialogue, type Party, told } from "./dialogue.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");
/** Gives up (RFC 4954 §4, RFC 9051 §6.2.2, RFC 5034 §4): the adapters send it as it is, without base64. */
export const CANCEL = bytes("*");

/** RFC 4616. */
export function plain({ user }: Party, password: string): Dialogue {
  return told("PLAIN", bytes(`\0${user}\0${password}`), [], CANCEL);
}

/** Never standardised (draft-murchison-sasl-login): the server asks for the one, then for the other, in words that differ. */
export function login({ user }: Party, password: string): Dialogue {
  return told("LOGIN", null, [bytes(user), bytes(password)], CANCEL);
}

/** RFC 2195. */
export function cramMd5({ user }: Party, password: string): Dialogue {
  let asked = false;
  return {
    mechanism: "CRAM-MD5",
    first: null,
    answer: (challenge) => {
      if (asked) return Promise.resolve(CANCEL);
      asked = true;
      const digest = createHmac("md5", bytes(password)).update(challenge).digest("hex");
      return Promise.resolve(bytes(`${user} ${digest}`));
    },
    finish: () => undefined,
  };
}
