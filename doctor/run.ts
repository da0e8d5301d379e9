import { Resolver } from 'node:dns/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CommandError } from '../cli/command-line.ts';
import { checkEmulatorIsUp, useEmulator } from '../infra/emulator.ts';
import { awsChecks } from './aws.ts';
import { type Check, runChecks } from './check.ts';
import { createClients } from './clients.ts';
import { findDeployment } from './deployment.ts';
import { findLocalSystem, localChecks } from './local.ts';
import { countsOf, reportJson, reportText } from './report.ts';

const usage = `npm run doctor -- --stage NAME               a stage on AWS; AWS_PROFILE and AWS_REGION say where
npm run doctor -- --emulator [--stage dev]   a stage on MiniStack
npm run doctor [-- --data .local]            npm start on this machine

--json        one JSON object instead of lines
--dns SERVER  the address of a DNS server to ask, such as 1.1.1.1, instead of this machine's own

Ends with 0 when nothing is in the way of sending, with 1 when something is, with 2 when it could not look.`;

/** The doctor's output. */
export interface Terminal {
  out: NodeJS.WritableStream & { isTTY?: boolean };
  err: NodeJS.WritableStream;
}

/** Exit codes. */
const nothingInTheWay = 0;
const somethingInTheWay = 1;
const couldNotLook = 2;

function readOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        stage: { type: 'string' },
        emulator: { type: 'boolean', default: false },
        data: { type: 'string' },
        dns: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    throw new CommandError(`${reason?.replace(/\.$/, '')}.\n\n${usage}`);
  }
}

type Options = ReturnType<typeof readOptions>;

/** Milliseconds for which an answer of DNS is waited for, the first time; the second time c-ares waits longer. */
const dnsPatience = 3_000;

function createResolver(server: string | undefined, timeout: number): Resolver {
  const resolver = new Resolver({ timeout, tries: 2 });
  try {
    if (server !== undefined) resolver.setServers([server]);
  } catch {
    throw new CommandError(`--dns must be the address of a DNS server, such as 1.1.1.1, not "${server}".`);
  }
  return resolver;
}

/** The checks of a deployment. */
interface Examination {
  subject: string;
  checks: Check[];
  /** Closes the clients. */
  end: () => void;
}

async function examine(options: Options, now: number, patience: number): Promise<Examination> {
  const resolver = createResolver(options.dns, patience);
  if (options.stage === undefined && !options.emulator) {
    const folder = resolve(options.data ?? fileURLToPath(new URL('../.local', import.meta.url)));
    const system = await findLocalSystem(folder);
    return { subject: `npm start on this machine, ${system.url}`, ...localChecks(system, folder, now) };
  }
  if (options.data !== undefined) {
    throw new CommandError(`--data is for npm start: without --stage and --emulator.\n\n${usage}`);
  }
  if (options.emulator) {
    useEmulator();
    await checkEmulatorIsUp().catch((error: Error) => {
      throw new CommandError(error.message);
    });
  }
  const stage = options.stage ?? 'dev';
  const clients = createClients();
  const deployment = await findDeployment(clients, stage);
  const { account, region, isEmulated } = deployment;
  return {
    subject: `stage "${stage}", ${isEmulated ? 'MiniStack' : `account ${account}`}, ${region}`,
    checks: awsChecks(deployment, { clients, resolver, now }),
    end() {
      resolver.cancel();
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Checks a deployment and reports. @returns the exit code */
export async function runDoctor(
  args: string[],
  { out, err }: Terminal,
  now = Date.now(),
  patience = dnsPatience,
): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.help) {
      out.write(`${usage}\n`);
      return nothingInTheWay;
    }
    const { subject, checks, end } = await examine(options, now, patience);
    const report = { subject, at: new Date(now).toISOString(), checks: await runChecks(checks) };
    end();
    out.write(options.json ? reportJson(report) : reportText(report, out.isTTY === true));
    return countsOf(report.checks).failed > 0 ? somethingInTheWay : nothingInTheWay;
  } catch (error) {
    const { message, stack } = error as Error;
    err.write(`${error instanceof CommandError ? message : stack}\n`);
    return couldNotLook;
  }
}
