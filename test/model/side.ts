import { act } from "../../main/store/acts.ts";
import { readTree } from "../../main/store/folder-acts.ts";
import type { Change } from "../../shared/contract/mail.ts";
import { asFailure } from "../../shared/failure.ts";
import type { FolderId, PlacementId } from "../../shared/ids.ts";
import type { ImapProxy } from "../support/imap-proxy.ts";
import type { TestAccount } from "../support/running-account.ts";
import { described, differences, faults, idOf, type Lying, unequal } from "../support/same-as-server.ts";
import { DELETED, type Folder, type Letter, type MailboxModel, nameOf } from "./mailbox-model.ts";
import type { ModelServer } from "./model-server.ts";

/** One mailbox three times: on its server, as the model has it, and in the program's account, with the line between. */
export class Side {
  readonly server: ModelServer;
  readonly proxy: ImapProxy;
  readonly account: TestAccount;
  readonly model: MailboxModel;

  constructor(server: ModelServer, proxy: ImapProxy, account: TestAccount, model: MailboxModel) {
    this.server = server;
    this.proxy = proxy;
    this.account = account;
    this.model = model;
  }

  /** Null when two look the same there and the user may have done something to one of them: the model could not say which it is. */
  async uidOf(letter: Letter, online: boolean): Promise<number | null> {
    const rows = await this.server.list(letter.folder?.name ?? "");
    const wanted = described(letter.id, letter.flags);
    const [found, second] = rows.filter((row) => described(idOf(row.raw), row.flags) === wanted);
    if (found === undefined) throw new Error(`the server has no ${wanted} in ${letter.folder?.name}`);
    return second === undefined || online ? found.uid : null;
  }

  /** By the name that the user sees. */
  folderIdOf(folder: Folder): FolderId {
    const found = [...readTree(this.account.store.db, this.account.id).shown.values()].find(
      ({ path, gone }) => !gone && path === nameOf(folder),
    );
    if (found === undefined) throw new Error(`no folder ${nameOf(folder)} is shown`);
    return found.id as FolderId;
  }

  /** @returns the group, for undo */
  act(placement: PlacementId, change: Change): string {
    const { group } = act(this.account.store, { kind: "placements", ids: [placement] }, change);
    this.account.running.operationsAsked();
    return group;
  }

  /** Null when two are shown there, one of which may be gone already without the program knowing: nobody could say which is meant. */
  placementOf(id: string, folder: Folder): PlacementId | null {
    const rows = this.account.store.db.connection
      .prepare<[string, number], { id: PlacementId }>(
        `SELECT placement.id AS id FROM placement JOIN message ON message.id = placement.message_id
         WHERE message.message_id_header = ? AND placement.shown_folder_id = ?`,
      )
      .all(`${id}@example.test`, this.folderIdOf(folder));
    if (rows[0] === undefined) throw new Error(`${id} is not shown in ${folder.name}`);
    return rows.length > 1 ? null : rows[0].id;
  }

  /** The line may break once at some command. */
  breakOnce(chance: number): void {
    let countdown = chance % 4 === 0 ? Number.POSITIVE_INFINITY : (chance >> 2) % 24;
    this.proxy.fate = () => {
      countdown -= 1;
      if (countdown !== -1) return "pass";
      return chance % 4 === 1 ? "lose" : "lose-answer";
    };
  }

  /** Everything goes out and comes in. */
  async synchronise(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.account.running.syncNow();
        return await this.account.complete();
      } catch (error) {
        if (asFailure(error).kind !== "offline" || tries > 5)
          throw new Error(`${String(error)}\n${this.#waiting().join("\n")}`, { cause: error });
      }
    }
  }

  /** Operations that did not come to an end, for whoever reads the failure. */
  #waiting(): string[] {
    return this.account.store.db.connection
      .prepare<[number], { state: string; change: string; words: string | null; id: string; path: string; uid: number | null }>(
        `SELECT state, change, server_words AS words, message.message_id_header AS id, folder.path AS path, placement.uid AS uid
         FROM operation JOIN placement ON placement.id = operation.placement_id JOIN message ON message.id = placement.message_id
         JOIN folder ON folder.id = placement.folder_id
         WHERE operation.account_id = ? AND state IN ('pending', 'attempted', 'parked')`,
      )
      .all(this.account.id)
      .map((row) => JSON.stringify(row));
  }

  async #listing(): Promise<Map<string, readonly Lying[]>> {
    const { server } = this;
    const listing = new Map<string, readonly Lying[]>();
    for (const name of await server.folders()) listing.set(name, await server.list(name));
    return listing;
  }

  /** Where the three differ. */
  async compare(): Promise<string[]> {
    const { folders } = this.model;
    const server = await this.#listing();
    this.model.findLeft(
      ({ name }, id) => (server.get(name) ?? []).filter(({ raw, flags }) => idOf(raw) === id && flags.includes(DELETED)).length,
    );
    const names = folders.map(({ name }) => name);
    return [
      ...unequal("folders, model and server", names, [...server.keys()]),
      ...folders.flatMap((folder) => {
        const letters = this.model.in(folder);
        const left = new Set(letters.flatMap((letter) => (letter.left === true ? [letter.id] : [])));
        const inWords = (id: string, flags: ReadonlySet<string>): string =>
          left.has(id) && flags.has(DELETED) ? `${id} ${DELETED}` : described(id, flags);
        return unequal(
          `${folder.name}, model and server`,
          letters.map((letter) => inWords(letter.id, letter.flags)),
          (server.get(folder.name) ?? []).map((row) => inWords(idOf(row.raw), new Set(row.flags))),
        );
      }),
      ...differences(this.account, server),
    ];
  }

  /** To the last byte, and without a contradiction in the lists. */
  async expectWhole(): Promise<void> {
    const wrong = await faults(this.account, await this.#listing());
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  }
}
