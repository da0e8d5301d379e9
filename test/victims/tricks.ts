/** The ways by which a stranger asks for a mail, of those that the public API has. */
export const routes = ['sign-up', 'sign-up page', 'link', 'link page', 'move', 'move page'] as const;
export type MailRoute = (typeof routes)[number];

export interface Trick {
  name: string;
  /** True of the addresses whose mails are counted. */
  isVictims: (address: string) => boolean;
  /** The address that is typed at the nth request. */
  address: (n: number) => string;
  routes: readonly MailRoute[];
  /** The IP from which the nth request comes. */
  ip: (n: number) => string;
  /** An address of the victim that is subscribed. */
  subscribed?: string;
  /** The most mails that may come of it in a day. */
  most: number;
}

const one = () => '192.0.2.7';
/** Of as many providers as there are requests. */
const botnet = (n: number) => `${11 + (n % 80)}.${Math.floor(n / 80) % 256}.0.7`;
/** As many /64s as one pleases, of one provider. */
const ipv6 = (n: number) => `2001:db8:${(n >> 8).toString(16)}:${(n & 0xff).toString(16)}00::7`;
/** A few machines that are rented for the hour. */
const rented = (n: number) => `${60 + (n % 6)}.1.0.7`;

const signUps = ['sign-up', 'sign-up page'] as const;
const mailbox = 10;
const domain = 50;
const only =
  (...names: string[]) =>
  (address: string) =>
    names.includes(address);
const anywhere = () => true;
const dots = (name: string, n: number) =>
  [...name]
    .map((sign, at) => ((n >> at) & 1 ? `${sign}.` : sign))
    .join('')
    .replace(/\.$/, '');

export const tricks: Trick[] = [
  {
    name: 'the same address',
    isVictims: only('victim@gmx.de'),
    address: () => 'victim@gmx.de',
    routes: signUps,
    ip: one,
    most: mailbox,
  },
  {
    name: 'the same address',
    isVictims: only('victim@gmx.de'),
    address: () => 'victim@gmx.de',
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'the same address',
    isVictims: only('victim@gmx.de'),
    address: () => 'victim@gmx.de',
    routes: signUps,
    ip: ipv6,
    most: mailbox,
  },
  {
    name: 'plus tags',
    isVictims: anywhere,
    address: n => `victim+${n}@outlook.com`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'dots',
    isVictims: anywhere,
    address: n => `${dots('victimvictim', n)}@gmail.com`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'gmail and googlemail, dots, plus, capitals',
    isVictims: anywhere,
    address: n => `${n % 3 ? 'Vic.tim' : 'victim'}+${n}@${n % 2 ? 'gmail' : 'GoogleMail'}.com`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'hyphens at Yahoo',
    isVictims: anywhere,
    address: n => `victim-${n}@yahoo.com`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'names before Fastmail’s hosts',
    isVictims: anywhere,
    address: n => `any${n}@victim.fastmail.com`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'domains of iCloud',
    isVictims: anywhere,
    address: n => `victim+${n}@${['icloud', 'me', 'mac'][n % 3]}.com`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'domains and signs of Proton',
    isVictims: anywhere,
    address: n => `${['vic-tim', 'vic_tim', 'victim'][n % 3]}+${n}@${n % 2 ? 'proton.me' : 'pm.me'}`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  {
    name: 'domains and hyphens of Yandex',
    isVictims: anywhere,
    address: n => `${n % 2 ? 'vic-tim' : 'vic.tim'}@${['yandex.ru', 'ya.ru', 'yandex.com'][n % 3]}`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  },
  ...['33mail.com', 'anonaddy.me', 'mozmail.com', 'aleeas.com'].map(host => ({
    name: `aliases at victim.${host}`,
    isVictims: anywhere,
    address: (n: number) => `shop${n}@victim.${host}`,
    routes: signUps,
    ip: botnet,
    most: mailbox,
  })),
  {
    name: 'a catch-all domain',
    isVictims: anywhere,
    address: n => `x${n}@victim.example`,
    routes: signUps,
    ip: one,
    most: domain,
  },
  {
    name: 'a catch-all domain',
    isVictims: anywhere,
    address: n => `x${n}@victim.example`,
    routes: signUps,
    ip: rented,
    most: domain,
  },
  {
    name: 'a catch-all domain',
    isVictims: anywhere,
    address: n => `x${n}@victim.example`,
    routes: signUps,
    ip: ipv6,
    most: domain,
  },
  {
    name: 'a catch-all domain',
    isVictims: anywhere,
    address: n => `x${n}@victim.example`,
    routes: signUps,
    ip: botnet,
    most: domain,
  },
  {
    name: 'a wildcard below a domain',
    isVictims: anywhere,
    address: n => `x@h${n}.victim.co.uk`,
    routes: signUps,
    ip: botnet,
    most: domain,
  },
  {
    name: 'wildcard, catch-all and plus together',
    isVictims: anywhere,
    address: n => `x${n % 7}+${n}@${'abc'.charAt(n % 3)}.h${n % 11}.victim.com.br`,
    routes: signUps,
    ip: botnet,
    most: domain,
  },
  {
    name: 'links for invented addresses',
    isVictims: anywhere,
    address: n => `x${n}@victim.example`,
    routes: ['link', 'link page'],
    ip: botnet,
    most: 0,
  },
  {
    name: 'every route, to a subscriber',
    isVictims: only('victim@gmail.com', 'vic.tim@gmail.com', 'victim+x@googlemail.com'),
    address: n => ['victim@gmail.com', 'vic.tim@gmail.com', 'victim+x@googlemail.com'][n % 3] ?? '',
    routes,
    ip: botnet,
    subscribed: 'victim@gmail.com',
    most: mailbox,
  },
  {
    name: 'every route, to a subscriber with a catch-all domain',
    isVictims: address => address.endsWith('@victim.example'),
    address: n => (n % 2 ? 'victim@victim.example' : `x${n}@victim.example`),
    routes,
    ip: botnet,
    subscribed: 'victim@victim.example',
    most: domain + mailbox,
  },
  {
    name: 'moves of a stranger’s own subscription',
    isVictims: only('victim@gmx.de'),
    address: () => 'victim@gmx.de',
    routes: ['move', 'move page'],
    ip: botnet,
    most: mailbox,
  },
];

/** How the networks of a trick are called. */
export function networksOf({ ip }: Trick): string {
  const names = new Map([
    [one, 'one'],
    [botnet, 'hundreds of providers'],
    [ipv6, '/64s of one provider'],
    [rented, 'six providers'],
  ]);
  return names.get(ip) ?? '';
}
