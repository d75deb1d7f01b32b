/** The rows of the main program, lowest first. A folder may import folders of lower rows and itself, nothing of its own row. */
export const MAIN_ROWS: readonly (readonly string[])[] = [
  ["plan"],
  ["line", "sasl"],
  ["store", "imap", "pop3", "smtp", "mime"],
  ["signed"],
  ["sync", "outbox", "accounts", "search", "health", "junk", "rules", "contacts"],
  ["api"],
  ["engine"],
  ["host"],
  ["electron", "loopback"],
];

/** The rows of the window, lowest first. Files directly in renderer/ stand above them all. */
export const WINDOW_ROWS: readonly (readonly string[])[] = [["port"], ["client"], ["i18n", "style"], ["state"], ["ui"]];

/** Packages that may be imported in these folders only. A name ending in "/" stands for everything below it. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  saxes: ["main/accounts"],
  "pdfjs-dist": ["renderer", "main/search"],
  "pdfjs-dist/": ["main/search"],
  "better-sqlite3": ["main/store", "main/search"],
  imapflow: ["main/imap"],
  "nodemailer/lib/smtp-connection": ["main/smtp"],
  nodemailer: ["main/mime", "main/smtp"],
  "nodemailer/": ["main/mime"],
  mailparser: ["main/mime"],
  "postal-mime": ["main/mime"],
  "ical.js": ["main/mime"],
  mailauth: ["main/signed"],
  "mailauth/": ["main/signed"],
  jsdom: ["main/mime"],
  dompurify: ["main/mime", "renderer"],
  electron: ["main/electron"],
  oauth4webapi: ["main/accounts"],
  ws: ["main/loopback"],
  react: ["renderer"],
  "react-dom": ["renderer"],
  "react-aria-components": ["renderer"],
  zustand: ["renderer"],
};

/** Folders that take nothing but these packages, and nothing of Node. */
export const PURE: Readonly<Record<string, readonly string[]>> = { shared: ["zod"], "main/plan": [] };
