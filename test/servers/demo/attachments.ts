import { type Invitation, invitation } from "./calendar.ts";
import { pdf } from "./pdf.ts";
import { type Colour, firingCurve, glazeTiles, png, rgb, vase } from "./png.ts";
import { workbook, zip } from "./zip.ts";

export interface Attachment {
  name: string;
  type: string;
  content: Buffer | string;
  /** Set for pictures that the HTML shows by `cid:`. */
  contentId: string | null;
}

const file = (name: string, type: string, content: Buffer | string): Attachment => ({ name, type, content, contentId: null });
const pdfFile = (name: string, ...lines: string[]): Attachment => file(name, "application/pdf", pdf(lines));

const ASHES: readonly Colour[] = [
  [142, 156, 140],
  [160, 158, 132],
  [150, 134, 104],
  [120, 112, 98],
  [104, 84, 66],
];

/** What the mail files attach, by the names that they use. Made when asked for. */
export const ATTACHMENTS: Readonly<Record<string, (now: Date) => Attachment>> = {
  "packing-list.pdf": () =>
    pdfFile(
      "Packing list v3.pdf",
      "Packing list, version 3",
      "Harbour Studio, Quay 9, to Osaka Craft Hall, Gate C",
      "Crate 1   Lidded jars, 9 pieces      620 x 480 x 420 mm   27 kg",
      "Crate 2   Bowls, 12 pieces           640 x 520 x 380 mm   29 kg",
      "Crate 3   Plates, 10 pieces          560 x 560 x 360 mm   33 kg",
      "Crate 4   Tall vases, ash glaze      1,120 x 600 x 600 mm 58 kg",
      "Crate 5   Tall vases, salt glaze (盐釉长瓶)  1,180 x 620 x 640 mm 48 kg",
      "Crate 6   Tea bowls, 24 pieces (茶碗)  760 x 540 x 420 mm  31 kg",
      "Crate 7   Wall panels, unsigned      1,420 x 980 x 240 mm 62 kg",
      "Seven crates, 288 kg. Second signature for crate 7: ____________",
    ),
  "packing-zh.pdf": () =>
    pdfFile(
      "装箱清单（大阪）.pdf",
      "装箱清单（大阪）",
      "5 号箱  盐釉长瓶  1,180 × 620 × 640 mm  48 kg",
      "6 号箱  茶碗 24 只  760 × 540 × 420 mm  31 kg",
      "7 号箱  壁挂陶板  1,420 × 980 × 240 mm  62 kg（含木架）",
      "合计 7 箱，288 kg。开箱时间上午 9:30，Gate C",
    ),
  "crate-photos.zip": () =>
    file(
      "crate-photos.zip",
      "application/zip",
      zip({
        "crate-5.png": vase([150, 160, 158], 0.5),
        "crate-6.png": vase([122, 98, 78], 0.5),
        "crate-7.png": vase([176, 170, 152], 0.5),
      }),
    ),
  "quote.xlsx": () =>
    file(
      "报价单_第三版.xlsx",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      workbook([
        ["项目", "说明", "金额"],
        ["运输", "7 箱，门到门", "9,800.00"],
        ["保险", "CIF Osaka，千分之三", "1,404.00"],
        ["布展", "两人一天", "1,600.00"],
        ["合计", "", "12,804.00"],
      ]),
    ),
  "fapiao.pdf": () =>
    pdfFile(
      "发票_26112187.pdf",
      "电子发票（普通发票）",
      "发票号码：26112187",
      "购买方：港湾设计工作室",
      "项目：秋季图录印刷费　数量 800 册",
      "价税合计：¥12,480.00（壹万贰仟肆佰捌拾元整）",
      "销售方：望江印刷",
    ),
  "fapiao2.pdf": () =>
    pdfFile("发票_石英片_热电偶.pdf", "电子发票", "石英观察片 6 片　¥420.00", "S 型热电偶 1 支　¥720.00", "合计：¥1,140.00"),
  "hs2240.pdf": () =>
    pdfFile(
      "HS-2240_发票.pdf",
      "Freight invoice HS-2240",
      "Two crates, Gothenburg, tail lift: 318.00",
      "Waiting time: 0.00",
      "Payable within 30 days",
    ),
  "proofs.pdf": () =>
    pdfFile(
      "Catalogue proofs 12-31.pdf",
      "Catalogue proofs, pages 12 to 31",
      "24: ash blue (not: ash glue)",
      "28/29: the pale bowl, second frame",
    ),
  "cmr.pdf": () =>
    pdfFile(
      "CMR 88-20417.pdf",
      "CMR waybill 88-20417",
      "Sender: Harbour Studio, Quay 9",
      "Goods: ceramic works of art, 7 crates, 288 kg",
      "Signature of the driver: ____________",
    ),
  "insurance.pdf": () =>
    pdfFile(
      "Certificate 7741-B.pdf",
      "Certificate of insurance 7741-B",
      "41 works, wall to wall, sum insured 46,800",
      "Excess 250 for each occurrence",
    ),
  "contract.pdf": () =>
    pdfFile(
      "Autumn catalogue, contract.pdf",
      "Contract: autumn catalogue",
      "800 copies, option for 400 more until June",
      "All rights stay with the artist",
      "Signed: A. Petrovic",
    ),
  "loan.pdf": () =>
    pdfFile(
      "借展协议_已签.pdf",
      "借展协议",
      "作品：《潮痕》三件",
      "第七条：展出期间不得触摸，但作者本人在场时除外",
      "甲方：青岚美术馆　乙方：林薇",
    ),
  "lease.pdf": () =>
    pdfFile("Lease Quay 9.pdf", "Lease, Quay 9", "Renewed to 31 December of next year", "The tenant may put a scrubber on the roof"),
  "ticket.pdf": () =>
    pdfFile("Crossing 4117.pdf", "Coastline Ferries", "South pier, 18:30. Cabin 4117, two beds, outside", "Two people, no car"),
  "statement.pdf": () =>
    pdfFile(
      "Statement October.pdf",
      "Statement, October",
      "Opening balance   18,204.11",
      "Lotus Print        -1,602.00",
      "Galleri Nord       +2,140.00",
      "Closing balance   18,742.11",
    ),
  "receipt.txt": () => file("十月对账单.txt", "text/plain; charset=utf-8", "十月寄件 14 件\n保价 9 件\n运费合计 ¥1,026.50\n破损 0 件\n"),
  "curve.png": () => file("kiln-3-last-week.png", "image/png", firingCurve()),
  "tiles.png": () => file("灰釉第三轮.png", "image/png", glazeTiles(ASHES)),
  "tiles-inline": () => ({ name: "ashes.png", type: "image/png", content: glazeTiles(ASHES), contentId: "tiles@glaze-letter.example" }),
  "hall-plan.png": () => file("会場図 C-14.png", "image/png", hallPlan()),
  "vase.png": () => file("29 THE SHARP ONE.png", "image/png", vase([206, 212, 210])),
  "list.zip": () =>
    file(
      "发票核查名单.zip",
      "application/zip",
      zip({ "发票核查名单.exe.txt": "This would have been a program. It is only a line of text.\n" }),
    ),
  "opening.ics": (now) => file("invite.ics", "text/calendar; charset=utf-8; method=REQUEST", invitation(opening(now))),
};

function opening(now: Date): Invitation {
  const start = new Date(now);
  // The letter is a day old, and names the day that is fourteen days from now.
  start.setDate(start.getDate() + 15);
  start.setHours(15, 0, 0, 0);
  return {
    uid: "mud-and-fire@qinglan-museum.example",
    title: "「泥与火」特展开幕",
    place: "青岚美术馆 二号厅",
    organiser: { name: "青岚美术馆", address: "events@qinglan-museum.example" },
    attendee: "lin@harbour.example",
    start,
    hours: 2,
    note: "三点开幕，四点小型对谈。凭此函可携一位亲友入场。",
  };
}

/** Rectangles of stands around a hall; ours is the green one. */
function hallPlan(): Buffer {
  return png(420, 300, (x, y) => {
    const inHall = x > 20 && x < 400 && y > 20 && y < 280;
    const ours = x > 220 && x < 280 && y < 100;
    const inStand = (x - 40) % 60 < 44 && (y - 40) % 60 < 40 && x > 40 && x < 390 && y > 40 && y < 270;
    if (!inHall) return rgb(232, 230, 224);
    if (!inStand) return rgb(252, 251, 248);
    return ours ? rgb(46, 140, 124) : rgb(206, 202, 192);
  });
}
