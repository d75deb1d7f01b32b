import { DEMO_ADDRESS } from "./people.ts";

export interface Bounce {
  at: Date;
  messageId: string;
  /** Message-ID of what could not be delivered; empty when it is not known. */
  original: string;
  subject: string;
  /** Subject of what could not be delivered, in RFC 2047 form where it needs it. */
  originalSubject: string;
  failed: string;
  /** The other server's words. */
  diagnostic: string;
  text: string;
}

/** A delivery report as servers write it (RFC 3464). */
export function bounceMessage(bounce: Bounce): Buffer {
  const boundary = "=_delivery_report_=";
  const lines = [
    "Return-Path: <>",
    "Auto-Submitted: auto-replied",
    `Date: ${bounce.at.toUTCString().replace("GMT", "+0000")}`,
    "From: Mail delivery <mailer-daemon@mx.harbour.example>",
    `To: ${DEMO_ADDRESS}`,
    `Subject: ${bounce.subject}`,
    `Message-ID: ${bounce.messageId}`,
    ...(bounce.original === "" ? [] : [`In-Reply-To: ${bounce.original}`, `References: ${bounce.original}`]),
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    ...bounce.text.split("\n"),
    `--${boundary}`,
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.harbour.example",
    "",
    `Final-Recipient: rfc822; ${bounce.failed}`,
    "Action: failed",
    "Status: 5.1.1",
    `Diagnostic-Code: smtp; ${bounce.diagnostic}`,
    "",
    `--${boundary}`,
    "Content-Type: text/rfc822-headers",
    "",
    `From: Lin Wei <${DEMO_ADDRESS}>`,
    `Subject: ${bounce.originalSubject}`,
    ...(bounce.original === "" ? [] : [`Message-ID: ${bounce.original}`]),
    "",
    `--${boundary}--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}
