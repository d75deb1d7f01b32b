/** What somebody with an old mailbox has: letters, not numbered samples. */
export const LETTERS = [
  ["Harbour office", "Berth 14 for the winter", "The berth is yours from the first of December. The keys are at the office."],
  ["Kiln & Clay", "Your order of stoneware", "Twelve bags of stoneware are on their way and arrive on Thursday."],
  ["林小雨", "周末的茶会", "周六下午三点在我家，带上你新做的杯子吧。"],
  ["Town library", "A book is waiting for you", "The Art of the Potter is at the desk until Friday."],
  ["Nautical club", "Minutes of the November meeting", "The minutes are below, with thanks to everybody who came."],
  ["陈师傅", "窑温记录", "上次烧成的记录整理好了：升温八小时，1280 度保温二十分钟。"],
  ["Anna Berg", "Photographs of the market", "Here are the ones with your stall. The light was kind to us."],
] as const;

/** One of them as it comes; the first is the newest. */
export function letterFor(address: string, [name, subject, text]: (typeof LETTERS)[number], at: number): string {
  return [
    `Received: from mx by pop for ${address}; Wed, ${25 - at} Nov 2026 0${9 - at}:12:00 +0000`,
    `Message-ID: <letter-${at}@example.test>`,
    `Date: Wed, ${25 - at} Nov 2026 0${9 - at}:10:00 +0000`,
    `Subject: =?utf-8?B?${Buffer.from(subject).toString("base64")}?=`,
    `From: =?utf-8?B?${Buffer.from(name).toString("base64")}?= <writer${at}@example.test>`,
    `To: ${address}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    text,
    "",
  ].join("\r\n");
}
