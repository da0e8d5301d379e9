import { App } from 'aws-cdk-lib';
import { createStacks } from './stacks.ts';
import { readStage } from './stages.ts';

const app = new App();
try {
  createStacks(
    app,
    // The CDK's command line says where it would deploy to.
    readStage(name => app.node.tryGetContext(name), process.env.CDK_DEFAULT_REGION),
  );
} catch (error) {
  // A setting that is missing is the operator's to fix: the sentence, not a stack trace.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
