import { runDoctor } from './run.ts';

/** `npm run doctor`: whether a deployment can send, and what is in the way. */

// On Node 20 the SDK recommends a newer one, to whoever only wants to know how a deployment stands.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const exitCode = await runDoctor(process.argv.slice(2), { out: process.stdout, err: process.stderr });
// An answer that was given up may still hold a connection.
process.stdout.write('', () => process.exit(exitCode));
