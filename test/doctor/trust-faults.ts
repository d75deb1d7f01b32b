import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { AnswerId } from "../../shared/answers/table.ts";
import type { Certificates, LeafOptions } from "../servers/certificates.ts";
import type { Fault } from "./fault.ts";
import { ports, type World } from "./world.ts";

const IMAP = "imap.harbour.example";
const tls = { host: IMAP, port: 993, security: "tls" } as const;
const DAY = 86_400_000;

/** An IMAP server that shows this certificate at the usual name and port. */
async function showing(world: World, certificate: Certificates) {
  const server = await world.startImap({ tls: { ...certificate, implicit: true } });
  return { incoming: tls, around: { connect: ports({ 993: server.port }) } };
}

async function good(world: World) {
  const server = await world.startImap({ tls: { ...world.good, implicit: true } });
  return { incoming: tls, via: await world.through({ [`${IMAP}:993`]: server.port }) };
}

/** A certificate with a fault; a server with a good one in its place is the mend. */
function bad(title: string, is: AnswerId, options: LeafOptions & { unknown?: boolean }): Fault {
  return { title, is, sow: async (world) => ({ planted: await showing(world, world.certificate(options)), mended: await good(world) }) };
}

/** An SMTP server whose first line tells its time, so many minutes from now. */
async function telling(world: World, minutes: number): Promise<number> {
  const server = await world.startFaulty();
  const date = new Date(Date.now() + minutes * 60_000).toUTCString().replace("GMT", "+0000");
  server.fault("greeting", { kind: "say", line: `220 smtp.harbour.example ESMTP Exim 4.98 ${date}` }, { times: 1000 });
  return server.port;
}

function selfSigned(world: World): Certificates {
  const made = world.certificate({ unknown: true });
  const cert = join(made.cert, "..", "self.pem");
  const key = join(made.cert, "..", "self.key");
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key];
  const named = ["-subj", "/CN=localhost", "-addext", `subjectAltName=DNS:${IMAP},DNS:localhost,IP:127.0.0.1`];
  execFileSync("openssl", ["req", "-x509", ...newKey, ...named, "-out", cert], { stdio: ["ignore", "ignore", "pipe"] });
  return { ca: cert, cert, key };
}

const inspected = (title: string, is: AnswerId, authority: string): Fault => bad(title, is, { unknown: true, authority });

export const TRUST_FAULTS: readonly Fault[] = [
  {
    title: "a certificate that has run out",
    is: "certificate-ran-out",
    sow: async (world) => ({ planted: await showing(world, world.lasting(-90, -1)), mended: await good(world) }),
  },
  {
    title: "a certificate that begins tomorrow, and no clock to compare with",
    is: "certificate-future",
    sow: async (world) => ({ planted: await showing(world, world.lasting(1, 90)), mended: await good(world) }),
  },
  bad("a certificate of another name", "certificate-other-name", { altNames: "DNS:imap.hoster.example" }),
  bad("an authority that nobody knows", "authority-unknown", { unknown: true }),
  bad("an intermediate certificate that was forgotten", "chain-incomplete", {
    unknown: true,
    caIssuers: "http://ca.example/r11.cer",
    authority: "R11",
  }),
  {
    title: "a self-signed certificate",
    is: "certificate-own",
    sow: async (world) => ({ planted: await showing(world, selfSigned(world)), mended: await good(world) }),
  },
  {
    title: "the self-signed certificate of a bridge on this computer",
    is: "certificate-of-bridge",
    sow: async (world) => {
      const server = await world.startImap({ tls: { ...selfSigned(world), implicit: true } });
      const trusted = await world.startImap({ tls: { ...world.good, implicit: true } });
      return {
        planted: { incoming: { host: "localhost", port: server.port, security: "tls" } },
        mended: { incoming: { host: "localhost", port: trusted.port, security: "tls" } },
      };
    },
  },
  inspected("Avast in the line", "antivirus-avast", "Avast Web-Mail Shield Root"),
  inspected("Kaspersky in the line", "antivirus-kaspersky", "Kaspersky Anti-Virus Personal Root Certificate"),
  inspected("ESET in the line", "antivirus-eset", "ESET SSL Filter CA"),
  inspected("Bitdefender in the line", "antivirus-bitdefender", "Bitdefender Personal CA.Net-Defender"),
  inspected("a company's FortiGate in the line", "company-inspection", "FortiGate CA"),
  {
    title: "a clock two days fast: certificates seem to have run out",
    is: "clock-ahead",
    sow: async (world) => {
      const around = { now: Date.now };
      const planted = await showing(world, world.lasting(-90, -1));
      return {
        planted: { ...planted, around: { ...planted.around, ...around }, outgoing: { port: await telling(world, -2 * 24 * 60) } },
        mended: await good(world),
      };
    },
  },
  {
    title: "a clock two days slow: certificates seem to begin later",
    is: "clock-behind",
    sow: async (world) => ({
      planted: { ...(await showing(world, world.lasting(1, 90))), outgoing: { port: await telling(world, 2 * 24 * 60) } },
      mended: await good(world),
    }),
  },
  {
    title: "a clock eleven minutes slow, seen in the greeting",
    is: "clock-behind",
    sow: async (world) => {
      const port = await telling(world, 0);
      return {
        planted: { outgoing: { port }, around: { now: () => Date.now() - 11 * 60_000 } },
        mended: { outgoing: { port } },
      };
    },
  },
  {
    title: "a clock a day fast, seen in a message's date",
    is: "clock-ahead",
    sow: () => ({ planted: { full: true, around: { now: () => Date.now() + DAY } }, mended: { full: true } }),
  },
];
