import { stemOf } from '../search/words.ts';

/*
 * Words that tell nothing about a paper's subject: English function words, and words of most abstracts. A taste comes
 * from too few papers to find them by their frequency.
 */
const words = `
a about above across after again against all almost alone along already also although always among an and another any are
around as at away back based be became because become becomes been before behind being below best better between beyond both
but by can cannot case cases come comes could did do does doing done down due during each either else enough etc even every
everything ever far few fewer for four from full further gain gains gave get gets give given gives go goes going good had
half has have having he hence her here high higher highest his how however i if in indeed instead into is it its itself just
keep kind known large larger largely last later latter lead leads least less let like likely little long low lower made main
mainly make makes making many may me means meanwhile might more moreover most mostly much must my namely near nearly need
needed needs neither never nevertheless new next no nor not nothing notably now of off often on once one only onto or other
others otherwise our out over overall own per perhaps please rather really regarding same second see seem seems several shall
she should show showed showing shown shows side similar since single small smaller so some something still such take taken
takes than that the their them then there thereby therefore these they third this those though three through throughout thus
to together too toward towards two type types under unlike until up upon us use used useful uses using usually various
very via want was way ways we well were what whatever when where whereas whether which while who whole whose why wide widely
will with within without would yet you your

abstract achieve achieved achieves achieving across address addressed addresses addressing additional additionally allow
allowing allows analysis analyze analyzed analyse and apply applied applies applying approach approaches area art available
baseline baselines benchmark benchmarks building called challenge challenges challenging code common commonly compare compared
comparison comparable competitive complex component comprehensive conduct conducted consider considered consistent
consistently construct contrast contribution contributions crucial current currently data dataset datasets demonstrate
demonstrated demonstrates demonstrating depend describe described design designed despite develop developed development
different difficult directly discuss effect effective effectively effectiveness efficient efficiently employ enable enabled
enables enabling enhance enhanced ensure establish evaluate evaluated evaluating evaluation evaluations evidence example
existing experiment experiments experimental explore explored exploring extend extensive finally find finding findings first
focus following framework framework furthermore future general generally github goal https important improve improved
improvement improvements improves improving include included includes including increase increased increasing increasingly
insight insights introduce introduced introduces introducing investigate involve issue issues key lack leading learn learned
learning leverage leverages leveraging limit limitation limitations limited method methods metric metrics model models
multiple novel number observe obtain offer often open outperform outperforming outperforms paper papers part particular
particularly perform performance performs potential practical present presented presents previous previously prior problem
problems process project promising propose proposed proposes provide provided provides providing publicly quality question
questions range real recent recently reduce reduced reduces related release released relevant remain remains report require
required requires research result resulting results reveal reveals robust scenario scenarios set sets setting settings
significant significantly simple simply specific specifically standard state step steps strategy strong studied studies study
substantial substantially suggest support system systems tackle task tasks technique techniques term terms test tested testing
train trained training typically understand understanding unified validate value values variety version versions work works
world www
`;

const stopStems = new Set(words.trim().split(/\s+/).map(stemOf));

/** Whether a stem tells something about a paper's subject: it is no stop word, number or single letter. */
export function isTelling(stem: string): boolean {
  return stem.length > 1 && !stopStems.has(stem) && !/^\d+$/.test(stem);
}
