import type { DeliveryAction, DeliveryReason } from "../../../shared/delivery.ts";

/** A letter of a mail system as such systems write them, and what a reader of it understands. All addresses are made up. */
export type Letter = {
  readonly system: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: boolean;
  readonly header?: string;
  readonly says: readonly (readonly [address: string, reason: DeliveryReason | null, action?: DeliveryAction])[];
};

const RETURNED =
  "Received: from desk.sender.example by mx.sender.example with ESMTP id 1\nMessage-ID: <first@sender.example>\nFrom: Me <me@sender.example>\nTo: someone@there.example\nSubject: Lunch\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n\nHello";

export const LETTERS: readonly Letter[] = [
  {
    system: "Exim, given up",
    from: "Mail Delivery System <Mailer-Daemon@mx.sender.example>",
    subject: "Mail delivery failed: returning message to sender",
    header: "X-Failed-Recipients: ann@there.example,\n  bob@there.example",
    text: `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@there.example\n    host mx.there.example [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<ann@there.example>:\n    550 5.1.1 <ann@there.example>: user unknown\n  bob@there.example\n    host mx.there.example [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<bob@there.example>:\n    552 5.2.2 Over quota\n\n------ This is a copy of the message, including all the headers. ------\n\n${RETURNED}`,
    says: [
      ["ann@there.example", "address-unknown", "failed"],
      ["bob@there.example", "mailbox-full", "failed"],
    ],
  },
  {
    system: "Exim, delayed",
    from: "Mail Delivery System <Mailer-Daemon@mx.sender.example>",
    subject: "Warning: message 1rXyZ-0001 delayed 24 hours",
    text: "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.sender.example.\n\nThe message identifier is:     1rXyZ-0001\nThe subject of the message is: Lunch\n\nThe address to which the message has not yet been delivered is:\n\n  ann@there.example\n    host mx.there.example [192.0.2.7]\n    Delay reason: Connection timed out\n\nNo action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at intervals.\n",
    says: [["ann@there.example", "unreachable", "delayed"]],
  },
  {
    system: "Exim, an address that cannot be routed",
    from: "Mail Delivery System <Mailer-Daemon@mx.sender.example>",
    subject: "Mail delivery failed: returning message to sender",
    text: `A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ann@nowhere.example\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\n${RETURNED}`,
    says: [["ann@nowhere.example", "domain-unknown"]],
  },
  {
    system: "Exim, behind an alias",
    from: "Mail Delivery System <Mailer-Daemon@mx.sender.example>",
    subject: "Mail delivery failed: returning message to sender",
    text: `A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  inside@hidden.example\n    (generated from team@there.example)\n    retry timeout exceeded\n\n------ This is a copy of the message, including all the headers. ------\n\n${RETURNED}`,
    says: [["team@there.example", "unreachable"]],
  },
  {
    system: "qmail, no such mailbox",
    from: "MAILER-DAEMON@mx.sender.example",
    subject: "failure notice",
    text: `Hi. This is the qmail-send program at mx.sender.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<ann@there.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n<bob@far.example>:\nSorry, I couldn't find any host named far.example. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\n${RETURNED}`,
    says: [
      ["ann@there.example", "address-unknown", "failed"],
      ["bob@far.example", "domain-unknown", "failed"],
    ],
  },
  {
    system: "qmail, too long in the queue",
    from: "MAILER-DAEMON@mx.sender.example",
    subject: "failure notice",
    text: `Hi. This is the qmail-send program at mx.sender.example.\n\n<ann@there.example>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n\n--- Below this line is a copy of the message.\n\n${RETURNED}`,
    says: [["ann@there.example", "unreachable", "failed"]],
  },
  {
    system: "sendmail, transcript only",
    from: "Mail Delivery Subsystem <MAILER-DAEMON@mx.sender.example>",
    subject: "Returned mail: User unknown",
    text: `   ----- The following addresses had permanent fatal errors -----\n<ann@there.example>\n\n   ----- Transcript of session follows -----\n... while talking to mx.there.example.:\n>>> RCPT To:<ann@there.example>\n<<< 550 <ann@there.example>: Account disabled\n550 <ann@there.example>... User unknown\n\n   ----- Original message follows -----\n\n${RETURNED}`,
    says: [["ann@there.example", "mailbox-closed"]],
  },
  {
    system: "Postfix of old, without a report",
    from: "MAILER-DAEMON@mx.sender.example (Mail Delivery System)",
    subject: "Undelivered Mail Returned to Sender",
    text: "This is the Postfix program at host mx.sender.example.\n\nI'm sorry to have to inform you that your message could not be\nbe delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to <postmaster@mx.sender.example>\n\n\t\t\tThe Postfix program\n\n<ann@there.example>: host mx.there.example[192.0.2.7] said: 554 5.7.1 Service\n    unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.example (in\n    reply to RCPT TO command)\n\n<bob@far.example>: message size 31457280 exceeds size limit 10485760 of\n    server mx.far.example[192.0.2.8]\n",
    says: [
      ["ann@there.example", "sender-blocked"],
      ["bob@far.example", "too-large"],
    ],
  },
  {
    system: "Exchange 2003",
    from: "System Administrator <postmaster@sender.example>",
    subject: "Undeliverable: Lunch",
    text: "Your message\n\n  To:      ann@there.example; bob@there.example\n  Subject: Lunch\n  Sent:    Mon, 2 Mar 2026 10:00:00 -0000\n\ndid not reach the following recipient(s):\n\nann@there.example on Mon, 2 Mar 2026 10:00:05 -0000\n    The recipient's mailbox is full\n    MSEXCH:IMS:Site:Org:SRV 3550 (000B09AA) 552 Mailbox full\nbob@there.example on Mon, 2 Mar 2026 10:00:05 -0000\n    The recipient name is not recognized\n",
    says: [
      ["ann@there.example", "mailbox-full"],
      ["bob@there.example", "address-unknown"],
    ],
  },
  {
    system: "MailMarshal",
    from: "postmaster@mx.sender.example",
    subject: 'Undeliverable Mail: "Lunch"',
    text: "Your message:\n   From:    me@sender.example\n   Subject: Lunch\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected: \n    ann@there.example\n\nAdditional Information\n======================\nOriginal Sender:    <me@sender.example>\nSender-MTA:         <192.0.2.1>\n",
    says: [["ann@there.example", "address-unknown"]],
  },
  {
    system: "IMail",
    from: "Postmaster <postmaster@mx.sender.example>",
    subject: "Undeliverable Mail",
    text: `User mailbox exceeds allowed size: ann@there.example\n\nOriginal message follows.\n\n${RETURNED}`,
    says: [["ann@there.example", "mailbox-full"]],
  },
  {
    system: "IMail, after many attempts",
    from: "Postmaster <postmaster@mx.sender.example>",
    subject: "Undeliverable Mail",
    text: `Delivery failed 20 attempts: ann@there.example\n\nOriginal message follows.\n\n${RETURNED}`,
    says: [["ann@there.example", "unreachable"]],
  },
  {
    system: "Domino",
    from: "Postmaster@sender.example",
    subject: "DELIVERY FAILURE: Error transferring to MX.THERE.EXAMPLE; SMTP Protocol Returned a Permanent Error 550",
    text: "Your message\n\n  Subject: Lunch\n\nwas not delivered to:\n\n  ann@there.example\n\nbecause:\n\n  Error transferring to MX.THERE.EXAMPLE; SMTP Protocol Returned a\nPermanent Error 550 5.7.1 Unable to relay for ann@there.example\n",
    says: [["ann@there.example", "relaying"]],
  },
  {
    system: "Zoho",
    from: "mailer-daemon@mail.sender.example",
    subject: "Undelivered Mail Returned to Sender",
    text: "This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\n[Status: Error, Address: <ann@there.example>, ResponseCode 421, , Host not reachable.]\n\n",
    says: [["ann@there.example", "unreachable"]],
  },
  {
    system: "Gmail of old",
    from: "Mail Delivery Subsystem <mailer-daemon@mail.sender.example>",
    subject: "Delivery Status Notification (Delay)",
    header: "X-Failed-Recipients: ann@there.example",
    text: "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n     ann@there.example\n\nMessage will be retried for 2 more day(s)\n\nTechnical details of temporary failure:\nThe recipient server did not accept our requests to connect.\n\n----- Original message -----\n\nMessage-ID: <first@sender.example>\n",
    says: [["ann@there.example", "unreachable", "delayed"]],
  },
  {
    system: "Outlook.com",
    from: "postmaster@outlook.sender.example",
    subject: "Undeliverable: Lunch",
    html: true,
    text: "<html><body><p>Your message to ann@there.example couldn't be delivered.</p><p><b>ann</b> wasn't found at <b>there.example</b>.</p><table><tr><td>me</td><td>Office 365</td><td>ann</td></tr></table><p>Reported error: <i>550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@there.example not found by SMTP address lookup</i></p></body></html>",
    says: [["ann@there.example", "address-unknown"]],
  },
  {
    system: "QQ",
    from: "PostMaster <PostMaster@qq.sender.example>",
    subject: "系统退信/Systems bounce",
    html: true,
    text: "<div>抱歉，您的邮件被退回来了……</div><div><b>原邮件信息：</b></div><table><tr><td>时间</td><td>2026-3-2 10:00</td></tr><tr><td>主题</td><td>午餐</td></tr><tr><td>收件人</td><td>ann@there.example</td></tr></table><div><b>退信原因：</b></div><div>收件人邮件地址（ann@there.example）不存在，邮件无法送达。</div><div>host mx.there.example[192.0.2.7] said: 550 Mailbox not found (in reply to RCPT TO command)</div><div><b>解决方案：</b></div><div>请联系您的收件人，重新核实邮箱地址，或发送到其他收信邮箱。</div>",
    says: [["ann@there.example", "address-unknown"]],
  },
  {
    system: "QQ, the other's mailbox is full, without the server's words",
    from: "PostMaster <PostMaster@qq.sender.example>",
    subject: "系统退信",
    text: "抱歉，您的邮件被退回来了\n\n收件人：ann@there.example\n\n退信原因：\n收件人邮箱空间不足，暂时无法接收邮件。\n",
    says: [["ann@there.example", "mailbox-full", "failed"]],
  },
  {
    system: "NetEase",
    from: "Postmaster@163.sender.example",
    subject: "系统退信",
    html: true,
    text: "<p>尊敬的用户：</p><p>很抱歉您发送的邮件被退回，以下是该邮件的相关信息：</p><table><tr><td>被退回邮件</td><td>主 题：午餐<br>时 间：2026-03-02 10:00:00</td></tr><tr><td>无法发送到</td><td>ann@there.example</td></tr><tr><td>退信原因</td><td>邮件内容被对方判为垃圾邮件<br>英文说明：SMTP error, DOT: 554 DT:SPM mx7, please see the help</td></tr><tr><td>建议解决方案</td><td>请修改后再发。</td></tr></table>",
    says: [["ann@there.example", "spam"]],
  },
  {
    system: "NetEase, too many",
    from: "Postmaster@126.sender.example",
    subject: "Postmaster 系统退信",
    text: "无法发送到 ann@there.example\n退信原因：SMTP error, RCPT TO: 450 RP:TRC 192.0.2.1 请求过于频繁\n",
    says: [["ann@there.example", "too-many"]],
  },
  {
    system: "Aliyun",
    from: "system@service.sender.example",
    subject: "退信通知",
    text: "您好！\n\n您发给 ann@there.example 的邮件未能送达，已被退回。\n\n退信原因：域名不存在，找不到主机（Host not found by dns resolve）\n\n请检查收件人地址后重新发送。\n",
    says: [["ann@there.example", "domain-unknown"]],
  },
  {
    system: "A Chinese company's server, a rejection",
    from: "postmaster@corp.sender.example",
    subject: "邮件投递失败",
    text: "您的邮件无法投递到以下收件人：\n\n<ann@there.example>\n    对方拒收：550 User in blacklist\n\n原邮件：\n主题：午餐\n",
    says: [["ann@there.example", "filtered"]],
  },
  {
    system: "A German provider",
    from: "Mailer-Daemon <mailer-daemon@post.sender.example>",
    subject: "Ihre E-Mail konnte nicht zugestellt werden",
    text: "Ihre Nachricht konnte an den folgenden Empfänger nicht zugestellt werden:\n\nann@there.example\n\nDas Postfach des Empfängers ist voll (552 Mailbox full).\n",
    says: [["ann@there.example", "mailbox-full"]],
  },
  {
    system: "A content filter",
    from: "Content-filter <postmaster@mx.sender.example>",
    subject: "VIRUS in your message to you sent blocked",
    text: "A message from me@sender.example to ann@there.example was blocked\n\nreason: 554 5.7.1 virus found: Eicar-Test\n",
    says: [["ann@there.example", "virus"]],
  },
  {
    system: "A home-made system",
    from: "postmaster@there.example",
    subject: "email bounce notification",
    text: `This message is to inform you that an email you sent was rejected.\n\nreject reason: recipient has rejected mail from this sender\ntarget mail address: ann@there.example\n\n--------\nbounced E-Mail:\n\n${RETURNED}`,
    says: [["ann@there.example", "filtered"]],
  },
  {
    system: "Sendmail, for days",
    from: "Mail Delivery Subsystem <MAILER-DAEMON@mx.sender.example>",
    subject: "Warning: could not send message for past 4 hours",
    text: "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n   ----- The following addresses had transient non-fatal errors -----\n<ann@there.example>\n\n   ----- Transcript of session follows -----\n<ann@there.example>... Deferred: Connection refused by mx.there.example.\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old\n",
    says: [["ann@there.example", "unreachable", "delayed"]],
  },
];

/** Mail that a hasty reader would take for a report. */
export const NO_BOUNCES: readonly Omit<Letter, "says">[] = [
  {
    system: "a vacation message",
    from: "Ann <ann@there.example>",
    subject: "Out of office: Lunch",
    header: "Auto-Submitted: auto-replied\nReturn-Path: <>\nIn-Reply-To: <first@sender.example>",
    text: "I am away and cannot read mail. In urgent cases write to bob@there.example; mail to my old address ann@old.example fails with 550 user unknown.",
  },
  {
    system: "a Chinese vacation message",
    from: "Ann <ann@there.example>",
    subject: "自动回复: 午餐",
    header: "Auto-Submitted: auto-replied\nReturn-Path: <>",
    text: "您好，我正在休假，无法及时回复。急事请联系 bob@there.example。",
  },
  {
    system: "a friend who writes about a bounce",
    from: "Ann <ann@there.example>",
    subject: "Undelivered mail?",
    text: "Hi, I wrote to bob@there.example and got: 550 5.1.1 user unknown. Do you have another address?",
  },
  {
    system: "a newsletter about deliverability",
    from: "Mail Delivery Weekly <postmaster@news.example>",
    subject: "Why delivery fails",
    header: "List-Unsubscribe: <https://news.example/out>",
    text: "Ten reasons why mail to someone@there.example is rejected with 550.",
  },
  {
    system: "a shop that answers no letters",
    from: "Kiln shop <no-reply@shop.example>",
    subject: "Your order 4711",
    text: "The payment failed. Write to help@shop.example, not to no-reply@shop.example: mail to the latter is not read.",
  },
  {
    system: "the postmaster's announcement",
    from: "postmaster@sender.example",
    subject: "Maintenance on Sunday",
    text: "The mail server will be down from 02:00 to 04:00. Questions: helpdesk@sender.example",
  },
];

export function letterBytes({ from, subject, text, html, header }: Omit<Letter, "says">): Buffer {
  const encoded = `=?utf-8?B?${Buffer.from(subject).toString("base64")}?=`;
  const body = Buffer.from(text).toString("base64").replace(/.{76}/gu, "$&\r\n");
  return Buffer.from(
    `${header === undefined ? "" : `${header.replaceAll("\n", "\r\n")}\r\n`}From: ${from}\r\nTo: me@sender.example\r\nSubject: ${encoded}\r\nDate: Mon, 2 Mar 2026 10:01:00 +0000\r\nMessage-ID: <report@mx.sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/${html === true ? "html" : "plain"}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`,
  );
}
