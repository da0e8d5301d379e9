import { setTimeout } from 'node:timers/promises';
import { run } from './command-line.ts';
import { runAdmin } from './run-admin.ts';

/** `npm run admin -- …`: the operator's commands, for a running `npm start` or, with --url, for AWS. */

// On Node 20 the SDK, which finds the credentials, recommends a newer one. That does not help an operator.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** From this call on, Ctrl-C ends the listeners of the signal instead of the process. */
function onInterrupt(): AbortSignal {
  const interrupted = new AbortController();
  // It can arrive twice: from the terminal, and passed on by npm.
  process.on('SIGINT', () => interrupted.abort());
  process.on('SIGTERM', () => interrupted.abort());
  return interrupted.signal;
}

await run(async () => {
  process.exitCode = await runAdmin(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    onInterrupt,
    now: Date.now,
    sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => undefined),
  });
});
