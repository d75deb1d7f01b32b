import type { Address } from "../../../shared/address.ts";
import type { OutboxItem } from "../../../shared/contract/outbox.ts";
import type { FailureCode, FailureData } from "../../../shared/failure.ts";
import { Failure } from "../../../shared/failure.ts";
import { HARBOUR } from "./mailbox.ts";

const MINUTE = 60_000;

export const PEOPLE: Record<"mira" | "sato" | "chen" | "ana" | "ken" | "ines" | "brandt" | "lotus" | "tomas", Address> = {
  mira: { name: "Mira Okafor", address: "mira@northwind-crates.example" },
  sato: { name: "佐藤 健", address: "sato@osaka-hall.example" },
  chen: { name: "陈晓雯", address: "xiaowen@qinglan-expo.example" },
  ana: { name: "Ana Petrović", address: "ana@harbour.example" },
  ken: { name: "Ken Whitlock", address: "ken@harbour.example" },
  ines: { name: "Inês Duarte", address: "ines@harbour.example" },
  brandt: { name: "", address: "h.brandt@kiln-wroks.example" },
  lotus: { name: "Accounts, Lotus Print", address: "finance@lotus-print.example" },
  tomas: { name: "Tomás Ferreira", address: "tomas@harbour.example" },
};

function said(code: FailureCode, serverWords: string): FailureData {
  return new Failure(code, { serverWords }).data();
}

/** One message in the outbox, queued and untouched but for what `change` says. */
export function outboxItem(id: number, now: number, change: Partial<OutboxItem>): OutboxItem {
  const to = change.to ?? [PEOPLE.tomas];
  const everyone = [...to, ...(change.cc ?? [])];
  return {
    id: id as OutboxItem["id"],
    accountId: HARBOUR,
    state: "queued",
    stage: "waiting",
    subject: `Message ${id}`,
    to,
    cc: [],
    bcc: [],
    sizeBytes: 18_400,
    sentBytes: 0,
    recipients: everyone.map(({ address }) => ({ address, state: "waiting", serverWords: "", reason: null })),
    attempts: 0,
    maxAttempts: 10,
    createdAt: now - 2 * MINUTE,
    undoUntil: now - MINUTE,
    sendAt: null,
    nextTryAt: null,
    acceptedAt: null,
    filedAt: null,
    filingFailure: null,
    failure: null,
    report: null,
    hold: null,
    requireTls: false,
    canDuplicate: true,
    unknown: null,
    ...change,
  };
}

/** The outbox of the pictures: something in every part of the page. */
export function outboxOfPictures(now: number): OutboxItem[] {
  const refused = "550 5.1.2 <h.brandt@kiln-wroks.example>: Recipient address rejected: Domain not found";
  return [
    outboxItem(1, now, {
      state: "held",
      subject: "Studio visit in December",
      to: [PEOPLE.brandt, PEOPLE.ana, PEOPLE.ken, PEOPLE.ines],
      createdAt: now - 15 * 60 * MINUTE,
      attempts: 1,
      recipients: [PEOPLE.brandt, PEOPLE.ana, PEOPLE.ken, PEOPLE.ines].map(({ address }) =>
        address === PEOPLE.brandt.address
          ? { address, state: "refused", serverWords: refused, reason: "no-such-domain" }
          : { address, state: "accepted", serverWords: "250 2.1.5 OK", reason: null },
      ),
      acceptedAt: now - 15 * 60 * MINUTE,
      failure: said("recipient-refused", refused),
    }),
    outboxItem(2, now, {
      state: "unknown",
      subject: "Signed contract, autumn catalogue 秋季图录合同",
      to: [PEOPLE.lotus],
      sizeBytes: 3_400_000,
      sentBytes: 3_400_000,
      stage: "finishing",
      attempts: 1,
      createdAt: now - 11 * MINUTE,
      unknown: { handedOverAt: now - 11 * MINUTE, looks: 6, lookUntil: now + 19 * MINUTE, nextLookAt: now + 2 * MINUTE },
    }),
    outboxItem(3, now, {
      state: "sending",
      stage: "uploading",
      subject: "Catalogue proofs, pages 12 to 31",
      to: [PEOPLE.ana],
      cc: [PEOPLE.ken],
      sizeBytes: 14_400_000,
      sentBytes: 9_200_000,
      recipients: [PEOPLE.ana, PEOPLE.ken].map(({ address }) => ({
        address,
        state: "accepted",
        serverWords: "250 2.1.5 OK",
        reason: null,
      })),
    }),
    outboxItem(4, now, { subject: "Re: 搬入日時と展示台の高さについて", to: [PEOPLE.sato] }),
    outboxItem(5, now, {
      subject: "回复：电子发票 2026-1187",
      to: [{ name: "望江印刷 · 财务部", address: "finance@wangjiang.example" }],
      attempts: 2,
      nextTryAt: now + 4 * MINUTE,
      failure: said("greylisted", "451 4.7.1 greylisted, come back later"),
    }),
    outboxItem(6, now, {
      state: "filed",
      stage: "answered",
      subject: "Kiln 3 is back up: test firing tonight",
      acceptedAt: now - 2 * MINUTE,
      filedAt: now - MINUTE,
      recipients: [{ address: PEOPLE.tomas.address, state: "accepted", serverWords: "250 2.0.0 queued as 4F2A1", reason: null }],
    }),
  ];
}
