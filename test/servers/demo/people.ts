/** Who writes in the demo mailbox. */
export interface Person {
  name: string;
  address: string;
  /** Minutes east of UTC on this person's clock. */
  zone: number;
}

const person = (name: string, address: string, zone = 0): Person => ({ name, address, zone });

export const DEMO_ADDRESS = "lin@harbour.example";

/** By the short names that the mail files use. */
export const PEOPLE: Readonly<Record<string, Person>> = {
  me: person("Lin Wei", DEMO_ADDRESS),
  tomas: person("Tomás Ferreira", "tomas@harbour.example"),
  yiming: person("赵一鸣", "yiming@harbour.example", 480),
  ines: person("Inês Carvalho", "ines@harbour.example"),
  studio: person("Harbour Studio", "hello@harbour.example"),
  mira: person("Mira Okafor", "mira@northwind-crates.example", 60),
  ken: person("佐藤 健", "ken.sato@osaka-crafthall.example", 540),
  yumi: person("小林 由美", "yumi@kobayashi-touki.example", 540),
  tanaka: person("田中 亮", "ryo.tanaka@gallery-nishijin.example", 540),
  hall: person("大阪クラフトホール 事務局", "office@osaka-crafthall.example", 540),
  xiaowen: person("陈晓雯", "xiaowen@qinglan-expo.example", 480),
  museum: person("青岚美术馆", "events@qinglan-museum.example", 480),
  lotus: person("Accounts, Lotus Print", "finance@lotus-print.example", 480),
  gao: person("高师傅", "gao@gaoji-muqi.example", 480),
  mum: person("妈妈", "guilan@home-letters.example", 480),
  brother: person("林川", "linchuan@home-letters.example", 480),
  xu: person("徐会计", "xu@mingxi-accounting.example", 480),
  tea: person("半山茶舍", "hello@banshan-tea.example", 480),
  express: person("顺路快递", "notice@shunlu-express.example", 480),
  ana: person("Ana Petrović", "ana@petrovic-press.example", 60),
  kenw: person("Ken Whitlock", "ken@whitlock-photo.example"),
  sara: person("Sara Lindqvist", "sara@galleri-nord.example", 60),
  nour: person("Nour Haddad", "nour@haddad-minerals.example", 120),
  brandt: person("H. Brandt", "h.brandt@kiln-works.example", 60),
  pieter: person("Pieter Vos", "pieter@quay-properties.example", 60),
  delta: person("Delta Art Insurance", "claims@delta-art.example"),
  freight: person("Road & Rail Freight", "bookings@roadrail.example"),
  bank: person("Northwind Bank", "service@northwind-bank.example"),
  review: person("Harbour Review", "letters@harbour-review.example"),
  glaze: person("The Glaze Letter", "post@glaze-letter.example"),
  kilnshop: person("Kiln & Clay Supply", "orders@kilnandclay.example"),
  library: person("City Library", "notices@city-library.example"),
  phone: person("Tidewater Mobile", "bills@tidewater.example"),
  ferry: person("Coastline Ferries", "tickets@coastline-ferries.example"),
  council: person("Quayside Council", "permits@quayside-council.example"),
  school: person("Elif Kaya", "elif@willow-school.example"),
  bea: person("Bea Lindholm", "bea@lindholm.example", 60),
  jonas: person("Jonas Weber", "jonas@weber-keramik.example", 60),
  mailer: person("Mail delivery", "mailer-daemon@mx.harbour.example"),
  fake: person("Northwlnd Bank", "service@mail-8812.example"),
  prize: person("中奖通知中心", "winner@lucky-88.example", 480),
  seo: person("SEO Partners", "growth@seo-partners.example"),
  taxspam: person("税务稽查通知", "notice@shui-wu-cha.example", 480),
  parcel: person("Parcel desk", "desk@parcel-release.example"),
};

/** Whom an address belongs to, if it is somebody of the demo. */
export function personAt(address: string): Person | undefined {
  return Object.values(PEOPLE).find((one) => one.address === address.toLowerCase());
}
