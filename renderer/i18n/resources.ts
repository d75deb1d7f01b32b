import { accountsEn } from "./accounts.en.ts";
import { accountsZhCN } from "./accounts.zh-CN.ts";
import { answersEn } from "./answers.en.ts";
import { answersZhCN } from "./answers.zh-CN.ts";
import { attachmentsEn } from "./attachments.en.ts";
import { attachmentsZhCN } from "./attachments.zh-CN.ts";
import { bulkEn } from "./bulk.en.ts";
import { bulkZhCN } from "./bulk.zh-CN.ts";
import { calendarEn } from "./calendar.en.ts";
import { calendarZhCN } from "./calendar.zh-CN.ts";
import { careEn } from "./care.en.ts";
import { careZhCN } from "./care.zh-CN.ts";
import { certificatesEn } from "./certificates.en.ts";
import { certificatesZhCN } from "./certificates.zh-CN.ts";
import { commandsEn } from "./commands.en.ts";
import { commandsZhCN } from "./commands.zh-CN.ts";
import { commonEn } from "./common.en.ts";
import { commonZhCN } from "./common.zh-CN.ts";
import { composeEn } from "./compose.en.ts";
import { composeZhCN } from "./compose.zh-CN.ts";
import { deliveryEn } from "./delivery.en.ts";
import { deliveryZhCN } from "./delivery.zh-CN.ts";
import { failureEn } from "./failure.en.ts";
import { failureZhCN } from "./failure.zh-CN.ts";
import { findingEn } from "./finding.en.ts";
import { findingZhCN } from "./finding.zh-CN.ts";
import { foldersEn } from "./folders.en.ts";
import { foldersZhCN } from "./folders.zh-CN.ts";
import { healthEn } from "./health.en.ts";
import { healthZhCN } from "./health.zh-CN.ts";
import { guidesEn } from "./guides.en.ts";
import { guidesZhCN } from "./guides.zh-CN.ts";
import { journalEn } from "./journal.en.ts";
import { journalZhCN } from "./journal.zh-CN.ts";
import { labelsEn } from "./labels.en.ts";
import { labelsZhCN } from "./labels.zh-CN.ts";
import { lockEn } from "./lock.en.ts";
import { lockZhCN } from "./lock.zh-CN.ts";
import { mailEn } from "./mail.en.ts";
import { mailZhCN } from "./mail.zh-CN.ts";
import { mendsEn } from "./mends.en.ts";
import { mendsZhCN } from "./mends.zh-CN.ts";
import { offlineEn } from "./offline.en.ts";
import { offlineZhCN } from "./offline.zh-CN.ts";
import { outboxEn } from "./outbox.en.ts";
import { outboxZhCN } from "./outbox.zh-CN.ts";
import { policyEn } from "./policy.en.ts";
import { policyZhCN } from "./policy.zh-CN.ts";
import { previewEn } from "./preview.en.ts";
import { previewZhCN } from "./preview.zh-CN.ts";
import { proxyEn } from "./proxy.en.ts";
import { proxyZhCN } from "./proxy.zh-CN.ts";
import { readingEn } from "./reading.en.ts";
import { readingZhCN } from "./reading.zh-CN.ts";
import { rememberedEn } from "./remembered.en.ts";
import { rememberedZhCN } from "./remembered.zh-CN.ts";
import { sendingEn } from "./sending.en.ts";
import { sendingZhCN } from "./sending.zh-CN.ts";
import { settingsEn } from "./settings.en.ts";
import { settingsZhCN } from "./settings.zh-CN.ts";
import { shellEn } from "./shell.en.ts";
import { shellZhCN } from "./shell.zh-CN.ts";
import { signInEn } from "./sign-in.en.ts";
import { signInZhCN } from "./sign-in.zh-CN.ts";
import { storyEn } from "./story.en.ts";
import { storyZhCN } from "./story.zh-CN.ts";
import { tricksEn } from "./tricks.en.ts";
import { tricksZhCN } from "./tricks.zh-CN.ts";
import { unsubscribeEn } from "./unsubscribe.en.ts";
import { unsubscribeZhCN } from "./unsubscribe.zh-CN.ts";
import { vouchingEn } from "./vouching.en.ts";
import { vouchingZhCN } from "./vouching.zh-CN.ts";
import { whyEn } from "./why.en.ts";
import { whyZhCN } from "./why.zh-CN.ts";

/** Every word of the window: language, then area. One namespace per area, in two files of the same keys. */
export const RESOURCES = {
  en: {
    common: commonEn,
    shell: shellEn,
    story: storyEn,
    mail: mailEn,
    health: healthEn,
    journal: journalEn,
    labels: labelsEn,
    folders: foldersEn,
    commands: commandsEn,
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
    preview: previewEn,
    attachments: attachmentsEn,
    reading: readingEn,
    tricks: tricksEn,
    unsubscribe: unsubscribeEn,
    vouching: vouchingEn,
    settings: settingsEn,
    remembered: rememberedEn,
    accounts: accountsEn,
    guides: guidesEn,
    why: whyEn,
    "sign-in": signInEn,
    certificates: certificatesEn,
    care: careEn,
    proxy: proxyEn,
    policy: policyEn,
    finding: findingEn,
    lock: lockEn,
  },
  "zh-CN": {
    common: commonZhCN,
    shell: shellZhCN,
    story: storyZhCN,
    mail: mailZhCN,
    health: healthZhCN,
    journal: journalZhCN,
    labels: labelsZhCN,
    folders: foldersZhCN,
    commands: commandsZhCN,
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
    preview: previewZhCN,
    attachments: attachmentsZhCN,
    reading: readingZhCN,
    tricks: tricksZhCN,
    unsubscribe: unsubscribeZhCN,
    vouching: vouchingZhCN,
    settings: settingsZhCN,
    remembered: rememberedZhCN,
    accounts: accountsZhCN,
    guides: guidesZhCN,
    why: whyZhCN,
    "sign-in": signInZhCN,
    certificates: certificatesZhCN,
    care: careZhCN,
    proxy: proxyZhCN,
    policy: policyZhCN,
    finding: findingZhCN,
    lock: lockZhCN,
  },
} as const;
