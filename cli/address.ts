import { UsageError } from './command-line.ts';
import { findSystem, ownFolder } from './data-folder.ts';

/** Where `npm start` listens when nothing else is said. */
export const defaultUrl = 'http://127.0.0.1:3000';

/** The environment variable that says where the system is, for every command. */
export const urlVariable = 'DAILY_PAPERS_URL';

/** How to say where the system is, for help. */
export const urlHelp = `where the system is; else the variable ${urlVariable}, else npm start on this machine`;

/** Where the system is. */
export interface Address {
  /** Without slashes at its end. */
  url: string;
  /** What named it; undefined for the system that runs on this machine. */
  source?: '--url' | typeof urlVariable;
}

/**
 * @param typed the value of `--url`, if any
 * @param folder where `npm start` keeps its data
 * @throws UsageError when what was named is no address
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
