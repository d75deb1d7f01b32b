import { accountsEn } from "./accounts.en.ts";
import { answersEn } from "./answers.en.ts";
import { attachmentsEn } from "./attachments.en.ts";
import { bulkEn } from "./bulk.en.ts";
import { calendarEn } from "./calendar.en.ts";
import { careEn } from "./care.en.ts";
import { certificatesEn } from "./certificates.en.ts";
import { commandsEn } from "./commands.en.ts";
import { commonEn } from "./common.en.ts";
import { composeEn } from "./compose.en.ts";
import { deliveryEn } from "./delivery.en.ts";
import { directoryEn } from "./directory.en.ts";
import { failureEn } from "./failure.en.ts";
import { findingEn } from "./finding.en.ts";
import { foldersEn } from "./folders.en.ts";
import { guidesEn } from "./guides.en.ts";
import { healthEn } from "./health.en.ts";
import { journalEn } from "./journal.en.ts";
import { labelsEn } from "./labels.en.ts";
import { lockEn } from "./lock.en.ts";
import { mailEn } from "./mail.en.ts";
import { mendsEn } from "./mends.en.ts";
import { offlineEn } from "./offline.en.ts";
import { outboxEn } from "./outbox.en.ts";
import { policyEn } from "./policy.en.ts";
import { previewEn } from "./preview.en.ts";
import { proxyEn } from "./proxy.en.ts";
import { readingEn } from "./reading.en.ts";
import { rememberedEn } from "./remembered.en.ts";
import { sendersEn } from "./senders.en.ts";
import { sendingEn } from "./sending.en.ts";
import { settingsEn } from "./settings.en.ts";
import { shellEn } from "./shell.en.ts";
import { signInEn } from "./sign-in.en.ts";
import { storyEn } from "./story.en.ts";
import { tellEn } from "./tell.en.ts";
import { tricksEn } from "./tricks.en.ts";
import { unsubscribeEn } from "./unsubscribe.en.ts";
import { vouchingEn } from "./vouching.en.ts";

/** Every word of the window in English, by area: one namespace per area. */
export const words = {
  common: commonEn,
  shell: shellEn,
  story: storyEn,
  mail: mailEn,
  health: healthEn,
  journal: journalEn,
  labels: labelsEn,
  folders: foldersEn,
  commands: commandsEn,
  directory: directoryEn,
  failure: failureEn,
  answers: answersEn,
  mends: mendsEn,
  compose: composeEn,
  delivery: deliveryEn,
  calendar: calendarEn,
  offline: offlineEn,
  bulk: bulkEn,
  outbox: outboxEn,
  sending: sendingEn,
  senders: sendersEn,
  preview: previewEn,
  attachments: attachmentsEn,
  reading: readingEn,
  tell: tellEn,
  tricks: tricksEn,
  unsubscribe: unsubscribeEn,
  vouching: vouchingEn,
  settings: settingsEn,
  remembered: rememberedEn,
  accounts: accountsEn,
  guides: guidesEn,
  "sign-in": signInEn,
  certificates: certificatesEn,
  care: careEn,
  proxy: proxyEn,
  policy: policyEn,
  finding: findingEn,
  lock: lockEn,
} as const;
