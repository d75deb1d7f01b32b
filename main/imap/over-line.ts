import { isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { ImapFlowOptions } from "imapflow";

type Transport = NonNullable<ImapFlowOptions["transport"]>;
type Target = Parameters<Transport["connect"]>[0];

/** A session over a line that is open already (a proxy's). The certificate is verified for the server's own name, as on a line of our own. */
export function overLine(line: Socket): Transport {
  const secure = ({ host, tls }: Omit<Target, "secure">, onSecure: () => void): TLSSocket =>
    connectTls({ ...tls, socket: line, host, ...(isIP(host) === 0 ? { servername: host } : {}) }, onSecure);
  return {
    connect(target, onConnect) {
      if (target.secure) return secure(target, onConnect);
      setImmediate(onConnect);
      return line;
    },
    upgrade: (_plain, target, onSecure) => secure(target, onSecure),
  };
}
