/**
 * What a person reads in each public bounce: recipient and reason. "-": no report of delivery. Recipients of one message have one
 * line each. Where two readings are right, the second stands behind a slash.
 */
export const BOUNCE_TRUTH = `
bounces/sisimai/bounce/arf-01.eml -
bounces/sisimai/bounce/lhost-activehunter-01.eml kijitora@example.org address-unknown
bounces/sisimai/bounce/lhost-amavis-01.eml neko@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-amazonses-01.eml shironeko@example.co.jp policy
bounces/sisimai/bounce/lhost-amazonworkmail-01.eml kijitora@example.jp address-unknown
bounces/sisimai/bounce/lhost-apachejames-01.eml 000000000000@vtext.example.com address-unknown
bounces/sisimai/bounce/lhost-barracuda-01.eml kijitora@example.org spam
bounces/sisimai/bounce/lhost-biglobe-01.eml postmaster@mxr.biglobe.ne.jp mailbox-full
bounces/sisimai/bounce/lhost-courier-01.eml kijitora@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-domino-01.eml kijitora@example.jp address-unknown
bounces/sisimai/bounce/lhost-dragonfly-01.eml pseudo-local-part@google.example.com sender-unproven
bounces/sisimai/bounce/lhost-exchange2003-01.eml kijitora@example.jp address-unknown
bounces/sisimai/bounce/lhost-exchange2007-01.eml mikeneko@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-exim-01.eml kijitora@example.ed.jp sender-blocked
bounces/sisimai/bounce/lhost-ezweb-01.eml this-message-rejected-by-the-domain-filter@ezweb.ne.jp filtered
bounces/sisimai/bounce/lhost-gmail-01.eml userunknown@example.jp address-unknown
bounces/sisimai/bounce/lhost-gmx-01.eml shironeko@example.jp mailbox-full
bounces/sisimai/bounce/lhost-googlegroups-01.eml libsisimai@googlegroups.com filtered/address-unknown
bounces/sisimai/bounce/lhost-googleworkspace-01.eml neko-nyaan-cat-meeting@google-groups.example.com server-trouble/sender-refused
bounces/sisimai/bounce/lhost-imailserver-01.eml kijitora@example.com address-unknown
bounces/sisimai/bounce/lhost-kddi-01.eml kijitora@x0000000000000.dion.ne.jp mailbox-full
bounces/sisimai/bounce/lhost-mailfoundry-01.eml kijitora@example.org address-unknown
bounces/sisimai/bounce/lhost-mailru-01.eml kijitora@example.jp address-unknown
bounces/sisimai/bounce/lhost-mcafee-01.eml kijitora@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-messagingserver-01.eml kijitora@example.jp address-unknown
bounces/sisimai/bounce/lhost-mfilter-01.eml kijitora@example.com address-unknown
bounces/sisimai/bounce/lhost-mimecast-01.eml sabineko@neko.ef.example.org address-unknown
bounces/sisimai/bounce/lhost-mxlogic-01.eml kijitora@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-notes-01.eml kijitora@u1.example.co.jp unknown
bounces/sisimai/bounce/lhost-office365-01.eml kijitora@example.com address-unknown
bounces/sisimai/bounce/lhost-opensmtpd-01.eml apdugoaidugoaidugoaeiudggadi@gmail.com address-unknown
bounces/sisimai/bounce/lhost-outlook-01.eml kijitora@example.jp mailbox-full
bounces/sisimai/bounce/lhost-postfix-01.eml kijitora@example.org address-unknown
bounces/sisimai/bounce/lhost-powermta-01.eml kijitora@example.jp mailbox-closed/address-unknown
bounces/sisimai/bounce/lhost-qmail-01.eml kijitora@example.ne.jp address-unknown
bounces/sisimai/bounce/lhost-receivingses-01.eml userunknown@neko.example.jp address-unknown
bounces/sisimai/bounce/lhost-sendgrid-01.eml kijitora@example.jp address-unknown
bounces/sisimai/bounce/lhost-sendmail-01.eml userunknown@bouncehammer.jp address-unknown
bounces/sisimai/bounce/lhost-surfcontrol-01.eml kijitora@example.com address-unknown
bounces/sisimai/bounce/lhost-trendmicro-01.eml kijitora@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-v5sendmail-01.eml kijitora@example.com unreachable
bounces/sisimai/bounce/lhost-verizon-01.eml 0000000000@vzwpix.com address-unknown
bounces/sisimai/bounce/lhost-x1-01.eml kijitora@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-x2-01.eml kijitora@example.co.jp address-unknown
bounces/sisimai/bounce/lhost-x3-01.eml kijitora@example.com address-unknown
bounces/sisimai/bounce/lhost-x4-01.eml kijitora@example.com mailbox-full
bounces/sisimai/bounce/lhost-x5-01.eml kijitora@neko.example.org address-unknown
bounces/sisimai/bounce/lhost-x6-01.eml kijitora@nyaan.example.org loop
bounces/sisimai/bounce/lhost-yahoo-01.eml kijitora@example.org address-unknown
bounces/sisimai/bounce/lhost-yandex-01.eml kijitora@example.jp address-unknown
bounces/sisimai/bounce/lhost-zoho-01.eml kijitora@example.co.jp address-unknown
bounces/sisimai/bounce/rfc3464-01.eml userunknown@bouncehammer.jp address-unknown
bounces/sisimai/bounce/rfc3834-01.eml -
bounces/sisimai/bounce/rhost-aol-01.eml kijitora@example.jp domain-unknown
bounces/sisimai/bounce/rhost-apple-01.eml kijitora@example.jp moved/address-unknown
bounces/sisimai/bounce/rhost-cloudflare-01.eml kijitora-neko@example.com server-trouble
bounces/sisimai/bounce/rhost-cox-01.eml recipient55@cox.net sender-blocked
bounces/sisimai/bounce/rhost-franceptt-01.eml pseudo-local-part-kijitora-nyaaan@orange.fr address-unknown
bounces/sisimai/bounce/rhost-google-01.eml shironeko@example.ne.jp mailbox-closed
bounces/sisimai/bounce/rhost-gsuite-01.eml kijitora@example.de address-unknown
bounces/sisimai/bounce/rhost-iua-01.eml neko@email.example.ua mailbox-closed
bounces/sisimai/bounce/rhost-kddi-01.eml otsu-sakaba-hunter-neko-nyaaaaaaan@ezweb.ne.jp address-unknown
bounces/sisimai/bounce/rhost-messagelabs-01.eml kijitora@example.messagelabs.com relaying
bounces/sisimai/bounce/rhost-microsoft-01.eml kijitora@example.com sender-blocked
bounces/sisimai/bounce/rhost-mimecast-01.eml sabatora@example.com sender-blocked
bounces/sisimai/bounce/rhost-nttdocomo-01.eml azumakuniyuki@ntt.docomo.example.ne.jp address-unknown
bounces/sisimai/bounce/rhost-outlook-01.eml kijitora@example.jp mailbox-full
bounces/sisimai/bounce/rhost-spectrum-01.eml theusername@charter.net sender-refused
bounces/sisimai/bounce/rhost-tencent-01.eml nekochan@qq.example.cn too-many
bounces/sisimai/bounce/rhost-yahooinc-01.eml kijitora@aol.example.jp policy
bounces/sisimai/bounce/rhost-zoho-01.eml kijitora@zoho.example.com address-unknown
bounces/sisimai/not-bounce/is-not-bounce-01.eml -
bounces/sisimai/not-bounce/is-not-bounce-02.eml -
mime/chatmail/message/gmail_ndn.eml assidhfaaspocwaeofi@gmail.com address-unknown
mime/chatmail/message/gmail_ndn_group.eml assidhfaaspocwaeofi@gmail.com address-unknown
mime/chatmail/message/gmx_ndn.eml snaerituhaeirns@gmail.com address-unknown
mime/chatmail/message/ndn_with_attachment.eml bob@example.org mailbox-full
mime/chatmail/message/ndn_with_attachment.eml bob2@example.net mailbox-full
mime/chatmail/message/posteo_ndn.eml hanerthaertidiuea@gmx.de address-unknown
mime/chatmail/message/testrun_ndn.eml hcksocnsofoejx@five.chat address-unknown
mime/chatmail/message/testrun_ndn_2.eml bob@example.org domain-unknown
mime/chatmail/message/tiscali_ndn.eml shenauithz@testrun.org address-unknown
mime/chatmail/message/yahoo_ndn.eml haeclirth.sinoenrat@yahoo.com address-unknown
mime/chatmail/message/dsn_relayed.eml anon_2@gmx.at relayed
mime/chatmail/message/ms_exchange_report_disposition_notification.eml -
mime/chatmail/message/ms_exchange_report_original_message.eml -
mime/mailparser/fixtures/delivery-status.eml xxxx@xxxx.com suppressed
mime/mimekit/messages/bounce.txt netec.test@netecgc.com address-unknown
mime/mimekit/messages/delivery-status-multiple-blank-lines.txt orig_recip@customer.com address-unknown
mime/mimekit/messages/delivery-status-no-blank-line.txt newsletter-request@imusic.com address-unknown
mime/mimekit/messages/delivery-status.txt newsletter-request@imusic.com address-unknown
mime/mimekit/messages/delivery-status2.txt source@domain.com address-unknown
mime/mimekit/messages/disposition-notification.txt -
mime/mimekit/messages/feedback-report.txt -
mime/postal-mime/fixtures/arf.eml -
mime/postal-mime/fixtures/bounce.eml htfgvhyufthdgcvhgjyfthgc@ethereal.email address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce1.eml bbbbvhvbbvkjbhfbvbvjhb@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce1.eml bscdbcjhasbcjhbdscbhbsdhcbj@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce1.eml egyfefsdvsfvvhjsd@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce1.eml kfhejkfbsjkjsbhds@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce1.eml qfvhgsvhgsduiohncdhcvhsdfvsfygusd@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce2.eml bbbbvhvbbvkjbhfbvbvjhb@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce2.eml bscdbcjhasbcjhbdscbhbsdhcbj@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce2.eml egyfefsdvsfvvhjsd@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce2.eml kfhejkfbsjkjsbhds@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multi_address_bounce2.eml qfvhgsvhgsduiohncdhcvhsdfvsfygusd@gmail.com address-unknown
mime/ruby-mail/emails/multipart_report_emails/multipart_report_multiple_status.eml u@ci.com filtered
mime/ruby-mail/emails/multipart_report_emails/report_422.eml fraser@oooooooo.com.au delayed:mailbox-full
mime/ruby-mail/emails/multipart_report_emails/report_530.eml edwin@zzzzzzz.com address-unknown
mime/ruby-mail/emails/mime_emails/raw_email_with_mimepart_without_content_type.eml larose.julie@courrier.uqam.ca delayed:server-trouble/delayed:unreachable
`;
