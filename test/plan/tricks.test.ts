import { describe, expect, test } from "vitest";
import { isProgram } from "../../main/plan/dangerous-files.ts";
import { imitatedDomain } from "../../main/plan/look-alikes.ts";
import { planTricks, type TrickFacts } from "../../main/plan/tricks.ts";

const honest: TrickFacts = {
  from: { name: "Jane Doe", address: "jane@company.example" },
  replyTo: [],
  bulk: false,
  links: [],
  files: [],
  knownAddresses: [],
  ownAddresses: ["me@home.example"],
  knownDomains: ["home.example", "company.example", "mail-partner.com"],
  vouching: { kind: "unknown" },
};
const file = (name: string, inside: string[] = [], macros = false) => ({ name, inside, macros });
const kinds = (facts: Partial<TrickFacts>) => planTricks({ ...honest, ...facts }).map(({ kind }) => kind);

describe("a message that deceives is told by its trick", () => {
  test.each<[string, Partial<TrickFacts>, string[]]>([
    ["a program behind a document's ending", { files: [file("发票.pdf.exe")] }, ["disguised"]],
    ["a program pushed out of sight by blanks", { files: [file("invoice.pdf          .scr")] }, ["disguised"]],
    ["a script", { files: [file("Statement.js")] }, ["program"]],
    ["an ending that Windows cuts off", { files: [file("setup.exe. .")] }, ["program"]],
    ["an archive with a program in it", { files: [file("photos.zip", ["a.jpg", "b/c.lnk"])] }, ["archive"]],
    ["a document with macros by its ending", { files: [file("list.xlsm")] }, ["macros"]],
    ["a document with macros by its contents", { files: [file("list.doc", [], true)] }, ["macros"]],
    ["the worst file first", { files: [file("a.docm"), file("b.exe"), file("c.pdf.exe")] }, ["disguised", "program", "macros"]],
    ["a name that shows another address", { from: { name: "boss@company.example", address: "x@evil.example" } }, ["name-is-address"]],
    ["a known person at an address that is not known", { knownAddresses: ["jane@friends.example"] }, ["known-name"]],
    ["a sender's domain with a Cyrillic letter", { from: { name: "", address: "service@pаypal.com" } }, ["look-alike"]],
    ["a sender's domain in letters that look like a known one", { from: { name: "", address: "jane@rnai1-partner.com" } }, ["look-alike"]],
    ["a look-alike of the user's own", { from: { name: "", address: "boss@h0me.example" } }, ["look-alike"]],
    [
      "an address that nobody vouches for",
      { vouching: { kind: "unvouched", domain: "company.example", found: "nothing", server: "" } },
      ["unvouched"],
    ],
    [
      "the user's own address, by somebody else",
      {
        from: { name: "Me", address: "me@home.example" },
        vouching: { kind: "unvouched", domain: "home.example", found: "altered", server: "mx.home.example" },
      },
      ["unvouched-altered"],
    ],
    ["answers to a free mailbox", { replyTo: [{ name: "", address: "jane.company@gmail.com" }] }, ["reply-elsewhere"]],
    ["a link that names another site", { links: [{ named: "www.bank.example", host: "bank.example.evil.test" }] }, ["link-elsewhere"]],
    ["a link to a look-alike", { bulk: true, links: [{ named: "apple.com", host: "аррӏе.com" }] }, ["look-alike"]],
    [
      "the same link ten times, once",
      { links: Array.from({ length: 10 }, () => ({ named: "a.example", host: "b.test" })) },
      ["link-elsewhere"],
    ],
  ])("%s", (_what, facts, expected) => {
    expect(kinds(facts)).toEqual(expected);
  });

  test("in the words that the user is to see", () => {
    expect(planTricks({ ...honest, from: { name: "Support <help@bank.example>", address: "q1@evil.test" } })).toEqual([
      { kind: "name-is-address", shown: "help@bank.example", real: "q1@evil.test" },
    ]);
    expect(planTricks({ ...honest, files: [file("a.zip", ["x/run.vbs"])] })).toEqual([
      { kind: "archive", file: "a.zip", inside: "x/run.vbs" },
    ]);
  });
});

describe("honest mail is left alone", () => {
  test.each<[string, Partial<TrickFacts>]>([
    [
      "ordinary files",
      { files: [file("a.pdf"), file("b.tar.gz"), file("report.v2.docx"), file("photos.zip", ["a.jpg"]), file("notes.com.txt")] },
    ],
    ["a name that is the address itself", { from: { name: "jane@company.example", address: "jane@company.example" } }],
    [
      "a name with the address of another host of the same owner",
      { from: { name: "jane@company.example", address: "jane@mail.company.example" } },
    ],
    ["a known person at a known address", { knownAddresses: ["jane@company.example"] }],
    ["a newsletter whose links are counted", { bulk: true, links: [{ named: "shop.example", host: "click.counter.test" }] }],
    ["a link to a part of the same site", { links: [{ named: "company.co.uk", host: "login.company.co.uk" }] }],
    ["a list whose answers go to the list", { bulk: true, replyTo: [{ name: "", address: "list@gmail.com" }] }],
    ["a help desk that answers from another domain", { replyTo: [{ name: "", address: "ticket-1@helpdesk.example" }] }],
    ["answers to the user's own free mailbox", { replyTo: [{ name: "", address: "Me@gmail.com" }], ownAddresses: ["me@gmail.com"] }],
    ["the user's own mail", { from: { name: "x@other.example", address: "Me@home.example" }, files: [file("a.exe")] }],
    ["mail without a sender", { from: { name: "a@b.example", address: "" } }],
  ])("%s", (_what, facts) => {
    expect(kinds(facts)).toEqual([]);
  });

  test("domains in other scripts imitate nothing", () => {
    for (const domain of ["例子.中国", "münchen.de", "почта.рф", "правда.com", "ελλάδα.gr", "日本語.jp", "xn--abc.com", "company.example"])
      expect(imitatedDomain(domain), domain).toBeNull();
    expect(imitatedDomain("www.gооgle.com")).toBe("www.google.com");
  });

  test("a file that only sounds like a program is none", () => {
    for (const name of ["example.com.pdf", "shell.txt", "exe", "a.exe.txt"]) expect(isProgram(name), name).toBe(false);
  });
});
