import { domainOf } from '../shared/email/headers.ts';
import { isUnowned, liesIn } from './domain-names.ts';
import type { Settings } from './stages.ts';

/** A setting that conflicts with others. `is` continues the sentence after its name, and says what to do. */
export interface Fault {
  setting: keyof Settings;
  is: string;
}

/**
 * The faults between settings that are each valid alone.
 * @param region of the stage, if it is known yet
 */
export function faultsBetween(settings: Settings, region: string | undefined): Fault[] {
  return [
    ...faultsOfMail(settings),
    ...faultsOfAddress(settings, region),
    ...faultsOfCdn(settings),
    ...faultsOfProduction(settings),
  ];
}

/** The broken rules, in the order given. */
function broken(rules: [boolean, Fault['setting'], string][]): Fault[] {
  return rules.flatMap(([isBroken, setting, is]) => (isBroken ? { setting, is } : []));
}

function faultsOfMail(settings: Settings): Fault[] {
  const { senderAddress, existingIdentity, redirectDomain, unsubscribeAddress, receiptRuleSet } = settings;
  const domain = domainOf(senderAddress);
  // SES lets an address send if the address, its domain, or a domain above it is verified.
  const covers = (identity: string) =>
    identity.includes('@') ? identity.toLowerCase() === senderAddress.toLowerCase() : liesIn(domain, identity);
  const verified = existingIdentity && !existingIdentity.includes('@') ? existingIdentity : domain;
  return broken([
    [
      !unsubscribeAddress !== !receiptRuleSet,
      'unsubscribeAddress',
      'must be given together with receiptRuleSet, or neither',
    ],
    [
      existingIdentity !== undefined && !covers(existingIdentity),
      'existingIdentity',
      `does not cover ${senderAddress}: give that address, its domain ${domain} or a domain above it`,
    ],
    [
      redirectDomain !== undefined && !settings.trackOpensAndClicks,
      'redirectDomain',
      'is only for a stage with trackOpensAndClicks: leave it out',
    ],
    [
      redirectDomain !== undefined && (redirectDomain === verified || !liesIn(redirectDomain, verified)),
      'redirectDomain',
      `must lie below ${verified}, which SES has verified`,
    ],
  ]);
}

function faultsOfAddress(settings: Settings, region: string | undefined): Fault[] {
  const { domainName, certificateArn, hostedZoneId, hostedZoneName, publicUrl } = settings;
  const certificateRegion = certificateArn?.split(':')[3];
  const isOutside = Boolean(domainName && hostedZoneName && !liesIn(domainName, hostedZoneName));
  return broken([
    [Boolean(domainName && publicUrl), 'publicUrl', 'follows from domainName: leave one of the two out'],
    [
      Boolean(domainName && !certificateArn && !hostedZoneId),
      'domainName',
      'needs certificateArn (of a certificate that is there) or hostedZoneId (then the stack makes it)',
    ],
    [
      Boolean(domainName && !certificateArn && hostedZoneId && isOutside),
      'domainName',
      `does not lie in the zone ${hostedZoneName}, so the stack can make no certificate: give certificateArn`,
    ],
    [Boolean(certificateArn && !domainName), 'certificateArn', 'is of no use without domainName: give both or neither'],
    [
      Boolean(hostedZoneName && !hostedZoneId),
      'hostedZoneName',
      'is of no use without hostedZoneId: give both or neither',
    ],
    [
      Boolean(certificateRegion && region && certificateRegion !== region),
      'certificateArn',
      `is a certificate in ${certificateRegion}, and the stage is deployed to ${region}: give one of that region`,
    ],
  ]);
}

function faultsOfCdn({ cdn, cdnCertificateArn, domainName, hostedZoneId, hostedZoneName }: Settings): Fault[] {
  const inZone = hostedZoneId !== undefined && (!hostedZoneName || liesIn(domainName ?? '', hostedZoneName));
  return broken([
    [Boolean(cdn && !domainName), 'cdn', 'needs domainName, the name under which the CDN serves readers: give it'],
    [
      Boolean(cdn && domainName && !cdnCertificateArn && !inZone),
      'cdn',
      'needs cdnCertificateArn (a certificate of domainName in us-east-1) or hostedZoneId (then the stack makes it)',
    ],
    [Boolean(cdnCertificateArn && !cdn), 'cdnCertificateArn', 'is of no use without cdn: give both or neither'],
  ]);
}

/** A text left as a placeholder. */
const placeholder = /…|\.\.\.|<[^<>]*>|\b(todo|tbd|fixme|xxx+|change-?me|placeholder|lorem ipsum)\b/i;

/** Faults that only matter for a stage that keeps its data, since it has readers. */
function faultsOfProduction(settings: Settings): Fault[] {
  if (!settings.keepData) return [];
  const texts = Object.entries(settings).filter((entry): entry is [Fault['setting'], string] => {
    const [setting, value] = entry;
    return setting !== 'keepData' && typeof value === 'string' && value !== '';
  });
  const placeholders = texts
    .filter(([, text]) => placeholder.test(text))
    .map(([setting, text]): Fault => ({ setting, is: `is "${text}", a placeholder: give the real one` }));
  const unowned = texts
    .filter(([setting, text]) => setting !== 'senderName' && setting !== 'postalAddress' && isUnowned(text))
    .map(
      ([setting, text]): Fault => ({
        setting,
        is: `is ${text}, a name for examples that no mail or link reaches: give your own, or keepData=false for a trial`,
      }),
    );
  const isPostal = /\p{L}/u.test(settings.postalAddress) && /\d/.test(settings.postalAddress);
  return [
    ...placeholders,
    ...unowned,
    ...broken([
      [
        settings.postalAddress === '',
        'postalAddress',
        'is missing: anti-spam laws ask for it (CAN-SPAM § 7704(a)(5)). Only with keepData=false, for tests, it may be',
      ],
      [
        settings.postalAddress !== '' && !isPostal && !placeholder.test(settings.postalAddress),
        'postalAddress',
        'is no postal address: give street and number or a post box, postal code and town',
      ],
      [
        settings.alarmEmail === undefined,
        'alarmEmail',
        'is missing: no address would get the alarms. Only with keepData=false, for tests, it may be',
      ],
    ]),
  ];
}
