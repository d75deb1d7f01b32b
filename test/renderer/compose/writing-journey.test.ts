import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { DraftContent } from "../../../shared/contract/compose.ts";
import type { InputOf } from "../../../shared/contract/table.ts";
import { Failure } from "../../../shared/failure.ts";
import { axeFindings } from "../../support/axe.ts";
import { closeBrowser, HAS_CHROMIUM, type Look, type OpenWindow, openWindow } from "../../support/fake-engine/open-window.ts";
import { WritingEngine } from "../../support/fake-engine/writing.ts";

let open: OpenWindow | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(closeBrowser);

async function newMessage(
  engine = new WritingEngine(Date.now()),
  look: Look = {},
): Promise<OpenWindow & { composer: ReturnType<Page["getByRole"]> }> {
  open = await openWindow(engine, look);
  const { page } = open;
  await page
    .getByRole("button", { name: look.language === "zh-CN" ? "写邮件" : "New message" })
    .first()
    .click();
  const composer = page
    .getByRole("region", { name: look.language === "zh-CN" ? "正在写的邮件" : "Messages being written" })
    .getByRole("article");
  await composer.getByRole("combobox").first().waitFor();
  return { ...open, composer };
}

const DIRECTORY = { host: "ldap.harbour.example", port: 636, security: "tls", base: "", bindDn: null } as const;

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SATCHEL_PICTURES_IN"];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}

const saves = (engine: WritingEngine): InputOf<"compose.save">[] => engine.askedFor("compose.save");
const lastSaved = (engine: WritingEngine): DraftContent | undefined => saves(engine).at(-1)?.content;

describe.skipIf(!HAS_CHROMIUM)("writing a message", () => {
  it("is saved at a pause, goes out with Ctrl+Enter as it was last seen, and Undo brings it back", async () => {
    const { page, engine, composer } = await newMessage();
    await page.keyboard.type("xiao");
    await page.getByRole("option", { name: /xiaowen@qinglan-expo\.example/ }).waitFor();
    await page.keyboard.press("Enter");
    await composer.getByRole("textbox", { name: "Subject" }).fill("Crates");
    await composer.getByRole("textbox", { name: "Message" }).click();
    await page.keyboard.type("Crate 7 is ready.");
    await composer.getByText(/Draft saved \d\d:\d\d/).waitFor();
    await expect.poll(() => lastSaved(engine)?.html).toBe("<p>Crate 7 is ready.</p>");
    expect(lastSaved(engine)).toMatchObject({ subject: "Crates", to: [{ address: "xiaowen@qinglan-expo.example" }] });
    await page.keyboard.type(" Really.");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("article", { name: "Crates" }).waitFor();
    expect(lastSaved(engine)?.html).toBe("<p>Crate 7 is ready. Really.</p>");
    expect(engine.askedFor("compose.send")).toHaveLength(1);
    expect(engine.askedFor("outbox.edit")).toHaveLength(1);
  });

  it("is not said to be on its way while nothing can go out", async () => {
    const engine = new WritingEngine(Date.now());
    engine.health = { ...engine.health, workOffline: true };
    const { page, composer } = await newMessage(engine);
    await page.keyboard.type("mira@northwind-crates.example,");
    await composer.getByRole("textbox", { name: "Subject" }).fill("Crates");
    await composer.getByRole("textbox", { name: "Message" }).click();
    await page.keyboard.type("Crate 7 is ready.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("“Crates” goes when you are online").waitFor();
    await page.getByRole("button", { name: "Undo" }).waitFor();
  });

  it("completes from the organisation's directory, below the people one knows, and says quietly when it does not answer", async () => {
    const engine = new WritingEngine(Date.now());
    engine.settings = { ...engine.settings, directory: DIRECTORY };
    const far = { name: "肖文静", address: "wenjing.xiao@harbour.example" };
    engine.inDirectory = (text) =>
      text === "xiaox"
        ? { people: [], failure: new Failure("timed-out").data() }
        : { people: [{ name: "Xiao Wen", address: "xiaowen@qinglan-expo.example" }, far], failure: null };
    const { page, composer } = await newMessage(engine);
    await page.keyboard.type("xiao");
    const of = page.getByRole("option", { name: /wenjing\.xiao@harbour\.example.*Directory/s });
    await of.waitFor();
    // Whom one knows stands first, once, and is not said to be from there.
    const texts = await page.getByRole("option").allInnerTexts();
    expect(texts.filter((text) => text.includes("xiaowen@"))).toEqual([expect.not.stringContaining("Directory")]);
    expect(texts.findIndex((text) => text.includes("Directory"))).toBe(texts.length - 1);
    await picture(page, "directory-suggestions");
    await composer.getByText(/^\d+ known (?:person|people), 1 from the directory$/).waitFor({ state: "attached" });
    await page.getByRole("listbox", { name: "Known people and the directory" }).waitFor();
    await page.keyboard.type("x");
    await page.getByText("The directory does not answer right now.").waitFor();
    await picture(page, "directory-silent");
    await page.keyboard.press("Backspace");
    await of.click();
    await expect.poll(() => lastSaved(engine)?.to).toEqual([far]);
  });

  it.each([
    { language: "en", theme: "light" },
    { language: "zh-CN", theme: "dark" },
  ] as const)("has the directory set up and tried in the settings ($language)", async (look) => {
    open = await openWindow(new WritingEngine(Date.now()), look);
    const { page, engine } = open;
    const zh = look.language === "zh-CN";
    await page
      .getByRole("button", { name: zh ? "设置" : "Settings" })
      .first()
      .click();
    await page
      .getByRole("navigation", { name: zh ? "设置分类" : "Sections of the settings" })
      .getByRole("button", { name: zh ? "写信与签名" : "Writing" })
      .click();
    await page.getByRole("button", { name: zh ? "添加" : "Set up", exact: true }).click();
    const form = page.getByRole("form", { name: zh ? "单位通讯录" : "Directory of your organisation" });
    await form.getByRole("button", { name: zh ? "测试" : "Test" }).click();
    expect(engine.askedFor("directory.test")).toEqual([]);
    await form.getByRole("textbox").first().fill("ldap.harbour.example");
    await form.getByRole("textbox").nth(2).fill("ou=people,dc=harbour,dc=example");
    await form.getByRole("textbox").nth(3).fill("cn=reader");
    await form.locator("input[type=password]").fill("secret-reader");
    await form.getByRole("button", { name: zh ? "测试" : "Test" }).click();
    await form.getByText(zh ? "通讯录有应答，也找到了人。" : "The directory answers, and people were found.").waitFor();
    await page.setViewportSize({ width: 700, height: 900 });
    await picture(page, `directory-settings-${look.language}`);
    expect(await axeFindings(page)).toEqual([]);
    await form.locator("button[type=submit]").click();
    await form.waitFor({ state: "detached" });
    const settings = {
      host: "ldap.harbour.example",
      port: 636,
      security: "tls",
      base: "ou=people,dc=harbour,dc=example",
      bindDn: "cn=reader",
    };
    expect(engine.askedFor("directory.save")).toEqual([{ settings, password: "secret-reader" }]);
  });

  it("takes hundreds of pasted people, and nobody twice", async () => {
    const { page, engine, composer } = await newMessage();
    const list = Array.from({ length: 300 }, (_, at) => `Person ${at} <person${at}@example.test>`).join("; ");
    await composer.getByRole("combobox", { name: "To" }).evaluate((field, text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, `${list}; person7@EXAMPLE.test`);
    await composer.getByRole("list", { name: "To, 300 people" }).waitFor();
    await expect.poll(() => lastSaved(engine)?.to.length).toBe(300);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await composer.getByRole("list", { name: "To, 299 people" }).waitFor();
  });

  it("lets an input method compose undisturbed, through an autosave and past its own Enter", async () => {
    const { page, engine, composer } = await newMessage();
    const line = await page.context().newCDPSession(page);
    await composer.getByRole("combobox", { name: "To" }).click();
    await line.send("Input.imeSetComposition", { text: "chen", selectionStart: 4, selectionEnd: 4 });
    await page.keyboard.press("Enter");
    expect(await composer.locator("button.token").count()).toBe(0);
    await line.send("Input.insertText", { text: "user1@example.test" });
    await page.keyboard.press("Enter");
    await composer.getByRole("list", { name: "To, 1 people" }).waitFor();
    await composer.getByRole("textbox", { name: "Message" }).click();
    await page.keyboard.type("A");
    await line.send("Input.imeSetComposition", { text: "xiang", selectionStart: 5, selectionEnd: 5 });
    const before = saves(engine).length;
    await expect.poll(() => saves(engine).length).toBeGreaterThan(before);
    await line.send("Input.imeSetComposition", { text: "xiangzi", selectionStart: 7, selectionEnd: 7 });
    await line.send("Input.insertText", { text: "箱子" });
    await expect.poll(() => lastSaved(engine)?.html).toBe("<p>A箱子</p>");
  });

  it("says that nobody is there, then asks once each about the attachment and the subject", async () => {
    const { page, engine, composer } = await newMessage();
    await composer.getByRole("textbox", { name: "Message" }).click();
    await page.keyboard.type("The list is attached.");
    await page.keyboard.press("Control+Enter");
    await composer.getByText("There is nobody to send it to yet.").waitFor();
    await composer.getByRole("combobox", { name: "To" }).fill("user1@example.test");
    await page.keyboard.press("Control+Enter");
    await composer.getByText("You wrote “attached”, but nothing is attached.").waitFor();
    await composer.getByRole("button", { name: "Send without", exact: true }).click();
    await composer.getByRole("button", { name: "Send without a subject" }).click();
    await expect.poll(() => engine.askedFor("compose.send").length).toBe(1);
  });

  it("sends later, at the moment chosen, also when it had to ask about the subject first", async () => {
    const { page, engine, composer } = await newMessage();
    await composer.getByRole("combobox", { name: "To" }).fill("user1@example.test");
    await composer.getByRole("button", { name: "More ways to send" }).click();
    await page.getByRole("menuitem", { name: "Choose a time…" }).click();
    const dialog = page.getByRole("dialog", { name: "Send later" });
    await dialog.getByLabel("Goes").fill("2020-01-01T08:00");
    await dialog.getByText("Choose a moment to come.").waitFor();
    expect(await dialog.getByRole("button", { name: "Send later" }).isDisabled()).toBe(true);
    const year = new Date().getFullYear() + (new Date().getMonth() === 11 ? 1 : 0);
    await dialog.getByLabel("Goes").fill(`${year}-12-31T08:30`);
    await dialog.getByRole("button", { name: "Send later" }).click();
    await composer.getByRole("button", { name: "Send without a subject" }).click();
    const at = await page.evaluate((text) => new Date(text).getTime(), `${year}-12-31T08:30`);
    await expect.poll(() => engine.askedFor("compose.send")).toMatchObject([{ sendAt: at }]);
    await page.getByText(/^Goes 31 Dec 08:30/).waitFor();
  });

  it("hands a later message to a server that keeps it, when the writer wants that and it is not for too long", async () => {
    const engine = new WritingEngine(Date.now());
    engine.offers = { hold: { longestMs: 3 * 86_400_000, until: Date.now() + 30 * 86_400_000 }, requireTls: true };
    const { page, composer } = await newMessage(engine);
    await composer.getByRole("combobox", { name: "To" }).fill("user1@example.test");
    await composer.getByRole("textbox", { name: "Subject" }).fill("Crates");
    await composer.getByRole("button", { name: "More ways to send" }).click();
    await page.getByRole("menuitem", { name: "Only over encrypted lines" }).click();
    await composer.getByRole("button", { name: "More ways to send" }).click();
    await page.getByRole("menuitem", { name: "Choose a time…" }).click();
    const dialog = page.getByRole("dialog", { name: "Send later" });
    const inDays = (days: number): Promise<string> =>
      page.evaluate(
        (ms) => new Date(Date.now() + ms - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16),
        days * 86_400_000,
      );
    await dialog.getByLabel("Goes").fill(await inDays(5));
    await dialog.getByText("The server does not keep it for so long.").waitFor();
    expect(await dialog.getByRole("checkbox").isDisabled()).toBe(true);
    await dialog.getByLabel("Goes").fill(await inDays(2));
    await dialog.getByRole("checkbox", { name: /Hand it to the server now/ }).check();
    await dialog.getByText(/Once it has it, it cannot be taken back or changed/).waitFor();
    if (process.env["SATCHEL_PICTURES"] === "1") await page.screenshot({ path: "docs/pictures/send-later-server.png" });
    await dialog.getByRole("button", { name: "Hand it over" }).click();
    await expect.poll(() => engine.askedFor("compose.send")).toMatchObject([{ holdAtServer: true }]);
    expect(lastSaved(engine)?.requireTls).toBe(true);
    await page.getByText(/The server gets it now, and sends it/).waitFor();
  });

  it("marks a slip in an address, and a domain that takes no mail, and corrects them; it goes all the same where the writer wants it", async () => {
    const asking = new WritingEngine(Date.now());
    asking.settings = { ...asking.settings, askRecipientDomains: true };
    asking.withoutMail.add("gmial.com").add("gone.example");
    const { page, engine, composer } = await newMessage(asking);
    await page.keyboard.type("h.brandt@kiln-wroks.example,");
    await composer.getByText("You may mean h.brandt@kiln-works.example.").waitFor();
    await composer.getByRole("button", { name: "Correct" }).press("Enter");
    await expect.poll(() => lastSaved(engine)?.to[0]?.address).toBe("h.brandt@kiln-works.example");
    expect(await composer.locator(".token.doubtful").count()).toBe(0);
    // The button has gone with the doubt: the field has the focus.
    await page.keyboard.type("bob@gmial.com,");
    await composer.getByText("gmial.com takes no mail.").waitFor();
    await composer.getByText("You may mean bob@gmail.com.").waitFor();
    const looks = process.env["SATCHEL_LOOKS"];
    if (looks !== undefined) await page.screenshot({ path: `${looks}/no-mail.png` });
    await composer.getByRole("button", { name: "Correct" }).click();
    await expect.poll(() => lastSaved(engine)?.to[1]?.address).toBe("bob@gmail.com");
    await composer.getByRole("combobox").first().click();
    await page.keyboard.type("ann@gone.example,");
    await composer.getByText("gone.example takes no mail.").waitFor();
    await composer.getByRole("textbox", { name: "Subject" }).fill("Crates");
    await page.keyboard.press("Control+Enter");
    await composer.getByRole("button", { name: "Send anyway" }).waitFor();
    if (looks !== undefined) await page.screenshot({ path: `${looks}/no-mail-send.png` });
    expect(engine.askedFor("compose.send")).toEqual([]);
    await composer.getByRole("button", { name: "Send anyway" }).click();
    await expect.poll(() => engine.askedFor("compose.send").length).toBe(1);
    const [first] = engine.askedFor("compose.takesMail");
    expect(first).toMatchObject({ domain: "kiln-wroks.example" });
  });

  it("stops at what is no address, says it once, and brings it back into its field", async () => {
    const { page, engine, composer } = await newMessage();
    await page.keyboard.type("bob@gmial.com;nobody;");
    await composer.getByRole("textbox", { name: "Subject" }).fill("Crates");
    await page.keyboard.press("Control+Enter");
    await composer.getByText("“nobody” is not a mail address.").waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("@example.test,");
    await composer.getByText("gmial.com may be a slip.").waitFor();
    await composer.getByRole("button", { name: "Keep", exact: true }).press("Enter");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => engine.askedFor("compose.send").length).toBe(1);
    expect(lastSaved(engine)?.to.map(({ address }) => address)).toEqual(["bob@gmial.com", "nobody@example.test"]);
  });

  it("is written on where it was when it takes the whole window, and when it does not any more", async () => {
    const { page, engine, composer } = await newMessage();
    const text = composer.getByRole("textbox", { name: "Message" });
    const isWrittenOn = () => expect.poll(() => text.evaluate((one) => one === document.activeElement)).toBe(true);
    await text.click();
    await page.keyboard.type("One");
    await composer.getByRole("button", { name: "Full size" }).press("Enter");
    await isWrittenOn();
    await page.keyboard.type(" two");
    await composer.getByRole("button", { name: "Back to the panel" }).press("Enter");
    await isWrittenOn();
    await page.keyboard.type(" three.");
    await expect.poll(() => lastSaved(engine)?.html).toBe("<p>One two three.</p>");
  });

  it("keeps a file that failed on the screen, tries it again, and warns over 25 MB", async () => {
    const { engine, composer } = await newMessage();
    engine.failures.set("compose.attachPiece", new Failure("disk-full"));
    const picker = composer.locator(".composer-foot input[type=file]");
    await picker.setInputFiles({ name: "list.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(900_000, 7) });
    await composer.getByText(/Not attached: The disk is full/).waitFor();
    engine.failures.clear();
    await composer.getByRole("button", { name: "Try again" }).click();
    await composer.getByText("900 KB").waitFor();
    await expect.poll(() => [...engine.drafts.values()][0]?.attachments[0]?.sizeBytes).toBe(900_000);
    await composer.evaluate((panel) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(19_000_000)], "film.mp4", { type: "video/mp4" }));
      panel.querySelector(".composer-inner")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await composer.getByText(/is more than most servers take/).waitFor();
    await composer.getByRole("button", { name: "Remove film.mp4" }).click();
    await composer.getByText(/is more than most servers take/).waitFor({ state: "detached" });
  });

  it("puts a pasted picture into the text by Content-ID, never by an address of this session", async () => {
    const { engine, composer } = await newMessage();
    await composer.getByRole("textbox", { name: "Message" }).evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(3000)], "crate.png", { type: "image/png" }));
      text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => lastSaved(engine)?.html).toMatch(/<img [^>]*src="cid:pic-\d+%40satchel"/u);
    expect(lastSaved(engine)?.html).not.toContain("/part/");
  });

  it("drops what pasted HTML would fetch", async () => {
    const { engine, composer } = await newMessage();
    await composer.getByRole("textbox", { name: "Message" }).evaluate((text) => {
      const data = new DataTransfer();
      data.setData("text/html", '<p>Hello <b>you</b><img src="http://tracker.example.test/x.gif"><script>1</script></p>');
      data.setData("text/plain", "Hello you");
      text.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => lastSaved(engine)?.html).toBe("<p>Hello <strong>you</strong></p>");
  });

  it("asks which text stays when the draft was changed elsewhere, and keeps what is here", async () => {
    const { page, engine, composer } = await newMessage();
    await composer.getByRole("textbox", { name: "Subject" }).fill("Mine");
    await composer.getByText(/Draft saved/).waitFor();
    const [draft] = engine.drafts.values();
    if (draft === undefined) throw new Error("no draft");
    engine.drafts.set(draft.id, { ...draft, revision: draft.revision + 5, content: { ...draft.content, subject: "Theirs" } });
    await page.keyboard.type(" again");
    await composer.getByRole("button", { name: "Keep what is here" }).click();
    await expect.poll(() => engine.drafts.get(draft.id)?.content.subject).toBe("Mine again");
  });

  it("discards only when Undo has gone, and Undo opens it again", async () => {
    const { page, engine, composer } = await newMessage();
    await composer.getByRole("textbox", { name: "Subject" }).fill("Keep me");
    await composer.getByRole("button", { name: "Discard draft" }).click();
    await page.getByText("Draft discarded").waitFor();
    expect(engine.askedFor("compose.discard")).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("article", { name: "Keep me" }).waitFor();
    expect(engine.askedFor("compose.discard")).toEqual([]);
  });

  it("is found again in Drafts; a message never begun leaves nothing there", async () => {
    const { page, engine, composer } = await newMessage();
    await composer.getByRole("button", { name: "Close and keep the draft" }).click();
    await expect.poll(() => engine.drafts.size).toBe(0);
    engine.addDraft({ subject: "Found again", to: [{ name: "Ken", address: "ken@example.test" }] }, { revision: 3 });
    engine.tell("compose.changed");
    await page.getByRole("button", { name: /^Drafts/ }).click();
    await page.getByRole("button", { name: /^Ken.*Found again/ }).click();
    await page.getByRole("article", { name: "Found again" }).waitFor();
  });

  it("minimises the older one when there is no room for both, and brings it back whole", async () => {
    const { page, composer } = await newMessage();
    await composer.getByRole("textbox", { name: "Subject" }).fill("First");
    for (let more = 0; more < 2; more += 1) await page.getByRole("button", { name: "New message" }).first().click();
    await page.getByRole("button", { name: "First, Open again" }).click();
    await page.getByRole("article", { name: "First" }).waitFor();
    expect(await page.getByRole("article", { name: "First" }).getByRole("textbox", { name: "Subject" }).inputValue()).toBe("First");
  });
});
