import type { Locator, Page } from "playwright-core";

/** What people do with the window, in its own words: everything is found by role and name. English only. */

const MOST_CLICKS = 5;
const SECOND_CLICK_MS = 10_000;

/** A row of the list by what it says. */
export function row(page: Page, words: string): Locator {
  return page.getByRole("row", { name: words });
}

/** Opens a folder of the sidebar. */
export async function openFolder(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name, exact: false }).first().click();
}

/**
 * Opens the only row that says so and waits for its message. Clicks again when the rows moved under the pointer, because an act on
 * another one had just ended: people do.
 */
export async function openRow(page: Page, words: string): Promise<Locator> {
  const title = page.getByRole("heading", { level: 1, name: words });
  for (let clicks = 0; clicks < MOST_CLICKS; clicks++) {
    await row(page, words).first().click();
    const opened = await title.waitFor({ timeout: SECOND_CLICK_MS }).then(
      () => true,
      () => false,
    );
    if (opened) return page.getByRole("feed", { name: "Conversation" }).getByRole("article").last();
  }
  throw new Error(`not opened with ${MOST_CLICKS} clicks: ${words}`);
}

/** Waits until the open message is read and laid out. */
export async function atRest(page: Page): Promise<void> {
  const card = page.getByRole("feed", { name: "Conversation" }).getByRole("article").last();
  await card.and(page.locator(":not(:has([aria-busy=true]))")).waitFor();
}

export type HandForm = {
  address: string;
  password: string;
  host: string;
  security: "TLS" | "STARTTLS" | "None, this computer only";
  /** Port of the incoming server. */
  imap: number;
  smtp: number;
  protocol?: "IMAP" | "POP3";
};

/** From the first screen to the form for servers by hand. */
export async function openHandForm(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Other, IMAP" }).click();
  await page.getByRole("heading", { name: "Servers by hand" }).waitFor();
}

export async function fillHandForm(page: Page, form: HandForm): Promise<void> {
  await page.getByRole("textbox", { name: "Mail address" }).fill(form.address);
  await page.getByRole("textbox", { name: "Password" }).fill(form.password);
  const { protocol = "IMAP" } = form;
  if (protocol === "POP3") await page.getByRole("radio", { name: protocol, exact: true }).click();
  for (const [side, port] of [
    [`Incoming, ${protocol}`, form.imap],
    ["Outgoing, SMTP", form.smtp],
  ] as const) {
    const card = page.getByRole("group", { name: side });
    await card.getByRole("textbox", { name: "Server" }).fill(form.host);
    await card.getByRole("button", { name: /Security/u }).click();
    await page.getByRole("option", { name: form.security, exact: true }).click();
    await card.getByRole("textbox", { name: "Port" }).fill(String(port));
    await card.getByRole("textbox", { name: "User name" }).fill(form.address);
  }
}

/** The vault of a profile that has none yet: a key file, so that a start needs no passphrase. */
export async function makeVault(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Where should your passwords be kept?" }).waitFor();
  await page.getByRole("radio", { name: /Use a key file/u }).check({ force: true });
  await page.getByRole("button", { name: "Make the vault" }).click();
}

/** A new message in the open composer's fields, as far as given. */
export async function write(page: Page, mail: { to?: string; subject?: string; text?: string }): Promise<void> {
  if (mail.to !== undefined) {
    await page.getByRole("combobox", { name: "To" }).fill(mail.to);
    await page.getByRole("combobox", { name: "To" }).press("Enter");
  }
  if (mail.subject !== undefined) await page.getByRole("textbox", { name: "Subject" }).fill(mail.subject);
  if (mail.text !== undefined) {
    await page.getByRole("textbox", { name: "Message" }).click();
    await page.keyboard.type(mail.text);
  }
}
