import type { DeliveryReason } from "../../shared/delivery.ts";

type Words = readonly (readonly [DeliveryReason, RegExp])[];

// Matched against lower-case text on one line, in which every mail address is "@". Within a table the first that matches holds.

/** What can only mean one thing. */
export const SURE_WORDS: Words = [
  ["suppressed", /suppression list|\bsuppressed\b|previously (?:hard )?bounced/u],
  ["virus", /potential security (?:issue|threat)|\bvirus|malware|infected|trojan|\bworm\b|病毒/u],
  ["loop", /too many hops|hop count|mail ?loop|loops? back to|routing loop|forwarding loop|loop detected|looping|delivered-to.{0,20}loop/u],
  [
    "sender-unproven",
    /\bspf\b|\bdkim\b|\bdmarc\b|sender policy framework|sender ?id\b.{0,40}(?:fail|check)|unauthenticated (?:e-?mail|sender|message)|(?:mail|message|sender|domain) (?:is )?(?:not |un)authenticated|fails? (?:sender )?authentication|fake sender/u,
  ],
  [
    "too-many",
    /too (?:many|fast|often|quickly|frequent)|rate[- ]?limit|limit(?:ed)? (?:the )?rate|frequency (?:is )?limit|throttl|(?:unusual|at a) rate|(?:sending|daily|hourly|monthly)\b.{0,24}(?:limit|quota)|(?:limit|quota).{0,24}(?:per (?:day|hour|minute)|sending)|exceed\w*.{0,40}(?:rate\b|connections?\b|messages? per|recipients\b)|maximum (?:number of )?(?:connections|recipients)|concurrent|unexpected volume|\b(?:hl:(?:icc|ifc|mep|rep)|mi:(?:dmc|stc|cel|ccl)|rp:(?:drc|qrc|trc|ccl|cel))\b|频率|发信(?:量|数|过)|连接数|次数.{0,6}(?:过多|超)|too much mail|over the maximum (?:allowed )?rate|number of rcpt.{0,40}(?:threshold|limit|exceed)/u,
  ],
  [
    "mailbox-full",
    /(?:mail ?(?:box|folder|dir(?:ectory)?|drop|file)?|inbox|in-box|account|user|recipient|maildir).{0,50}\b(?:is |are |was |has been )?(?:almost )?full\b(?! (?:details|error|report|text|header|message|copy))|full (?:mailbox|inbox)|over ?(?:the )?(?:disk )?quota|overquota|(?:exceed\w*|over|reached|out of).{0,50}(?:\bquota|(?:storage|disk|mailbox|hard|local|space) (?:space )?(?:limit|allocation|capacity))|quota.{0,40}(?:exceed|full|reached|limit|excess|over)|(?:mailbox|account|user|inbox).{0,60}(?:exceed|over).{0,40}(?:limit|size|space|storage|allowed|quota)|(?:not enough|insufficient|no more|out of) (?:disk |mailbox |storage |mail box |available )?space|(?:mailbox|mail box).{0,30}(?:space|storage).{0,20}(?:not enough|insufficient)|insufficient (?:user )?(?:mailbox )?(?:storage|quota|space)(?! in system)|mailbox.{0,20}too (?:large|big)|(?:空间|容量|邮箱)[^。]{0,12}(?:不足|已?满|超)|満杯|いっぱい|容量.{0,10}(?:超|オーバー)|voll\b|boîte.{0,20}pleine|buzón.{0,20}lleno|caixa.{0,20}cheia|переполнен/u,
  ],
  [
    "too-large",
    /(?:message|mail|e-?mail|attachment|data|content|file)s?\b.{0,40}(?:too (?:large|big)|larger than|bigger than|exceed\w*.{0,40}(?:size|limit|maximum|length))|(?:message|mail|maximum|max|data|attachment)[ -]?(?:allowed |message |mail |file )?size\b.{0,40}(?:exceed|limit|over|larger|too)|exceed\w*.{0,40}(?:message |maximum |max |fixed |allowed |mail )size|size (?:limit|exceeds|violation)|exceeds? (?:the )?(?:maximum|allowed|size)|(?:message|mail|body) (?:is )?too long|too (?:large|big) (?:message|mail|for)|msg(?:size)? (?:too big|exceeds)|length of (?:data|attach).{0,40}threshold|(?:邮件|附件|信件)[^。]{0,10}(?:过大|太大|超过.{0,12}(?:限制|大小))|サイズ.{0,12}(?:超|大き)/u,
  ],
  [
    "mailbox-closed",
    /(?:account|mail ?box|user|recipient|address|domain|mail account|subscriber)\b.{0,60}\b(?:disabled|suspended|suspend|inactive|deactivated|locked|closed|frozen|expired|terminated|discontinued|cancelled|not active|not activated|de-?activated|out of service|blocked (?:for|due|by admin)|temporarily unavailable for)|(?:disabled|suspended|inactive|closed|locked|expired|inactivated|frozen) (?:account|mailbox|user|recipient|mail account|address)|not accepting (?:messages|mail|any)|no longer accept(?:s|ing) (?:mail|e-?mail|messages)|(?:has been|is) inactive|user (?:is )?(?:hangup|forbid)|(?:账号|帐号|账户|帐户|用户|邮箱|信箱)[^。]{0,12}(?:禁用|冻结|停用|锁定|注销|过期|关闭|停止)/u,
  ],
  [
    "moved",
    /(?:user|recipient|address|mailbox|account|e-?mail)\b.{0,50}\bhas (?:moved|changed)|moved to (?:a )?(?:new|another|different|@)|has been changed to|recipient no longer on server|new (?:e-?mail )?address (?:is|:)|has a new (?:e-?mail )?address|been replaced by (?:new )?address|user not local; please try/u,
  ],
  [
    "encryption",
    /starttls|\btls\b.{0,40}(?:required|fail|not (?:available|supported)|negotiation|handshake|encryption)|requires? (?:tls|encryption|ssl)|encryption (?:needed|required)|untrusted.{0,20}certificate|certificate verif/u,
  ],
  [
    "no-mail",
    /null ?mx|does ?n[o']t accept (?:any )?(?:e-?mail|mail)\b|accepts? no mail|(?:host|domain|server) (?:does not|never|doesn't) (?:accept|receive)s? (?:any )?(?:e-?mail|mail)|not accept(?:ing)? mail for this (?:host|domain)|domain is not used for mail/u,
  ],
];

/** What servers usually mean by it. */
export const PLAIN_WORDS: Words = [
  [
    "relaying",
    /relay(?:ing)?\b.{0,30}(?:denied|not (?:permitted|allowed)|prohibited|refused|disabled|rejected)|(?:not permitted|not allowed|unable|refuse[sd]?|cannot|can ?not|won't|will not|do(?:es)? ?n[o']t|no) (?:to )?relay|relay access|rcpthosts|not (?:a |an )?(?:open )?(?:relay|gateway)|(?:isn't|not) in my list of allowed|not (?:a )?local (?:domain|host|account)|isn't a local account|we do not relay|insecure mail relay|转发/u,
  ],
  [
    "sender-blocked",
    /(?<!user in )black ?-?list|block ?-?list|deny ?list|rbl\b|dnsbl|\bsbl\b|spamhaus|spamcop|senderbase|senderscore|cloudmark|reputation|(?:banned|blocked|block|listed|listing|reject\w*|refus\w*|bad|untrusted|suspicious|dynamic|denied)\b.{0,24}\b(?:ip|ips|client|network|netblock|host)\b|\b(?:ip|ips|client|network|netblock|sending host|remote ip|host network|mail server|your (?:server|host))\b.{0,60}(?:banned|blocked|block|listed|refused|not allowed|not authori[sz]ed|denied|rejected|forbidden|bad|abus|dynamic|hangup|invalid|poor)|reverse (?:dns|look|address|host)|reverse mapping|\bptr\b|\brdns\b|no reverse|invalid ip\b|dynamic (?:address|range|pool)|dial-?up|residential|\bhl:(?:ihu|ipb|itc)\b|\bdt:rbl\b|\bwm:bl|user complaints|smtp (?:server )?of your (?:isp|provider)|(?:use|through|contact) (?:the )?(?:smtp server of )?your (?:isp|provider|internet service|service provider)|\b(?:helo|ehlo)\b.{0,60}(?:reject|invalid|denied|refused|not|bad|must)|blocked (?:using|by|for)|access from your|connections? (?:from|not accepted|rejected|refused by policy)|黑名单|屏蔽|封锁/u,
  ],
  [
    "spam",
    /\bspam|anti-?spam|spammy|\bdt:spm\b|suspected|junk|unsolicited|\buce\b|\bube\b|bulk (?:e-?)?mail|content (?:is )?(?:rejected|reject|denied|refused|filter|blocked|spam)|content[ -]?filter|(?:mail|message|email) content|message (?:was )?(?:rejected|refused|blocked|content rejected|discarded).{0,50}(?:content|filter|scan)|rejected.{0,30}\bcontent|looks like|suspicious|phish|fraud|rejected for (?:containing|bulk)|垃圾|反垃圾|迷惑メール|message contains? (?:a )?(?:url|link|domain)|domain.{0,20}in (?:the )?(?:message|body).{0,20}(?:list|block)|surbl|uribl|dbl\b/u,
  ],
  [
    "filtered",
    /restricted|only accepts? (?:e-?mails?|mail|messages)|not (?:authori[sz]ed|permitted|allowed|have permission) to (?:send|post|mail|write|deliver)(?! (?:as|from)\b)|no permission|permission to (?:send|post)|(?:don't|do not) have (?:the )?(?:necessary )?permission|(?:blocked|rejected|refused|declined|filtered) by (?:the )?(?:recipient|user|domain filter|receiver|addressee|moderator|group|list|owner)|recipient (?:has )?(?:rejected|refused|refuses|declin|does not accept|is not accepting|does not want)|(?:user|recipient|mailbox)\b.{0,30}(?:filter|refus|reject(?!ed: )|not want)|\bfiltered\b|not (?:a )?(?:member|subscriber)|members? only|moderated|sender not authenticated for relay|delivery not authori[sz]ed|投稿する権限|权限|拒收|拒绝接收|白名单|white ?list|受信拒否|each of the following recipients was rejected|resolver\.rst\.|user in blacklist/u,
  ],
  [
    "sender-refused",
    /(?:sender|envelope from|mail ?from|from address|return[- ]path|originator|reverse-path)\b.{0,50}(?:reject|den(?:y|ied)|refus|invalid|unknown|block|not (?:exist|found|valid|allowed|authori[sz]ed|permitted|accept|local|verif)|does(?:n't| not)|misconfig|must|fail|verif|unresolv|null)|(?:invalid|bad|unknown|unverified|null|forged) (?:sender|from address|return path|envelope sender)|(?:verify|verification|callout|callback).{0,40}(?:sender|failed)|sender (?:address )?rejected|domain of sender|rejected.{0,20}\bsender\b|not (?:owned by|allowed to send as)|send (?:mail )?as\b|\bdt:sum\b|mail from must equal|发件人[^。]{0,14}(?:拒|无效|不存在|黑名单|错误)|发信(?:人|地址)[^。]{0,14}(?:拒|无效|伪)|your (?:e-?mail |mail )?(?:address|domain)\b.{0,40}(?:rejected|blocked|denied|refused|not (?:allowed|permitted))|not accept.{0,30}from your (?:domain|address)/u,
  ],
  [
    "domain-unknown",
    /host (?:or domain name )?(?:not found|unknown|is unknown)|(?:unknown|no such|invalid|bad|nonexistent|illegal) (?:host|domain|destination host)|(?<!sender )(?<!sender address rejected: )(?:domain|hostname|dns|mx record)\b.{0,40}(?:not (?:be )?(?:found|exist|valid)|unknown|invalid|does ?(?:not|n'?t) exist|non-?existent|no mail|cannot be (?:found|resolved)|couldn't be found|not resolve|query error|resolve error)|nxdomain|name service error|name server.{0,30}(?:not found|unknown|host)|couldn't find (?:any host|a mail exchanger|any)|could not (?:find|resolve|look ?up).{0,30}(?:host|domain|mx|exchanger|gateway)|no (?:mx|mail exchanger|valid mx|mail server|dns)|(?:all )?(?:relevant )?mx records? .{0,40}(?:non-?existent|invalid|not)|mx record points to|host lookup|lookup fail|address lookups? fail|unable to (?:resolve|find|look ?up)|(?<![45]\d\d[- ])(?<![45]\d\d [\d.]{5,9} )unrout(?:e)?able (?:mail |address|domain)|bad destination (?:system|host)|destination (?:domain|computer|host).{0,30}(?:not|unknown)|invalid (?:mx|top-?level)|域名[^。]{0,14}(?:不存在|错误|无效|找不到|无法|不正确|不可识别|未)|主机[^。]{0,10}(?:不存在|找不到|未知)/u,
  ],
  [
    "address-unknown",
    /recipient address rejected: access denied|several matches|\b550 requested action not taken\b(?!: \w)|\brc:(?:ne|ld)\b|(?:user|recipient|mail ?box|account|address|addressee|alias|local part|person|customer|group|distribution list|e-?mail)s?\b.{0,70}?\b(?:unknown|not (?:be )?(?:found|exist|known|recogni[sz]ed|listed|valid|local|available|match|registered|here)|isn't (?:valid|found|listed|known)|wasn't found|couldn't be found|could not be found|cannot be found|does(?:n't| not) (?:exist|have)|do(?:n't| not) exist|does no exist|doesnt exist|is invalid|invalid|no longer (?:exists?|active|available|valid|here|in use|with us|employed)|no exist|nonexist\w*|incorrect|undeliverable|never existed|is gone)|(?:unknown|unrecogni[sz]ed|invalid|incorrect|illegal|nonexistent|non-existent|bad|wrong|unavailable|undefined) (?:or illegal )?(?:user|recipient|mail ?box|account|address|addressee|local|e-?mail|alias|mail user|rcpt|destination mailbox|destination address|to address|final|virtual|customer|recip)|(?:there is )?no (?:such |valid )?(?:user|recipient|mail ?box|addressee|person|account|address|local|mailaddress|customer|alias|rcpt|recipient found|mail drop|object|virtual user)s?\b|nosuchuser|no one here|not (?:a |our |an? )?(?:valid|known|existing) (?:user|recipient|mail ?box|address|account|customer|e-?mail)|not (?:our|a) (?:customer|user|mailbox)|invalid rcpt|recip(?:ient)?notfound|bad destination|name is not recogni[sz]ed|unknown recipient|unknown-?user|no user\b|user'?s? .{0,20}not found|(?:收件人|收信人|用户|用戶|邮箱|邮件地址|地址|帐号|账号|该邮箱|信箱)[^。]{0,20}(?:不存在|未找到|找不到|没有找到|错误|无效|有误|不正确|未开通|未注册|尚未)|存在しない|見つかりません|宛先.{0,12}(?:不明|間違)|nicht gefunden|existiert nicht|unbekannt|inconnu|n'existe pas|destinataire.{0,20}invalide|no existe|desconocid|não existe|desconhecid|sconosciut|inesistente|не существует|не найден|bestaat niet|onbekend/u,
  ],
  [
    "format",
    /syntax error|bad syntax|invalid (?:syntax|header|message format|date|character)|malformed|rfc ?-?\d{3,4}|not (?:rfc|compliant)|non-?compliant|bad (?:address|recipient|message) syntax|(?:header|from:?|date|message-id|subject)\b.{0,30}(?:missing|duplicate|required|not valid|malformed|multiple)|(?:missing|multiple|duplicate|invalid|improper) (?:header|from|date|message-id|subject|to)\b|bare (?:lf|newline|cr)|line(?:s)? (?:is |are )?too long|8bit|smtputf8|conversion (?:required|not)|charset|encoding not|mime\b.{0,30}(?:error|invalid|violation)|command (?:unrecognized|not (?:recognized|implemented))|unrecognized command|格式[^。]{0,8}(?:错误|不正确|有误)|语法/u,
  ],
  [
    "unreachable",
    /connect(?:ion)?s?\b.{0,90}(?:time[d]?[- ]?out|refused|failed|reset|lost|closed|dropped|broken|unreachable|aborted)|(?:timed? ?out|timeout)\b|network (?:is )?(?:unreachable|error|failure|down)|no route to host|lost connection|(?:could not|couldn't|unable to|cannot|can't|wasn't able to|failed to) (?:connect|establish|reach|contact)|host.{0,40}(?:unreachable|down|not respond|is not available)|did(?:n't| not) respond|not (?:answering|responding|reachable)|no (?:answer|response) from|server.{0,30}(?:down|not available|unavailable|not respond)|(?:message|delivery|mail)\b.{0,30}(?:expired|expire|time(?:d)? (?:out|expired))|in (?:the )?queue (?:too|for too) long|been in the queue|retry (?:time|timeout|limit|count)|giving up|(?:cannot|could not) (?:be )?(?:send|sent|deliver|delivered).{0,30}(?:for|within|after) (?:more than )?(?:\d+|several|the last|past|the specified)|too long|smtp connection|no smtp connection|failing for a long time|requests? to connect|\d+ attempts|unable to deliver.{0,30}(?:after|multiple|retries)|连接[^。]{0,12}(?:超时|失败|断开|拒绝)|超时|无法连接|網絡|网络/u,
  ],
  [
    "policy",
    /\bpolic(?:y|ies)\b|prohibited|not acceptable|attachment.{0,40}(?:not allowed|not permitted|block|type|forbidden|denied|removed)|(?:executable|file ?type|extension).{0,30}(?:not|block|forbid|denied)|banned (?:content|file|attachment)|security (?:reason|violation|policy|check|threat)|administrative(?:ly)? (?:prohibit|den|reject|block)|access (?:is )?denied|compliance|guidelines|forbidden|not authori[sz]ed|unauthori[sz]ed|authentication (?:required|needed|failed)|违反|策略|敏感|禁止/u,
  ],
  [
    "server-trouble",
    /system (?:error|failure|not|is|problem|resources|storage|full)|insufficient system|local (?:configuration )?(?:error|problem|policy error)|(?:internal|unexpected|server|upstream|configuration|i\/o|processing|protocol|database|ldap|temporary|transient|software|general|local delivery) (?:server )?(?:error|failure|problem|exception)|error in processing|service (?:is )?(?:temporarily |currently )?(?:unavailable|not available)|temporar(?:y|ily)|(?:out of|insufficient|low on|no) (?:memory|resources|disk|system storage|free space)|disk (?:is )?full|(?:command|program|process|script|mailer|filter|pipe|agent)\b.{0,30}(?:died|failed|error|output|exit|returned|crash)|procmail|misconfigur|can(?:'t|not) (?:create|open|write|lock|execute|append)|couldn't create|unable to (?:create|open|write|lock|store)|mailer error|local delivery failed|server (?:is )?(?:busy|overload)|overload|try again|greylist|graylist|系统[^。]{0,8}(?:错误|繁忙|异常|故障)|服务器[^。]{0,10}(?:错误|繁忙|忙|异常)|稍后/u,
  ],
];

/** Words that fit many causes: better than nothing. */
export const WEAK_WORDS: Words = [
  [
    "address-unknown",
    /recipient (?:address )?(?:was |is )?(?:rejected|refused|denied)|address(?:es)? (?:was |is |were )?(?:rejected|refused|undeliverable)|mailbox (?:is )?(?:currently )?unavailable|mailbox not (?:available|accessible)|rcpt(?: to)? .{0,20}reject|check (?:the |your |for )?(?:recipient|address|typo|e-?mail address)|user\b.{0,20}reject|not deliver\w* to (?:this|that) address|requested action not taken/u,
  ],
  [
    "policy",
    /(?:message|mail|transaction) (?:was )?(?:rejected|refused|denied|not accepted|blocked)|reject(?:ed|ion)?\b|refused|denied|blocked/u,
  ],
  ["unreachable", /\bexpired\b|delayed|delay\b|\bqueue|network|connection/u],
];
