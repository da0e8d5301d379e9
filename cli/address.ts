import { UsageError } from './command-line.ts';
import { findSystem, ownFolder } from './data-folder.ts';

/** The address of `npm start`, unless another port was given. */
export const defaultUrl = 'http://127.0.0.1:3000';

/** The environment variable with the system's address, for every command. */
export const urlVariable = 'DAILY_PAPERS_URL';

/** The help text about the system's address. */
export const urlHelp = `where the system is; else the variable ${urlVariable}, else npm start on this machine`;

/** The system's address. */
export interface Address {
  /** Without slashes at its end. */
  url: string;
  /** The option or variable that named it; undefined for the system on this machine. */
  source?: '--url' | typeof urlVariable;
}

/**
 * @param typed the value of `--url`, if any
 * @param folder the data folder of `npm start`
 * @throws UsageError when the given text is no address
 */
export async function findAddress(typed: string | undefined, folder = ownFolder): Promise<Address> {
  const named = typed ?? process.env[urlVariable];
  if (typed === undefined && !named) return { url: (await findSystem(folder))?.url ?? defaultUrl };
  const source = typed === undefined ? urlVariable : '--url';
  if (named === undefined || !/^https?:\/\//.test(named) || !URL.canParse(named)) {
    throw new UsageError(`${source} must be an address such as ${defaultUrl}, not "${named}".`);
  }
  return { url: named.replace(/(?<!\/)\/+$/, ''), source };
}
