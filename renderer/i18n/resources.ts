import { accountsEn } from "./accounts.en.ts";
import { accountsZhCN } from "./accounts.zh-CN.ts";
import { commandsEn } from "./commands.en.ts";
import { commandsZhCN } from "./commands.zh-CN.ts";
import { commonEn } from "./common.en.ts";
import { commonZhCN } from "./common.zh-CN.ts";
import { composeEn } from "./compose.en.ts";
import { composeZhCN } from "./compose.zh-CN.ts";
import { failureEn } from "./failure.en.ts";
import { failureZhCN } from "./failure.zh-CN.ts";
import { mailEn } from "./mail.en.ts";
import { mailZhCN } from "./mail.zh-CN.ts";
import { outboxEn } from "./outbox.en.ts";
import { outboxZhCN } from "./outbox.zh-CN.ts";
import { settingsEn } from "./settings.en.ts";
import { settingsZhCN } from "./settings.zh-CN.ts";
import { shellEn } from "./shell.en.ts";
import { shellZhCN } from "./shell.zh-CN.ts";

/** Every word of the window: language, then area. One namespace per area, in two files of the same keys. */
export const RESOURCES = {
  en: {
    common: commonEn,
    shell: shellEn,
    mail: mailEn,
    commands: commandsEn,
    failure: failureEn,
    compose: composeEn,
    outbox: outboxEn,
    settings: settingsEn,
    accounts: accountsEn,
  },
  "zh-CN": {
    common: commonZhCN,
    shell: shellZhCN,
    mail: mailZhCN,
    commands: commandsZhCN,
    failure: failureZhCN,
    compose: composeZhCN,
    outbox: outboxZhCN,
    settings: settingsZhCN,
    accounts: accountsZhCN,
  },
} as const;
