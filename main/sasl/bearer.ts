import { Failure } from "../../shared/failure.ts";
import { type Dialogue, type Party, told } from "./dialogue.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

/** A control character would end the field early, and the rest of the value would be fields of its own (RFC 7628 §3.1). */
function field(value: string): string {
  if (/\p{Cc}/u.test(value)) throw new Failure("invalid-input");
  return value;
}

/** As Google and Microsoft describe it. An error comes as a challenge, and wants an empty answer before it is a refusal. */
export function xoauth2({ user }: Party, token: string): Dialogue {
  return told("XOAUTH2", bytes(`user=${field(user)}\u0001auth=Bearer ${field(token)}\u0001\u0001`), [], bytes(""));
}

/** RFC 7628. */
export function oauthBearer({ user, host, port }: Party, token: string): Dialogue {
  const first = `n,a=${gs2Name(field(user))},\u0001host=${host}\u0001port=${port}\u0001auth=Bearer ${field(token)}\u0001\u0001`;
  return told("OAUTHBEARER", bytes(first), [], bytes("\u0001"));
}

/** RFC 5801 §4: "," and "=" divide the header. */
export function gs2Name(name: string): string {
  return name.replaceAll("=", "=3D").replaceAll(",", "=2C");
}
