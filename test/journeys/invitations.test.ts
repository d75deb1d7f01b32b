import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { calendarsOf } from "../../main/mime/calendar-parts.ts";
import { calendar, invitationMail } from "../mime/support/calendars.ts";
import { mailServersAvailable } from "../servers/install.ts";
import { type RealServers, startMailServers } from "../servers/real.ts";
import { axeFindings } from "../support/axe.ts";
import { closeBrowser, HAS_BROWSER, PATIENCE_MS, Program } from "../support/browser.ts";
import { openFolder, openRow } from "../support/browser-deeds.ts";
import { addAccount } from "../support/host-process.ts";

const ME = "user1@example.test";
const ORGANISER = "user2@example.test";

const INVITATION = invitationMail(
  calendar({
    organiser: `mailto:${ORGANISER}`,
    attendees: [`ATTENDEE;CN=User One;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${ME}`, "mailto:user3@example.test"],
    place: "Harbour street 4",
    more: ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;COUNT=6"],
  }),
  { from: `Second User <${ORGANISER}>`, to: ME },
);

describe.skipIf(!HAS_BROWSER || mailServersAvailable() !== null)("an invitation", { timeout: 240_000 }, () => {
  let servers: RealServers;
  let program: Program;
  beforeAll(async () => {
    servers = await startMailServers();
    await servers.deliver(ME, INVITATION);
    program = await Program.start();
    await addAccount(program.line, { address: ME, password: "secret-user1", imap: servers.ports.imap, smtp: servers.ports.smtp });
    await program.line.until(
      "health.status",
      {},
      ({ accounts }) => accounts[0]?.state === "up-to-date" && accounts[0].done === 1,
      PATIENCE_MS,
    );
    await servers.stopExim();
  }, 240_000);
  afterAll(async () => {
    await program?.stop();
    await closeBrowser();
    await servers?.stop();
  });

  const replies = async (address: string, folder: string): Promise<Buffer[]> =>
    (await servers.mailboxOf(address, folder)).map(({ raw }) => raw).filter((raw) => calendarsOf(raw)[0]?.event.method === "reply");

  test("is answered while the server is away, and the answer is known after the program was killed", async () => {
    await openRow(program.page, "Invitation: Kiln opening");
    const card = program.page.getByRole("region", { name: "Kiln opening" });
    await card.getByText("Every second Wednesday, 6 times").waitFor();
    await program.picture("invitation");
    await card.getByRole("button", { name: "Maybe", exact: true }).click();
    await card.getByText(/^You answered maybe/u).waitFor();
    await card.getByRole("button", { name: "Take back" }).click();
    await card.getByText("The organiser asks for your answer").waitFor();
    await card.getByRole("button", { name: "Accept", exact: true }).click();
    await card.getByText(/^You accepted/u).waitFor();
    await program.restart("SIGKILL");
    await openRow(program.page, "Invitation: Kiln opening");
    const again = program.page.getByRole("region", { name: "Kiln opening" });
    await again.getByText(/^You accepted/u).waitFor();
    await again.getByText("The answer is in the outbox.").waitFor();
    expect(await axeFindings(program.page)).toEqual([]);
  });

  test("is answered exactly once when the server is back, in the organiser's mailbox and in Sent", async () => {
    const { page, line } = program;
    const card = page.getByRole("region", { name: "Kiln opening" });
    // The same once more is no second answer.
    await card.getByRole("button", { name: "Accept", exact: true }).click();
    await page.getByText("That is your answer already").waitFor();
    await servers.startExim();
    await line.request("health.syncNow", {});
    await line.until("outbox.list", {}, ({ items }) => items.filter(({ state }) => state === "filed").length === 1, 120_000);
    const [reply] = await vi.waitFor(
      async () => {
        const found = await replies(ORGANISER, "INBOX");
        expect(found.length).toBeGreaterThan(0);
        return found;
      },
      { timeout: PATIENCE_MS, interval: 200 },
    );
    const [answered] = calendarsOf(reply ?? Buffer.alloc(0));
    expect(answered?.event).toMatchObject({ uid: "kiln-opening@atelier.example", attendees: [{ address: ME, state: "accepted" }] });
    await card.getByText("The answer is in the outbox.").waitFor({ state: "detached" });
    expect([await replies(ORGANISER, "INBOX"), await replies(ME, "Sent")].map((found) => found.length)).toEqual([1, 1]);
    await line.until("outbox.list", {}, ({ items }) => items.every(({ state }) => state === "filed" || state === "cancelled"));
    await program.picture("invitation-accepted");
  });

  test("tells its organiser who accepted", async () => {
    const { page, line } = program;
    await addAccount(line, { address: ORGANISER, password: "secret-user2", imap: servers.ports.imap, smtp: servers.ports.smtp });
    await openFolder(page, "All inboxes");
    await openRow(page, "Accepted: Kiln opening");
    await page.getByRole("region", { name: "Kiln opening" }).getByText("User One accepted").waitFor();
    await program.picture("invitation-reply");
  });
});
