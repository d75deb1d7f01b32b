/**
 * Mail servers by domain: a snapshot of the provider list of Thunderbird, https://github.com/thunderbird/autoconfig (c6ad79659b5f), reduced to its encrypted
 * servers. Like that list, this file is subject to the terms of the Mozilla Public License, v. 2.0; a copy of it is at https://mozilla.org/MPL/2.0/.
 * Made by `node build/run.mjs providers FOLDER`. A line is a provider: its domains, and behind each | the protocol, host, port, tls or
 * starttls, and who signs in: %a the address, %l what stands before the @, %d what stands after it.
 */
export const PROVIDER_LIST = `
126.com|imap imap.126.com 993 tls %a|smtp smtp.126.com 465 tls %a
163.com|imap imap.163.com 993 tls %a|smtp smtp.163.com 465 tls %a
online.de onlinehome.de sofortstart.de sofort-start.de sofortsurf.de sofort-surf.de go4more.de kundenserver.de schlund.de|imap imap.1und1.de 993 tls %a|pop3 pop.1und1.de 995 tls %a|smtp smtp.1und1.de 465 tls %a
a1.net aon.at|imap securemail.a1.net 993 tls %a|smtp securemail.a1.net 587 starttls %a
active24.com smtp.cz|imap email.active24.com 993 tls %a|pop3 email.active24.com 995 tls %a|smtp email.active24.com 465 tls %a
alice.it|imap in.alice.it 143 starttls %a|pop3 in.alice.it 110 starttls %a|smtp out.alice.it 587 starttls %a
aol.com aim.com netscape.net netscape.com compuserve.com cs.com wmconnect.com aol.de aol.it aol.fr aol.es aol.se aol.co.uk aol.co.nz aol.com.au aol.com.ar aol.com.br aol.com.mx mail.gm0.yahoodns.net|imap imap.aol.com 993 tls %a|pop3 pop.aol.com 995 tls %a|smtp smtp.aol.com 465 tls %a
pec.it arubapec.it mypec.eu gigapec.it ingpec.eu|imap imaps.pec.aruba.it 993 tls %a|pop3 pop3s.pec.aruba.it 993 tls %a|smtp smtps.pec.aruba.it 465 tls %a
ameritech.net att.net bellsouth.net currently.com flash.net nvbell.net pacbell.net prodigy.net sbcglobal.net snet.net swbell.net wans.net|imap imap.mail.att.net 993 tls %a|pop3 inbound.att.net 995 tls %a|smtp outbound.att.net 465 tls %a
bell.net sympatico.ca|imap imap.bell.net 993 tls %a|pop3 pophm.sympatico.ca 995 tls %a|smtp smtphm.sympatico.ca 587 starttls %a
biglobe.ne.jp|pop3 mail.biglobe.ne.jp 995 tls %a|smtp mail.biglobe.ne.jp 465 tls %a
bigpond.com bigpond.net.au telstra.com bigpond.net|imap imap.telstra.com 993 tls %a|pop3 pop.telstra.com 995 tls %a|smtp smtp.telstra.com 465 tls %a
bluewin.ch bluemail.ch|imap imaps.bluewin.ch 993 tls %a|pop3 pop3s.bluewin.ch 995 tls %a|smtp smtpauths.bluewin.ch 465 tls %a
blueyonder.co.uk|imap imap4.blueyonder.co.uk 993 tls %a|pop3 pop3.blueyonder.co.uk 995 tls %a|smtp smtp.blueyonder.co.uk 465 tls %a
bol.com.br|imap imap.bol.com.br 993 tls %l|pop3 pop3.bol.com.br 995 tls %l|smtp smtps.bol.com.br 465 tls %l
btinternet.com btopenworld.com talk21.com|imap mail.btinternet.com 993 tls %a|pop3 mail.btinternet.com 995 tls %a|smtp mail.btinternet.com 465 tls %a
cc9.ne.jp|imap pop.cc9.ne.jp 993 tls %l|pop3 pop.cc9.ne.jp 995 tls %l|smtp msa.cc9.ne.jp 465 tls %l
cek.ne.jp|imap imap.cek.ne.jp 993 tls %a|pop3 mail.cek.ne.jp 995 tls %a|smtp smtpa.cek.ne.jp 465 tls %a
centurylink.net embarqmail.com|imap mail.centurylink.net 993 tls %a|pop3 pop.centurylink.net 995 tls %a|smtp smtp.centurylink.net 587 starttls %a
centurytel.net clds.net coastalnow.net cochill.net cswnet.com emadisonriver.com emadisonriver.net gallatinriver.net grics.net gulftel.com madisonriver.biz mebtel.net|pop3 pop.centurytel.net 995 tls %a|smtp smtpauth.centurytel.net 587 starttls %a
cgl.ucsf.edu|imap plato.cgl.ucsf.edu 993 tls %l|smtp plato.cgl.ucsf.edu 587 starttls %l
charter.net spectrum.net bresnan.net|imap mobile.charter.net 993 tls %a|pop3 mobile.charter.net 995 tls %a|smtp mobile.charter.net 587 tls %a
clustermail.de|imap mail.clustermail.de 993 tls %a|pop3 mail.clustermail.de 995 tls %a|smtp mail.clustermail.de 587 starttls %a
comcast.net|imap imap.comcast.net 993 tls %a|pop3 mail.comcast.net 995 tls %a|smtp smtp.comcast.net 465 tls %a
cty-net.ne.jp m2.cty-net.ne.jp m3.cty-net.ne.jp m4.cty-net.ne.jp m5.cty-net.ne.jp m6.cty-net.ne.jp m7.cty-net.ne.jp m8.cty-net.ne.jp m9.cty-net.ne.jp cty-net.com|pop3 pops.cty-net.ne.jp 995 tls %a|smtp smtps.cty-net.ne.jp 465 tls %a
daum.net|imap imap.daum.net 993 tls %a|smtp smtp.daum.net 465 tls %a
dd.iij4u.or.jp ff.iij4u.or.jp hh.iij4u.or.jp kk.iij4u.or.jp nn.iij4u.or.jp pp.iij4u.or.jp rr.iij4u.or.jp ss.iij4u.or.jp bc.iij4u.or.jp bk.iij4u.or.jp bp.iij4u.or.jp bu.iij4u.or.jp|pop3 mbox.iij4u.or.jp 110 starttls %l.%d|smtp mbox.iij4u.or.jp 587 starttls %l.%d
ispgateway.de|imap sslin.df.eu 993 tls %a|pop3 sslin.df.eu 995 tls %a|smtp sslout.df.eu 465 tls %a
dondominio.com|imap imap.dondominio.com 993 tls %a|pop3 pop3.dondominio.com 995 tls %a|smtp smtp.dondominio.com 465 tls %a
earthlink.net mindspring.com ix.netcom.com|imap imap.earthlink.net 993 tls %a|pop3 pop.earthlink.net 995 tls %a|smtp smtpauth.earthlink.net 587 starttls %a
educa.madrid.org|imap imap.educa.madrid.org 993 tls %l|pop3 pop.educa.madrid.org 995 tls %l|smtp smtp01.educa.madrid.org 465 tls %l
elpasotel.net|imap mail.elpasotel.net 993 tls %a|pop3 pop3.elpasotel.net 995 tls %a|smtp smtp.elpasotel.net 587 starttls %a
email.it|imap in.email.it 993 tls %a|pop3 pop.email.it 995 tls %a|smtp out.email.it 465 tls %a
emailsrvr.com|imap secure.emailsrvr.com 993 tls %a|smtp secure.emailsrvr.com 465 tls %a
fastwebnet.it|imap imap.fastwebnet.it 993 tls %a|pop3 pop.fastwebnet.it 995 tls %a|smtp smtp.fastwebnet.it 587 starttls %a
free.fr|imap imap.free.fr 993 tls %l|pop3 pop.free.fr 995 tls %l|smtp smtp.free.fr 465 tls %l
gandi.net|imap mail.gandi.net 993 tls %a|pop3 mail.gandi.net 995 tls %a|smtp mail.gandi.net 465 tls %a
gigahost.dk|imap mail.gigahost.dk 993 tls %a|pop3 mail.gigahost.dk 995 tls %a|smtp smtp.gigahost.dk 587 starttls %a
gmx.com gmx.tm gmx.us gmx.co.uk gmx.es gmx.fr gmx.ca gmx.cn gmx.co.in gmx.com.br gmx.com.my gmx.hk gmx.ie gmx.ph gmx.pt gmx.ru gmx.se gmx.sg gmx.tw gmx.com.tr gmx.it gmx.li|imap imap.gmx.com 993 tls %a|pop3 pop.gmx.com 995 tls %a|smtp mail.gmx.com 465 tls %a
gmx.net gmx.de gmx.at gmx.ch gmx.eu gmx.biz gmx.org gmx.info mein.gmx mail.gmx email.gmx|imap imap.gmx.net 993 tls %a|pop3 pop.gmx.net 995 tls %a|smtp mail.gmx.net 465 tls %a
gmail.com googlemail.com google.com jazztel.es nyu.edu|imap imap.gmail.com 993 tls %a|pop3 pop.gmail.com 995 tls %a|smtp smtp.gmail.com 465 tls %a
gransy.com internetserver.cz|imap imap.gransy.com 993 tls %a|pop3 imap.gransy.com 995 tls %a|smtp smtp.gransy.com 465 tls %a
your-server.de|imap mail.your-server.de 993 tls %a|smtp mail.your-server.de 465 tls %a
hotmail.com live.com msn.com outlook.com windowslive.com outlook.at outlook.be outlook.cl outlook.cz outlook.de outlook.dk outlook.es outlook.fr outlook.hu outlook.ie outlook.in outlook.it outlook.jp outlook.kr outlook.lv outlook.my outlook.ph outlook.pt outlook.sa outlook.sg outlook.sk outlook.co.id outlook.co.il outlook.co.th outlook.com.ar outlook.com.au outlook.com.br outlook.com.gr outlook.com.tr outlook.com.vn hotmail.be hotmail.ca hotmail.cl hotmail.cz hotmail.de hotmail.dk hotmail.es hotmail.fi hotmail.fr hotmail.gr hotmail.hu hotmail.it hotmail.lt hotmail.lv hotmail.my hotmail.nl hotmail.no hotmail.ph hotmail.rs hotmail.se hotmail.sg hotmail.sk hotmail.co.id hotmail.co.il hotmail.co.in hotmail.co.jp hotmail.co.kr hotmail.co.th hotmail.co.uk hotmail.co.za hotmail.com.ar hotmail.com.au hotmail.com.br hotmail.com.hk hotmail.com.tr hotmail.com.tw hotmail.com.vn live.at live.be live.ca live.cl live.cn live.de live.dk live.fi live.fr live.hk live.ie live.in live.it live.jp live.nl live.no live.ru live.se live.co.jp live.co.kr live.co.uk live.co.za live.com.ar live.com.au live.com.mx live.com.my live.com.ph live.com.pt live.com.sg livemail.tw olc.protection.outlook.com|imap outlook.office365.com 993 tls %a|pop3 outlook.office365.com 995 tls %a|smtp smtp-mail.outlook.com 587 starttls %a
i.softbank.jp|imap imap.softbank.jp 993 tls %l|smtp smtp.softbank.jp 465 tls %l
iijmio-mail.jp miomio.jp miobox.jp e23.jp x-il.jp|pop3 mbox.iijmio-mail.jp 110 starttls %l.%d|smtp mbox.iijmio-mail.jp 587 starttls %l.%d
iiyama-catv.ne.jp|imap imap.iiyama-catv.ne.jp 993 tls %a|pop3 mail.iiyama-catv.ne.jp 995 tls %a|smtp smtpa.iiyama-catv.ne.jp 465 tls %a
inbox.lv inbox.eu inbox.lt inbox.la|imap mail.%d 993 tls %a|pop3 mail.%d 995 tls %a|smtp mail.%d 465 tls %a
ipax.at|imap mail.ipax.at 993 tls %a|smtp mail.ipax.at 465 tls %a
janis.or.jp|imap imaps.janis.or.jp 993 tls %a|pop3 pops.janis.or.jp 995 tls %a|smtp smtps.janis.or.jp 465 tls %a
jet.ne.jp|imap imap.jet.ne.jp 993 tls %l|pop3 pop.jet.ne.jp 995 tls %l|smtp smtp.jet.ne.jp 465 tls %l
kelcom.net|imap pop.kelcom.net 993 tls %a|pop3 pop.kelcom.net 995 tls %a|smtp smtp.kelcom.net 587 starttls %a
kpnmail.nl kpnplanet.nl planet.nl wxs.nl hetnet.nl freeler.nl snelnet.net on.nl onsbrabantnet.nl onsmail.nl onsnet.nu onsneteindhoven.nl onsnetnuenen.nl xs4all.nl telfort.nl tip.nl tiscali.nl tiscalimail.nl|imap imap.kpnmail.nl 993 tls %a|pop3 pop.kpnmail.nl 995 tls %a|smtp smtp.kpnmail.nl 465 tls %a
laposte.net|imap imap.laposte.net 993 tls %l|pop3 pop.laposte.net 995 tls %l|smtp smtp.laposte.net 465 tls %l
libero.it iol.it blu.it inwind.it giallo.it|imap imapmail.libero.it 993 tls %a|pop3 popmail.libero.it 995 tls %a|smtp smtp.libero.it 465 tls %a
mail.com mail.org email.com post.com usa.com accountant.com consultant.com dr.com engineer.com cheerful.com techie.com linuxmail.org europe.com london.com uymail.com myself.com iname.com writeme.com 2die4.com activist.com adexec.com africamail.com aircraftmail.com alabama.usa.com alaska.usa.com allergist.com alumni.com alumnidirector.com americamail.com amorous.com angelic.com archaeologist.com arizona.usa.com artlover.com asia-mail.com atheist.com australiamail.com bartender.net berlin.com bigger.com bikerider.com birdlover.com blader.com boardermail.com brazilmail.com brew-master.com california.usa.com californiamail.com caress.com catlover.com chef.net chemist.com chinamail.com clerk.com cliffhanger.com collector.org columnist.com comic.com computer4u.com contractor.net coolsite.net counsellor.com count.com couple.com cutey.com cyberdude.com cybergal.com cyber-wizard.com dallasmail.com dbzmail.com deliveryman.com diplomats.com disciples.com doctor.com doglover.com doramail.com dublin.com earthling.net elvisfan.com englandmail.com europemail.com execs.com fan.com feelings.com financier.com fireman.net florida.usa.com footballer.com gardener.com geologist.com germanymail.com graduate.org graphic-designer.com hackermail.com hairdresser.net hilarious.com hockeymail.com homemail.com hot-shot.com hour.com humanoid.net illinois.usa.com innocent.com inorbit.com instruction.com instructor.net insurer.com irelandmail.com italymail.com japan.com journalist.com keromail.com kittymail.com koreamail.com lawyer.com legislator.com loveable.com lovecat.com mad.scientist.com madonnafan.com madrid.com marchmail.com mexicomail.com mindless.com minister.com mobsters.com monarchy.com moscowmail.com munich.com musician.org muslim.com newyork.usa.com null.net nycmail.com oath.com optician.com pacificwest.com petlover.com photographer.net playful.com poetic.com politician.com popstar.com presidency.com priest.com programmer.net publicist.com realtyagent.com reborn.com reggaefan.com religious.com repairman.com representative.com rescueteam.com revenue.com rocketship.com rockfan.com rome.com royal.net saintly.com salesperson.net sanfranmail.com scientist.com scotlandmail.com secretary.net seductive.com singapore.com snakebite.com songwriter.net soon.com spainmail.com teachers.org technologist.com texas.usa.com thegame.com therapist.net toke.com tokyo.com toothfairy.com tvstar.com umpire.com wallet.com webname.com weirdness.com who.net whoever.com winning.com witty.com worker.com workmail.com yours.com|imap imap.mail.com 993 tls %a|pop3 pop.mail.com 995 tls %a|smtp smtp.mail.com 465 tls %a
mail.dk|imap imap.mail.dk 993 tls %a|pop3 pop3.mail.dk 995 tls %a|smtp asmtp.mail.dk 587 starttls %a
mail.ee|imap %d 993 tls %a|pop3 %d 995 tls %a|smtp %d 465 tls %a
mail.jubii.dk christensen.dk christiansen.dk eriksen.dk frandsen.dk frederiksen.dk hansen.dk henningsen.dk henriksen.dk iversen.dk jacobsen.dk jakobsen.dk johansen.dk knudsen.dk larsen.dk laursen.dk madsen.dk mathiesen.dk mikaelsen.dk mikkelsen.dk mortensen.dk olesen.dk pedersen.dk petersen.dk poulsen.dk rasmussen.dk simonsen.dk sorensen.dk svendsen.dk thomsen.dk vestergaard.dk 123mail.dk 12fuel.dk 12mail.dk 12move.dk 2night.dk 2senior.dk 9260.dk anarki.dk anderledes.dk backbone.dk bedstemail.dk begavet.dk bemybaby.dk bitnisse.dk city.dk cool.dk cyberdude.dk cyberjunkie.dk dancemail.dk e-box.dk elinstallatoer.dk elsker.dk elvis.dk email.dk e-mail.dk e-postboks.dk fald.dk fedt.dk feminin.dk flirt.dk forening.dk fraekkert.dk funkymail.dk gadefejer.dk gaf-net.dk gason.dk grin.dk groovymail.dk grov.dk hammergod.dk hardworking.dk heaven.dk heavymail.dk hemmelig.dk hippie.dk huleboer.dk husk-mig.dk hyperpost.dk iloveu.dk inbound.dk indbakke.dk infile.dk info.dk io.dk it.dk jubii.dk jubiichat.dk jubiiconnect.dk jubiigames.dk jubiimail.dk jubiipost.dk jubiipostadresse.dk jyde.dk klog.dk knus.dk krudt.dk kulturel.dk kvalme.dk lazy.dk lystig.dk mail4.dk mail6.dk mail8.dk maildanmark.dk mail-mig.dk mailroyal.dk mailster.dk manmail.dk maskulin.dk min-postkasse.dk minprivatemail.dk musling.dk natteliv.dk netbruger.dk nicemail.dk nospam.dk pedal.dk pengemand.dk pokerface.dk popme.dk postman.dk privatmail.dk privatpost.dk quake.dk ready.dk retromail.dk ringmybell.dk secret.dk sexysurfer.dk skrivnu.dk sleepy.dk sporty.dk submail.dk superbruger.dk talent.dk tanke.dk tastmig.dk taxidriver.dk teens.dk teknik.dk tjekket.dk trashcan.dk trustme.dk ungdom.dk video.dk vittig.dk wildwildweb.dk zoomail.dk zybermail.dk|imap imap.jubii.dk 993 tls %a|pop3 imap.jubii.dk 995 tls %a|smtp smtp.jubii.dk 465 tls %a
mail.ru inbox.ru list.ru bk.ru corp.mail.ru|imap imap.mail.ru 993 tls %a|pop3 pop.mail.ru 995 tls %a|smtp smtp.mail.ru 465 tls %a
mac.com me.com icloud.com|imap imap.mail.me.com 993 tls %l|smtp smtp.mail.me.com 587 starttls %a
messagingengine.com|imap imap.fastmail.com 993 tls %a|pop3 pop.fastmail.com 995 tls %a|smtp smtp.fastmail.com 465 tls %a
mit.edu|imap outlook.office365.com 993 tls %a|smtp outgoing.mit.edu 465 tls %l
mnet.ne.jp|imap mail.mnet.ne.jp 993 tls %a|pop3 mail.mnet.ne.jp 995 tls %a|smtp mail.mnet.ne.jp 587 starttls %a
mopera.net|imap mail.mopera.net 993 tls %l|pop3 mail.mopera.net 995 tls %l|smtp mail.mopera.net 465 tls %l
naver.com|imap imap.naver.com 993 tls %a|pop3 pop.naver.com 995 tls %a|smtp smtp.naver.com 465 tls %a
nili.ca|imap email.nili.email 993 tls %a|pop3 email.nili.email 995 tls %a|smtp email.nili.email 465 tls %a
ntlworld.com|imap imap.ntlworld.com 993 tls %a|pop3 pop3.ntlworld.com 995 tls %a|smtp smtp.ntlworld.com 465 tls %a
o2.pl go2.pl tlen.pl prokonto.pl|imap poczta.o2.pl 993 tls %l|pop3 poczta.o2.pl 995 tls %l|smtp poczta.o2.pl 465 tls %l
ocn.ne.jp ocn.ad.jp|pop3 pop.ocn.ne.jp 995 tls %a|smtp smtp.ocn.ne.jp 465 tls %a
office365.com onmicrosoft.com mail.protection.outlook.com|imap outlook.office365.com 993 tls %a|pop3 outlook.office365.com 995 tls %a|smtp smtp.office365.com 587 starttls %a
one.com|imap imap.one.com 993 tls %a|smtp send.one.com 465 tls %a
one.cz|imap imap.registrator.cz 993 tls %a|pop3 pop3.registrator.cz 995 tls %a|smtp smtp.registrator.cz 587 starttls %a
onet.pl onet.eu poczta.onet.pl poczta.onet.eu op.pl vp.pl autograf.pl buziaczek.pl amorki.pl republika.pl adres.pl cyberia.pl onet.com.pl opoczta.pl pseudonim.pl spoko.pl vip.onet.pl|imap imap.poczta.onet.pl 993 tls %a|pop3 pop3.poczta.onet.pl 995 tls %a|smtp smtp.poczta.onet.pl 465 tls %a
orange.fr wanadoo.fr|imap imap.orange.fr 993 tls %a|pop3 pop.orange.fr 995 tls %a|smtp smtp.orange.fr 465 tls %a
ovh.net|imap ssl0.ovh.net 993 tls %a|pop3 ssl0.ovh.net 995 tls %a|smtp ssl0.ovh.net 465 tls %a
cloudeu.xion.oxcs.net|imap imap.eu.appsuite.cloud 993 tls %a|pop3 pop.eu.appsuite.cloud 995 tls %a|smtp smtp.eu.appsuite.cloud 587 starttls %a
cloudus.xion.oxcs.net|imap imap.us.appsuite.cloud 993 tls %a|pop3 pop.us.appsuite.cloud 995 tls %a|smtp smtp.us.appsuite.cloud 587 starttls %a
pdx.edu|imap psumail.pdx.edu 993 tls %a|smtp mailhost.pdx.edu 465 tls %a
pobox.com|imap mail.pobox.com 993 tls %a|pop3 mail.pobox.com 995 tls %a|smtp smtp.pobox.com 465 tls %a
postecert.it|imap mail.postecert.it 993 tls %a|pop3 mail.postecert.it 995 tls %a|smtp mail.postecert.it 465 tls %a
posteo.de posteo.at posteo.be posteo.ca posteo.ch posteo.cl posteo.co posteo.co.uk posteo.com posteo.com.br posteo.cr posteo.cz posteo.dk posteo.ee posteo.es posteo.eu posteo.fi posteo.gl posteo.gr posteo.hn posteo.hr posteo.hu posteo.ie posteo.in posteo.is posteo.it posteo.jp posteo.la posteo.li posteo.lt posteo.lu posteo.me posteo.mx posteo.my posteo.net posteo.nl posteo.no posteo.nz posteo.org posteo.pe posteo.pl posteo.pm posteo.pt posteo.ro posteo.se posteo.sg posteo.si posteo.tn posteo.uk posteo.us|imap posteo.de 993 tls %a|pop3 posteo.de 995 tls %a|smtp posteo.de 465 tls %a
ptd.net|imap promail.ptd.net 993 tls %l|pop3 promail.ptd.net 995 tls %l|smtp promail.ptd.net 465 tls %l
q.com|imap mail.q.com 993 tls %a|pop3 mail.q.com 995 tls %a|smtp smtp.q.com 587 starttls %a
qq.com|imap imap.qq.com 993 tls %a|smtp smtp.qq.com 465 tls %a
rambler.ru|imap imap.rambler.ru 993 tls %a|pop3 pop.rambler.ru 995 tls %a|smtp smtp.rambler.ru 465 tls %a
rediffmail.com|pop3 pop.rediffmail.com 995 tls %a|smtp smtp.rediffmail.com 586 tls %a
rr.com|imap mail.twc.com 993 tls %a|pop3 mail.twc.com 995 tls %a|smtp mail.twc.com 587 starttls %a
runestone.net|pop3 mail.runestone.net 995 tls %l|smtp mail.runestone.net 587 starttls %l
sapo.pt sapo.cv sapo.ao sapo.mz sapo.tl meo.pt|imap imap.sapo.pt 993 tls %a|pop3 pop.sapo.pt 995 tls %a|smtp smtp.sapo.pt 465 tls %a
schwaz.net|imap imap.schwaz.net 993 tls %a|pop3 pop3.schwaz.net 995 tls %a|smtp mail.schwaz.net 465 tls %a
seznam.cz email.cz post.cz spoluzaci.cz|imap imap.seznam.cz 993 tls %a|pop3 pop3.seznam.cz 995 tls %a|smtp smtp.seznam.cz 465 tls %a
sfr.fr neuf.fr club-internet.fr|imap imap.sfr.fr 993 tls %a|pop3 pop.sfr.fr 995 tls %a|smtp smtp.sfr.fr 465 tls %a
sky.com|imap imap.tools.sky.com 993 tls %a|pop3 pop.tools.sky.com 995 tls %a|smtp smtp.tools.sky.com 465 tls %a
skynet.be proximus.be belgacom.net kidcity.be|imap imap.proximus.be 993 tls %a|pop3 pop.proximus.be 995 tls %a|smtp relay.proximus.be 587 starttls %a
strato.de rzone.de|imap imap.strato.de 993 tls %a|pop3 pop3.strato.de 995 tls %a|smtp smtp.strato.de 465 tls %a
studenti.univr.it|imap univr.mail.cineca.it 993 tls %a|pop3 univr.mail.cineca.it 995 tls %a|smtp univr.smtpauth.cineca.it 465 tls %a
t-online.de magenta.de|imap secureimap.t-online.de 993 tls %a|pop3 securepop.t-online.de 995 tls %a|smtp securesmtp.t-online.de 465 tls %a
teol.net mtel.tel|imap imap.teol.net 993 tls %a|pop3 pop3.teol.net 995 tls %a|smtp smtp.teol.net 465 tls %a
thinline.cz|imap mail.cesky-hosting.cz 993 tls %a|pop3 mail.cesky-hosting.cz 995 tls %a|smtp smtp.cesky-hosting.cz 465 tls %a
tim.it|imap imap.tim.it 143 starttls %a|pop3 pop.tim.it 110 starttls %a|smtp smtp.tim.it 587 starttls %a
tiscali.it|imap imap.tiscali.it 993 tls %a|pop3 pop.tiscali.it 995 tls %a|smtp smtp.tiscali.it 465 tls %a
umich.edu|imap imap.gmail.com 993 tls %a|smtp smtp.gmail.com 465 tls %a
uol.com.br|imap imap.uol.com.br 993 tls %l|pop3 pop3.uol.com.br 995 tls %l|smtp smtps.uol.com.br 587 starttls %l
verizon.net|imap imap.aol.com 993 tls %a|pop3 pop.aol.com 995 tls %a|smtp smtp.aol.com 465 tls %a
virgilio.it|imap in.virgilio.it 993 tls %a|pop3 in.virgilio.it 995 tls %a|smtp out.virgilio.it 465 tls %a
virgin.net|imap imap4.virgin.net 993 tls %a|pop3 pop.virgin.net 995 tls %a|smtp smtp.virgin.net 465 tls %a
virginmedia.com|imap imap.virginmedia.com 993 tls %a|pop3 pop3.virginmedia.com 995 tls %a|smtp smtp.virginmedia.com 465 tls %a
vm.aikis.or.jp|pop3 mail.aikis.or.jp 995 tls %l|smtp mail.aikis.or.jp 587 starttls %l
vodafonemail.de arcor.de kabelmail.de|imap imap.vodafonemail.de 993 tls %a|pop3 pop3.vodafonemail.de 995 tls %a|smtp smtp.vodafonemail.de 465 tls %a
web.de|imap imap.web.de 993 tls %l|pop3 pop3.web.de 995 tls %l|smtp smtp.web.de 465 tls %l
webhuset.no|imap imap.webhuset.no 993 tls %a|pop3 mail.webhuset.no 995 tls %a|smtp smtp.webhuset.no 465 tls %a
websupport.sk|imap imap.websupport.sk 993 tls %a|pop3 pop.websupport.sk 995 tls %a|smtp smtp.websupport.sk 465 tls %a
secureserver.net|imap imap.secureserver.net 993 tls %a|pop3 pop.secureserver.net 995 tls %a|smtp smtpout.secureserver.net 465 tls %a
wp.pl|imap imap.wp.pl 993 tls %l|pop3 pop3.wp.pl 995 tls %l|smtp smtp.wp.pl 465 tls %l
xtra.co.nz|imap imap.xtra.co.nz 993 tls %a|pop3 pop3.xtra.co.nz 995 tls %a|smtp send.xtra.co.nz 465 tls %a
yahoo.co.jp|pop3 pop.mail.yahoo.co.jp 995 tls %l|smtp smtp.mail.yahoo.co.jp 465 tls %l
yahoo.com yahoo.ca yahoo.de yahoo.it yahoo.fr yahoo.es yahoo.se yahoo.co.in yahoo.co.uk yahoo.co.nz yahoo.com.au yahoo.com.ar yahoo.com.br yahoo.com.mx ymail.com myyahoo.com rocketmail.com cox.net mail.am0.yahoodns.net am0.yahoodns.net yahoodns.net|imap imap.mail.yahoo.com 993 tls %a|pop3 pop.mail.yahoo.com 995 tls %a|smtp smtp.mail.yahoo.com 465 tls %a
yandex.ru yandex.com yandex.net yandex.by yandex.kz yandex.ua ya.ru narod.ru|imap imap.yandex.com 993 tls %a|pop3 pop.yandex.com 995 tls %a|smtp smtp.yandex.com 465 tls %a
ybb.ne.jp|pop3 ybbpop.mail.yahoo.co.jp 995 tls %l|smtp ybbsmtp.mail.yahoo.co.jp 465 tls %l
yeah.net|imap imap.yeah.net 993 tls %a|smtp smtp.yeah.net 465 tls %a
zeelandnet.nl|imap mail.zeelandnet.nl 993 tls %l|pop3 mail.zeelandnet.nl 995 tls %l|smtp mail.zeelandnet.nl 465 tls %l
hahah.nl ziggomail.com casema.nl zinders.nl ziggo.nl zeggis.nl zeggis.com razcall.nl razcall.com upcmail.nl chello.nl multiweb.nl home.nl quicknet.nl|imap imap.ziggo.nl 993 tls %a|pop3 pop.ziggo.nl 995 tls %a|smtp smtp.ziggo.nl 587 starttls %a
zoho.com.au zohomail.com.au|imap imap.zoho.com.au 993 tls %a|pop3 pop.zoho.com.au 995 tls %a|smtp smtp.zoho.com.au 465 tls %a
zoho.com zohomail.com|imap imap.zoho.com 993 tls %a|pop3 pop.zoho.com 995 tls %a|smtp smtp.zoho.com 465 tls %a
zoho.eu zohomail.eu|imap imap.zoho.eu 993 tls %a|pop3 pop.zoho.eu 995 tls %a|smtp smtp.zoho.eu 465 tls %a
zoho.in zohomail.in|imap imap.zoho.in 993 tls %a|pop3 pop.zoho.in 995 tls %a|smtp smtp.zoho.in 465 tls %a
zoho.jp zohomail.jp|imap imap.zoho.jp 993 tls %a|pop3 pop.zoho.jp 995 tls %a|smtp smtp.zoho.jp 465 tls %a
zohocloud.ca zohomailcloud.ca|imap imap.zohocloud.ca 993 tls %a|pop3 pop.zohocloud.ca 995 tls %a|smtp smtp.zohocloud.ca 465 tls %a
`;
