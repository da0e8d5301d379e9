import { getDomain } from 'tldts-icann';

/*
 * Facts about mail providers. A provider gives mailboxes to strangers: two addresses at it need not belong to one
 * person. Any other domain may belong to one person, who then has every address at it. Some providers deliver many
 * addresses to one mailbox.
 */

interface Provider {
  /** With `oneName`, an abuse key names the first. */
  domains: readonly string[];
  /** The same name at each of its domains is the same mailbox. */
  oneName?: true;
  /** The owner chooses the text after this sign freely, as after a plus. */
  separator?: '-';
  /** A mailbox `name@host` gets every mail to `name.host`. */
  subdomains?: true;
  /** Signs that the provider ignores in names, beside dots. */
  ignored?: RegExp;
}

const providers: readonly Provider[] = [
  { domains: ['gmail.com', 'googlemail.com'], oneName: true },
  {
    domains:
      'yahoo.com ymail.com rocketmail.com myyahoo.com yahoo.ca yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.kr yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.co yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.pe yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.vn yahoo.cz yahoo.de yahoo.dk yahoo.es yahoo.fi yahoo.fr yahoo.gr yahoo.hu yahoo.ie yahoo.in yahoo.it yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se aol.com aol.de aol.fr aol.co.uk aim.com'.split(
        ' ',
      ),
    separator: '-',
  },
  {
    domains:
      'fastmail.com fastmail.fm fastmail.cn fastmail.co.uk fastmail.com.au fastmail.de fastmail.es fastmail.in fastmail.jp fastmail.mx fastmail.net fastmail.nl fastmail.org fastmail.se fastmail.to fastmail.tw fastmail.uk fastmail.us 123mail.org airpost.net eml.cc fmail.co.uk fmgirl.com fmguy.com mailbolt.com mailcan.com mailhaven.com mailmight.com ml1.net mm.st myfastmail.com proinbox.com promessage.com rushpost.com sent.as sent.at sent.com speedymail.org warpmail.net xsmail.com 150mail.com 16mail.com 2-mail.com 4email.net 50mail.com allmail.net bestmail.us cluemail.com elitemail.org emailcorner.net emailengine.net emailengine.org emailgroups.net emailplus.org emailuser.net f-m.fm fast-email.com fast-mail.org fastem.com fastemail.us fastemailer.com fastest.cc fastimap.com fastmailbox.net fastmessaging.com fea.st fmailbox.com ftml.net h-mail.us hailmail.net imap-mail.com imap.cc imapmail.org inoutbox.com internet-e-mail.com internet-mail.org internetemails.net internetmailing.net jetemail.net justemail.net letterboxes.org mail-central.com mail-page.com mailandftp.com mailas.com mailc.net mailforce.net mailftp.com mailingaddress.org mailite.com mailnew.com mailsent.net mailservice.ms mailup.net mailworks.org mymacmail.com nospammail.net ownmail.net petml.com postinbox.com postpro.net realemail.net reallyfast.biz reallyfast.info ssl-mail.com swift-mail.com the-fastest.net the-quickest.com theinternetemail.com veryfast.biz veryspeedy.net yepmail.net your-mail.com'.split(
        ' ',
      ),
    subdomains: true,
  },
  { domains: ['icloud.com', 'me.com', 'mac.com'], oneName: true },
  { domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'], oneName: true, ignored: /[-_]/g },
  {
    domains: ['yandex.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.ua', 'yandex.com.tr', 'ya.ru', 'narod.ru'],
    oneName: true,
    ignored: /-/g,
  },
  // Alias services: a person has many aliases, as names at a subdomain of their own.
  {
    domains:
      'anonaddy.com anonaddy.me addymail.com addy.biz 4wrd.cc mailer.me 33mail.com mozmail.com simplelogin.com simplelogin.co simplelogin.fr aleeas.com slmail.me slmails.com silomails.com 8alias.com 8shield.net dralias.com passmail.net passinbox.com'.split(
        ' ',
      ),
    subdomains: true,
  },
  {
    domains:
      'outlook.com hotmail.com live.com msn.com passport.com windowslive.com outlook.de outlook.fr outlook.es outlook.it outlook.jp outlook.in outlook.sa outlook.com.br outlook.com.au outlook.pt outlook.dk outlook.ie outlook.be outlook.at outlook.cz outlook.cl outlook.kr outlook.ph hotmail.co.uk hotmail.de hotmail.fr hotmail.es hotmail.it hotmail.nl hotmail.be hotmail.se hotmail.no hotmail.dk hotmail.ca hotmail.ch hotmail.co.jp hotmail.com.br hotmail.com.ar hotmail.com.tr live.co.uk live.de live.fr live.nl live.it live.be live.se live.no live.dk live.ca live.cn live.com.au live.com.mx live.jp live.ie'.split(
        ' ',
      ),
  },
  {
    domains:
      'gmx.de gmx.net gmx.com gmx.at gmx.ch gmx.fr gmx.co.uk gmx.us web.de mail.com email.com t-online.de freenet.de posteo.de posteo.net mailbox.org orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it tin.it qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net 139.com 189.cn sina.com sina.cn sohu.com aliyun.com naver.com hanmail.net daum.net nate.com kakao.com mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru ukr.net seznam.cz email.cz centrum.cz wp.pl o2.pl onet.pl interia.pl abv.bg comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com btinternet.com sky.com virginmedia.com talktalk.net bigpond.com optusnet.com.au rogers.com shaw.ca sympatico.ca telus.net terra.com.br uol.com.br bol.com.br ig.com.br globo.com rediffmail.com zoho.com zohomail.com zohomail.eu hey.com tutanota.com tuta.io tuta.com tutamail.com hushmail.com runbox.com mailfence.com duck.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp bluewin.ch telenet.be skynet.be ziggo.nl kpnmail.nl xs4all.nl telia.com'.split(
        ' ',
      ),
  },
];

const byDomain = new Map(providers.flatMap(provider => provider.domains.map(domain => [domain, provider] as const)));

/** Whether a domain gives mailboxes to strangers. */
export function isProvider(domain: string): boolean {
  return byDomain.has(domain);
}

/**
 * The registered domain, such as `example.co.uk` of `mail.lab.example.co.uk`. Its owner has every name below it.
 * @param domain in ASCII and lower case
 */
export function ownedDomain(domain: string): string {
  return getDomain(domain) ?? domain;
}

/**
 * The abuse key of an address, shared by all known variants of one mailbox: dots and the part after a plus are dropped,
 * and the provider's own rules applied. For limits and counts only: at a host that treats such variants as two
 * mailboxes, two persons share it.
 * @param identity the address in lower case
 */
export function mailboxOf(identity: string): string {
  const at = identity.lastIndexOf('@');
  let name = identity.slice(0, at);
  let domain = identity.slice(at + 1);
  const dot = domain.indexOf('.');
  const above = byDomain.get(domain.slice(dot + 1));
  if (above?.subdomains && !byDomain.has(domain)) {
    name = domain.slice(0, dot);
    domain = domain.slice(dot + 1);
  }
  const provider = byDomain.get(domain);
  if (provider?.oneName) domain = provider.domains[0] ?? domain;
  name = upTo(upTo(name, '+'), provider?.separator).replaceAll('.', '');
  const ignored = provider?.ignored;
  return `${(ignored && name.replace(ignored, '')) || name}@${domain}`;
}

/** The name up to the sign. A sign at its beginning stays, or nothing would be left. */
function upTo(name: string, sign: string | undefined): string {
  const at = sign === undefined ? -1 : name.indexOf(sign, 1);
  return at < 0 ? name : name.slice(0, at);
}
