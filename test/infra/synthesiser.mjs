import { createServer } from 'node:http';
import { register } from 'tsx/esm/api';

/*
 * A process that synthesises stacks for all tests of a run: loading the CDK takes longer than using it. Started by test/setup.ts; loads nothing until it is asked. Says its address on stdout.
 */

let synthesise;
/** Answers by what was asked: several files ask for the same stage. */
const answers = new Map();

const server = createServer(async (request, response) => {
  let asked = '';
  for await (const chunk of request) asked += chunk;
  if (!synthesise) {
    register();
    ({ synthesise } = await import('./synthesise.ts'));
  }
  if (!answers.has(asked)) answers.set(asked, synthesise(asked));
  response.end(answers.get(asked));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
// The process that started it has ended.
process.stdin.resume().once('end', () => process.exit());
