import { run } from './command-line.ts';
import { runAdmin } from './run-admin.ts';

/** `npm run admin -- …`: what an operator does, on a running `npm start` or, with --url, on AWS. */

// On Node 20 the SDK, which knows the credentials, recommends a newer one, to whoever only wants to see a digest.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Ctrl-C, from now on, ends what listens instead of the process. */
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
  });
});
