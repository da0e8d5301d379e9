import { resolve } from 'node:path';

/*
 * Runs before each file of tests. The files of one process share the libraries, and those of our modules that remember
 * nothing; not the others, nor the environment.
 */

const root = resolve(import.meta.dirname, '..');

/**
 * Modules of `shared/` and `functions/` that remember something of a test: their clients, settings or what they have named.
 * `structure/remembering.test.ts` holds the list. Of the other folders, all modules count as such.
 */
const remembering =
  /^\/(functions\/[^/]+\/handler|shared\/platform\/(damaged|metrics))\.ts$|^\/(?!shared\/|functions\/)/;

/** A module that Vitest has loaded, by Vite's own class `EvaluatedModuleNode`. */
interface LoadedModule {
  importers: Set<string>;
  promise?: unknown;
  exports?: unknown;
  evaluated: boolean;
}

const shared = globalThis as {
  environmentAtStart?: NodeJS.ProcessEnv;
  /** Vitest's own, by which `vi.resetModules` does the same for all modules. */
  __vitest_worker__?: { evaluatedModules: { idToModuleMap: Map<string, LoadedModule> } };
};
const loaded = shared.__vitest_worker__?.evaluatedModules.idToModuleMap;
if (!loaded) throw new Error('Vitest keeps its modules elsewhere: see `resetModules` in its source.');

/** Has a module loaded anew by its next import, and with it all modules that have imported it. */
function forget(id: string): void {
  const module = loaded?.get(id);
  if (!module?.promise) return;
  module.promise = undefined;
  module.exports = undefined;
  module.evaluated = false;
  const importers = [...module.importers];
  module.importers.clear();
  for (const importer of importers) forget(importer);
}

const isOwn = (id: string) => id.startsWith(`${root}/`) && !id.includes('/node_modules/');
for (const id of [...loaded.keys()]) if (isOwn(id) && remembering.test(id.slice(root.length))) forget(id);

shared.environmentAtStart ??= { ...process.env };
for (const name of Object.keys(process.env)) if (!(name in shared.environmentAtStart)) delete process.env[name];
Object.assign(process.env, shared.environmentAtStart);
