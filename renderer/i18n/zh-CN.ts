import { accountsZhCN } from "./accounts.zh-CN.ts";
import { answersZhCN } from "./answers.zh-CN.ts";
import { attachmentsZhCN } from "./attachments.zh-CN.ts";
import { bulkZhCN } from "./bulk.zh-CN.ts";
import { calendarZhCN } from "./calendar.zh-CN.ts";
import { careZhCN } from "./care.zh-CN.ts";
import { certificatesZhCN } from "./certificates.zh-CN.ts";
import { commandsZhCN } from "./commands.zh-CN.ts";
import { commonZhCN } from "./common.zh-CN.ts";
import { composeZhCN } from "./compose.zh-CN.ts";
import { deliveryZhCN } from "./delivery.zh-CN.ts";
import { directoryZhCN } from "./directory.zh-CN.ts";
import { failureZhCN } from "./failure.zh-CN.ts";
import { findingZhCN } from "./finding.zh-CN.ts";
import { foldersZhCN } from "./folders.zh-CN.ts";
import { guidesZhCN } from "./guides.zh-CN.ts";
import { healthZhCN } from "./health.zh-CN.ts";
import { journalZhCN } from "./journal.zh-CN.ts";
import { labelsZhCN } from "./labels.zh-CN.ts";
import { lockZhCN } from "./lock.zh-CN.ts";
import { mailZhCN } from "./mail.zh-CN.ts";
import { mendsZhCN } from "./mends.zh-CN.ts";
import { offlineZhCN } from "./offline.zh-CN.ts";
import { outboxZhCN } from "./outbox.zh-CN.ts";
import { policyZhCN } from "./policy.zh-CN.ts";
import { previewZhCN } from "./preview.zh-CN.ts";
import { proxyZhCN } from "./proxy.zh-CN.ts";
import { readingZhCN } from "./reading.zh-CN.ts";
import { rememberedZhCN } from "./remembered.zh-CN.ts";
import { sendersZhCN } from "./senders.zh-CN.ts";
import { sendingZhCN } from "./sending.zh-CN.ts";
import { settingsZhCN } from "./settings.zh-CN.ts";
import { shellZhCN } from "./shell.zh-CN.ts";
import { signInZhCN } from "./sign-in.zh-CN.ts";
import { storyZhCN } from "./story.zh-CN.ts";
import { tellZhCN } from "./tell.zh-CN.ts";
import { tricksZhCN } from "./tricks.zh-CN.ts";
import { unsubscribeZhCN } from "./unsubscribe.zh-CN.ts";
import { vouchingZhCN } from "./vouching.zh-CN.ts";

/** Every word of the window in Chinese, under the same keys as in English. */
export const words = {
  common: commonZhCN,
  shell: shellZhCN,
  story: storyZhCN,
  mail: mailZhCN,
  health: healthZhCN,
  journal: journalZhCN,
  labels: labelsZhCN,
  folders: foldersZhCN,
  commands: commandsZhCN,
  directory: directoryZhCN,
  failure: failureZhCN,
  answers: answersZhCN,
  mends: mendsZhCN,
  compose: composeZhCN,
  delivery: deliveryZhCN,
  calendar: calendarZhCN,
  offline: offlineZhCN,
  bulk: bulkZhCN,
  outbox: outboxZhCN,
  sending: sendingZhCN,
  senders: sendersZhCN,
  preview: previewZhCN,
  attachments: attachmentsZhCN,
  reading: readingZhCN,
  tell: tellZhCN,
  tricks: tricksZhCN,
  unsubscribe: unsubscribeZhCN,
  vouching: vouchingZhCN,
  settings: settingsZhCN,
  remembered: rememberedZhCN,
  accounts: accountsZhCN,
  guides: guidesZhCN,
  "sign-in": signInZhCN,
  certificates: certificatesZhCN,
  care: careZhCN,
  proxy: proxyZhCN,
  policy: policyZhCN,
  finding: findingZhCN,
  lock: lockZhCN,
} as const;
