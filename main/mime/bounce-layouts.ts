// How mail systems write their letters, as data: what stands before a recipient, before the returned message, around a reply.

/** What stands on the line before a recipient's address. */
export const LEADS: readonly RegExp[] = [
  // Transcripts: sendmail, Courier, InterScan, James.
  /\brcpt to:\s*<?$/iu,
  // "Your message to …", "could not be delivered to: …", "Unable to deliver message to: …", "delivering your mail to …".
  /\b(?:deliver(?:ed|y|ing|able)?|undeliver\w*|sent|send|message|mail|e-?mail|reach(?:ed)?|relayed|error|failed|rejected|return(?:ed)?)\b[^@]{0,60}?\b(?:to|for)(?: (?:the )?(?:following )?(?:recipient|address|user|mailbox)(?:\(?e?s\)?)?)?\s*[:：]?\s*["'<“「]*$/iu,
  // Labelled: Messaging Server, SurfControl, IMail, home-made ones.
  /(?:^|\b)(?:recipients?(?: address)?|failed (?:recipient|address)|addressed to|unknown (?:user|recipient|address)|user unknown|no such user|invalid (?:user|recipient|address)|target (?:mail )?address|original recipient|final[- ]recipient|e-?mail address|mailbox|user|account|addresses?)\s*[:：]?\s*["'<“「(]*$/iu,
  // Domino: User Some Name (address) not listed.
  /\buser\b[^@()]{0,80}\($/iu,
  /\bpermanent errors?:\s*$/iu,
  // QQ, NetEase, Aliyun, Sina.
  /(?:收件人|收信人|收件地址|收信地址|邮件地址|邮箱地址|地址|账号|帐号|发送(?:给|到|至)|投递(?:给|到|至)|送达|发往)[^@]{0,12}[:：（(<「"“\s]*$/u,
  /(?:あて先|宛先|送信先|アドレス)[^@]{0,12}[:：（(<「\s]*$/u,
  /(?:Empfänger|destinataire|destinatario|destinatário|получател\w*|an)\s*[:：]?\s*["'<]*$/u,
];

/** What stands before an address that is not the recipient: people to ask, senders, identifiers. */
export const NOT_RECIPIENTS =
  /(?:contact|assistance|help|questions?|support|please (?:send|write|reply|forward|e-?mail|contact)[^@]{0,40}|reply to|write to|mail from:?|\bfrom:?|sender:?|envelope-from|return-path:?|reply-to:?|message-?id:?|message identifier:?|reference:?|发件人|发信人|联系|客服)\s*(?:is|was|to|at)?\s*[:：=]?\s*["'<(]*$/iu;

/** The line from which on the returned message stands, in the words of many systems. */
export const RETURNED_BEGINS: readonly RegExp[] = [
  /^[\s>*=#-]*(?:below this line is|this is) a copy of (?:the|your)\b/iu,
  /^[\s>*=#-]*(?:below is|here is|following is|included is|attached is) (?:a |the )?(?:copy|original|header)/iu,
  /^[\s>*=#-]*(?:the )?(?:header|headers|body|text|beginning|start|copy) of (?:the |your )?(?:original |returned |undelivered )?(?:message|mail|e-?mail)\b/iu,
  /^[\s>*=#-]*(?:the )?(?:original|returned|unsent|undelivered|bounced) (?:message|mail|e-?mail)(?: text| headers?| body)?(?: follows| attached| below| is following| begins?)?[\s.:：>*=#-]*$/iu,
  /^[\s>*=#-]*(?:message|mail|original) (?:headers?|text|body|contents?)(?: follow\w*)?[\s.:>*=#-]*$/iu,
  /^[\s>*=#-]*(?:forwarded|returned) message\b/iu,
  /^[\s>*=#-]*(?:原邮件|原始邮件|原信|邮件原文|退回的邮件|被退回的邮件)(?:内容|如下|正文|头|附件)?[\s:：>*=#-]*$/u,
  /^[\s>*=#-]*(?:ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|исходное сообщение)\b/iu,
];

/** A line or paragraph that speaks of a failure. */
export const REFUSAL =
  /(?<![\d.])[45]\d\d(?=[ \-#:,]|$)|\b[45]\.\d{1,3}\.\d{1,3}\b|unknown|undeliver|could not|couldn't|cannot|can't|can not|failed|failure|reject|refus|denied|not exist|n't exist|n't have|no such|no mailbox|unable|not found|not listed|not valid|not recogni|invalid|quota|\bfull\b|exceed|too (?:large|big|many)|unroutable|unrouteable|blocked|disabled|suspended|expired|timed? ?out|deferred|error|spam|denied|no valid|permission|not accept|restricted|不存在|拒|失败|無法|无法|超过|已满|错误|不足|存在しない|できません|送信できません|エラー|nicht|unbekannt|inconnu|desconocid|не может|не существует/iu;

/** Where a reply begins in a paragraph, from the sure to the likely. Group 1 is what stands before it. */
export const SMTP_REPLY: readonly RegExp[] = [
  /((?:^|\n)\s*(?:<<<|Received >>>)\s*)(?=[45]\d\d[ -])/iu,
  /(\b(?:said|reason|returned|replied|responded|answer\w*|response (?:was|from[^:\n]{1,60})|because|原因|信息)[^\n]{0,40}?[:：]?\s*['"‘“[(]*)(?<![\d.])(?=#?[45]\d\d[ \-:])/iu,
  /((?:^|\n|[\s:：('"‘“[])#?)(?=[45]\d\d(?:[ -][^\n]|:\s))/u,
  /((?:^|\n)\s*)(?=[45]\.\d{1,3}\.\d{1,3}\s)/u,
];

/** What is still being tried. */
export const STILL_TRYING =
  /warning[^\n]{0,60}(?:delay|could not|still|not (?:yet )?(?:been )?deliver)|still undelivered|will (?:keep|continue)\b[^\n]{0,30}(?:try|retry|attempt)|(?:keep|keeps|continue\w*) (?:re)?trying|do not need to resend|has been delayed|is delayed|delivery (?:status )?(?:notification )?\(?delay|(?:message|mail) (?:delivery )?(?:is |was )?(?:delayed|deferred)|not yet been delivered|no action is required|temporarily (?:deferred|delayed)|will be retried|delivery attempts will continue|auto-generated \(warning|(?:延迟|推迟|暂时无法|继续(?:尝试|投递)|稍后(?:会|将)?(?:重试|再次))/iu;
/** What was given up. */
export const GIVEN_UP =
  /given up|giving up|permanent(?:ly)?|no further (?:delivery )?attempts|will not (?:continue|try|be retried)|cannot send message for|returned mail|returning message|has failed|undeliverable|not be delivered|退信|退回/iu;

/** What a letter says that is about a delivery and nothing else. */
export const OF_DELIVERY =
  /(?:not|n't) (?:be |been |yet )*(?:deliver|sent\b|relayed)|undeliver|(?:unable|fail\w*|trouble|error|attempt\w*)\b[^.\n]{0,20}\b(?:to )?(?:deliver|reach|send)|deliver\w*(?: [\w']+){0,4} (?:fail|problem|error|abort)|did not reach|return(?:ed|ing)? (?:mail|message|to (?:you|sender))|bounce|was (?:rejected|blocked)|no such user|user unknown|unknown user|invalid (?:user )?address|退信|退回|未(?:能)?送达|无法(?:送达|投递|发送)|投递失败|送信できません|配信できません|届け|nicht zugestellt|n'a pas pu être|no se (?:pudo|ha podido)|não (?:pôde|foi)|не (?:может быть|удалось)/iu;
