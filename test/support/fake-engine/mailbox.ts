import type { Address } from "../../../shared/address.ts";
import type { FolderRole } from "../../../shared/contract/folders.ts";
import type { PartInfo } from "../../../shared/contract/mail.ts";
import type { AccountId, ConversationId, FolderId, MessageId, PlacementId } from "../../../shared/ids.ts";

/** One message of the scripted mailbox, everything the window could ask about it. */
export type Letter = {
  placementId: PlacementId;
  messageId: MessageId;
  conversationId: ConversationId;
  accountId: AccountId;
  folderId: FolderId;
  from: Address;
  to: Address[];
  subject: string;
  at: number;
  text: string;
  html: string | null;
  lang: string;
  seen: boolean;
  flagged: boolean;
  answered: boolean;
  here: boolean;
  junk: boolean;
  parts: PartInfo[];
  remoteHosts: string[];
  sizeBytes: number;
};

/** A moment for one more letter. Early in the day the mailbox has letters of today that have yet to come. */
export const newerThanAll = (letters: readonly Letter[]): number => Math.max(...letters.map(({ at }) => at)) + 1000;

export type FolderSeed = { id: FolderId; accountId: AccountId; name: string; role: FolderRole; unread: number };

export const HARBOUR = 1 as AccountId;
export const PERSONAL = 2 as AccountId;
export const INBOX = 10 as FolderId;
export const ARCHIVE = 12 as FolderId;
export const JUNK = 13 as FolderId;
export const TRASH = 14 as FolderId;
/** A folder of a hundred thousand generated rows. */
export const DEEP = 16 as FolderId;

const folder = (id: number, accountId: AccountId, name: string, role: FolderRole, unread = 0): FolderSeed => ({
  id: id as FolderId,
  accountId,
  name,
  role,
  unread,
});

export const FOLDERS: FolderSeed[] = [
  folder(10, HARBOUR, "INBOX", "inbox", 12),
  folder(11, HARBOUR, "Sent", "sent"),
  folder(12, HARBOUR, "Archive", "archive"),
  folder(13, HARBOUR, "Junk", "junk", 4),
  folder(14, HARBOUR, "Trash", "trash"),
  folder(15, HARBOUR, "Shipping", "none", 3),
  folder(16, HARBOUR, "Contracts", "none"),
  folder(17, HARBOUR, "京都・大阪", "none", 1),
  folder(20, PERSONAL, "INBOX", "inbox", 11),
  folder(21, PERSONAL, "Sent Messages", "sent"),
  folder(22, PERSONAL, "发票与报销", "none"),
  folder(23, PERSONAL, "家人", "none", 2),
];

const MIRA = { name: "Mira Okafor", address: "mira@northwind-crates.example" };
const SATO = { name: "佐藤 健", address: "sato@osaka-hall.example" };
const CHEN = { name: "陈晓雯", address: "xiaowen@qinglan-expo.example" };
export const ME = { name: "Lin Wei", address: "lin@harbour.example" };

type Extra = Partial<
  Pick<
    Letter,
    "seen" | "flagged" | "answered" | "here" | "html" | "lang" | "remoteHosts" | "junk" | "to" | "folderId" | "sizeBytes" | "accountId"
  >
> & {
  parts?: [name: string, type: string, sizeBytes: number, here?: boolean][];
};

const SHIPMENT_HTML = `<p>Hi Lin,</p><p>Sato-san confirmed the 28th, unloading from nine. The lorry is booked for Tuesday and the papers go with the driver. The packing list is attached; please check these three lines, because the hall measures in millimetres and we do not:</p>
<table><tr><th>Crate</th><th>Inside</th><th>Size (mm)</th><th>Weight</th></tr><tr><td>5</td><td>Tall vases, salt glaze (<span lang="zh-CN">盐釉长瓶</span>)</td><td>1,180 × 620 × 640</td><td>48 kg</td></tr><tr><td>6</td><td>Tea bowls, 24 pieces (<span lang="ja">茶碗</span>)</td><td>760 × 540 × 420</td><td>31 kg</td></tr><tr><td>7</td><td>Wall panels, unsigned</td><td>1,420 × 980 × 240</td><td>62 kg</td></tr></table>
<p>One question: crate 7 needs a second signature. Can you sign by Monday noon?</p><blockquote type="cite"><p>Hi both, the crates are sealed except number 7.</p></blockquote>`;

/** The mailbox of the pictures, as it stands at `now` in this computer's time zone. */
export function buildMailbox(now: number): Letter[] {
  const letters: Letter[] = [];
  const at = (daysAgo: number, clock: string): number => {
    const date = new Date(now);
    const [hour = 0, minute = 0] = clock.split(":").map(Number);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo, hour, minute).getTime();
  };
  const add = (conversation: number, from: Address, when: number, subject: string, text: string, extra: Extra = {}): void => {
    const id = letters.length + 1;
    letters.push({
      placementId: id as PlacementId,
      messageId: id as MessageId,
      conversationId: conversation as ConversationId,
      accountId: HARBOUR,
      folderId: INBOX,
      from,
      to: [ME],
      subject,
      at: when,
      text,
      html: null,
      lang: "en",
      seen: true,
      flagged: false,
      answered: false,
      here: true,
      junk: false,
      remoteHosts: [],
      sizeBytes: 24_000,
      ...extra,
      parts: (extra.parts ?? []).map(([name, type, sizeBytes, here = true], index) => ({
        part: `${index + 2}`,
        name,
        type,
        sizeBytes,
        inline: false,
        here,
      })),
    });
  };

  add(
    1,
    MIRA,
    at(2, "14:12"),
    "Osaka shipment: crates, dates, one question",
    "Hi both, the crates are sealed except number 7. Before I book the lorry I need the date from Osaka.",
    { to: [ME, SATO] },
  );
  add(
    1,
    SATO,
    at(1, "08:30"),
    "Re: Osaka shipment: crates, dates, one question",
    "ご連絡ありがとうございます。搬入は 11 月 28 日（土）の午前 9 時からとなります。",
    { lang: "ja", to: [MIRA, ME] },
  );
  add(
    1,
    MIRA,
    at(0, "09:41"),
    "Re: Osaka shipment: crates, dates, one question",
    "Sato-san confirmed the 28th. The packing list is attached; please check three lines.",
    {
      flagged: true,
      html: SHIPMENT_HTML,
      to: [ME, SATO],
      parts: [
        ["Packing list v3.pdf", "application/pdf", 248_000],
        ["crate-photos.zip", "application/zip", 14_200_000, false],
      ],
    },
  );
  add(
    2,
    CHEN,
    at(0, "09:28"),
    "十一月展会物流安排及报价确认",
    "林老师您好，附件是更新后的报价单和装箱清单，麻烦您今天下班前帮忙看两点。\n\n• 7 号箱的重量写的是 62 kg，和照片对不上，是否含木架？\n• 发票抬头用「港湾设计工作室」还是个人名义？\n\n祝好\n晓雯\n\n> 好的，等您的报价。\n> 林薇",
    { lang: "zh-CN", seen: false, parts: [["报价单_第三版.xlsx", "application/vnd.ms-excel", 86_000]] },
  );
  add(
    3,
    { name: "Northwind Bank", address: "no-reply@northwind-bank.example" },
    at(0, "09:15"),
    "Your sign-in code",
    "Enter this code to continue. It expires in ten minutes. Your sign-in code is 481 920.",
    { seen: false },
  );
  add(4, SATO, at(3, "10:00"), "搬入日時と展示台の高さについて", "展示台の高さはいかがでしょうか。", { lang: "ja" });
  add(
    4,
    SATO,
    at(0, "08:52"),
    "Re: 搬入日時と展示台の高さについて",
    "お世話になっております。展示台は高さ 900 mm でお願いできますでしょうか。",
    { lang: "ja", seen: false, answered: true },
  );
  add(
    5,
    { name: "Tomás Ferreira", address: "tomas@harbour.example" },
    at(0, "08:20"),
    "Kiln 3 is back up",
    "New thermocouple in, test firing tonight at 1,240 °C. I will send the curve tomorrow morning.\n\nThe log is at https://kiln-works.example/log/3.",
    { flagged: true },
  );
  add(
    6,
    { name: "Harbour Review", address: "letters@harbour-review.example" },
    at(1, "18:04"),
    "Weekend reading: the quiet return of salt glaze",
    "Four studios, one river, and a technique that nearly disappeared. Plus: what we are listening to",
    { here: false, sizeBytes: 1_800_000 },
  );
  add(
    7,
    { name: "Accounts, Lotus Print", address: "finance@lotus-print.example" },
    at(1, "16:37"),
    "Invoice 2026-1187 电子发票",
    "Dear Lin Wei, please find the invoice for the autumn catalogue attached. 发票已开具，请查收。",
    {
      answered: true,
      html: '<p>Dear Lin Wei,</p><p>please find the invoice attached. <span class="satchel-picture">Lotus Print</span></p><p><a href="https://lotus-print.example/pay">Pay now</a> or <a href="https://evil.example/login">www.lotus-print.example</a></p>',
      remoteHosts: ["img.lotus-print.example", "t.open-count.example"],
      parts: [["发票_26112187.pdf", "application/pdf", 128_000]],
    },
  );
  for (let reply = 0; reply < 7; reply += 1) {
    add(
      8,
      reply % 2 === 0 ? { name: "Ana Petrović", address: "ana@harbour.example" } : ME,
      at(1, `${9 + reply}:02`),
      "Catalogue proofs, pages 12 to 31",
      "Page 24 has the wrong glaze name again, otherwise I am happy. Shall we release it to the printer?",
    );
  }
  add(
    9,
    { name: "Mail delivery", address: "mailer-daemon@harbour.example" },
    at(1, "11:20"),
    "Not delivered: studio visit in December",
    "h.brandt@kiln-works.example does not exist at this domain. 3 other recipients got it.",
  );
  add(
    10,
    { name: "Road & Rail Freight", address: "desk@road-rail.example" },
    at(1, "10:02"),
    "Collection booked: Tuesday 24 November",
    "Reference HS-2281. The driver calls half an hour before.",
  );
  add(
    11,
    { name: "妈妈", address: "mama@family.example" },
    at(1, "07:15"),
    "周末回家吃饭吗",
    "你爸钓了两条鲈鱼，说等你回来清蒸。天冷了多穿点，别老熬夜。",
    { lang: "zh-CN", flagged: true },
  );
  add(
    12,
    { name: "青岚美术馆", address: "invite@qinglan.example" },
    at(3, "18:30"),
    "「泥与火」特展开幕邀请函",
    "诚邀您出席十二月五日下午三时举行的开幕仪式，凭此函入场。",
    { lang: "zh-CN", parts: [["邀请函.pdf", "application/pdf", 412_000]] },
  );
  for (let older = 0; older < 24; older += 1) {
    add(
      20 + older,
      older % 3 === 0 ? CHEN : MIRA,
      at(6 + older * 3, "12:30"),
      `Notes from the studio, number ${40 - older}`,
      `What we fired, what cracked, and what we learned in week ${40 - older}.`,
    );
  }
  add(
    60,
    { name: "Northwlnd Bank", address: "service@mail-8812.example" },
    at(0, "09:36"),
    "Your account is limited: confirm now",
    "We noticed unusual activity. Confirm your identity within 24 hours or access to your account will be limited.",
    {
      folderId: JUNK,
      junk: true,
      html: '<p>Dear customer,</p><p>We noticed unusual activity. Confirm your identity within 24 hours or access to your account will be limited.</p><p><a href="https://nw-verify.example/login?id=1" style="color:#9c1f18">northwind-bank.example</a></p>',
      remoteHosts: ["img.nw-verify.example", "t.open-count.example", "fonts.nw-verify.example", "cdn.mail-8812.example"],
    },
  );
  add(
    61,
    { name: "中奖通知中心", address: "win@prize.example" },
    at(0, "08:40"),
    "免费领取 iPhone，点击链接确认",
    "恭喜您成为第 88 位幸运用户，请于今日内点击下方链接。",
    { folderId: JUNK, junk: true, seen: false, lang: "zh-CN" },
  );
  add(
    62,
    { name: "SEO Partners", address: "hello@seo.example" },
    at(0, "07:02"),
    "Quick question about harbour.example",
    "I was on your website and noticed that it does not rank.",
    { folderId: JUNK, junk: true, seen: false },
  );
  add(
    70,
    { name: "望江印刷 · 财务部", address: "finance@lotus-print.example" },
    at(0, "09:02"),
    "电子发票 2026-1187（秋季图录印刷费）",
    "林老师：\n\n秋季图录的印刷费发票已开具，金额 ¥12,480.00（含税 6%），发票号码 26112187。\n\n望江印刷 财务部",
    { folderId: 22 as FolderId, accountId: PERSONAL, lang: "zh-CN", parts: [["发票_26112187.pdf", "application/pdf", 128_000]] },
  );
  return letters;
}
