import { vi } from 'vitest';

/*
 * Runs before each file of tests. The files of one process share the libraries, not our own modules, which remember
 * clients and settings, nor the environment.
 */

const shared = globalThis as { environmentAtStart?: NodeJS.ProcessEnv };
shared.environmentAtStart ??= { ...process.env };

vi.resetModules();
for (const name of Object.keys(process.env)) if (!(name in shared.environmentAtStart)) delete process.env[name];
Object.assign(process.env, shared.environmentAtStart);
