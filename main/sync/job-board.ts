import type { FolderId, MessageId, PlacementId } from "../../shared/ids.ts";
import { LARGEST_LITERAL } from "../imap/session.ts";
import { batchBytes, planBackfill } from "../plan/backfill.ts";
import { type Job, planJob } from "../plan/jobs.ts";
import { ALL_MAIL } from "../plan/labels.ts";
import { giveUpBody } from "../store/body-troubles.ts";
import { folderOperations } from "../store/folder-operations.ts";
import { readFolders, type StoredFolder } from "../store/folders.ts";
import {
  askedFor,
  type MissingBody,
  type MissingList,
  type MissingOutline,
  missingBodies,
  missingOutlines,
  stillMissing,
} from "../store/missing-bodies.ts";
import { extentsOf } from "../store/offline.ts";
import { pendingOperations } from "../store/operations.ts";
import type { AccountWork } from "./account-work.ts";
import { idsOf } from "./room.ts";

export type BodyJob = {
  readonly kind: "bodies";
  readonly folder: StoredFolder;
  readonly wanted: readonly MissingBody[];
  /** This job keeps the folder from others. */
  readonly claims: boolean;
};
export type OutlineJob = { readonly kind: "outlines"; readonly folder: StoredFolder; readonly wanted: readonly MissingOutline[] };
/** These are given back, so that what ranks above them has room; empty: there is more to look through. */
export type RoomJob = { readonly kind: "room"; readonly messageIds: readonly MessageId[] };
export type ReadyJob =
  | { readonly kind: "operations" }
  | { readonly kind: "round"; readonly compare: boolean }
  | { readonly kind: "folder"; readonly folder: StoredFolder; readonly compare: boolean }
  | { readonly kind: "older"; readonly folder: StoredFolder }
  | RoomJob
  | OutlineJob
  | BodyJob;

export type Lane = "work" | "helper";

/** Attempts after which a body that breaks every answer it comes in is given up for a while. */
const MOST_TRIES = 4;
/** And after which one that the user waits for is no longer fetched before everything else. */
const MOST_TRIES_AT_ONCE = 2;
/** Bodies fetched first, to learn how fast the line is. */
const PROBE_COUNT = 50;
const MOST_AT_ONCE = 500;
const MOST_LOOKED_AT = 1500;
/** Large messages that are made readable by one job, and looked at for it. */
const MOST_OUTLINES = 20;
const MOST_OUTLINES_LOOKED_AT = 200;
/** Of a list that is not whole: with less of it left another one is made. */
const ENOUGH = 100;
/** Where there is not room for all of them: then few are fetched at a time. */
const MOST_LOOKED_AT_LIMITED = 500;

/**
 * What is to be done for one account and who is at it. Facts that outlive a crash are read from the store; here is only what was heard
 * from the server in this run.
 */
export class JobBoard {
  readonly #work: AccountWork;
  readonly #dirty = new Map<FolderId, { compare: boolean }>();
  readonly #busy = new Set<FolderId>();
  /** Folders that refused; left alone until the next round. */
  readonly #resting = new Set<FolderId>();
  /** Bytes by placement. */
  readonly #fetching = new Map<number, number>();
  readonly #tries = new Map<number, number>();
  #round: { compare: boolean } | null = { compare: true };
  #comparing = 0;
  #asked = true;
  #operations = true;
  #later = false;
  #missing = true;
  #outlines = true;
  /** What is missing, newest first, until something new is known: a list costs as much as a hundred bodies. */
  #listed: MissingList | null = null;
  #probeFailed = false;

  constructor(work: AccountWork) {
    this.#work = work;
  }

  wantRound(compare: boolean): void {
    this.#round = { compare: compare || this.#round?.compare === true };
  }

  wantFolder(id: FolderId, compare: boolean): void {
    this.#dirty.set(id, { compare: compare || this.#dirty.get(id)?.compare === true });
  }

  wantDownloads(): void {
    this.#asked = true;
    this.wantBodies();
  }

  wantOperations(): void {
    this.#operations = true;
  }

  /** There is much to be carried up: what else is to be looked at comes in between. */
  wantOperationsLater(): void {
    this.#operations = true;
    this.#later = true;
  }

  wantBodies(): void {
    this.#missing = true;
    this.#outlines = true;
    this.#listed = null;
    this.#work.room.lookAgain();
  }

  /** No question to the server about what changed is open: what is known here is how it stands there. */
  get compared(): boolean {
    return this.#round === null && this.#dirty.size === 0 && this.#comparing === 0;
  }

  /** Something that a connection in the middle of a long listing should make room for. */
  get urgent(): boolean {
    return this.#operations || this.#asked || this.#round !== null || this.#dirty.size > 0;
  }

  /** Takes the next job; what it is about is nobody else's until `done`. */
  take(lane: Lane): ReadyJob | null {
    const folders = readFolders(this.#work.store, this.#work.accountId).filter(({ canSelect, onServer }) => canSelect && onServer);
    // What is opened or done here does not wait for a provider's limits, mail in bulk does.
    const pause = this.#work.governor.pause;
    const extents = extentsOf(this.#work.store, this.#work.accountId);
    const byId = new Map(folders.map((folder) => [folder.id, folder]));
    // Deleted meanwhile: nothing about it is left to ask.
    for (const id of this.#dirty.keys()) if (!byId.has(id)) this.#dirty.delete(id);
    // Until other things are done, or by the other connection.
    let later = false;
    for (;;) {
      const job = planJob(
        {
          operations: this.#operations && !(this.#later && this.#looksWait) && this.#anyOperations(),
          round: this.#round !== null,
          asked: this.#asked,
          outlines: this.#outlines && pause === null,
          missing: this.#missing && !later && pause === null,
          bytesPerSecond: this.#work.speed.bytesPerSecond ?? (this.#probeFailed ? 0 : null),
          folders: folders.map(({ id, role, label, headersDownTo }) => ({
            id,
            // The inbox of a Gmail account is in All Mail.
            role: label === ALL_MAIL ? "inbox" : role,
            headersDownTo: pause?.why === "server" ? null : headersDownTo,
            first: extents.get(id)?.first === true,
            dirty: this.#dirty.has(id),
            busy: this.#busy.has(id) || this.#resting.has(id),
          })),
        },
        lane,
      );
      if (job?.kind === "outlines") {
        const outlines = this.#outlinesOf(byId);
        if (outlines !== null) return outlines;
        this.#outlines = false;
        continue;
      }
      if (job?.kind !== "bodies") return job === null ? null : this.#claim(job, byId);
      const ready = job.asked
        ? this.#bodiesOf(job, byId, askedFor(this.#work.store, this.#work.accountId, MOST_AT_ONCE))
        : this.#unasked(job, byId, lane);
      if (ready === "later") {
        later = true;
        continue;
      }
      if (ready) return ready;
      // Nothing of that kind is left, or the other connection has it: look again without it.
      if (job.asked) this.#asked = false;
      else if (this.#fetching.size === 0) this.#missing = false;
      else return null;
    }
  }

  get #looksWait(): boolean {
    return this.#round !== null || [...this.#dirty.keys()].some((id) => !this.#busy.has(id) && !this.#resting.has(id));
  }

  #anyOperations(): boolean {
    const { store, accountId } = this.#work;
    this.#operations = folderOperations(store.db, accountId).length > 0 || pendingOperations(store, accountId).length > 0;
    return this.#operations;
  }

  /** Of one folder that nobody else is at. */
  #outlinesOf(byId: ReadonlyMap<number, StoredFolder>): OutlineJob | null {
    const missing = missingOutlines(this.#work.store, this.#work.accountId, MOST_OUTLINES_LOOKED_AT).filter(
      ({ folderId, placementId }) =>
        !this.#busy.has(folderId) &&
        !this.#resting.has(folderId) &&
        !this.#fetching.has(placementId) &&
        (byId.get(folderId)?.uidValidity ?? null) !== null,
    );
    const folder = byId.get(missing[0]?.folderId ?? 0);
    if (folder === undefined) return null;
    const wanted = missing.filter(({ folderId }) => folderId === folder.id).slice(0, MOST_OUTLINES);
    for (const { placementId } of wanted) this.#fetching.set(placementId, 0);
    this.#busy.add(folder.id);
    return { kind: "outlines", folder, wanted };
  }

  #claim(job: Exclude<Job, { kind: "bodies" | "outlines" }>, byId: ReadonlyMap<number, StoredFolder>): ReadyJob | null {
    if (job.kind === "operations") {
      this.#operations = false;
      this.#later = false;
      return job;
    }
    if (job.kind === "round") {
      const compare = this.#round?.compare === true;
      this.#round = null;
      this.#resting.clear();
      this.#work.room.lookAgain();
      this.#operations = true;
      this.#comparing++;
      return { kind: "round", compare };
    }
    const folder = byId.get(job.folderId);
    if (!folder) return null;
    this.#busy.add(folder.id);
    if (job.kind === "older") return { kind: "older", folder };
    const compare = this.#dirty.get(folder.id)?.compare === true;
    this.#dirty.delete(folder.id);
    this.#comparing++;
    return { kind: "folder", folder, compare };
  }

  #unasked(
    job: { asked: boolean; probe: boolean },
    byId: ReadonlyMap<number, StoredFolder>,
    lane: Lane,
  ): BodyJob | RoomJob | "later" | null {
    const { store, accountId } = this.#work;
    const earlier = this.#listed === null ? null : this.#bodiesOf(job, byId, this.#listed.bodies);
    if (earlier !== null) return earlier;
    const room = this.#work.room.now;
    // What is left of it is on its way, or lies where somebody is at work: a list made anew would name the same.
    if (room === null && this.#listed !== null && this.#fetching.size > 0 && (this.#listed.whole || this.#listed.bodies.length >= ENOUGH))
      return null;
    if (room === null) {
      this.#listed = missingBodies(store, accountId, MOST_LOOKED_AT);
      return this.#bodiesOf(job, byId, this.#listed.bodies);
    }
    const missing = missingBodies(store, accountId, MOST_LOOKED_AT_LIMITED, true).bodies.filter(
      ({ placementId }) => !this.#fetching.has(placementId),
    );
    const coming = [...this.#fetching.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0);
    const { fetch, giveBack, goesOn } = this.#work.room.plan(room, missing, coming);
    if (giveBack.length > 0 || goesOn) {
      this.#listed = null;
      // By one connection, and when all is as on the server: what that has no more is not thrown away here.
      return lane === "work" && this.compared ? { kind: "room", messageIds: idsOf(giveBack) } : "later";
    }
    this.#listed = { bodies: fetch, whole: false };
    return this.#bodiesOf(job, byId, fetch);
  }

  #bodiesOf(
    job: { asked: boolean; probe: boolean },
    byId: ReadonlyMap<number, StoredFolder>,
    listed: readonly MissingBody[],
  ): BodyJob | null {
    const missing = listed.filter(({ placementId }) => !this.#fetching.has(placementId));
    const untried = missing.filter(({ placementId }) => !this.#tries.has(placementId));
    const limits = { maxBytes: batchBytes(this.#work.speed.bytesPerSecond), largest: LARGEST_LITERAL };
    // What the user waits for may come over a second connection from a folder that the first is listing.
    const busyFolders = new Set(job.asked ? this.#resting : [...this.#busy, ...this.#resting]);
    // Moved into a folder that was never looked into: that comes first.
    for (const { id, uidValidity } of byId.values()) if (uidValidity === null) busyFolders.add(id);
    // What breaks every answer it comes in must not keep the user's operations waiting: after that it is one body among others.
    const batch =
      planBackfill(untried, { ...limits, maxCount: job.probe ? PROBE_COUNT : job.asked ? 1 : MOST_AT_ONCE, busyFolders }) ??
      planBackfill(
        missing.filter(({ placementId }) => !job.asked || (this.#tries.get(placementId) ?? 0) < MOST_TRIES_AT_ONCE),
        { ...limits, maxCount: 1, busyFolders },
      );
    const folder = batch && byId.get(batch.folderId);
    if (!batch || !folder) return null;
    const ids = new Set(batch.items.map(({ placementId }) => placementId));
    if (!job.asked)
      this.#listed = { bodies: listed.filter(({ placementId }) => !ids.has(placementId)), whole: this.#listed?.whole === true };
    const wanted = stillMissing(
      this.#work.store,
      missing.filter(({ placementId }) => ids.has(placementId)),
    );
    if (wanted.length === 0) return null;
    for (const { placementId: id, sizeBytes } of wanted) this.#fetching.set(id, sizeBytes);
    const claims = !this.#busy.has(folder.id);
    this.#busy.add(folder.id);
    return { kind: "bodies", folder, wanted, claims };
  }

  /** `unmet`: bodies that did not come though the answer was whole. */
  done(job: ReadyJob, unmet: readonly number[] = []): void {
    if ("folder" in job && (job.kind !== "bodies" || job.claims)) this.#busy.delete(job.folder.id);
    if (job.kind === "round" || job.kind === "folder") this.#comparing--;
    // What waits for the number that a moved message has in its new folder can go now.
    if (job.kind === "folder" || job.kind === "older") this.#operations = true;
    for (const placementId of unmet) this.#missed(placementId);
    this.#missing = true;
    this.#outlines = true;
    // Something new may be known, or what was to come did not.
    if (job.kind !== "bodies" || unmet.length > 0) this.#listed = null;
    if (job.kind === "bodies" || job.kind === "outlines") for (const { placementId } of job.wanted) this.#fetching.delete(placementId);
  }

  /** What was missed before comes alone, so that nothing else breaks with it. */
  #missed(placementId: number): void {
    const tries = (this.#tries.get(placementId) ?? 0) + 1;
    this.#tries.set(placementId, tries < MOST_TRIES ? tries : 1);
    if (tries >= MOST_TRIES) giveUpBody(this.#work.store, placementId as PlacementId);
  }

  /**
   * The line broke (`again`), or the server refused: then the folder is left alone until the next round.
   * @param culprit the body that was being read when it happened: it is fetched alone from now on
   */
  failed(job: ReadyJob, again: boolean, culprit: number | null): void {
    this.done(job, culprit === null ? [] : [culprit]);
    this.#listed = null;
    // A body that breaks the line must not keep the lists from being completed.
    if (job.kind === "bodies") this.#probeFailed = true;
    if (!again) {
      if ("folder" in job) this.#resting.add(job.folder.id);
      return;
    }
    if (job.kind === "operations") this.#operations = true;
    else if (job.kind === "round") this.wantRound(job.compare);
    else if (job.kind === "folder") this.wantFolder(job.folder.id, job.compare);
  }
}
