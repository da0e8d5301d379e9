/*
 * Numbers and units as the LaTeX package siunitx has them: `\SI{5}{\kilo\meter\per\second}` is 5 km/s.
 */

const prefixes: Record<string, string> = {
  ...{
    yocto: 'y',
    zepto: 'z',
    atto: 'a',
    femto: 'f',
    pico: 'p',
    nano: 'n',
    micro: 'μ',
    milli: 'm',
    centi: 'c',
    deci: 'd',
  },
  ...{
    deca: 'da',
    hecto: 'h',
    kilo: 'k',
    mega: 'M',
    giga: 'G',
    tera: 'T',
    peta: 'P',
    exa: 'E',
    zetta: 'Z',
    yotta: 'Y',
  },
  ...{ kibi: 'Ki', mebi: 'Mi', gibi: 'Gi', tebi: 'Ti' },
};
const units: Record<string, string> = {
  ...{
    meter: 'm',
    metre: 'm',
    second: 's',
    gram: 'g',
    kilogram: 'kg',
    ampere: 'A',
    kelvin: 'K',
    mole: 'mol',
    candela: 'cd',
  },
  ...{ hertz: 'Hz', newton: 'N', pascal: 'Pa', joule: 'J', watt: 'W', coulomb: 'C', volt: 'V', farad: 'F', ohm: 'Ω' },
  ...{
    siemens: 'S',
    weber: 'Wb',
    tesla: 'T',
    henry: 'H',
    lumen: 'lm',
    lux: 'lx',
    becquerel: 'Bq',
    gray: 'Gy',
    sievert: 'Sv',
  },
  ...{ electronvolt: 'eV', liter: 'L', litre: 'L', minute: 'min', hour: 'h', day: 'd', degree: '°', arcminute: '′' },
  ...{ arcsecond: '″', celsius: '°C', degreeCelsius: '°C', percent: '%', byte: 'B', decibel: 'dB', dalton: 'Da' },
  ...{ astronomicalunit: 'au', parsec: 'pc', angstrom: 'Å', tonne: 't', hectare: 'ha', radian: 'rad', steradian: 'sr' },
  ...{ um: 'μm', us: 'μs', uW: 'μW', uA: 'μA', uL: 'μL' },
};
const powers: Record<string, string> = { square: '²', squared: '²', cubic: '³', cubed: '³' };
const part = /\\([A-Za-z]+)|~|[^\\~]+/g;

/**
 * A unit in plain text, by the source of the argument: `\kilo\meter\per\second` is km/s.
 * @param render renders any other TeX
 */
export function unitOf(source: string, render: (tex: string) => string): string {
  const out: string[] = [];
  let power = '';
  let isPrefixed = false;
  for (const [found, name] of source.matchAll(part)) {
    if (name === 'per') {
      out.push('/');
      isPrefixed = true;
      continue;
    }
    const raised = name === undefined ? undefined : lookUp(powers, name);
    if (raised !== undefined) {
      if (name?.endsWith('ed')) out.push(raised);
      else power = raised;
      continue;
    }
    const prefix = name === undefined ? undefined : lookUp(prefixes, name);
    const text =
      prefix ??
      (name === undefined
        ? found === '~'
          ? ' '
          : render(found).trim()
        : (lookUp(units, name) ?? nameOf(found, name, render)));
    // Units side by side are a product.
    if (name !== undefined && out.length > 0 && !isPrefixed) out.push('·');
    out.push(text);
    isPrefixed = prefix !== undefined || name === undefined;
    if (prefix === undefined) {
      out.push(power);
      power = '';
    }
  }
  return out.join('').trim();
}

/** A unit of its short name, such as `\km`, or a sign. */
function nameOf(found: string, name: string, render: (tex: string) => string): string {
  const rendered = render(found);
  return /^[A-Za-z]+$/.test(rendered) ? name : rendered;
}

/** `1.5e3` as 1.5×10³, `2 +- 1` as 2 ± 1. */
export function numberOf(source: string, render: (tex: string) => string): string {
  const [, mantissa = '', exponent] =
    /^([+-]?[\d.,]{0,40})[eEdD]([+-]?\d{1,4})$/.exec(source.replaceAll(' ', '')) ?? [];
  if (exponent !== undefined) {
    return `${mantissa === '' ? '' : `${mantissa}×`}${render(`$10^{${exponent.replace('+', '')}}$`)}`;
  }
  const parts = render(source.replace(/\+-|\\pm\b/g, '±')).split('±');
  return parts.map(each => each.trim()).join(' ± ');
}

/** A number with its unit: `5 km`, `20%`, `45°`. */
export function quantityOf(number: string, unit: string): string {
  return `${number}${unit === '' || /^(?:%|[°′″](?!C))/.test(unit) ? '' : ' '}${unit}`;
}

function lookUp(table: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The arguments of siunitx's commands, in order. */
export const quantities: Record<string, readonly ('number' | 'list' | 'unit' | 'angle')[]> = {
  SI: ['number', 'unit'],
  qty: ['number', 'unit'],
  si: ['unit'],
  unit: ['unit'],
  num: ['number'],
  ang: ['angle'],
  SIrange: ['number', 'number', 'unit'],
  qtyrange: ['number', 'number', 'unit'],
  numrange: ['number', 'number'],
  SIlist: ['list', 'unit'],
  qtylist: ['list', 'unit'],
  numlist: ['list'],
};

/**
 * One of siunitx's commands in plain text.
 * @param sources the sources of its arguments
 */
export function quantityText(name: string, sources: readonly string[], render: (tex: string) => string): string {
  const numbers: string[] = [];
  let unit = '';
  for (const [place, kind] of (quantities[name] ?? []).entries()) {
    const source = sources[place] ?? '';
    if (kind === 'unit') unit = unitOf(source, render);
    else if (kind === 'number') numbers.push(numberOf(source, render));
    else if (kind === 'list') numbers.push(...source.split(';').map(each => numberOf(each, render)));
    else
      numbers.push(
        source
          .split(';')
          .map((each, at) => (each.trim() === '' ? '' : `${each.trim()}${'°′″'[at] ?? ''}`))
          .join(''),
      );
  }
  const joined = quantities[name]?.[1] === 'number' ? numbers.join('–') : numbers.join(', ');
  return joined === '' ? unit : quantityOf(joined, unit);
}
