import { afterEach, beforeEach } from "vitest";
import { FaultySmtp } from "../servers/smtp-faults.ts";
import { type Desk, openDesk } from "./support.ts";

/** A server that misbehaves on request, and a desk that sends over it. */
export class AtDesk {
  #server: FaultySmtp | undefined;
  #desk: Desk | undefined;

  get server(): FaultySmtp {
    if (this.#server === undefined) throw new Error("no test is running");
    return this.#server;
  }

  set server(server: FaultySmtp) {
    this.#server = server;
  }

  get desk(): Desk {
    if (this.#desk === undefined) throw new Error("no test is running");
    return this.#desk;
  }

  set desk(desk: Desk) {
    this.#desk = desk;
  }

  /** The same server, another start of the program; on the same profile with `keep`. */
  async reopen(more: Parameters<typeof openDesk>[1] = {}, keep = false): Promise<void> {
    const { profileDir } = this.desk;
    await this.desk.close(keep);
    this.desk = await openDesk(this.server.port, more, keep ? profileDir : undefined);
  }
}

/**
 * Both of them anew for each test of a file.
 *
 * @param more how the desk is opened; asked before each test, when the server is there
 */
export function eachAtDesk(more: (server: FaultySmtp) => Parameters<typeof openDesk>[1] = () => ({})): AtDesk {
  const here = new AtDesk();
  beforeEach(async () => {
    here.server = await FaultySmtp.start();
    here.desk = await openDesk(here.server.port, more(here.server));
  });
  afterEach(async () => {
    await here.desk.close();
    await here.server.stop();
  });
  return here;
}
