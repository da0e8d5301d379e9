import { runDoctor } from './run.ts';

/** `npm run doctor`: whether a deployment can send, and the faults that stop it. */

// On Node 20 the SDK recommends a newer one, which does not help an operator.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const exitCode = await runDoctor(process.argv.slice(2), { out: process.stdout, err: process.stderr });
// A late answer may still hold a connection.
process.stdout.write('', () => process.exit(exitCode));
