import { z } from "zod";
import { address } from "../address.ts";
import { request } from "./define.ts";
import { failureData } from "./failure-data.ts";

/** An organisation's address book (LDAP, RFC 4511). It is never spoken to without TLS. */
export const directorySettings = z.strictObject({
  host: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[^\s/@]+$/u),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(["tls", "starttls"]),
  /** Where in the tree people are looked for. */
  base: z.string().max(500),
  /** Who signs in; null: nobody. */
  bindDn: z.string().min(1).max(500).nullable(),
});
export type DirectorySettings = z.infer<typeof directorySettings>;

export const directoryRequests = {
  /** People of the directory for what was typed; nobody where there is no directory. `failure`: it could not be asked now. */
  "directory.find": request(
    z.object({ text: z.string().max(200) }),
    z.object({ people: z.array(address), failure: failureData.nullable() }),
  ),
  /** `kept`: whether there is a password. */
  "directory.read": request(z.object({}), z.object({ kept: z.boolean() })),
  /** `password` left out: the one that is kept. */
  "directory.save": request(z.object({ settings: directorySettings.nullable(), password: z.string().max(1000).optional() }), z.object({})),
  /** Signs in and looks for one person; nothing is kept. @throws Failure */
  "directory.test": request(
    z.object({ settings: directorySettings, password: z.string().max(1000).optional() }),
    z.object({ found: z.boolean() }),
  ),
};
