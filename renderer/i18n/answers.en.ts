import type { AnswerId } from "../../shared/answers/table.ts";

/** What each known answer of shared/answers means: the cause in the first sentence, then what to do. The mend has its button beside it. */
export const answersEn = {
  "dns-servfail":
    "The name service cannot answer for {{host}} right now. This is a fault of the network or of the provider’s name servers; Satchel asks again by itself.",
  "dns-silent":
    "The name service of this network does not answer. Check the network connection, or choose another DNS server in the system’s settings.",
  "dns-no-address":
    "{{host}} exists but has no address. The name is probably that of a domain and not of its mail server: look it up at your provider.",
  "dns-unknown": "There is no server of the name {{host}}. Look for a slip of the pen in it.",
  "dns-sinkhole":
    "This network answers for {{host}} with an address of its own. It may want a sign-in in your browser first, or it filters mail.",
  "ipv6-only-here":
    "{{host}} has an IPv6 address only, and this network has no IPv6. Another network will do, or ask the provider for an IPv4 address.",
  "ipv6-broken":
    "The way to {{host}} over IPv6 is broken, over IPv4 it works. Satchel takes the one that works; whoever runs this network can mend the other.",
  "port-25-blocked": "Port 25 is for servers among themselves, and most networks block it. Mail programs send over 465 or 587.",
  "port-465-blocked": "This network lets nothing through to port 465 of {{host}}. The other door of the same server, 587, is often open.",
  "port-587-blocked": "This network lets nothing through to port 587 of {{host}}. The other door of the same server, 465, is often open.",
  "port-mail-blocked":
    "This network lets nothing through to port {{port}} of {{host}}. Guest and company networks often block mail: another port or another network may do.",
  "port-465-closed": "{{host}} does not serve port 465. Try 587 with STARTTLS.",
  "port-587-closed": "{{host}} does not serve port 587. Try 465 with TLS.",
  "port-tls-closed": "{{host}} does not serve port {{port}}. Another port may be the right one.",
  "bridge-not-running":
    "Nothing answers at port {{port}} of this computer. If the mailbox is reached through a bridge program, such as Proton Mail Bridge, start that first.",
  "network-sign-in":
    "Something else answers in the place of {{host}}: the network wants a sign-in in your browser. Nothing was sent; Satchel goes on by itself after that.",
  "web-server-answers":
    "A web server answers where the mail server should be. Either the network wants a sign-in in your browser first, or the port is that of a web site.",
  "ssh-answers": "A remote login service (SSH) answers at this port, no mail server. Check the port.",
  "ftp-answers": "A file server (FTP) answers at this port, no mail server. Check the port.",
  "smtp-answers-imap":
    "An outgoing server (SMTP) answers where the incoming one should be. The two have been mixed up, or the port is wrong.",
  "imap-answers-smtp": "An IMAP server answers where another kind of server should be. The port is the wrong one.",
  "pop3-answers-imap": "A POP3 server answers where another kind of server should be. The port is the wrong one.",
  "tls-expected":
    "{{host}} waits in silence at port {{port}}: there TLS begins with the first byte, not with STARTTLS. Choose TLS for this port.",
  "server-silent": "{{host}} takes the connection and then says nothing. It is overloaded, or something on the way answers in its place.",
  "server-turns-away": "{{host}} hung up before greeting. It turns this address away for now, or a firewall on the way cuts mail off.",
  "tls-cut":
    "The connection to {{host}} was cut while encryption began. That is typical of a firewall or filter on the way that does not let this server through.",
  "antivirus-avast":
    "Avast on this computer opens the encrypted connection to {{host}} to scan mail, and shows a certificate of its own. Switch that scan off (Menu → Settings → Protection → Core Shields → Mail Shield), then try again; mail is scanned when it is saved all the same.",
  "antivirus-kaspersky":
    "Kaspersky on this computer opens the encrypted connection to {{host}} to scan mail, and shows a certificate of its own. Switch that scan off (Settings → Network settings → Encrypted connections), then try again; mail is scanned when it is saved all the same.",
  "antivirus-eset":
    "ESET on this computer opens the encrypted connection to {{host}} to scan mail, and shows a certificate of its own. Switch that scan off (Advanced setup → Protections → SSL/TLS), then try again; mail is scanned when it is saved all the same.",
  "antivirus-bitdefender":
    "Bitdefender on this computer opens the encrypted connection to {{host}} to scan mail, and shows a certificate of its own. Switch that scan off (Protection → Online Threat Prevention → Encrypted web scan), then try again; mail is scanned when it is saved all the same.",
  "antivirus-norton":
    "Norton on this computer opens the encrypted connection to {{host}} to scan mail, and shows a certificate of its own. Switch that scan off (Settings → Antivirus → Email protection), then try again; mail is scanned when it is saved all the same.",
  "antivirus-drweb":
    "Dr.Web on this computer opens the encrypted connection to {{host}} to scan mail, and shows a certificate of its own. Switch that scan off (Settings → Network → Secure connections), then try again; mail is scanned when it is saved all the same.",
  "antivirus-gdata":
    "G DATA on this computer opens the encrypted connection to {{host}} to scan mail, and shows a certificate of its own. Switch that scan off (Settings → Antivirus → E-mail check), then try again; mail is scanned when it is saved all the same.",
  "company-inspection":
    "A security device of this network ({{issuer}}) opens encrypted connections. Your administrator can exempt {{host}} or install the device’s certificate on this computer.",
  "clock-behind":
    "This computer’s clock is {{minutes, span}} slow, so that certificates seem to begin in the future and sign-ins fail. Set the clock, best by itself from the network, then check again.",
  "clock-ahead":
    "This computer’s clock is {{minutes, span}} fast, so that certificates seem to have run out and sign-ins fail. Set the clock, best by itself from the network, then check again.",
  "certificate-future":
    "The certificate of {{host}} is not valid yet. Most often this computer’s clock is behind: look at its date. Nothing was sent.",
  "certificate-ran-out":
    "The certificate of {{host}} ran out on {{until}}. Nothing was sent. Whoever runs the server has to renew it; check this computer’s date as well.",
  "certificate-other-name":
    "The certificate of {{host}} is made out for {{names}}. Nothing was sent. If that is your provider, enter this name as the server.",
  "certificate-of-bridge":
    "The bridge program on this computer signs its own certificate. Nothing was sent. Compare its fingerprint with what the bridge shows.",
  "certificate-own":
    "{{host}} vouches for itself only, as home and test servers do. Nothing was sent. If the server is yours, look at its certificate and compare the fingerprint.",
  "chain-incomplete":
    "{{host}} leaves out the certificate in between that leads to a known authority ({{issuer}}). Nothing was sent. Whoever runs the server has to add the intermediate certificate.",
  "authority-unknown":
    "The certificate of {{host}} comes from an authority that this computer does not know. Nothing was sent. Companies and schools run authorities of their own: your administrator has its certificate.",
  "tls-on-plain-port":
    "{{host}} does not speak TLS from the first byte at port {{port}}. 143, 110 and 587 want STARTTLS; 993, 995 and 465 want TLS.",
  "tls-not-spoken": "What answers at port {{port}} of {{host}} does not speak TLS. Another port or kind of security may be the right one.",
  "starttls-stripped":
    "{{host}} should offer encryption at port {{port}} and does not: something on the way may have cut it out. Your password was not sent. The port that is encrypted from the first byte is safe from that.",
  "tls-outdated":
    "{{host}} speaks outdated encryption only (older than TLS 1.2). Nothing was sent. Whoever runs the server has to update it.",
  "clock-token":
    "The sign-in was refused because the clocks differ: a token is valid for minutes only. Set this computer’s clock, then try again.",
  "qq-code": "QQ Mail wants an authorization code here, not the QQ password. Make one in QQ Mail’s settings and enter it.",
  "qq-five-reasons":
    "QQ Mail did not let you in. Nearly always the authorization code is missing, mistyped or was withdrawn, as happens when the QQ password changes: make a new one and enter it.",
  "qq-service-off":
    "The IMAP/SMTP service is switched off for this QQ mailbox. Switch it on in QQ Mail’s settings; that also makes the authorization code.",
  "exmail-busy":
    "Tencent Exmail did not let you in. With safe sign-in switched on it wants a client password, not the mailbox password; the company may also have switched off mail programs.",
  "qq-from-other": "QQ Mail sends only from the address that has signed in. Choose that address as the sender.",
  "qq-content": "Tencent takes the content of this message for unwanted mail. Change text, links or files, or send it to fewer people.",
  "qq-sender-rate":
    "Tencent limits how often you may send and has stopped for now: for minutes, hours or until tomorrow. What waits goes out later.",
  "qq-recipient-busy": "Tencent shields this recipient for a while because much mail came at once. Try again later.",
  "qq-recipient-rejects": "The recipient’s own rules turn your mail away. Reach them another way.",
  "qq-suspected": "Tencent suspects the sending domain of spam. Whoever runs the domain can ask Tencent to look again.",
  "qq-from-header": "The From line is not to Tencent’s liking. Choose a sender with a plain name and try again.",
  "netease-unsafe-login":
    "NetEase took Satchel for an unknown program and lets no folder be opened. Satchel introduces itself at every sign-in; try again, and if it stays so, allow it in the web mail.",
  "netease-code":
    "NetEase wants an authorization code, not the mail password. Make one in the web mail’s settings (POP3/SMTP/IMAP) and enter it.",
  "netease-no-permission":
    "This NetEase mailbox does not let mail programs send. Switch on SMTP in the web mail’s settings and use an authorization code.",
  "netease-locked": "NetEase has locked this mailbox. Sign in to the web mail, where it says why and how to unlock it.",
  "netease-too-many-failures": "NetEase closed the door after too many failed sign-ins. Wait an hour, then enter the authorization code.",
  "netease-from-other": "The server sends only from the address that has signed in. Choose that address as the sender.",
  "netease-spam":
    "NetEase takes this message for spam (DT:SPM). Change subject, text, links or files; sending it again unchanged makes it worse.",
  "netease-envelope":
    "NetEase found that sender or recipients in the message differ from those handed over (DT:SUM). Choose your own address as the sender and look at the recipients.",
  "netease-day-limit": "You have sent as much as NetEase allows in a day (MI:STC). The rest goes out tomorrow.",
  "netease-rate": "You send faster than NetEase allows (MI:SFQ, RP:QRC). It goes on by itself in a quarter of an hour.",
  "netease-recipients": "There are more recipients than NetEase allows (RP:RCL, RP:TRC). Send to fewer, or the rest tomorrow.",
  "netease-spf":
    "NetEase refuses it because the sender’s domain does not allow this server to send for it (MI:SPF). Whoever runs the domain has to correct its SPF record.",
  "netease-dmarc": "NetEase refuses it because of the rules of the sender’s domain (MI:DMA, DMARC). Send over the server of that domain.",
  "netease-address":
    "NetEase does not take mail from this network for now (HL:…): its address sent too much or stands on a list. Another network may do; it passes by itself.",
  "netease-restricted": "This recipient takes mail from chosen senders only (RP:FRL).",
  "netease-attachment": "NetEase does not take a file of this kind. Take it out, or pack it differently.",
  "aliyun-code": "Alibaba Mail wants a client password of its own once safe sign-in is on. Make one in its web mail and enter it.",
  "aliyun-locked": "Alibaba Mail has locked the sign-in of mail programs after failed tries. Sign in to the web mail to unlock it.",
  "sina-off": "Sina wants POP3/SMTP or IMAP to be switched on in its web mail first, and an authorization code instead of the password.",
  "sina-code": "Sina wants an authorization code, not the mail password. Make one in its web mail’s client settings.",
  "mobile139-code":
    "139 Mail wants an authorization code, not the password. Make one in its web mail: Settings → Account → Authorization code.",
  "sohu-code": "Sohu and 189 Mail want a code made for mail programs, not the password. Make one in the web mail’s settings.",
  "gmail-app-password": "Google wants an app password here, since two-step sign-in is on. Make one on its page and enter it.",
  "gmail-web-login": "Google wants you to sign in to the web mail once and confirm that it was you. Then try again.",
  "gmail-imap-off": "IMAP is switched off in this Gmail account. Switch it on: Gmail → Settings → Forwarding and POP/IMAP.",
  "gmail-pop-off": "POP3 is switched off in this Gmail account. Switch it on: Gmail → Settings → Forwarding and POP/IMAP.",
  "gmail-domain-imap-off": "Your organisation has switched IMAP off for its Google accounts. Its administrator can allow it.",
  "gmail-credentials":
    "Google does not accept this password. Mail programs need an app password of 16 letters, not the Google password; one that was made before a change of the Google password no longer counts.",
  "gmail-disabled": "Google has disabled this account. Its page says why, and how to get it back.",
  "gmail-connections":
    "Google allows 15 connections to a mailbox at a time. Close another mail program or phone; Satchel comes back by itself.",
  "gmail-bandwidth":
    "Google’s limit of downloads for a day is reached. It opens again within 24 hours, and Satchel goes on where it stopped.",
  "gmail-login-attempts": "Google saw too many sign-ins in a short time. Leave it alone for some minutes.",
  "gmail-day-limit": "You have sent as much as Google allows in a day. It takes mail again within 24 hours, and what waits goes out then.",
  "gmail-unauthenticated":
    "Google refuses mail from this address because it cannot be verified (neither SPF nor DKIM). Send over the server of your own domain, or have its records set.",
  "gmail-dmarc":
    "The rules of the sender’s domain (DMARC) forbid that this server sends for it. Send over the provider that this address belongs to.",
  "gmail-unsolicited": "Google takes this message for unwanted mail. Change text or links, and write to people who know you first.",
  "gmail-attachment": "Google takes no programs, scripts or locked archives as attachments. Take the file out, or share it as a link.",
  "gmail-no-ptr": "The sending server has no name of its own (PTR record), so Google refuses it. Whoever runs that server has to set it.",
  "ms-smtp-tenant-off":
    "Your organisation has switched off sending with mail programs (SMTP AUTH) at Microsoft. Its administrator can allow it for your mailbox.",
  "ms-smtp-mailbox-off":
    "Sending with mail programs (SMTP AUTH) is switched off for your mailbox at Microsoft. The administrator can switch it on.",
  "ms-security-defaults": "Your organisation’s security defaults let no program sign in with a password. Sign in in the browser instead.",
  "ms-basic-off": "Microsoft lets no program sign in with a password any more. Sign in in the browser instead.",
  "ms-criteria":
    "A rule of your organisation at Microsoft (conditional access) turned this sign-in away. Its administrator can see which one.",
  "ms-credentials": "Microsoft does not accept this sign-in. Passwords no longer do here: sign in in the browser.",
  "ms-not-authenticated": "Microsoft wants a sign-in before it takes mail. Sign in again.",
  "ms-send-as":
    "This Microsoft account may not send as this address. Choose its own address as the sender, or ask the administrator for the right to send as the other.",
  "ms-connections": "Microsoft takes three messages at a time from a mailbox. Satchel sends one after the other and goes on by itself.",
  "ms-not-connected":
    "You are signed in, but IMAP or POP3 is switched off for this mailbox at Microsoft. Switch it on: Outlook on the web → Settings → Mail → Forwarding and IMAP; in companies the administrator does it.",
  "ms-throttled": "Microsoft asks for a pause because of many requests. Satchel waits as long as it says.",
  "ms-quota-day": "You have sent as much as Microsoft allows in a day. What waits goes out tomorrow.",
  "ms-outbound-spam":
    "Microsoft has stopped this account from sending because it suspects misuse. Change the password; the administrator can release it.",
  "ms-address-banned":
    "Microsoft does not take mail from the address of this network. Another network may do; a provider’s server never has this trouble.",
  "ms-recipient-unknown": "Nobody has this address at that organisation. Look for a slip of the pen.",
  "ms-recipient-denied":
    "The recipient’s organisation does not take mail for this address. Look at the part after the @ and ask for the right address.",
  "ms-group-closed": "This group takes mail from inside its organisation only. Ask one of its members.",
  "ms-relay":
    "This server takes no mail for other domains from you. You have not signed in, or this is not the outgoing server of your account.",
  "aadsts-50126": "Microsoft does not accept this user name or password. Enter it again in the browser. (AADSTS50126)",
  "aadsts-50053":
    "Microsoft has locked the account for a while after too many wrong tries, or does not trust this network. Wait, or use another network. (AADSTS50053)",
  "aadsts-50055":
    "The password of this Microsoft account has run out. Choose a new one on Microsoft’s page, then sign in again. (AADSTS50055)",
  "aadsts-50057": "Your organisation has disabled this account. (AADSTS50057)",
  "aadsts-50034": "Microsoft knows no account of this name in your organisation. Choose the right account in the browser. (AADSTS50034)",
  "aadsts-50020":
    "The account chosen in the browser belongs to another organisation. Sign in again with the account of this mailbox. (AADSTS50020)",
  "aadsts-50076": "Your organisation asks for a second step. Sign in again in the browser and confirm it there. (AADSTS50076)",
  "aadsts-50079": "Your organisation asks you to set up a second step for signing in. The browser leads you through it. (AADSTS50079)",
  "aadsts-50105": "Your organisation has not given you the right to use this program with its accounts. (AADSTS50105)",
  "aadsts-53000": "Your organisation lets in devices it manages only, and this is none. Its administrator can enrol it. (AADSTS53000)",
  "aadsts-53003":
    "A rule of your organisation (conditional access) does not allow this sign-in. Its administrator sees which one. (AADSTS53003)",
  "aadsts-65001": "Your consent that Satchel may read and send mail is missing. Sign in again and give it in the browser. (AADSTS65001)",
  "aadsts-65004": "You declined that Satchel may use the mailbox. Sign in again and accept, if you want it after all. (AADSTS65004)",
  "aadsts-90094": "Your organisation wants its administrator to approve this program first. (AADSTS90094)",
  "aadsts-700016":
    "Microsoft does not know the client id that Satchel was given, at least not in your organisation. Check it in the settings. (AADSTS700016)",
  "aadsts-7000218":
    "The client id belongs to a web application. It has to be registered as a public client (mobile and desktop). (AADSTS7000218)",
  "aadsts-50011":
    "The redirect address is not registered for this client id. Add http://localhost as a redirect for desktop programs. (AADSTS50011)",
  "aadsts-700082": "The sign-in has run out because it was not used for long. Sign in again. (AADSTS700082)",
  "aadsts-50173": "The sign-in ended because the password was changed or access was taken back. Sign in again. (AADSTS50173)",
  "aadsts-70008": "The sign-in has run out. Sign in again. (AADSTS70008)",
  "aadsts-54005": "This answer of the browser was used already. Begin the sign-in anew. (AADSTS54005)",
  "aadsts-90002": "Microsoft knows no organisation of this domain. Look for a slip of the pen in the address. (AADSTS90002)",
  "aadsts-90033": "Microsoft’s sign-in is out of order for the moment. Satchel tries again by itself. (AADSTS90033)",
  "aadsts-50196": "Microsoft stopped this sign-in because it was asked too often. Wait some minutes. (AADSTS50196)",
  "aadsts-other":
    "Microsoft refused the sign-in for a reason of its own, named below. Sign in again; if it stays so, your administrator can look the number up.",
  "yahoo-app-password":
    "Yahoo and AOL let mail programs in with an app password only. Make one on the account’s security page and enter it.",
  "yahoo-locked": "Yahoo has locked the sign-in after too many wrong tries. Sign in on the web once, then try again.",
  "yahoo-deferred": "Yahoo holds mail from this server back because of complaints or much mail at once (TSS). It is tried again by itself.",
  "yahoo-policy": "Yahoo does not take this message because of its rules against spam. Change text and links, and try again later.",
  "icloud-app-password": "iCloud lets mail programs in with an app-specific password only. Make one at account.apple.com and enter it.",
  "icloud-policy": "Apple does not take this message because of its content. Change text and links, and try again.",
  "icloud-from": "iCloud sends from your own iCloud addresses only. Choose one of them as the sender.",
  "yandex-off":
    "Yandex refuses: the app password is wrong, or mail programs are not allowed yet. Allow IMAP in Yandex Mail’s settings (Email clients), then use an app password.",
  "yandex-app-password": "Yandex lets mail programs in with an app password only. Make one (kind: Email) and enter it.",
  "yandex-spam": "Yandex takes this message for spam. Change text and links; it may ask for a captcha in its web mail.",
  "mailru-app-password": "Mail.ru wants a password for external programs. Make one in its settings (Security) and enter it.",
  "gmx-off":
    "GMX and WEB.DE let mail programs in only after you have allowed it: E-Mail → Settings → POP3 & IMAP. It can take some minutes to work.",
  "gmx-credentials":
    "GMX and WEB.DE refuse: the password is wrong, or mail programs are not allowed yet (E-Mail → Settings → POP3 & IMAP). With two-step sign-in they want an app password.",
  "gmx-policy": "GMX or WEB.DE refuse this message because of their rules. Its words name a page that says which.",
  "zoho-off": "IMAP is switched off in Zoho. Switch it on: Zoho Mail → Settings → Mail accounts → IMAP access.",
  "zoho-app-password":
    "Zoho does not accept this password. With two-step sign-in it wants an app password; accounts of other regions have servers of their own (zoho.eu, zoho.in).",
  "zoho-relay": "Zoho does not send as this address. Choose the mailbox’s own address or one of its aliases as the sender.",
  "zoho-unusual": "Zoho saw unusual sending and has stopped it for now. Sign in to its web mail to release it.",
  "fastmail-app-password":
    "Fastmail lets mail programs in with an app password only. Make one under Settings → Privacy & Security and enter it.",
  "fastmail-from":
    "This server does not let you use this address in the From line. Add it as a sending identity there, or choose another sender.",
  "bridge-password":
    "The bridge program has a password of its own for each mailbox. Copy it from the bridge’s window, not that of your account.",
  "password-change-due": "The server wants you to choose a new password first. Do that in its web mail, then enter the new one here.",
  "account-locked-in": "The server has locked this account. Its operator can unlock it; wrong tries until then prolong it.",
  "account-disabled-in": "The server says that this account is disabled. Ask who runs it.",
  "authorization-failed":
    "The password is right, but this sign-in may not open that mailbox ([AUTHORIZATIONFAILED]). Look at the user name: shared mailboxes often want another one.",
  "contact-admin": "The server asks you to talk to its administrator ([CONTACTADMIN]). Its words are below.",
  "privacy-required": "The server takes no password over an unencrypted line ([PRIVACYREQUIRED]). Choose TLS or STARTTLS.",
  "sign-in-out-of-order": "The server cannot check passwords at the moment; nothing is wrong with yours. Satchel tries again by itself.",
  "server-bug": "The server ran into a fault of its own ([SERVERBUG]). Satchel tries again; if it stays so, tell who runs it.",
  "connections-of-user":
    "The server allows this mailbox no more connections at once. Close other mail programs or phones; Satchel comes back by itself.",
  "pop3-in-use":
    "Another program is in this mailbox ([IN-USE]), and POP3 lets in one at a time. Close it or wait; Satchel tries again by itself.",
  "pop3-login-delay": "The server wants some minutes between two visits ([LOGIN-DELAY]). Satchel keeps to that.",
  "pop3-sys-temp": "The server has a passing fault ([SYS/TEMP]). Satchel tries again by itself.",
  "pop3-sys-perm": "The server has a fault that does not pass by itself ([SYS/PERM]). Tell who runs it.",
  "folder-in-use": "Another program is changing this folder ([INUSE]). Satchel tries again by itself.",
  "folder-corrupt":
    "The server says that this folder is damaged there ([CORRUPTION]). What is on this computer stays; who runs the server can mend it.",
  "mailbox-quota": "The mailbox on the server is full ([OVERQUOTA]). Delete or move mail and empty the trash, then it goes on.",
  "folder-no-right": "You may not do this in this folder ([NOPERM]). Whoever shares it can give you the right.",
  "folder-exists": "There is a folder of this name already ([ALREADYEXISTS]).",
  "alert-from-server": "The server has something to tell you ([ALERT]). Its words are below.",
  "exchange-busy": "The Exchange server has no mailbox store for you at the moment. Satchel tries again; your administrator knows of it.",
  "exchange-state": "The Exchange server lost its place in the conversation. Satchel connects anew by itself.",
  "exim-credentials": "The server does not accept this user name and password. Many want the whole address as the user name: look at both.",
  "user-unknown-in": "The server knows no user of this name. It may want the whole address, or only the part before the @.",
  "auth-not-offered": "The server offers no sign-in at this port. Port 25 is for servers among themselves; mail programs use 465 or 587.",
  "auth-required": "The server wants a sign-in before it takes mail. Enter user name and password for the outgoing server.",
  "mechanism-weak": "The server wants a stronger or another way to sign in than Satchel may use here.",
  "too-many-failures": "The server closed the door after failed sign-ins. Wait a while before the next try.",
  greylisting: "The server asks unknown senders to come back in some minutes (greylisting). Satchel does that by itself.",
  blocklist:
    "The address from which this was sent stands on a block list. Send over your provider’s server; whoever runs this one can have it removed.",
  "spf-refused":
    "The domain of the sender does not allow this server to send for it (SPF). Send over the domain’s own server, or have the record corrected.",
  "dmarc-refused":
    "The rules of the sender’s domain (DMARC) tell servers to refuse this. Send over the provider that the address belongs to.",
  "dkim-refused": "The signature of the sender’s domain (DKIM) is missing or broken. The provider you send over has to mend it.",
  "reverse-name": "The recipient’s server cannot find a name for the address from which this came. Send over your provider’s server.",
  "helo-refused":
    "The server does not like how this computer introduces itself (HELO). It is probably no server for mail programs: check the outgoing server.",
  "relay-denied":
    "This server does not pass mail on for you. Either you have not signed in, or it is not the outgoing server of your account.",
  "sender-not-yours": "The server does not let you send as this address: it belongs to another sign-in. Choose another sender.",
  "sender-domain": "The domain of the sender’s address does not exist or takes no mail. Choose another sender.",
  "recipient-unknown": "There is no mailbox of this name. Look for a slip of the pen, or ask for the right address.",
  "recipient-moved": "This recipient has moved to another address; the server’s words may name it.",
  "recipient-domain": "The part after the @ is no domain that takes mail. Look for a slip of the pen.",
  "recipient-disabled": "This mailbox is no longer in use and takes nothing. Ask for another address.",
  "recipient-syntax": "The server cannot read this address. Look for blanks, commas and missing parts.",
  "address-not-ascii": "The recipient’s server takes addresses in plain letters only. Ask for one without accents or Chinese characters.",
  "recipient-busy": "This recipient gets more mail just now than their server allows. It is tried again by itself.",
  "recipient-full": "The recipient’s mailbox is full. Tell them another way; Satchel can try again later.",
  "recipients-too-many": "This is more recipients than the server takes in one message. Send it to fewer, or to each one separately.",
  "size-limit": "The message is larger than the server takes. Make the files smaller, share them as links, or send them in parts.",
  "virus-found": "The server found a virus in this message. Check the attached file with a scanner and take it out.",
  "attachment-kind": "The server takes no files of this kind. Take it out, pack it differently, or share it as a link.",
  "spam-refused": "The server takes this message for spam. Change subject, text or links; sending it again unchanged makes it worse.",
  "tls-wanted": "The server takes mail over encrypted lines only. Choose TLS or STARTTLS for it.",
  "server-disk-full": "The server has no room at the moment. Satchel tries again by itself.",
  "server-misconfigured": "The server has a fault in its own configuration. Satchel tries again; tell who runs it.",
  "server-busy": "The server is busy or being mended. Satchel tries again by itself.",
  "network-of-server": "The next server on the way cannot be reached at the moment. Satchel tries again by itself.",
  "rate-limit": "You send faster than the server allows. Satchel slows down and goes on by itself.",
  "policy-refused": "A rule of the server forbids this message (5.7.1). Its words below say which.",
} as const satisfies Record<AnswerId, string>;
